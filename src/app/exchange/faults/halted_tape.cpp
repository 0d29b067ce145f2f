#include "src/app/exchange/faults/halted_tape.hpp"

#include "st0ck/adapters/sim/random.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace st0ck::app::exchange {

namespace {

constexpr core::Duration kUsual = std::chrono::minutes{5};

}  // namespace

HaltedTape::HaltedTape(std::unique_ptr<market::TickSource> tape, Parts parts)
    : tape_{std::move(tape)}, parts_{std::move(parts)} {}

core::Result<std::span<const market::TapeEvent>> HaltedTape::next_several() {
  // An answer without events would be the end.
  events_.clear();
  while (events_.empty()) {
    const auto several = tape_->next_several();
    if (!several || several->empty()) return several;
    for (const market::TapeEvent& event : *several) {
      tell_until(event.time);
      if (is_kept(event)) events_.push_back(event);
      const auto* phase = std::get_if<market::SessionPhase>(&event.what);
      if (phase == nullptr || phase->phase != market::Phase::Open) continue;
      plan_session(phase->session);
      tell_until(event.time);
    }
  }
  return std::span<const market::TapeEvent>{events_};
}

void HaltedTape::plan_session(const core::Session& session) {
  for (const FaultRule& rule : parts_.rules) {
    if (rule.kind != FaultKind::Halt) continue;
    for (const market::Instrument& instrument : parts_.instruments)
      if (rule.is_of(instrument.symbol)) plan(rule, session, instrument);
  }
}

void HaltedTape::plan(const FaultRule& rule, const core::Session& session,
                      const market::Instrument& instrument) {
  if (rule.from)
    return add(rule, session, instrument.id,
               core::from_new_york(session.date, rule.from->since_midnight));
  auto random = adapters::sim::Random::for_name(
      parts_.seed,
      fmt::format("{} {} {}", rule.name, instrument.symbol, core::format_date(session.date)));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(session.close - session.open);
  for (std::int64_t halt = 0; halt < rule.halts_a_day; ++halt)
    add(rule, session, instrument.id,
        session.open + std::chrono::seconds{random.below(seconds.count())});
}

void HaltedTape::add(const FaultRule& rule, const core::Session& session,
                     core::InstrumentId instrument, core::Timestamp begin) {
  core::Timestamp end = session.close;
  if (rule.lasts || !rule.from) end = std::min(end, begin + rule.lasts.value_or(kUsual));
  begin = std::max(begin, session.open);
  if (end <= begin || end <= parts_.start) return;
  halts_.push_back({instrument, begin, end, &rule});
}

/// Statuses that are due, in the order of their times.
void HaltedTape::tell_until(core::Timestamp time) {
  while (true) {
    const auto due_of = [](const Halt& halt) { return halt.has_begun ? halt.end : halt.begin; };
    const auto next = std::ranges::min_element(halts_, {}, due_of);
    if (next == halts_.end() || due_of(*next) > time) return;
    Halt halt = *next;
    if (!next->has_begun) {
      // Of two that overlap the first one is told.
      const bool was_halted = is_halted(halt.instrument);
      next->has_begun = true;
      if (!was_halted) tell(halt, halt.begin, false);
      continue;
    }
    halts_.erase(next);
    if (!is_halted(halt.instrument)) tell(halt, halt.end, true);
  }
}

void HaltedTape::tell(const Halt& halt, core::Timestamp time, bool is_end) {
  market::TradingStatus status;
  status.instrument = halt.instrument;
  status.time = time;
  if (!is_end) {
    const bool is_pause = halt.rule->halt_code == "LUDP";
    status.state = is_pause ? market::TradingState::Paused : market::TradingState::Halted;
    status.reason = core::Code{halt.rule->halt_code};
  }
  events_.push_back({time, status});
  if (parts_.note)
    parts_.note(time, fault_note(time, *halt.rule,
                                 fmt::format("{} {}", parts_.instruments[halt.instrument].symbol,
                                             is_end ? "trades again" : halt.rule->halt_code)));
}

bool HaltedTape::is_halted(core::InstrumentId instrument) const {
  return std::ranges::any_of(
      halts_, [&](const Halt& halt) { return halt.has_begun && halt.instrument == instrument; });
}

bool HaltedTape::is_kept(const market::TapeEvent& event) const {
  if (halts_.empty()) return true;
  if (const auto* quote = std::get_if<market::Quote>(&event.what))
    return !is_halted(quote->instrument);
  if (const auto* trade = std::get_if<market::Trade>(&event.what))
    return !is_halted(trade->instrument);
  if (const auto* status = std::get_if<market::TradingStatus>(&event.what))
    return !is_halted(status->instrument);
  return true;
}

}  // namespace st0ck::app::exchange
