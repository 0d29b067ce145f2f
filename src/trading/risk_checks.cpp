#include "risk_checks.hpp"

#include <algorithm>
#include <array>

namespace st0ck::trading {

namespace {

RiskReading flag(bool passed) {
  RiskReading reading;
  reading.value = passed ? 1 : 0;
  reading.limit = 1;
  reading.passed = passed;
  return reading;
}

RiskReading at_most(RiskUnit unit, std::int64_t value, std::int64_t limit) {
  RiskReading reading;
  reading.unit = unit;
  reading.value = value;
  reading.limit = limit;
  reading.passed = value <= limit;
  return reading;
}

RiskReading below(RiskUnit unit, std::int64_t value, std::int64_t limit) {
  RiskReading reading = at_most(unit, value, limit);
  reading.passed = value < limit;
  return reading;
}

RiskReading unavailable(RiskUnit unit, std::int64_t limit) {
  RiskReading reading;
  reading.unit = unit;
  reading.limit = limit;
  reading.available = false;
  reading.passed = false;
  return reading;
}

/// The price at which an order is valued: its own limit, else its stop, else the side of the
/// quote that it would trade against.
std::optional<core::Price> valuation_price(const RiskFacts& facts) {
  const OrderTerms& terms = facts.intent.terms;
  if (terms.limit) return terms.limit;
  if (terms.stop) return terms.stop;
  if (!facts.quote.is_fresh()) return std::nullopt;
  return facts.intent.leg().side == Side::Buy ? facts.quote.quote.ask : facts.quote.quote.bid;
}

std::optional<core::Money> order_notional(const RiskFacts& facts) {
  const auto price = valuation_price(facts);
  if (!price) return std::nullopt;
  return core::checked_notional(*price, facts.intent.terms.quantity, facts.instrument.multiplier,
                                core::Rounding::Up);
}

RiskReading order_shape(const RiskFacts& facts, const RiskLimits&) {
  return flag(!defect_of(facts.intent, facts.instrument.tick).has_value());
}

RiskReading exit_size(const RiskFacts& facts, const RiskLimits&) {
  const bool closes_long = facts.intent.leg().side == Side::Sell;
  const core::Quantity held = closes_long ? facts.position : -facts.position;
  const core::Quantity closable = std::max(held - facts.exits_working, core::Quantity{});
  if (facts.intent.purpose == Purpose::Entry) return flag(true);
  return at_most(RiskUnit::Quantity, facts.intent.terms.quantity.raw(), closable.raw());
}

RiskReading not_halted(const RiskFacts& facts, const RiskLimits&) { return flag(!facts.halted); }

RiskReading not_closing(const RiskFacts& facts, const RiskLimits&) {
  return flag(!facts.is_closing);
}

RiskReading losing_days(const RiskFacts& facts, const RiskLimits& limits) {
  return below(RiskUnit::Count, facts.losing_days, limits.losing_days_max);
}

RiskReading session_open(const RiskFacts& facts, const RiskLimits& limits) {
  return flag(facts.in_session || !limits.regular_hours_only);
}

RiskReading fresh_quote(const RiskFacts& facts, const RiskLimits& limits) {
  const auto limit = limits.quote_age_max.count();
  if (facts.quote.staleness == market::Staleness::Missing)
    return unavailable(RiskUnit::Nanoseconds, limit);
  RiskReading reading = at_most(RiskUnit::Nanoseconds, facts.quote.age.count(), limit);
  // A derived quote is judged by the time its next bar is due, not by the age limit.
  reading.passed = facts.quote.is_fresh();
  return reading;
}

RiskReading no_unknown_order(const RiskFacts& facts, const RiskLimits&) {
  return flag(!facts.has_unknown_order);
}

RiskReading not_duplicate(const RiskFacts& facts, const RiskLimits&) {
  return flag(!facts.is_duplicate);
}

RiskReading order_quantity(const RiskFacts& facts, const RiskLimits& limits) {
  return at_most(RiskUnit::Quantity, facts.intent.terms.quantity.raw(),
                 limits.order_quantity_max.raw());
}

RiskReading order_notional_within(const RiskFacts& facts, const RiskLimits& limits) {
  const auto amount = order_notional(facts);
  if (!amount) return unavailable(RiskUnit::Money, limits.order_notional_max.raw());
  return at_most(RiskUnit::Money, amount->raw(), limits.order_notional_max.raw());
}

RiskReading price_collar(const RiskFacts& facts, const RiskLimits& limits) {
  if (!facts.quote.is_fresh()) return unavailable(RiskUnit::Price, 0);
  const core::Price middle = core::midpoint(facts.quote.quote.bid, facts.quote.quote.ask);
  const core::Price distance_max = core::scaled_to_tick(
      middle, limits.price_collar, core::Price::from_raw(1), core::Rounding::Down);
  core::Price distance;
  for (const auto& price : {facts.intent.terms.limit, facts.intent.terms.stop})
    if (price) distance = std::max(distance, (*price - middle).abs());
  return at_most(RiskUnit::Price, distance.raw(), distance_max.raw());
}

RiskReading order_rate(const RiskFacts& facts, const RiskLimits& limits) {
  return at_most(RiskUnit::Count, facts.orders_last_minute + std::int64_t{1},
                 limits.orders_per_minute_max);
}

RiskReading open_orders(const RiskFacts& facts, const RiskLimits& limits) {
  return at_most(RiskUnit::Count, facts.open_orders + std::int64_t{1}, limits.open_orders_max);
}

RiskReading position_quantity(const RiskFacts& facts, const RiskLimits& limits) {
  // In 128 bits: an absurd quantity is refused here, it must not overflow.
  const core::Int128 added =
      core::Int128{facts.entries_working.raw()} + facts.intent.terms.quantity.raw();
  const core::Int128 held = facts.position.raw();
  const core::Int128 after = facts.intent.leg().side == Side::Buy ? held + added : held - added;
  const auto size = core::narrow(after < 0 ? -after : after);
  return at_most(RiskUnit::Quantity, size.value_or(core::Quantity::max().raw()),
                 limits.position_quantity_max.raw());
}

RiskReading buying_power(const RiskFacts& facts, const RiskLimits&) {
  const auto amount = order_notional(facts);
  if (!amount) return unavailable(RiskUnit::Money, facts.buying_power.raw());
  return at_most(RiskUnit::Money, amount->raw(), facts.buying_power.raw());
}

RiskReading daily_loss(const RiskFacts& facts, const RiskLimits& limits) {
  if (!facts.day_pnl) return unavailable(RiskUnit::Money, limits.daily_loss_max.raw());
  return below(RiskUnit::Money, (-*facts.day_pnl).raw(), limits.daily_loss_max.raw());
}

RiskReading trades_per_day(const RiskFacts& facts, const RiskLimits& limits) {
  return at_most(RiskUnit::Count, facts.trades_today + std::int64_t{1}, limits.trades_per_day_max);
}

constexpr bool kGuardsExits = true;

constexpr std::array kChecks{
    RiskCheck{"ORDER_SHAPE", "", "the order has the prices its type needs, on the tick",
              kGuardsExits, order_shape},
    RiskCheck{"EXIT_SIZE", "", "an exit is not larger than what is held and not yet for sale",
              kGuardsExits, exit_size},
    RiskCheck{"HALTED", "", "the bot is not halted", false, not_halted},
    RiskCheck{"CLOSING", "", "the position is not being closed", false, not_closing},
    RiskCheck{"LOSING_DAYS", "losing_days_max", "fewer losing sessions in a row than the limit",
              false, losing_days},
    RiskCheck{"SESSION_CLOSED", "regular_hours_only", "the regular session is open", false,
              session_open},
    RiskCheck{"STALE_QUOTE", "quote_age_max", "there is a fresh quote", false, fresh_quote},
    RiskCheck{"UNKNOWN_ORDER", "", "no order of the instrument is in an unknown state", false,
              no_unknown_order},
    RiskCheck{"DUPLICATE", "duplicate_window", "no entry like it was sent within the window", false,
              not_duplicate},
    RiskCheck{"ORDER_QUANTITY", "order_quantity_max", "the quantity is within the limit", false,
              order_quantity},
    RiskCheck{"ORDER_NOTIONAL", "order_notional_max", "the notional is within the limit", false,
              order_notional_within},
    RiskCheck{"PRICE_COLLAR", "price_collar", "the price is near the quote's midpoint", false,
              price_collar},
    RiskCheck{"ORDER_RATE", "orders_per_minute_max", "orders of the last minute are in the limit",
              false, order_rate},
    RiskCheck{"OPEN_ORDERS", "open_orders_max", "open orders are within the limit", false,
              open_orders},
    RiskCheck{"POSITION_QUANTITY", "position_quantity_max",
              "the position after this and all working entries is within the limit", false,
              position_quantity},
    RiskCheck{"BUYING_POWER", "", "cash covers this and all working entries", false, buying_power},
    RiskCheck{"DAILY_LOSS", "daily_loss_max", "the session's loss is below the limit", false,
              daily_loss},
    RiskCheck{"TRADES_PER_DAY", "trades_per_day_max", "entries of the session are in the limit",
              false, trades_per_day},
};

static_assert(kChecks.size() <= kRiskChecksMax);

}  // namespace

std::span<const RiskCheck> risk_checks() { return kChecks; }

}  // namespace st0ck::trading
