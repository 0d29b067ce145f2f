#include "books.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace st0ck::storage {

namespace {

using Key = FifoOracle::Key;
using Raw = FifoOracle::Raw;
using RoundTrip = FifoOracle::RoundTrip;
using Trades = std::vector<const kernel::RoundTripRow*>;

constexpr std::string_view kSource = "its fills give";

/// The average price of a notional, to the nearest 1e-9 dollars.
Raw average(Raw notional, Raw quantity, core::Multiplier multiplier) {
  return pro_rata(notional, core::Quantity::kOne,
                  quantity * static_cast<std::uint32_t>(multiplier));
}

void check_amounts(const std::string& place, const kernel::RoundTripRow& row,
                   const RoundTrip& expected, core::Multiplier multiplier, Findings& findings) {
  findings.expect(place, "quantity", row.quantity.raw(), expected.quantity, kSource);
  findings.expect(place, "entry_price", row.entry_price.raw(),
                  average(expected.entered, expected.quantity, multiplier), kSource);
  findings.expect(place, "exit_price", row.exit_price.raw(),
                  average(expected.exited, expected.quantity, multiplier), kSource);
  findings.expect(place, "realized_pnl", row.realized_pnl.raw(), expected.realized, kSource);
  findings.expect(place, "fees", row.fees.raw(), expected.fees, kSource);
}

void check_words(const std::string& place, const kernel::RoundTripRow& row,
                 const RoundTrip& expected, Findings& findings) {
  if (row.side != expected.side) {
    findings.add("{}: side is {}, its fills give {}", place, name_of(row.side),
                 name_of(expected.side));
  }
  if (row.entry_time != expected.entry_time || row.exit_time != expected.exit_time) {
    findings.add("{}: lasts from {} to {}, its fills from {} to {}", place,
                 core::format_utc(row.entry_time), core::format_utc(row.exit_time),
                 core::format_utc(expected.entry_time), core::format_utc(expected.exit_time));
  }
  if (row.client_order_ids != expected.orders) {
    findings.add("{}: its orders are [{}], those of its fills [{}]", place,
                 fmt::join(row.client_order_ids, ", "), fmt::join(expected.orders, ", "));
  }
}

void check_exit_reason(const std::string& place, const kernel::RoundTripRow& row,
                       const core::ClientOrderId& last, const Books& books, Findings& findings) {
  const auto order = books.orders.find(last);
  if (order != books.orders.end() && order->second->reason != row.exit_reason) {
    findings.add("{}: exit_reason is {}, its last order {} was sent for {}", place, row.exit_reason,
                 last, order->second->reason);
  }
}

void check_count(const Key& key, std::size_t found, const std::vector<RoundTrip>& expected,
                 const CheckRows& rows, Findings& findings) {
  const bool is_cut = found + 1 == expected.size() && rows.is_at_cut(expected.back().closed_by);
  if (found != expected.size() && !is_cut) {
    findings.add("trades of {}: there are {}, the fills give {}", name_of(key), found,
                 expected.size());
  }
}

/// Trades and position of a flat position come to the same.
void check_totals(const Key& key, const Trades& trades, const kernel::PositionRow& position,
                  Findings& findings) {
  Raw realized = 0;
  Raw fees = 0;
  for (const kernel::RoundTripRow* trade : trades) {
    realized += trade->realized_pnl.raw();
    fees += trade->fees.raw();
  }
  const std::string place = "trades of " + name_of(key);
  constexpr std::string_view kPosition = "the position has";
  findings.expect(place, "sum of realized_pnl", realized, position.realized_pnl.raw(), kPosition);
  findings.expect(place, "sum of fees", fees, position.fees.raw(), kPosition);
}

}  // namespace

void check_trades(const CheckRows& rows, const Books& books, Findings& findings) {
  std::map<Key, Trades> recorded;
  for (const auto& [sequence, row] : rows.trades)
    recorded[{row.account, row.bot, row.symbol}].push_back(&row);

  for (const auto& [key, position] : books.oracle.positions()) {
    const Trades& trades = recorded[key];
    const core::Multiplier multiplier = rows.multiplier_of(key.symbol);
    check_count(key, trades.size(), position.closed, rows, findings);
    for (std::size_t i = 0; i < std::min(trades.size(), position.closed.size()); ++i) {
      const std::string place = fmt::format("trade {}", trades[i]->id);
      check_amounts(place, *trades[i], position.closed[i], multiplier, findings);
      check_words(place, *trades[i], position.closed[i], findings);
      check_exit_reason(place, *trades[i], position.closed[i].exit_order, books, findings);
    }
  }
  for (const auto& [key, trades] : recorded) {
    if (!books.oracle.positions().contains(key))
      findings.add("trades of {}: {} exist without a fill", name_of(key), trades.size());
  }
  for (const auto& [sequence, row] : rows.positions) {
    const Key key{row.account, row.bot, row.symbol};
    if (row.quantity.is_zero() && !rows.is_at_cut(sequence))
      check_totals(key, recorded[key], row, findings);
  }
}

}  // namespace st0ck::storage
