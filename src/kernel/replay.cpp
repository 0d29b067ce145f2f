#include "st0ck/kernel/replay.hpp"

#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/record_codec.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace st0ck::kernel {

namespace {

std::string place_of(const JournalReader& journal, const JournalRecord& record) {
  return fmt::format("{}: record {} at byte {}", journal.file_of(record), record.sequence.value(),
                     record.offset);
}

std::string_view kind_name(std::uint16_t kind) { return name_of(static_cast<RecordKind>(kind)); }

core::Result<Record> decode_at(const JournalReader& journal, const JournalRecord& record) {
  auto decoded = decode(static_cast<RecordKind>(record.kind), record.payload);
  if (!decoded) return core::at(place_of(journal, record), decoded.error());
  return decoded;
}

/// Hands a journalled input to the kernel.
struct Feeder {
  Kernel& kernel;

  void operator()(const market::Quote& quote) const { kernel.on_quote(quote); }
  void operator()(const market::Trade& trade) const { kernel.on_trade(trade); }
  void operator()(const market::Bar& bar) const { kernel.on_bar(bar); }
  void operator()(const market::SessionPhase& phase) const { kernel.on_session_phase(phase); }
  void operator()(const market::ProviderStatus& status) const { kernel.on_provider_status(status); }
  void operator()(const trading::OrderUpdate& update) const { kernel.on_order_update(update); }
  void operator()(const market::TradingStatus& status) const { kernel.on_trading_status(status); }
  void operator()(const market::CorporateAction& action) const {
    kernel.on_corporate_action(action);
  }
  void operator()(const trading::OperatorCommand& command) const {
    kernel.on_operator_command(command);
  }
  void operator()(const trading::Reconciliation& differences) const {
    kernel.on_reconciliation(differences);
  }
  void operator()(const AccountCheck& check) const { kernel.on_account_check(check); }
  void operator()(const ProcessStart& start) const { kernel.on_process_start(start); }
  void operator()(const trading::LostExit& lost) const { kernel.on_lost_exit(lost); }
  /// The timer that is due must be the one that the journal tells of.
  void operator()(const TimerFired&) const { kernel.fire_due_timer(); }

  /// The rest are not fed: the kernel makes them itself, which the comparison sees to.
  template <typename R>
  void operator()(const R&) const {}
};

}  // namespace

core::Result<const JournalRecord*> ReplayComparison::peek() {
  if (has_peeked_) return peeked_;
  auto next = journal_.next();
  if (!next) {
    status_ = tl::unexpected(next.error());
    return next;
  }
  peeked_ = *next;
  has_peeked_ = true;
  return peeked_;
}

void ReplayComparison::append(RecordKind kind, core::Sequence sequence, core::Timestamp time,
                              std::span<const std::byte> payload) {
  if (!status_) return;
  const auto next = peek();
  if (!next) return;
  if (*next == nullptr) {
    // A journal that was cut off ends wherever its writer died, also between a cause and its
    // effects.
    if (journal_.end() == JournalEnd::Finished)
      status_ = core::fail(core::Errc::Diverged,
                           "record {}: the journal ends, the replay goes on with {} at {}",
                           sequence.value(), name_of(kind), core::format_utc(time));
    return;
  }
  const JournalRecord& stored = **next;
  has_peeked_ = false;
  const bool is_same =
      stored.kind == static_cast<std::uint16_t>(kind) && stored.sequence == sequence &&
      stored.time == time &&
      std::equal(stored.payload.begin(), stored.payload.end(), payload.begin(), payload.end());
  if (is_same) return;
  status_ = core::fail(core::Errc::Diverged, "{}: journal has {} at {}, replay gives {} at {}{}",
                       place_of(journal_, stored), kind_name(stored.kind),
                       core::format_utc(stored.time), name_of(kind), core::format_utc(time),
                       stored.kind == static_cast<std::uint16_t>(kind) && stored.time == time
                           ? " with other content"
                           : "");
}

core::Result<ReplayOutcome> replay(JournalReader& journal, ReplayComparison& comparison,
                                   SimulatedClock& clock, Kernel& kernel, const RunStart& run) {
  const auto first = comparison.peek();
  if (!first) return tl::unexpected(first.error());
  if (*first != nullptr) clock.advance_to((*first)->time);
  kernel.start(run);

  while (comparison.status()) {
    const auto next = comparison.peek();
    if (!next) break;
    if (*next == nullptr) return ReplayOutcome{kernel.figures(), false};
    const JournalRecord& record = **next;
    clock.advance_to(record.time);
    const auto kind = static_cast<RecordKind>(record.kind);
    // A run ends with a mark where something came after its last close. No other mark comes without
    // an input.
    if (kind == RecordKind::RunEnd || kind == RecordKind::EquityMark) {
      const RunEnd figures = kernel.finish();
      if (!comparison.status()) break;
      const auto after = comparison.peek();
      if (!after) break;
      if (*after == nullptr) return ReplayOutcome{figures, journal.end() == JournalEnd::Finished};
      return core::fail(core::Errc::Diverged, "{}: a record follows the end of the run",
                        place_of(journal, **after));
    }
    const auto decoded = decode_at(journal, record);
    if (!decoded) return tl::unexpected(decoded.error());
    const core::Sequence before = record.sequence;
    std::visit(Feeder{kernel}, *decoded);
    const auto after = comparison.peek();
    if (after && *after != nullptr && (*after)->sequence == before)
      return core::fail(core::Errc::Diverged, "{}: journal has {}, which the replay does not give",
                        place_of(journal, **after), kind_name((*after)->kind));
  }
  return tl::unexpected(comparison.status().error());
}

core::Result<CaughtUp> catch_up(JournalReader& journal, SimulatedClock& clock, Kernel& kernel,
                                const RunStart& run,
                                const std::function<core::Result<core::Sequence>()>& last_made) {
  CaughtUp caught_up;
  for (;;) {
    const auto next = journal.next();
    if (!next) return tl::unexpected(next.error());
    if (*next == nullptr) return caught_up;
    const JournalRecord& record = **next;
    clock.advance_to(record.time);
    caught_up.last = record.time;
    if (!std::exchange(caught_up.has_begun, true)) {
      caught_up.begun = record.time;
      kernel.start(run);
    }
    const auto decoded = decode_at(journal, record);
    if (!decoded) return tl::unexpected(decoded.error());
    if (const auto* phase = std::get_if<market::SessionPhase>(&*decoded))
      caught_up.last_phase = *phase;
    if (std::holds_alternative<RunEnd>(*decoded))
      return core::fail(core::Errc::Refused, "{}: the run is over", place_of(journal, record));

    const auto made = last_made();
    if (!made) return tl::unexpected(made.error());
    if (record.sequence <= *made) continue;  // It followed from an input before it.
    std::visit(Feeder{kernel}, *decoded);
    const auto after = last_made();
    if (!after) return tl::unexpected(after.error());
    if (*after < record.sequence)
      return core::fail(core::Errc::Diverged, "{}: journal has {}, which the replay does not give",
                        place_of(journal, record), kind_name(record.kind));
  }
}

}  // namespace st0ck::kernel
