#pragma once

#include "src/app/exchange/faults/fault_note.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/tick_source.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace st0ck::app::exchange {

/// A tape on which trading is halted besides: statuses at the beginning and the end of each halt,
/// and in between neither quotes nor prints of the symbol.
///
/// When is a function of rules, seed, symbol and session. A halt that would go on at the close ends
/// with the session, and one without an end too; without `from` it lasts five minutes unless its
/// rule says otherwise.
class HaltedTape final : public market::TickSource {
 public:
  struct Parts {
    const std::vector<FaultRule>& rules;  ///< Those of other kinds are passed over.
    std::uint64_t seed = 0;
    const market::InstrumentTable& instruments;
    core::Timestamp start;  ///< What ends before is history, and trades.
    /// Told while the tape is read, which is ahead of its time.
    std::function<void(core::Timestamp time, std::string line)> note{};
  };

  /// What the parts refer to outlives the tape.
  HaltedTape(std::unique_ptr<market::TickSource> tape, Parts parts);

  core::Result<std::span<const market::TapeEvent>> next_several() override;

 private:
  struct Halt {
    core::InstrumentId instrument;
    core::Timestamp begin;
    core::Timestamp end;
    const FaultRule* rule = nullptr;
    bool has_begun = false;
  };

  void plan_session(const core::Session& session);
  void plan(const FaultRule& rule, const core::Session& session,
            const market::Instrument& instrument);
  void add(const FaultRule& rule, const core::Session& session, core::InstrumentId instrument,
           core::Timestamp begin);
  void tell_until(core::Timestamp time);
  void tell(const Halt& halt, core::Timestamp time, bool is_end);
  bool is_kept(const market::TapeEvent& event) const;
  bool is_halted(core::InstrumentId instrument) const;

  std::unique_ptr<market::TickSource> tape_;
  Parts parts_;
  std::vector<Halt> halts_;  ///< Of the running session, not over yet.
  std::vector<market::TapeEvent> events_;
};

}  // namespace st0ck::app::exchange
