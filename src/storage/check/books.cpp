#include "books.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace st0ck::storage {

namespace {

using Key = FifoOracle::Key;
using Raw = FifoOracle::Raw;

constexpr std::string_view kSource = "its fills give";

/// The price may be an average that was rounded, by half a unit per share at most.
void check_notional(const std::string& place, const kernel::FillRow& row,
                    core::Multiplier multiplier, Findings& findings) {
  const auto expected = core::checked_notional(row.price, row.quantity, multiplier);
  if (!expected) {
    findings.add("{}: price {} x quantity {} is more than an amount can be", place,
                 row.price.to_string(), row.quantity.to_string());
    return;
  }
  const Raw difference = Raw{row.notional.raw()} - expected->raw();
  const Raw shares = Raw{row.quantity.raw()} * static_cast<std::uint32_t>(multiplier);
  const Raw tolerance = shares / core::Quantity::kOne / 2 + 1;
  if (difference > tolerance || difference < -tolerance) {
    findings.expect(place, "notional", row.notional.raw(), expected->raw(),
                    "price x quantity gives");
  }
}

void check_order_of(const std::string& place, const kernel::FillRow& row, const Books& books,
                    Findings& findings) {
  const auto found = books.orders.find(row.client_order_id);
  if (found == books.orders.end()) return;  // A finding of the foreign keys.
  const kernel::OrderRow& order = *found->second;
  if (order.side != row.side || order.symbol != row.symbol || order.bot != row.bot ||
      order.account != row.account) {
    findings.add("{}: is {} {} of bot {} in account {}, its order {} is {} {} of bot {} in {}",
                 place, name_of(row.side), row.symbol, row.bot, row.account, row.client_order_id,
                 name_of(order.side), order.symbol, order.bot, order.account);
  }
}

/// Runs `add` and notes what it has changed.
template <typename Row, typename Add>
void book_gain(const Row& row, core::Sequence sequence, bool is_fill, Books& books, Add&& add) {
  const Key key{row.account, row.bot, row.symbol};
  const auto& positions = books.oracle.positions();
  const auto known = positions.find(key);
  const Raw realized = known == positions.end() ? Raw{0} : known->second.realized;
  const Raw fees = known == positions.end() ? Raw{0} : known->second.fees;
  add();
  const auto after = positions.find(key);
  if (after == positions.end()) return;
  books.gains.push_back({row.account, row.bot, sequence, is_fill, after->second.realized - realized,
                         after->second.fees - fees});
}

void book(const Logged<kernel::FillRow>& fill, const CheckRows& rows, Books& books,
          Findings& findings) {
  const kernel::FillRow& row = fill.row;
  const std::string place = fmt::format("fill {}", fill.sequence.value());
  if (!row.quantity.is_positive()) {
    findings.add("{}: quantity is {}, expected a positive one", place, row.quantity.to_string());
    return;
  }
  check_notional(place, row, rows.multiplier_of(row.symbol), findings);
  check_order_of(place, row, books, findings);
  Books::OrderSum& sum = books.by_order[row.client_order_id];
  sum.quantity += row.quantity.raw();
  sum.notional += row.notional.raw();
  sum.fees += row.fee.raw();
  sum.newest = fill.sequence;
  book_gain(row, fill.sequence, true, books, [&] { books.oracle.add(fill); });
}

void book(const LoggedLedgerEntry& entry, Books& books, Findings& findings) {
  book_gain(entry.row, entry.sequence, false, books, [&] {
    if (const auto defect = books.oracle.add(entry))
      findings.add("ledger entry {}: {} of {}: {}", entry.sequence.value(), name_of(entry.row.kind),
                   entry.row.symbol, *defect);
  });
}

void check_position(const Key& key, const kernel::PositionRow& row,
                    const FifoOracle::Position& expected, Findings& findings) {
  const std::string place = "position " + name_of(key);
  findings.expect(place, "quantity", row.quantity.raw(), expected.quantity(), kSource);
  findings.expect(place, "cost", row.cost.raw(), expected.cost(), kSource);
  findings.expect(place, "realized_pnl", row.realized_pnl.raw(), expected.realized, kSource);
  findings.expect(place, "fees", row.fees.raw(), expected.fees, kSource);
  findings.expect(place, "cash_flow", row.cash_flow.raw(), expected.cash_flow, kSource);
}

}  // namespace

std::string name_of(const Key& key) {
  return fmt::format("{} of bot {} in account {}", key.symbol, key.bot, key.account);
}

Books book_fills(const CheckRows& rows, Findings& findings) {
  Books books;
  for (const LoggedOrder& order : rows.orders) books.orders[order.row.client_order_id] = &order.row;
  auto entry = rows.ledger_entries.begin();
  const auto book_entries_before = [&](core::Sequence sequence) {
    for (; entry != rows.ledger_entries.end() && entry->sequence < sequence; ++entry)
      book(*entry, books, findings);
  };
  for (const auto& fill : rows.fills) {
    book_entries_before(fill.sequence);
    book(fill, rows, books, findings);
  }
  for (; entry != rows.ledger_entries.end(); ++entry) book(*entry, books, findings);
  return books;
}

void check_orders(const CheckRows& rows, const Books& books, Findings& findings) {
  for (const auto& [first, sequence, row] : rows.orders) {
    const auto found = books.by_order.find(row.client_order_id);
    const Books::OrderSum sum = found == books.by_order.end() ? Books::OrderSum{} : found->second;
    if (rows.is_at_cut(std::max(sequence, sum.newest))) continue;
    const std::string place = fmt::format("order {}", row.client_order_id);
    findings.expect(place, "filled", row.filled.raw(), sum.quantity, kSource);
    findings.expect(place, "filled_notional", row.filled_notional.raw(), sum.notional, kSource);
    findings.expect(place, "fees", row.fees.raw(), sum.fees, kSource);
    if (row.state == trading::OrderState::Filled && row.filled < row.quantity) {
      findings.add("{}: state is filled with {} of {}", place, row.filled.to_string(),
                   row.quantity.to_string());
    }
    if (row.state != trading::OrderState::Filled && row.filled >= row.quantity) {
      findings.add("{}: state is {} with {} of {}, expected filled", place, name_of(row.state),
                   row.filled.to_string(), row.quantity.to_string());
    }
  }
}

void check_positions(const CheckRows& rows, const Books& books, Findings& findings) {
  std::map<Key, const Logged<kernel::PositionRow>*> by_key;
  for (const auto& position : rows.positions) {
    const Key key{position.row.account, position.row.bot, position.row.symbol};
    by_key[key] = &position;
    if (!books.oracle.positions().contains(key) && !rows.is_at_cut(position.sequence))
      findings.add("position {}: exists without a fill", name_of(key));
  }
  for (const auto& [key, expected] : books.oracle.positions()) {
    const auto found = by_key.find(key);
    const bool is_missing = found == by_key.end();
    const core::Sequence row_sequence = is_missing ? core::Sequence{} : found->second->sequence;
    if (rows.is_at_cut(std::max(expected.newest, row_sequence))) continue;
    if (is_missing) {
      findings.add("position {}: is missing, there are fills", name_of(key));
    } else {
      check_position(key, found->second->row, expected, findings);
    }
  }
}

}  // namespace st0ck::storage
