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

RiskReading broker_pace(const RiskFacts& facts, const RiskLimits&) {
  return at_most(RiskUnit::Nanoseconds, facts.broker_wait.count(), facts.broker_wait_max.count());
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

bool is_short_sale(const RiskFacts& facts) {
  const core::Int128 after = core::Int128{facts.position.raw()} - facts.entries_working.raw() -
                             facts.intent.terms.quantity.raw();
  return facts.intent.leg().side == Side::Sell && after < 0;
}

/// Whether options have expired and equities have not.
RiskReading not_expired(const RiskFacts& facts, const RiskLimits&) {
  return flag(!facts.instrument.expiry || facts.session_date <= *facts.instrument.expiry);
}

RiskReading not_restricted(const RiskFacts& facts, const RiskLimits& limits) {
  const auto& list = limits.restricted_symbols;
  return flag(std::find(list.begin(), list.end(), facts.instrument.symbol) == list.end());
}

RiskReading is_trading(const RiskFacts& facts, const RiskLimits&) {
  return flag(!facts.status || facts.status->state == market::TradingState::Trading);
}

RiskReading feed_is_sound(const RiskFacts& facts, const RiskLimits&) {
  return flag(!facts.is_feed_degraded);
}

/// How far the order's limit or stop lies outside the bands of Limit Up-Limit Down.
RiskReading price_in_bands(const RiskFacts& facts, const RiskLimits&) {
  core::Price outside;
  for (const auto& price : {facts.intent.terms.limit, facts.intent.terms.stop}) {
    if (!price || !facts.status) continue;
    if (facts.status->band_low) outside = std::max(outside, *facts.status->band_low - *price);
    if (facts.status->band_high) outside = std::max(outside, *price - *facts.status->band_high);
  }
  return at_most(RiskUnit::Price, outside.raw(), 0);
}

RiskReading shortable(const RiskFacts& facts, const RiskLimits&) {
  return flag(facts.instrument.is_shortable || !is_short_sale(facts));
}

/// Rule 201: while it is in force, a short sale is a limit order above the best bid.
RiskReading short_sale_above_bid(const RiskFacts& facts, const RiskLimits&) {
  const bool is_restricted =
      facts.status && facts.status->is_short_sale_restricted && is_short_sale(facts);
  if (!is_restricted) return flag(true);
  const auto& limit = facts.intent.terms.limit;
  return flag(limit && facts.quote.is_fresh() && *limit > facts.quote.quote.bid);
}

RiskReading no_self_cross(const RiskFacts& facts, const RiskLimits&) {
  return flag(!facts.crosses_own_order);
}

RiskReading spread_within(const RiskFacts& facts, const RiskLimits& limits) {
  if (!facts.quote.is_fresh()) return unavailable(RiskUnit::Price, 0);
  const core::Price spread = facts.quote.quote.ask - facts.quote.quote.bid;
  const core::Price middle = core::midpoint(facts.quote.quote.bid, facts.quote.quote.ask);
  const core::Price widest = core::scaled_to_tick(middle, limits.spread_max,
                                                  core::Price::from_raw(1), core::Rounding::Down);
  return at_most(RiskUnit::Price, spread.raw(), widest.raw());
}

RiskReading losing_trades(const RiskFacts& facts, const RiskLimits& limits) {
  return below(RiskUnit::Count, facts.losing_trades, limits.losing_trades_max);
}

/// A part of an amount, or the most that can be.
core::Money share_of(core::Money amount, core::Rate share) {
  const auto raw = core::narrow(core::divide(core::Int128{amount.raw()} * share.raw(),
                                             core::Rate::kOne, core::Rounding::Down));
  return raw ? core::Money::from_raw(*raw) : core::Money::max();
}

/// An amount of money against a part of the account's equity.
RiskReading within_equity(const RiskFacts& facts, std::optional<core::Money> amount,
                          core::Rate share) {
  if (!facts.equity || !amount) return unavailable(RiskUnit::Money, 0);
  const core::Money most =
      facts.equity->is_positive() ? share_of(*facts.equity, share) : core::Money{};
  return at_most(RiskUnit::Money, amount->raw(), most.raw());
}

/// What the order adds to an amount; nothing when the sum is beyond any.
std::optional<core::Money> with_order(const RiskFacts& facts, core::Money amount) {
  const auto added = order_notional(facts);
  return added ? amount.checked_add(*added) : std::nullopt;
}

RiskReading symbol_share(const RiskFacts& facts, const RiskLimits& limits) {
  return within_equity(facts, with_order(facts, facts.symbol_exposure), limits.symbol_share_max);
}

RiskReading capital_use(const RiskFacts& facts, const RiskLimits& limits) {
  return within_equity(facts, with_order(facts, facts.gross_exposure), limits.capital_use_max);
}

/// What the order itself may lose: down to its stop, or all of it.
std::optional<core::Money> planned_loss(const RiskFacts& facts) {
  const auto price = valuation_price(facts);
  if (!price) return std::nullopt;
  const core::Price risk = facts.planned_stop ? (*price - *facts.planned_stop).abs() : *price;
  return core::checked_notional(risk, facts.intent.terms.quantity, facts.instrument.multiplier,
                                core::Rounding::Up);
}

RiskReading open_risk(const RiskFacts& facts, const RiskLimits& limits) {
  const auto planned = planned_loss(facts);
  return within_equity(facts, planned ? facts.open_risk.checked_add(*planned) : std::nullopt,
                       limits.open_risk_max);
}

RiskReading drawdown(const RiskFacts& facts, const RiskLimits& limits) {
  if (!facts.equity || !facts.equity_peak) return unavailable(RiskUnit::Money, 0);
  const core::Money most = share_of(*facts.equity_peak, limits.drawdown_max);
  return below(RiskUnit::Money, (*facts.equity_peak - *facts.equity).raw(),
               std::max(most, core::Money::from_raw(1)).raw());
}

constexpr bool kGuardsExits = true;
constexpr bool kIsStanding = true;

constexpr std::array kChecks{
    RiskCheck{"ORDER_SHAPE", "", "the order has the prices its type needs, on the tick",
              kGuardsExits, order_shape},
    RiskCheck{"EXIT_SIZE", "", "an exit is not larger than what is held and not yet for sale",
              kGuardsExits, exit_size},
    RiskCheck{"INSTRUMENT_EXPIRED", "", "the instrument has not expired", kGuardsExits,
              not_expired},
    RiskCheck{"HALTED", "", "the bot is not halted", false, not_halted, kIsStanding},
    RiskCheck{"RESTRICTED", "restricted_symbols", "the symbol is not on the restricted list", false,
              not_restricted},
    RiskCheck{"NOT_TRADING", "", "the instrument is neither halted nor paused", false, is_trading},
    RiskCheck{"FEED_DEGRADED", "", "no data provider or broker is degraded or down", false,
              feed_is_sound, kIsStanding},
    RiskCheck{"CLOSING", "", "the position is not being closed", false, not_closing},
    RiskCheck{"LOSING_DAYS", "losing_days_max", "fewer losing sessions in a row than the limit",
              false, losing_days, kIsStanding},
    RiskCheck{"SESSION_CLOSED", "regular_hours_only", "the regular session is open", false,
              session_open, kIsStanding},
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
    RiskCheck{"PRICE_BAND", "", "the price is within Limit Up-Limit Down", false, price_in_bands},
    RiskCheck{"SPREAD", "spread_max", "the quote's spread is within the limit", false,
              spread_within},
    RiskCheck{"NOT_SHORTABLE", "", "a short sale is of shares that can be borrowed", false,
              shortable},
    RiskCheck{"SHORT_SALE_RESTRICTED", "", "under Rule 201 a short sale is above the best bid",
              false, short_sale_above_bid},
    RiskCheck{"SELF_CROSS", "", "it would not trade against an order of the account", false,
              no_self_cross},
    RiskCheck{"ORDER_RATE", "orders_per_minute_max", "orders of the last minute are in the limit",
              false, order_rate, kIsStanding},
    RiskCheck{"BROKER_PACE", "entry_wait_max",
              "its turn at the broker comes within the time that an entry may wait", false,
              broker_pace, kIsStanding},
    RiskCheck{"OPEN_ORDERS", "open_orders_max", "open orders are within the limit", false,
              open_orders, kIsStanding},
    RiskCheck{"POSITION_QUANTITY", "position_quantity_max",
              "the position after this and all working entries is within the limit", false,
              position_quantity},
    RiskCheck{"BUYING_POWER", "", "cash covers this and all working entries", false, buying_power},
    RiskCheck{"SYMBOL_SHARE", "symbol_share_max",
              "the instrument's worth with this order is within its share of equity", false,
              symbol_share},
    RiskCheck{"CAPITAL_USE", "capital_use_max",
              "all positions with this order are within their share of equity", false, capital_use},
    RiskCheck{"OPEN_RISK", "open_risk_max",
              "what the stops leave at risk with this order is within its share of equity", false,
              open_risk},
    RiskCheck{"DRAWDOWN", "drawdown_max", "equity has not fallen from its peak by the limit", false,
              drawdown, kIsStanding},
    RiskCheck{"LOSING_TRADES", "losing_trades_max",
              "fewer losing round trips in a row than the limit", false, losing_trades,
              kIsStanding},
    RiskCheck{"DAILY_LOSS", "daily_loss_max", "the session's loss is below the limit", false,
              daily_loss, kIsStanding},
    RiskCheck{"TRADES_PER_DAY", "trades_per_day_max", "entries of the session are in the limit",
              false, trades_per_day, kIsStanding},
};

static_assert(kChecks.size() <= kRiskChecksMax);

}  // namespace

std::span<const RiskCheck> risk_checks() { return kChecks; }

}  // namespace st0ck::trading
