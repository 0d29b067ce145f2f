#include "st0ck/storage/db_check.hpp"

#include "books.hpp"
#include "differences.hpp"
#include "findings.hpp"
#include "queries.hpp"
#include "rows.hpp"
#include "run.hpp"
#include "src/storage/sqlite.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/storage/schema.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <string_view>
#include <utility>

namespace st0ck::storage {

namespace {

core::Status check_pages(Database& database, Findings& findings) {
  return for_each_row(database, "PRAGMA integrity_check", [&](const Statement& row) {
    if (row.text(0) != "ok") findings.add("integrity: {}", row.text(0));
  });
}

core::Status check_foreign_keys(Database& database, Findings& findings) {
  return for_each_row(
      database, "SELECT \"table\", coalesce(rowid, '-'), \"parent\" FROM pragma_foreign_key_check",
      [&](const Statement& row) {
        findings.add("table {}, row {}: refers to a row of {} that does not exist", row.text(0),
                     row.text(1), row.text(2));
      });
}

using Definitions = std::map<std::string, std::string>;

core::Result<Definitions> definitions_of(Database& database) {
  Definitions definitions;
  auto status =
      for_each_row(database,
                   "SELECT type || ' ' || name, sql FROM sqlite_schema "
                   "WHERE name NOT LIKE 'sqlite_%'",
                   [&](const Statement& row) { definitions.emplace(row.text(0), row.text(1)); });
  if (!status) return tl::unexpected(status.error());
  return definitions;
}

/// Compares with the schema of a database that is made now.
core::Status check_schema(Database& database, Findings& findings) {
  auto fresh = Database::in_memory();
  if (!fresh) return tl::unexpected(fresh.error());
  if (auto status = migrate(*fresh); !status) return status;
  const auto expected = definitions_of(*fresh);
  if (!expected) return tl::unexpected(expected.error());
  const auto found = definitions_of(database);
  if (!found) return tl::unexpected(found.error());
  for (const auto& [name, sql] : *expected) {
    const auto match = found->find(name);
    if (match == found->end()) {
      findings.add("schema: {} is missing", name);
    } else if (match->second != sql) {
      findings.add("schema: {} differs from the one of version {}", name, kSchemaVersion);
    }
  }
  for (const auto& [name, sql] : *found) {
    if (!expected->contains(name)) findings.add("schema: {} is not one of st0ck", name);
  }
  return {};
}

core::Status check_sequences(Database& database, Findings& findings) {
  for (const std::string_view table :
       {"bots", "instruments", "sessions", "orders", "fills", "trades", "decisions", "risk_events",
        "positions", "daily_metrics", "equity", "halts", "ledger_entries", "equity_marks",
        "differences"}) {
    const std::string query = fmt::format(
        "SELECT count(*), max(sequence), (SELECT value FROM meta WHERE key = 'last_sequence') AS "
        "last FROM {} WHERE sequence > last",
        table);
    auto status = for_each_row(database, query, [&](const Statement& row) {
      if (row.integer(0) == 0) return;
      findings.add("table {}: holds record {}, the log says that its last is {}", table,
                   row.integer(1), row.integer(2));
    });
    if (!status) return status;
  }
  return {};
}

core::Status check_agreement(TradeLogReader& reader, CheckReport& report, Findings& findings) {
  const auto rows = read_check_rows(reader);
  if (!rows) return tl::unexpected(rows.error());
  report.orders = rows->orders.size();
  report.fills = rows->fills.size();
  report.trades = rows->trades.size();
  report.positions = rows->positions.size();
  report.decisions = rows->decisions.size();
  report.last_sequence = rows->summary.last_sequence;
  const Books books = book_fills(*rows, findings);
  check_orders(*rows, books, findings);
  check_positions(*rows, books, findings);
  check_trades(*rows, books, findings);
  check_sums(*rows, books, findings);
  check_cash(*rows, findings);
  return {};
}

}  // namespace

core::Result<CheckReport> check(const std::filesystem::path& path) {
  auto reader = TradeLogReader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  auto database = Database::open(path, Database::Access::ReadOnly, std::chrono::seconds{5});
  if (!database) return tl::unexpected(database.error());

  CheckReport report;
  Findings findings{report.findings};
  // What comes later stands on what comes earlier: with broken pages or other tables, sums tell
  // nothing.
  for (const auto step : {check_pages, check_schema, check_foreign_keys, check_sequences,
                          check_meta, check_sessions, check_left_open, check_differences}) {
    const bool is_first_pair = step == check_pages || step == check_schema;
    if (const auto status = step(*database, findings); !status) {
      findings.add("{}", status.error().message);
      return report;
    }
    if (is_first_pair && !report.is_sound()) return report;
  }
  if (const auto status = check_agreement(*reader, report, findings); !status)
    findings.add("{}", status.error().message);
  return report;
}

}  // namespace st0ck::storage
