#include "engines/st0cka/rules.hpp"

#include "st0ck/core/new_york_time.hpp"

#include <algorithm>

namespace st0ck::engines::st0cka {

namespace {

constexpr core::Duration kRegularClose = std::chrono::hours{16};
constexpr core::Duration kLastHour = std::chrono::hours{1};

Action action_while_idle(const Facts& facts, const Timetable& timetable) {
  const bool is_in_window = facts.now >= timetable.buy_from && facts.now < timetable.buy_until;
  return is_in_window ? Action::Buy : Action::None;
}

Action action_while_held(const Facts& facts, const Timetable& timetable, const Settings& settings) {
  const core::Price entry = *facts.entry;
  if (facts.bid && *facts.bid <= entry - settings.stop_loss) return Action::StopLoss;
  if (facts.now >= timetable.stop_at) return Action::Shutdown;
  if (facts.now >= timetable.time_exit_from && facts.bid && *facts.bid >= entry)
    return Action::TimeExit;
  if (facts.state == State::Holding && facts.now >= timetable.sell_from) return Action::PlaceLimit;
  return Action::None;
}

}  // namespace

std::string_view name_of(State state) {
  switch (state) {
    case State::Idle: return "IDLE";
    case State::BuyPending: return "BUY_PENDING";
    case State::Holding: return "HOLDING";
    case State::SellWorking: return "SELL_WORKING";
    case State::ExitPending: return "EXIT_PENDING";
    case State::Done: return "DONE";
  }
  return "INVALID";
}

Timetable timetable_of(const Settings& settings, const core::Session& session) {
  const auto early = core::from_new_york(session.date, kRegularClose) - session.close;
  const auto at = [&](core::TimeOfDay time) {
    const auto planned = core::from_new_york(session.date, time.since_midnight);
    return std::min(planned, std::max(session.close - kLastHour, planned - early));
  };
  return {at(settings.buy_from), at(settings.buy_until), at(settings.sell_from),
          at(settings.time_exit_from), at(settings.stop_at)};
}

Action next_action(const Facts& facts, const Timetable& timetable, const Settings& settings) {
  switch (facts.state) {
    case State::Idle: return action_while_idle(facts, timetable);
    case State::BuyPending:
      return facts.now >= timetable.stop_at ? Action::CancelBuy : Action::None;
    case State::Holding:
    case State::SellWorking:
      return facts.entry ? action_while_held(facts, timetable, settings) : Action::None;
    case State::ExitPending:
    case State::Done: return Action::None;
  }
  return Action::None;
}

core::Price target_of(core::Price entry, core::Price tick, const Settings& settings) {
  return (entry + settings.profit_target).rounded_to(tick, core::Rounding::Up);
}

}  // namespace st0ck::engines::st0cka
