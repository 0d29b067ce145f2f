#include "closings.hpp"
#include "group_keeper.hpp"
#include "order_pacer.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/trading/desk.hpp"

#include <algorithm>

// What the desk knows when an order comes up for review.
namespace st0ck::trading {

namespace {

bool is_same_leg(const OrderIntent& order, const OrderIntent& intent) {
  return order.bot == intent.bot && order.leg().instrument == intent.leg().instrument &&
         order.leg().side == intent.leg().side;
}

bool is_in_group(const OrderIntent& order) { return order.group.kind != GroupKind::None; }

/// The notional that an order may still cost under `terms`, at its own price or else at `market`.
core::Money cost_of(const Order& order, const OrderTerms& terms, core::Price market,
                    core::Multiplier multiplier) {
  const core::Price price = terms.limit.value_or(terms.stop.value_or(market));
  return core::notional(price, order.exposed_at_most(), multiplier, core::Rounding::Up);
}

}  // namespace

RiskFacts Desk::facts_of(BotState& state, const OrderIntent& intent, const Order* replaced) const {
  const core::Timestamp now = parts_.clock.now();
  const core::InstrumentId instrument = intent.leg().instrument;
  RiskFacts facts{.intent = intent, .instrument = parts_.instruments[instrument], .now = now};
  facts.quote = parts_.market.quote(instrument, now, state.limits.quote_age_max);
  facts.position = position(state.bot, instrument);
  for (const Order* order : orders_.open_orders()) {
    if (order == replaced) continue;
    if (order->intent.bot == state.bot) ++facts.open_orders;
    if (order->intent.leg().instrument == instrument && order->state == OrderState::Unknown)
      facts.has_unknown_order = true;
  }
  if (is_in_group(intent) && intent.purpose == Purpose::Exit)
    if (const Order* entry = orders_.find(intent.group.group); entry != nullptr && entry->is_open())
      facts.position += signed_quantity(entry->intent.leg().side, entry->exposed());
  facts.is_closing = closings_->is_closing(state.bot, instrument);
  facts.exits_working = working(intent, Purpose::Exit, replaced);
  facts.entries_working = working(intent, Purpose::Entry, replaced);
  facts.orders_last_minute = static_cast<std::uint32_t>(state.sent.size());
  facts.trades_today = trades_today(state, replaced);
  facts.losing_days = state.losing_days;
  facts.halted = state.halted || is_halted_;
  facts.session_date = session_ ? session_->date : core::to_new_york(now).date;
  facts.in_session = is_in_session(intent, now);
  if (intent.purpose == Purpose::Exit) return facts;  // The rest guards entries only.
  facts.status = parts_.market.trading_status(instrument);
  facts.is_feed_degraded = is_feed_degraded_;
  facts.broker_wait = pacer_->wait_of_entry();
  facts.broker_wait_max = pacer_->wait_max();
  facts.losing_trades = state.losing_trades;
  facts.crosses_own_order = crosses_own_order(facts);
  add_account_facts(facts, replaced);
  facts.buying_power = cash() - reserved(replaced);
  facts.day_pnl = day(state.bot).pnl();
  facts.is_duplicate =
      replaced == nullptr &&
      std::any_of(state.recent_entries.begin(), state.recent_entries.end(),
                  [&](const RecentEntry& entry) {
                    return entry.instrument == instrument && entry.side == intent.leg().side &&
                           entry.type == intent.type && entry.terms == intent.terms;
                  });
  return facts;
}

std::uint32_t Desk::trades_today(const BotState& state, const Order* except) {
  return static_cast<std::uint32_t>(
      std::count_if(state.entries_today.begin(), state.entries_today.end(),
                    [&](const Order* o) { return o != except && o->counts_as_trade(); }));
}

/// What the open orders of the intent's bot, instrument and side may still fill. The exits of a
/// group stand for what it holds, however many there are, and those of the intent's own group for
/// nothing.
core::Quantity Desk::working(const OrderIntent& intent, Purpose purpose,
                             const Order* except) const {
  core::Quantity sum;
  for (const Order* order : orders_.open_orders()) {
    const bool is_group_exit = purpose == Purpose::Exit && is_in_group(order->intent);
    if (order != except && order->intent.purpose == purpose && !is_group_exit &&
        is_same_leg(order->intent, intent))
      sum += purpose == Purpose::Entry ? order->exposed_at_most() : order->exposed();
  }
  const bool is_urgent = intent.type == OrderType::Market && is_in_group(intent);
  if (purpose == Purpose::Exit)
    sum += groups_->claimed(intent.bot, intent.leg().instrument, intent.leg().side,
                            intent.group.group, is_urgent);
  return sum;
}

/// The account as a whole, all bots together.
void Desk::add_account_facts(RiskFacts& facts, const Order* replaced) const {
  facts.equity = equity();
  facts.equity_peak = equity_peak_with(facts.equity);
  const core::InstrumentId instrument = facts.instrument.id;
  for (const Position& position : ledger_.positions()) {
    if (position.is_flat()) continue;
    const market::Instrument& held = parts_.instruments[position.key.instrument];
    // Without a mark equity is unknown too, and every check that needs it fails.
    const core::Price mark = parts_.market.mark(held.id).value_or(core::Price{});
    const core::Money value =
        core::notional(mark, position.quantity.abs(), held.multiplier, core::Rounding::Up);
    facts.gross_exposure += value;
    if (held.id == instrument) facts.symbol_exposure += value;
    facts.open_risk += groups_->risk(position, mark, held.multiplier);
  }
  for (const Order* order : orders_.open_orders()) {
    if (order == replaced || order->intent.purpose != Purpose::Entry) continue;
    const OrderLeg& leg = order->intent.leg();
    const market::Instrument& wanted = parts_.instruments[leg.instrument];
    const core::Price mark = parts_.market.mark(leg.instrument).value_or(core::Price{});
    const core::Money cost = cost_of(*order, order->intent.terms, mark, wanted.multiplier);
    facts.gross_exposure += cost;
    if (leg.instrument == instrument) facts.symbol_exposure += cost;
  }
}

/// Whether an order sent now trades in the session: while it is open, or in its opening auction.
bool Desk::is_in_session(const OrderIntent& intent, core::Timestamp now) const {
  if (!session_ || now >= session_->close) return false;
  return now >= session_->open || intent.time_in_force == TimeInForce::Opg;
}

bool Desk::is_trading(core::InstrumentId instrument) const {
  const auto status = parts_.market.trading_status(instrument);
  const bool is_halted = status && status->state != market::TradingState::Trading;
  return !is_halted && session_ && session_->open <= now() && now() < session_->close;
}

/// Whether an order of the account rests where this one would meet it, or is at the market on the
/// other side.
bool Desk::crosses_own_order(const RiskFacts& facts) const {
  const OrderLeg& leg = facts.intent.leg();
  const bool is_buy = leg.side == Side::Buy;
  const auto& limit = facts.intent.terms.limit;
  if (!limit && !facts.quote.is_fresh()) return false;
  const core::Price reach = limit ? *limit : is_buy ? facts.quote.quote.ask : facts.quote.quote.bid;
  return std::any_of(orders_.open_orders().begin(), orders_.open_orders().end(),
                     [&](const Order* order) {
                       const OrderIntent& other = order->intent;
                       if (other.leg().instrument != leg.instrument ||
                           other.leg().side == leg.side || order->state == OrderState::Armed)
                         return false;
                       if (other.type == OrderType::Market) return true;
                       if (other.type != OrderType::Limit || !other.terms.limit) return false;
                       return is_buy ? *other.terms.limit <= reach : *other.terms.limit >= reach;
                     });
}

std::optional<core::Money> Desk::equity() const {
  core::Money sum = cash();
  for (const Position& position : ledger_.positions()) {
    if (position.is_flat()) continue;
    const auto mark = parts_.market.mark(position.key.instrument);
    if (!mark) return std::nullopt;
    sum += core::notional(*mark, position.quantity,
                          parts_.instruments[position.key.instrument].multiplier);
  }
  return sum;
}

/// The peak as it is once `equity` has been noted.
std::optional<core::Money> Desk::equity_peak_with(const std::optional<core::Money>& equity) const {
  if (equity && (!equity_peak_ || *equity > *equity_peak_)) return equity;
  return equity_peak_;
}

void Desk::note_equity() { equity_peak_ = equity_peak_with(equity()); }

/// What the working entries of all bots may still cost, each at its own price or, at the market,
/// at the latest quote, however old.
core::Money Desk::reserved(const Order* except) const {
  core::Money sum;
  for (const Order* order : orders_.open_orders()) {
    if (order == except || order->intent.purpose != Purpose::Entry) continue;
    const OrderLeg& leg = order->intent.leg();
    const core::Multiplier multiplier = parts_.instruments[leg.instrument].multiplier;
    const auto quote =
        parts_.market.quote(leg.instrument, parts_.clock.now(), core::Duration::max());
    const core::Price price = leg.side == Side::Buy ? quote.quote.ask : quote.quote.bid;
    core::Money cost = cost_of(*order, order->intent.terms, price, multiplier);
    if (order->pending_terms)
      cost = std::max(cost, cost_of(*order, *order->pending_terms, price, multiplier));
    sum += cost;
  }
  return sum;
}

core::Money Desk::realized(const core::BotId& bot) const {
  core::Money sum;
  for (const Position& position : ledger_.positions())
    if (position.key.bot == bot) sum += position.realized_pnl;
  return sum;
}

core::Money Desk::fees(const core::BotId& bot) const {
  core::Money sum;
  for (const Position& position : ledger_.positions())
    if (position.key.bot == bot) sum += position.fees;
  return sum;
}

core::Money Desk::carry(const core::BotId& bot) const {
  core::Money sum;
  for (const Position& position : ledger_.positions())
    if (position.key.bot == bot) sum += position.carry;
  return sum;
}

std::optional<core::Money> Desk::unrealized(const core::BotId& bot) const {
  core::Money sum;
  for (const Position& position : ledger_.positions()) {
    if (position.key.bot != bot || position.is_flat()) continue;
    const auto mark = parts_.market.mark(position.key.instrument);
    if (!mark) return std::nullopt;
    sum += position.unrealized_pnl(*mark, parts_.instruments[position.key.instrument].multiplier);
  }
  return sum;
}

}  // namespace st0ck::trading
