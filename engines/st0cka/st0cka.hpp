#pragma once

#include "engines/st0cka/lot.hpp"
#include "engines/st0cka/rules.hpp"
#include "engines/st0cka/settings.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/kernel/engine.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace st0ck::engines::st0cka {

/// Buys a share in the morning and sells it for a cent more, or in time (spec st0ck 3.1); in
/// advanced mode several shares, each a lot of its own (3.2).
///
/// In simple mode one buy a session at most, and the lot is the bot's position. In advanced mode
/// the lots are told apart by their orders' names, and together they are the position. A share that
/// is still held when a session ends is taken over into the next.
class St0cka : public kernel::Engine {
 public:
  St0cka(Settings settings, core::InstrumentId instrument);

  std::vector<market::DataNeed> needs() const override;
  void on_session_phase(kernel::EngineContext& context, const market::SessionPhase& phase) override;
  void on_quote(kernel::EngineContext& context, const market::Quote& quote) override;
  void on_order(kernel::EngineContext& context, const kernel::OrderNews& news) override;
  void on_corporate_action(kernel::EngineContext& context,
                           const market::CorporateAction& action) override;
  void on_timer(kernel::EngineContext& context, kernel::TimerTopic topic) override;

  const std::vector<Lot>& lots() const { return lots_; }

  /// Where the only lot of simple mode stands.
  State state() const { return lots_.front().state(); }

 private:
  bool is_simple() const { return settings_.mode == Mode::Simple; }
  void begin_session(kernel::EngineContext& context, const core::Session& session);
  void evaluate(kernel::EngineContext& context);
  void note_waiting(kernel::EngineContext& context);
  void buy_lot(kernel::EngineContext& context);
  LotFacts lot_facts(const kernel::EngineContext& context) const;
  void note_refusal(kernel::EngineContext& context, const core::Code& code, const LotFacts& facts);
  void share_out(kernel::EngineContext& context, const trading::Fill& fill);
  void count_results();

  Settings settings_;
  core::InstrumentId instrument_;
  std::vector<Lot> lots_;
  std::optional<Timetable> timetable_;
  std::optional<core::Timestamp> last_buy_;
  std::int64_t losses_in_row_ = 0;
  core::Code refusal_;  ///< Why no lot is bought, as noted last.
};

}  // namespace st0ck::engines::st0cka
