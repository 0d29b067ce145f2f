#include "st0ck/trading/ledger.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/trading/corporate_terms.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::trading {

namespace {

/// The part of `amount` that belongs to `part` of `whole`; the caller keeps the remainder, so that
/// the parts of an amount always add up to it.
core::Money share(core::Money amount, core::Quantity part, core::Quantity whole) {
  if (part == whole) return amount;
  const auto raw = core::narrow(
      core::divide(core::Int128{amount.raw()} * part.raw(), whole.raw(), core::Rounding::HalfEven));
  ST0CK_ASSERT(raw.has_value(), "a share is not larger than its whole");
  return core::Money::from_raw(*raw);
}

/// Money received (+) or paid (-) for a notional.
core::Money cash_of(Side side, core::Money notional) {
  return side == Side::Sell ? notional : -notional;
}

bool reduces(const Position& position, Side side) {
  return side == Side::Sell ? position.quantity.is_positive() : position.quantity.is_negative();
}

TradeRecord new_trade(const Fill& fill) {
  TradeRecord trade;
  trade.account = fill.account;
  trade.bot = fill.bot;
  trade.engine = fill.engine;
  trade.instrument = fill.instrument;
  trade.side = fill.side;
  trade.entry_time = fill.time;
  return trade;
}

void add_order(OrderIdList& orders, const core::ClientOrderId& order) {
  if (order.empty()) return;  // What ends without an order.
  if (std::find(orders.begin(), orders.end(), order) == orders.end()) orders.push_back(order);
}

/// `amount` x `part` / `whole`, cut off; the last two have the same sign.
core::Quantity portion(core::Quantity amount, core::Quantity part, core::Quantity whole) {
  const auto raw = core::narrow(core::divide(core::Int128{amount.raw()} * part.abs().raw(),
                                             whole.abs().raw(), core::Rounding::ToZero));
  ST0CK_ASSERT(raw.has_value(), "a portion is not larger than its whole");
  return core::Quantity::from_raw(*raw);
}

/// Gives each lot its part of `after`. A lot too small for 1e-9 of a new share leaves its cost to
/// the next one, the last one to the one before.
void split_lots(std::vector<Lot>& lots, core::Quantity before, core::Quantity after) {
  core::Quantity seen;
  core::Quantity given;
  core::Money cost_left;
  std::vector<Lot> kept;
  for (Lot lot : lots) {
    seen += lot.quantity;
    const core::Quantity through = portion(after, seen, before);
    lot.quantity = through - given;
    given = through;
    lot.cost += cost_left;
    cost_left = lot.quantity.is_zero() ? lot.cost : core::Money{};
    if (!lot.quantity.is_zero()) kept.push_back(lot);
  }
  ST0CK_ASSERT(!kept.empty(), "a split leaves something");
  kept.back().cost += cost_left;
  lots = std::move(kept);
}

}  // namespace

core::Money Position::unrealized_pnl(core::Price mark, core::Multiplier multiplier) const {
  return core::notional(mark, quantity, multiplier) - cost;
}

std::optional<core::Price> Position::average_price(core::Multiplier multiplier) const {
  if (is_flat()) return std::nullopt;
  return core::average_price(cost, quantity, multiplier);
}

Ledger::Ledger(const market::InstrumentTable& instruments) : instruments_{instruments} {}

const TradeRecord* Ledger::apply(const Fill& booked) {
  const std::size_t slot = slot_of({booked.account, booked.bot, booked.instrument});
  Position& position = positions_[slot];
  OpenTrade& trade = open_trades_[slot];
  Fill fill = booked;
  position.cash_flow += cash_of(fill.side, fill.notional) - fill.fee;
  position.fees += fill.fee;

  bool is_complete = false;
  if (reduces(position, fill.side)) {
    close_lots(position, trade, fill);
    is_complete = position.is_flat();
    if (is_complete) complete(trade, booked);
  }
  if (fill.quantity.is_positive()) open_lot(position, trade, fill);
  return is_complete ? &completed_ : nullptr;
}

void Ledger::charge(const LedgerKey& key, core::Money fee) {
  const std::size_t slot = slot_of(key);
  positions_[slot].cash_flow -= fee;
  positions_[slot].fees += fee;
  open_trades_[slot].record.fees += fee;
}

void Ledger::carry(const LedgerKey& key, core::Money amount) {
  Position& position = positions_[slot_of(key)];
  position.carry += amount;
  position.cash_flow += amount;
}

void Ledger::split(const LedgerKey& key, const market::CorporateAction& split) {
  const std::size_t slot = slot_of(key);
  Position& position = positions_[slot];
  OpenTrade& trade = open_trades_[slot];
  if (position.is_flat()) return;
  const core::Quantity before = position.quantity;
  const core::Quantity after = after_split(before, split);
  ST0CK_ASSERT(!after.is_zero(), "a split leaves something");
  split_lots(position.lots, before, after);
  position.quantity = after;
  // In proportion to what is held, so that whoever knows both quantities can do the same.
  const core::Int128 exited = core::divide(core::Int128{trade.exited.raw()} * after.abs().raw(),
                                           before.abs().raw(), core::Rounding::ToZero);
  trade.exited = core::Quantity::from_raw(core::narrow(exited).value_or(0));
  trade.record.quantity = trade.exited + after.abs();
}

