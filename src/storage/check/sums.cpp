#include "books.hpp"
#include "st0ck/core/hash.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace st0ck::storage {

namespace {

using Raw = FifoOracle::Raw;
using Owner = std::pair<core::AccountId, core::BotId>;

constexpr std::string_view kSource = "its fills give";

/// What happened between two records.
struct Sum {
  std::uint64_t orders = 0;
  std::uint64_t fills = 0;
  std::uint64_t trades = 0;
  Raw realized = 0;
  Raw fees = 0;

  Sum& operator+=(const Sum& other) {
    orders += other.orders;
    fills += other.fills;
    trades += other.trades;
    realized += other.realized;
    fees += other.fees;
    return *this;
  }
};

/// Everything that counts, by the record it comes from.
using Events = std::map<core::Sequence, Sum>;

std::map<Owner, Events> events_by_owner(const CheckRows& rows, const Books& books) {
  std::map<Owner, Events> events;
  for (const auto& order : rows.orders)
    ++events[{order.row.account, order.row.bot}][order.first].orders;
  for (const auto& [sequence, row] : rows.trades) ++events[{row.account, row.bot}][sequence].trades;
  for (const Books::Gain& gain : books.gains) {
    Sum& sum = events[{gain.account, gain.bot}][gain.sequence];
    if (gain.is_fill) ++sum.fills;
    sum.realized += gain.realized;
    sum.fees += gain.fees;
  }
  return events;
}

/// The sum of the events in (after, before).
Sum sum_between(const Events& events, core::Sequence after, core::Sequence before) {
  Sum sum;
  for (auto at = events.upper_bound(after); at != events.end() && at->first < before; ++at)
    sum += at->second;
  return sum;
}

void check_days(const CheckRows& rows, const std::map<Owner, Events>& events, Findings& findings) {
  std::map<Owner, core::Sequence> done;
  for (const auto& [sequence, row] : rows.days) {
    const Owner owner{row.account, row.bot};
    const auto found = events.find(owner);
    const Sum sum =
        found == events.end() ? Sum{} : sum_between(found->second, done[owner], sequence);
    done[owner] = sequence;
    const std::string place = fmt::format("daily_metrics {} of bot {} in account {}",
                                          core::format_date(row.session), row.bot, row.account);
    findings.expect_count(place, "orders", row.orders, sum.orders);
    findings.expect_count(place, "fills", row.fills, sum.fills);
    findings.expect_count(place, "trades", row.trades, sum.trades);
    findings.expect(place, "realized_pnl", row.realized_pnl.raw(), sum.realized, kSource);
    findings.expect(place, "fees", row.fees.raw(), sum.fees, kSource);
  }
}

struct SessionKey {
  core::AccountId account;
  core::Date session;
  friend auto operator<=>(const SessionKey&, const SessionKey&) = default;
};

void check_equity(const CheckRows& rows, Findings& findings) {
  struct Day {
    core::Money cash;
    std::optional<Raw> unrealized = 0;
  };
  std::map<SessionKey, Day> days;
  for (const auto& [sequence, row] : rows.days) {
    Day& day = days[{row.account, row.session}];
    day.cash = row.cash;
    if (!row.unrealized_pnl) day.unrealized.reset();
    if (day.unrealized) *day.unrealized += row.unrealized_pnl->raw();
  }
  for (const LoggedEquity& row : rows.equity) {
    const std::string place =
        fmt::format("equity {} of account {}", core::format_date(row.session), row.account);
    const auto found = days.find({row.account, row.session});
    if (found == days.end()) {
      findings.add("{}: exists without daily_metrics", place);
      continue;
    }
    const Day& day = found->second;
    findings.expect(place, "cash", row.cash.raw(), day.cash.raw(), "daily_metrics have");
    if (row.unrealized_pnl.has_value() != day.unrealized.has_value() ||
        row.equity.has_value() != day.unrealized.has_value()) {
      findings.add("{}: exactly one of it and its daily_metrics knows unrealized_pnl", place);
    } else if (day.unrealized) {
      findings.expect(place, "unrealized_pnl", row.unrealized_pnl->raw(), *day.unrealized,
                      "daily_metrics have");
      findings.expect(place, "equity", row.equity->raw(),
                      Raw{row.cash.raw()} + row.cost.raw() + row.unrealized_pnl->raw(),
                      "cash, cost and unrealized_pnl give");
    }
  }
  for (const auto& [key, day] : days) {
    const auto is_of_key = [&, session = key](const LoggedEquity& row) {
      return row.account == session.account && row.session == session.session;
    };
    if (std::ranges::none_of(rows.equity, is_of_key)) {
      findings.add("equity {} of account {}: is missing, there are daily_metrics",
                   core::format_date(key.session), key.account);
    }
  }
}

void check_run(const CheckRows& rows, const std::map<Owner, Events>& events, Findings& findings) {
  if (!rows.summary.end) return;
  const kernel::RunEnd& end = *rows.summary.end;
  Sum sum;
  for (const auto& [owner, of_owner] : events)
    sum += sum_between(of_owner, rows.summary.run_start, rows.summary.last_sequence);
  core::Sha256 hash;
  std::uint64_t decisions = 0;
  for (const auto& [sequence, row] : rows.decisions) {
    if (sequence < rows.summary.run_start) continue;
    ++decisions;
    hash.update(kernel::canonical_text(row));
  }
  const std::string place = "end of the run";
  findings.expect_count(place, "decisions", end.decisions, decisions);
  findings.expect_count(place, "orders", end.orders, sum.orders);
  findings.expect_count(place, "fills", end.fills, sum.fills);
  findings.expect_count(place, "trades", end.trades, sum.trades);
  findings.expect(place, "realized_pnl", end.realized_pnl.raw(), sum.realized, "the fills give");
  findings.expect(place, "fees", end.fees.raw(), sum.fees, "the fills give");
  if (end.decisions_sha256 != hash.hex()) {
    findings.add("{}: decisions_sha256 is {}, the decisions give {}", place, end.decisions_sha256,
                 hash.hex());
  }
}

}  // namespace

void check_sums(const CheckRows& rows, const Books& books, Findings& findings) {
  const auto events = events_by_owner(rows, books);
  check_days(rows, events, findings);
  check_equity(rows, findings);
  check_run(rows, events, findings);
}

}  // namespace st0ck::storage
