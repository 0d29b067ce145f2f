#include "books.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

namespace st0ck::storage {

namespace {

using Raw = FifoOracle::Raw;

/// What each account has received and paid, by the record that it comes from.
using Flows = std::map<core::AccountId, std::map<core::Sequence, Raw>>;

Flows flows_of(const CheckRows& rows) {
  Flows flows;
  for (const auto& [sequence, row] : rows.fills) {
    const Raw paid = row.side == trading::Side::Buy ? -Raw{row.notional.raw()} : row.notional.raw();
    flows[row.account][sequence] += paid - row.fee.raw();
  }
  for (const LoggedLedgerEntry& entry : rows.ledger_entries)
    flows[entry.row.account][entry.sequence] += entry.row.amount.raw();
  return flows;
}

void check_equity_of(const std::string& place, const kernel::EquityMarkRow& row,
                     Findings& findings) {
  const bool is_known = row.long_value && row.short_value;
  if (row.equity.has_value() != is_known)
    findings.add("{}: equity is {}, expected it where both values are known", place,
                 row.equity ? "known" : "unknown");
  if (is_known && row.equity)
    findings.expect(place, "equity", row.equity->raw(),
                    Raw{row.cash.raw()} + row.long_value->raw() + row.short_value->raw(),
                    "cash and both values give");
}

}  // namespace

void check_cash(const CheckRows& rows, Findings& findings) {
  struct Account {
    Raw cash = 0;
    std::map<core::Sequence, Raw>::const_iterator next;
  };
  Flows flows = flows_of(rows);
  std::map<core::AccountId, Account> accounts;
  for (const auto& [sequence, row] : rows.equity_marks) {
    if (sequence < rows.summary.run_start) continue;  // Of a run whose start is not known here.
    const auto& of_account = flows[row.account];
    const auto [found, is_new] = accounts.try_emplace(row.account);
    Account& account = found->second;
    if (is_new) account = {rows.summary.cash.raw(), of_account.upper_bound(rows.summary.run_start)};
    for (; account.next != of_account.end() && account.next->first < sequence; ++account.next)
      account.cash += account.next->second;
    const std::string place = fmt::format("equity mark {}", sequence.value());
    findings.expect(place, "cash", row.cash.raw(), account.cash,
                    "the start, the fills and the ledger entries give");
    check_equity_of(place, row, findings);
  }
}

}  // namespace st0ck::storage
