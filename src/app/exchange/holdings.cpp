#include "src/app/exchange/holdings.hpp"

#include "src/app/exchange/exchange_market.hpp"
#include "st0ck/trading/corporate_terms.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::app::exchange {

namespace {

constexpr core::Quantity kShare = core::Quantity::whole(1);
constexpr core::Rate kMaintenanceRate = core::Rate::from_raw(300'000'000);
constexpr core::Price kLongCheap = core::Price::from_raw(2'500'000'000);
constexpr core::Price kShortCheap = core::Price::whole(5);

/// FINRA 4210(c): 30 % here, more for cheap shares and at least so much for each one sold short.
core::Money maintenance_of(core::Quantity quantity, core::Price price,
                           core::Multiplier multiplier) {
  const core::Money value = core::notional(price, quantity.abs(), multiplier);
  const core::Money part = core::scaled(value, kMaintenanceRate);
  if (quantity.is_positive()) return price < kLongCheap ? value : part;
  if (price >= kShortCheap)
    return std::max(part, core::notional(kShortCheap, quantity.abs(), multiplier));
  return std::max(value, core::notional(kLongCheap, quantity.abs(), multiplier));
}

double ratio(core::Money part, core::Money whole) {
  return whole.is_zero() ? 0.0 : part.to_double() / whole.to_double();
}

}  // namespace

Holdings::Holdings(Parts parts, core::Money cash)
    : parts_{std::move(parts)},
      cash_{cash},
      last_equity_{cash},
      ledger_{parts_.instruments},
      at_open_(parts_.instruments.size()) {}

trading::LedgerKey Holdings::key(core::InstrumentId instrument) const {
  return {{}, {}, instrument};
}

void Holdings::on_fill(const trading::Fill& fill) { ledger_.apply(fill); }

void Holdings::add_activity(alpaca::Activity activity) {
  if (activities_.size() == kActivitiesMax) activities_.pop_front();
  activities_.push_back(std::move(activity));
}

void Holdings::on_corporate_action(const market::CorporateAction& action, core::Timestamp now) {
  if (actions_.announce(action, now) == trading::ActionSchedule::Verdict::Apply) book(action, now);
}

void Holdings::on_session_prepare(const core::Session& session, core::Timestamp now) {
  for (const market::CorporateAction& action : actions_.take_due(session.date)) book(action, now);
  for (core::Quantity& quantity : at_open_) quantity = {};
  for (const core::InstrumentId instrument : held())
    at_open_[instrument.value()] = position(instrument);
}

void Holdings::on_session_close() { last_equity_ = worth().equity(); }

void Holdings::book(const market::CorporateAction& action, core::Timestamp now) {
  const trading::Position* position = ledger_.find(key(action.instrument));
  if (position == nullptr || position->is_flat()) return;
  if (action.kind == market::CorporateActionKind::Split) return book_split(*position, action, now);
  const market::Instrument& instrument = parts_.instruments[action.instrument];
  alpaca::Activity activity;
  activity.id = parts_.activity_id(now);
  activity.activity_type = "DIV";
  activity.date = action.ex_date;
  activity.symbol = instrument.symbol.str();
  activity.quantity = position->quantity;
  activity.per_share_amount = action.amount;
  activity.net_amount = core::notional(action.amount, position->quantity, instrument.multiplier);
  activity.status = "executed";
  ledger_.carry(position->key, *activity.net_amount);
  add_activity(std::move(activity));
}

/// Whole shares stay whole ones; what a split leaves beyond them is paid in cash at the last price.
void Holdings::book_split(const trading::Position& position, const market::CorporateAction& split,
                          core::Timestamp now) {
  const core::Quantity before = position.quantity;
  const core::Quantity after = trading::after_split(before, split);
  const market::Instrument& instrument = parts_.instruments[split.instrument];
  if (after.is_zero()) {
    ledger_.close_out(position.key, before.abs(), {}, now, core::Code{"SPLIT"});
    return;
  }
  ledger_.split(position.key, split);
  const core::Quantity fraction =
      after.abs() - after.abs().rounded_to(kShare, core::Rounding::ToZero);
  if (before.is_multiple_of(kShare) && !fraction.is_zero()) {
    const core::Money value = core::notional(mark(position), fraction, instrument.multiplier);
    ledger_.close_out(position.key, fraction, after.is_positive() ? value : -value, now,
                      core::Code{"CASH_IN_LIEU"});
  }
  alpaca::Activity activity;
  activity.id = parts_.activity_id(now);
  activity.activity_type = "SPLIT";
  activity.date = split.ex_date;
  activity.symbol = instrument.symbol.str();
  activity.quantity = this->position(split.instrument) - before;
  activity.net_amount = core::Money{};
  activity.status = "executed";
  add_activity(std::move(activity));
}

core::Quantity Holdings::position(core::InstrumentId instrument) const {
  return ledger_.quantity(key(instrument));
}

core::Price Holdings::mark(const trading::Position& position) const {
  const core::InstrumentId id = position.key.instrument;
  if (const auto last = parts_.prices.last(id)) return *last;
  return position.average_price(parts_.instruments[id].multiplier).value_or(core::Price{});
}

Worth Holdings::worth() const {
  Worth worth;
  worth.cash = cash();
  for (const trading::Position& position : ledger_.positions()) {
    if (position.is_flat()) continue;
    const core::Multiplier multiplier = parts_.instruments[position.key.instrument].multiplier;
    const core::Price price = mark(position);
    const core::Money value = core::notional(price, position.quantity, multiplier);
    (position.quantity.is_positive() ? worth.long_value : worth.short_value) += value;
    worth.maintenance += maintenance_of(position.quantity, price, multiplier);
  }
  return worth;
}

std::vector<core::InstrumentId> Holdings::held() const {
  std::vector<core::InstrumentId> held;
  for (const trading::Position& position : ledger_.positions())
    if (!position.is_flat()) held.push_back(position.key.instrument);
  std::ranges::sort(held);
  return held;
}

std::optional<alpaca::Position> Holdings::tell(core::InstrumentId instrument,
                                               core::Quantity available) const {
  const trading::Position* position = ledger_.find(key(instrument));
  if (position == nullptr || position->is_flat()) return std::nullopt;
  const market::Instrument& terms = parts_.instruments[instrument];
  const core::Price price = mark(*position);
  const core::Price yesterday = parts_.prices.previous_close(instrument).value_or(price);
  alpaca::Position told;
  told.asset_id = parts_.asset_id(instrument);
  told.symbol = terms.symbol.str();
  told.exchange = std::string{listing_exchange_of(told.symbol)};
  told.asset_marginable = true;
  told.side =
      position->quantity.is_positive() ? alpaca::PositionSide::Long : alpaca::PositionSide::Short;
  told.quantity = position->quantity;
  told.quantity_available = available;
  told.average_entry_price = position->average_price(terms.multiplier).value_or(core::Price{});
  told.current_price = price;
  told.lastday_price = yesterday;
  told.change_today = yesterday.is_zero() ? 0.0 : price.to_double() / yesterday.to_double() - 1.0;
  const core::Money value = core::notional(price, position->quantity, terms.multiplier);
  told.market_value = value;
  told.cost_basis = position->cost;
  told.unrealized_profit = value - position->cost;
  told.unrealized_profit_rate = ratio(*told.unrealized_profit, position->cost.abs());
  // Of what was held at the open the day's part counts from yesterday's close on.
  const bool is_of_today = at_open_[instrument.value()].is_zero();
  const core::Money base = is_of_today
                               ? position->cost
                               : core::notional(yesterday, position->quantity, terms.multiplier);
  told.unrealized_intraday_profit = value - base;
  told.unrealized_intraday_profit_rate = ratio(*told.unrealized_intraday_profit, base.abs());
  return told;
}

}  // namespace st0ck::app::exchange
