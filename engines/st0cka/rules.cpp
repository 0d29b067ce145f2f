#include "engines/st0cka/rules.hpp"

#include "st0ck/core/new_york_time.hpp"

#include <algorithm>

namespace st0ck::engines::st0cka {

namespace {

constexpr core::Duration kRegularClose = std::chrono::hours{16};
constexpr core::Duration kLastHour = std::chrono::hours{1};

Action action_while_idle(const Facts& facts, const Timetable& timetable) {
  return is_in_buy_window(facts.now, timetable) ? Action::Buy : Action::None;
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

bool is_in_buy_window(core::Timestamp now, const Timetable& timetable) {
  return now >= timetable.buy_from && now < timetable.buy_until;
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

std::optional<core::Code> why_no_lot(const LotFacts& facts, const Timetable& timetable,
                                     const Settings& settings) {
  if (!is_in_buy_window(facts.now, timetable)) return core::Code{"OUTSIDE_WINDOW"};
  if (facts.open_lots >= settings.lots_max) return core::Code{"LOTS_MAX"};
  if (facts.losses_in_row >= settings.losses_max) return core::Code{"LOSSES_IN_ROW"};
  core::Money risk = std::max(-facts.realized, core::Money{});
  for (std::int64_t lot = 0; lot <= facts.open_lots; ++lot) risk += facts.lot_risk;
  if (risk > settings.loss_budget) return core::Code{"LOSS_BUDGET"};
  if (facts.last_buy && facts.now - *facts.last_buy < settings.buy_pause)
    return core::Code{"BUY_PAUSE"};
  return std::nullopt;
}

}  // namespace st0ck::engines::st0cka
