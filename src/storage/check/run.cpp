#include "run.hpp"

#include "queries.hpp"

#include <string_view>

namespace st0ck::storage {

namespace {

constexpr std::string_view kMissingKeys = R"sql(
WITH rows_of(name, count) AS (
  SELECT 'bots', count(*) FROM bots UNION ALL
  SELECT 'instruments', count(*) FROM instruments UNION ALL
  SELECT 'sessions', count(*) FROM sessions UNION ALL
  SELECT 'orders', count(*) FROM orders UNION ALL
  SELECT 'decisions', count(*) FROM decisions UNION ALL
  SELECT 'risk_events', count(*) FROM risk_events UNION ALL
  SELECT 'daily_metrics', count(*) FROM daily_metrics),
due(key, source) AS (
  SELECT 'last_sequence', 'every trade log has it' UNION ALL
  SELECT column1, (SELECT 'there are rows in ' || name FROM rows_of WHERE count > 0 LIMIT 1)
  FROM (VALUES('run_start.sequence'), ('account'), ('mode'), ('configuration'),
              ('configuration_hash'), ('cash_e9'))
  WHERE EXISTS(SELECT 1 FROM rows_of WHERE count > 0) UNION ALL
  SELECT column1, 'the run has come to its end'
  FROM (VALUES('run_end.sequence'), ('run_end.sessions'), ('run_end.events'),
              ('run_end.decisions'), ('run_end.orders'), ('run_end.fills'), ('run_end.trades'),
              ('run_end.realized_pnl_e9'), ('run_end.fees_e9'), ('run_end.decisions_sha256'))
  WHERE EXISTS(SELECT 1 FROM meta WHERE key GLOB 'run_end.*'))
SELECT key, source FROM due
WHERE NOT EXISTS(SELECT 1 FROM meta AS m WHERE m.key = due.key AND m.value IS NOT NULL)
)sql";

// Every record that the log takes leaves its number in some row: in this one the newest is sought.
constexpr std::string_view kNewestRow = R"sql(
SELECT last, newest FROM (SELECT
  (SELECT value FROM meta WHERE key = 'last_sequence') AS last,
  (SELECT coalesce(max(sequence), 0) FROM (
    SELECT max(sequence) AS sequence FROM bots UNION ALL
    SELECT max(sequence) FROM instruments UNION ALL SELECT max(sequence) FROM sessions UNION ALL
    SELECT max(sequence) FROM orders UNION ALL SELECT max(sequence) FROM fills UNION ALL
    SELECT max(sequence) FROM trades UNION ALL SELECT max(sequence) FROM decisions UNION ALL
    SELECT max(sequence) FROM risk_events UNION ALL SELECT max(sequence) FROM positions UNION ALL
    SELECT max(sequence) FROM halts UNION ALL SELECT max(sequence) FROM ledger_entries UNION ALL
    SELECT max(sequence) FROM equity_marks UNION ALL SELECT max(sequence) FROM differences UNION ALL
    SELECT max(sequence) FROM account_checks UNION ALL
    SELECT max(sequence) FROM daily_metrics UNION ALL SELECT max(sequence) FROM equity UNION ALL
    SELECT CAST(value AS INTEGER) FROM meta WHERE key IN ('run_start.sequence', 'run_end.sequence')
  )) AS newest)
WHERE last IS NOT NULL AND (typeof(last) <> 'integer' OR last <> newest)
)sql";

constexpr std::string_view kDaysWithoutSession = R"sql(
SELECT DISTINCT 'daily_metrics', session FROM daily_metrics
WHERE session NOT IN (SELECT session FROM sessions) UNION ALL
SELECT DISTINCT 'equity', session FROM equity
WHERE session NOT IN (SELECT session FROM sessions) UNION ALL
SELECT 'orders', date(min(submitted_ns) / 1000000000, 'unixepoch') FROM orders
HAVING count(*) > 0 AND NOT EXISTS(SELECT 1 FROM sessions)
)sql";

// One sent at the close or later belongs to the next session. What has become of an order in the
// state `unknown` only the broker can tell.
constexpr std::string_view kLeftOpen = R"sql(
SELECT o.client_order_id, o.state, s.session FROM orders AS o
JOIN sessions AS s ON o.submitted_ns >= s.open_ns AND o.submitted_ns < s.close_ns
JOIN daily_metrics AS d ON d.account = o.account AND d.bot = o.bot AND d.session = s.session
WHERE o.time_in_force = 'day'
  AND o.state IN ('submitted', 'working', 'pending_cancel', 'pending_replace')
  AND (SELECT value FROM meta WHERE key = 'run_end.sequence') >
      (SELECT value FROM meta WHERE key = 'run_start.sequence')
)sql";

}  // namespace

core::Status check_meta(Database& database, Findings& findings) {
  auto status = for_each_row(database, kMissingKeys, [&](const Statement& row) {
    findings.add("meta: {} is missing, {}", row.text(0), row.text(1));
  });
  if (!status) return status;
  return for_each_row(database, kNewestRow, [&](const Statement& row) {
    findings.add("meta: last_sequence is {}, the newest row is of record {}", row.text(0),
                 row.text(1));
  });
}

core::Status check_sessions(Database& database, Findings& findings) {
  return for_each_row(database, kDaysWithoutSession, [&](const Statement& row) {
    findings.add("session {}: is missing, there are rows of it in {}", row.text(1), row.text(0));
  });
}

core::Status check_left_open(Database& database, Findings& findings) {
  return for_each_row(database, kLeftOpen, [&](const Statement& row) {
    findings.add(
        "order {}: state is {}, expected a final one: the run is finished and the order "
        "was for the session {}",
        row.text(0), row.text(1), row.text(2));
  });
}

}  // namespace st0ck::storage
