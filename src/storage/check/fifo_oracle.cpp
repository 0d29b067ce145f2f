#include "fifo_oracle.hpp"

#include <algorithm>

namespace st0ck::storage {

namespace {

using Raw = FifoOracle::Raw;

void remember(std::vector<core::ClientOrderId>& orders, const core::ClientOrderId& order) {
  if (std::ranges::find(orders, order) == orders.end()) orders.push_back(order);
}

/// Cuts the share of `part` in `whole` off `amount`.
Raw take(Raw& amount, Raw part, Raw whole) {
  const Raw taken = pro_rata(amount, part, whole);
  amount -= taken;
  return taken;
}

}  // namespace

Raw pro_rata(Raw amount, Raw part, Raw whole) {
  const Raw product = amount * part;
  Raw quotient = product / whole;
  Raw rest = product % whole;
  if (rest < 0) {
    rest += whole;
    --quotient;
  }
  const bool is_odd = quotient % 2 != 0;
  if (2 * rest > whole || (2 * rest == whole && is_odd)) ++quotient;
  return quotient;
}

Raw FifoOracle::Position::quantity() const {
  Raw sum = 0;
  for (const Lot& lot : lots) sum += lot.quantity;
  return is_long ? sum : -sum;
}

Raw FifoOracle::Position::cost() const {
  Raw sum = 0;
  for (const Lot& lot : lots) sum += lot.notional;
  return is_long ? sum : -sum;
}

void FifoOracle::add(const Logged<kernel::FillRow>& fill) {
  const kernel::FillRow& row = fill.row;
  Position& position = positions_[{row.account, row.bot, row.symbol}];
  const bool is_buy = row.side == trading::Side::Buy;
  position.newest = fill.sequence;
  position.fees += row.fee.raw();
  position.cash_flow += (is_buy ? -Raw{row.notional.raw()} : Raw{row.notional.raw()});
  position.cash_flow -= row.fee.raw();

  Raw quantity = row.quantity.raw();
  Raw notional = row.notional.raw();
  Raw fee = row.fee.raw();
  if (!position.lots.empty() && position.is_long != is_buy)
    close(position, fill, quantity, notional, fee);
  if (quantity > 0) open(position, row, quantity, notional, fee);
}

void FifoOracle::close(Position& position, const Logged<kernel::FillRow>& fill, Raw& quantity,
                       Raw& notional, Raw& fee) {
  Raw held = position.quantity();
  if (held < 0) held = -held;
  Raw closing = std::min(quantity, held);
  Raw proceeds = take(notional, closing, quantity);
  position.open.fees += take(fee, closing, quantity);
  position.open.exited += proceeds;
  remember(position.open.orders, fill.row.client_order_id);
  quantity -= closing;

  while (closing > 0) {
    Lot& lot = position.lots.front();
    const Raw part = std::min(closing, lot.quantity);
    const Raw out = take(proceeds, part, closing);
    const Raw in = take(lot.notional, part, lot.quantity);
    const Raw gain = position.is_long ? out - in : in - out;
    position.realized += gain;
    position.open.realized += gain;
    lot.quantity -= part;
    closing -= part;
    if (lot.quantity == 0) position.lots.pop_front();
  }
  if (!position.lots.empty()) return;
  position.open.exit_time = fill.row.time;
  position.open.closed_by = fill.sequence;
  position.open.exit_order = fill.row.client_order_id;
  position.closed.push_back(position.open);
}

void FifoOracle::open(Position& position, const kernel::FillRow& fill, Raw quantity, Raw notional,
                      Raw fee) {
  if (position.lots.empty()) {
    position.is_long = fill.side == trading::Side::Buy;
    position.open = {};
    position.open.side = fill.side;
    position.open.entry_time = fill.time;
  }
  position.lots.push_back({quantity, notional});
  position.open.quantity += quantity;
  position.open.entered += notional;
  position.open.fees += fee;
  remember(position.open.orders, fill.client_order_id);
}

}  // namespace st0ck::storage