const TradeRecord* Ledger::close_out(const LedgerKey& key, core::Quantity quantity,
                                     core::Money amount, core::Timestamp time,
                                     const core::Code& reason) {
  const std::size_t slot = slot_of(key);
  const Position& position = positions_[slot];
  ST0CK_ASSERT(quantity.is_positive() && quantity <= position.quantity.abs(),
               "what is closed out is held");
  Fill fill;
  fill.account = key.account;
  fill.bot = key.bot;
  fill.engine = open_trades_[slot].record.engine;
  fill.instrument = key.instrument;
  fill.time = time;
  fill.side = position.quantity.is_positive() ? Side::Sell : Side::Buy;
  fill.quantity = quantity;
  fill.notional = amount.abs();
  fill.reason = reason;
  return apply(fill);
}

/// Closes lots until they or the fill are used up; what is left of the fill stays in `fill`.
void Ledger::close_lots(Position& position, OpenTrade& trade, Fill& fill) {
  const core::Quantity closing = std::min(fill.quantity, position.quantity.abs());
  core::Money proceeds = share(fill.notional, closing, fill.quantity);
  const core::Money fee = share(fill.fee, closing, fill.quantity);
  fill.notional -= proceeds;
  fill.fee -= fee;
  fill.quantity -= closing;

  trade.record.fees += fee;
  trade.exit_notional += proceeds;
  trade.exited += closing;
  add_order(trade.record.client_order_ids, fill.client_order_id);

  core::Quantity left = closing;
  while (left.is_positive()) {
    Lot& lot = position.lots.front();
    const core::Quantity part = std::min(left, lot.quantity.abs());
    const core::Money part_proceeds = share(proceeds, part, left);
    const core::Money part_cost = share(lot.cost, part, lot.quantity.abs());
    const core::Money gain = cash_of(fill.side, part_proceeds) - part_cost;
    position.realized_pnl += gain;
    trade.record.realized_pnl += gain;
    position.cost -= part_cost;
    position.quantity += signed_quantity(fill.side, part);
    proceeds -= part_proceeds;
    lot.cost -= part_cost;
    lot.quantity += signed_quantity(fill.side, part);
    left -= part;
    if (lot.quantity.is_zero()) position.lots.erase(position.lots.begin());
  }
}

void Ledger::open_lot(Position& position, OpenTrade& trade, const Fill& fill) {
  if (position.is_flat()) trade = OpenTrade{new_trade(fill), {}, {}, {}};
  const core::Money cost = -cash_of(fill.side, fill.notional);
  const core::Quantity quantity = signed_quantity(fill.side, fill.quantity);
  position.lots.push_back({fill.time, fill.client_order_id, quantity, cost});
  position.quantity += quantity;
  position.cost += cost;
  trade.record.quantity += fill.quantity;
  trade.record.fees += fill.fee;
  trade.entry_notional += fill.notional;
  add_order(trade.record.client_order_ids, fill.client_order_id);
}

void Ledger::complete(OpenTrade& trade, const Fill& last) {
  const core::Multiplier multiplier = instruments_[last.instrument].multiplier;
  TradeRecord& record = trade.record;
  record.id = ++trade_count_;
  record.entry_price = core::average_price(trade.entry_notional, record.quantity, multiplier);
  record.exit_price = core::average_price(trade.exit_notional, trade.exited, multiplier);
  record.exit_time = last.time;
  record.exit_reason = last.reason;
  completed_ = record;
}

std::size_t Ledger::slot_of(const LedgerKey& key) {
  for (std::size_t i = 0; i < positions_.size(); ++i)
    if (positions_[i].key == key) return i;
  Position& added = positions_.emplace_back();
  added.key = key;
  open_trades_.emplace_back();
  return positions_.size() - 1;
}

const Position* Ledger::find(const LedgerKey& key) const {
  const auto found = std::find_if(positions_.begin(), positions_.end(),
                                  [&](const Position& position) { return position.key == key; });
  return found == positions_.end() ? nullptr : &*found;
}

core::Quantity Ledger::quantity(const LedgerKey& key) const {
  const Position* position = find(key);
  return position == nullptr ? core::Quantity{} : position->quantity;
}

core::Money Ledger::cash_flow() const {
  core::Money sum;
  for (const Position& position : positions_) sum += position.cash_flow;
  return sum;
}

core::Money Ledger::realized_pnl() const {
  core::Money sum;
  for (const Position& position : positions_) sum += position.realized_pnl;
  return sum;
}

core::Money Ledger::carry() const {
  core::Money sum;
  for (const Position& position : positions_) sum += position.carry;
  return sum;
}

core::Money Ledger::fees() const {
  core::Money sum;
  for (const Position& position : positions_) sum += position.fees;
  return sum;
}

}  // namespace st0ck::trading
