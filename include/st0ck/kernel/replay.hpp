#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/kernel/simulated_clock.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace st0ck::kernel {

/// Takes the records of a run that is made again and holds each against the journal's next one.
class ReplayComparison : public RecordSink {
 public:
  explicit ReplayComparison(JournalReader& journal) : journal_{journal} {}

  void append(RecordKind kind, core::Sequence sequence, core::Timestamp time,
              std::span<const std::byte> payload) override;

  /// The next record that nothing was held against yet; null at the end of the journal.
  core::Result<const JournalRecord*> peek();

  /// The first difference or damage; good while there is none.
  const core::Status& status() const { return status_; }

 private:
  JournalReader& journal_;
  const JournalRecord* peeked_ = nullptr;
  bool has_peeked_ = false;
  core::Status status_;
};

/// A broker that hears and does nothing: in a replay its answers come from the journal. It says of
/// itself what the run's broker did, as the desk's own work depends on that.
class SilentBroker : public trading::Broker {
 public:
  explicit SilentBroker(const trading::BrokerAbilities& abilities = {}) : abilities_{abilities} {}

  trading::BrokerAbilities abilities() const override { return abilities_; }
  void submit_group(std::span<const trading::Approved<trading::OrderIntent>>) override {}
  void submit(const trading::Approved<trading::OrderIntent>&) override {}
  void cancel(const core::ClientOrderId&) override {}
  void replace(const trading::Approved<trading::ReplaceIntent>&) override {}

 private:
  trading::BrokerAbilities abilities_;
};

/// What a replay that met no difference has shown.
struct ReplayOutcome {
  RunEnd figures;
  bool is_finished = false;  ///< Whether the journal has its end; else the run was interrupted.
};

/// Feeds a journal's inputs to a kernel that writes into `comparison`, record by record. `run` is
/// the journal's first record, decoded, as the kernel's bots were made from it. Errc::Diverged or
/// Errc::Corrupt with the first bad record.
core::Result<ReplayOutcome> replay(JournalReader& journal, ReplayComparison& comparison,
                                   SimulatedClock& clock, Kernel& kernel, const RunStart& run);

/// Where a kernel stands that has caught up with its journal.
struct CaughtUp {
  bool has_begun = false;   ///< The journal held a run; the kernel was started at its beginning.
  core::Timestamp begun{};  ///< When, if so: the time of its first record.
  core::Timestamp last{};   ///< Of its last record.
  std::optional<market::SessionPhase> last_phase;
};

/// Starts a kernel and feeds it the inputs of its own journal, up to where the journal ends, so
/// that it stands where the process before it did; nothing happens where the journal is empty.
/// What the kernel makes of them its sink holds against the journal; `last_made` tells how far
/// that is. Errc::Corrupt for a record that cannot be read, Errc::Refused for a journal that its
/// run has finished, else what the sink finds.
core::Result<CaughtUp> catch_up(JournalReader& journal, SimulatedClock& clock, Kernel& kernel,
                                const RunStart& run,
                                const std::function<core::Result<core::Sequence>()>& last_made);

}  // namespace st0ck::kernel
