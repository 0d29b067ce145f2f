#include "fifo_oracle.hpp"

#include <algorithm>
#include <limits>

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

std::optional<std::string_view> FifoOracle::add(const LoggedLedgerEntry& entry) {
  using Kind = trading::LedgerEntryKind;
  const kernel::LedgerEntryRow& row = entry.row;
  const auto found = positions_.find({row.account, row.bot, row.symbol});
  if (found == positions_.end()) return "there is no position that it could change";
  Position& position = found->second;
  position.newest = entry.sequence;
  const Raw held = position.quantity();
  const Raw quantity = row.quantity.raw();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  if (quantity == kLeast || row.amount.raw() == kLeast) return "an amount is beyond its type";
  switch (row.kind) {
    case Kind::Dividend:
    case Kind::BorrowFee:
      position.cash_flow += row.amount.raw();
      return quantity == held ? std::nullopt
                              : std::optional<std::string_view>{"it is for another quantity"};
    case Kind::Fee:
      position.cash_flow += row.amount.raw();
      position.fees -= row.amount.raw();
      position.open.fees -= row.amount.raw();
      return std::nullopt;
    case Kind::Split:
      if (quantity == 0 || held == 0 || (quantity > 0) != (held > 0))
        return "it does not make a position of a position";
      split(position, quantity);
      return std::nullopt;
    case Kind::CashInLieu:
    case Kind::Expiry: break;
  }
  const bool is_of_it = quantity > 0 ? held >= quantity : held <= quantity && quantity < 0;
  if (!is_of_it) return "it ends more than is held";
  Logged<kernel::FillRow> ending{entry.sequence, {}};
  ending.row.account = row.account;
  ending.row.bot = row.bot;
  ending.row.symbol = row.symbol;
  ending.row.time = entry.time;
  ending.row.side = quantity > 0 ? trading::Side::Sell : trading::Side::Buy;
  ending.row.quantity = row.quantity.abs();
  ending.row.notional = row.amount.abs();
  add(ending);
  return std::nullopt;
}

/// Shares `after` among the lots as they shared the position, cut off; a lot of which nothing is
/// left gives its cost to the next one, the last to the one before.
void FifoOracle::split(Position& position, Raw after) {
  const auto magnitude = [](Raw raw) { return raw < 0 ? -raw : raw; };
  const Raw before = magnitude(position.quantity());
  const Raw wanted = magnitude(after);
  Raw seen = 0;
  Raw given = 0;
  Raw cost_left = 0;
  std::deque<Lot> lots;
  for (Lot lot : position.lots) {
    seen += lot.quantity;
    const Raw through = wanted * seen / before;
    lot.quantity = through - given;
    given = through;
    lot.notional += cost_left;
    cost_left = lot.quantity == 0 ? lot.notional : Raw{0};
    if (lot.quantity != 0) lots.push_back(lot);
  }
  lots.back().notional += cost_left;
  position.lots = lots;
  const Raw exited = (position.open.quantity - before) * wanted / before;
  position.open.quantity = exited + wanted;
}

void FifoOracle::close(Position& position, const Logged<kernel::FillRow>& fill, Raw& quantity,
                       Raw& notional, Raw& fee) {
  Raw held = position.quantity();
  if (held < 0) held = -held;
  Raw closing = std::min(quantity, held);
  Raw proceeds = take(notional, closing, quantity);
  position.open.fees += take(fee, closing, quantity);
  position.open.exited += proceeds;
  if (!fill.row.client_order_id.empty()) remember(position.open.orders, fill.row.client_order_id);
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
