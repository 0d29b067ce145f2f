#include "order_pacer.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/trading/desk.hpp"

#include <algorithm>

// What the desk tells of itself to people who watch.
namespace st0ck::trading {

namespace {

/// Of which a bot's order rate is.
constexpr core::Duration kMinute = std::chrono::minutes{1};

}  // namespace

std::vector<core::BotId> Desk::bots() const {
  std::vector<core::BotId> bots;
  for (const BotState& state : bots_) bots.push_back(state.bot);
  return bots;
}

std::optional<core::Date> Desk::date_of_day() const {
  if (session_) return session_->date;
  if (closed_session_) return closed_session_->date;
  if (has_begun_day_) return core::to_new_york(now()).date;
  return std::nullopt;
}

RiskReadings Desk::standing_readings(const core::BotId& bot) const {
  const BotState& state = state_of(bot);
  const core::Timestamp time = now();
  const OrderIntent any_entry{};
  const market::Instrument any_instrument{};
  RiskFacts facts{.intent = any_entry, .instrument = any_instrument, .now = time};
  facts.open_orders = static_cast<std::uint32_t>(
      std::count_if(orders_.open_orders().begin(), orders_.open_orders().end(),
                    [&](const Order* order) { return order->intent.bot == bot; }));
  facts.orders_last_minute = static_cast<std::uint32_t>(
      std::count_if(state.sent.begin(), state.sent.end(),
                    [&](core::Timestamp sent) { return time - sent < kMinute; }));
  facts.trades_today = trades_today(state, nullptr);
  facts.losing_days = state.losing_days;
  facts.losing_trades = state.losing_trades;
  facts.halted = state.halted || is_halted_;
  facts.in_session = is_in_session(any_entry, time);
  facts.is_feed_degraded = is_feed_degraded_;
  facts.broker_wait = pacer_->wait_of_entry();
  facts.broker_wait_max = pacer_->wait_max();
  facts.equity = equity();
  facts.equity_peak = equity_peak_with(facts.equity);
  facts.day_pnl = day(bot).pnl();
  RiskReadings readings;
  RiskManager::review_standing(facts, state.limits, readings);
  return readings;
}

}  // namespace st0ck::trading
