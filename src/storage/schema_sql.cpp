#include "st0ck/storage/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace st0ck::storage {

namespace {

// Amounts are integers in 1e-9 (`_e9`), times nanoseconds since 1970 in UTC (`_ns`). `sequence` is
// the journal record that a row comes from, or that changed it last. Nothing in any table depends
// on the wall clock or on how rows were batched, so that two runs of the same events leave the
// same content.
constexpr std::string_view kTables = R"sql(
CREATE TABLE meta(
  key   TEXT PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('last_sequence', 0);

CREATE TABLE bots(
  account          TEXT NOT NULL,
  bot              TEXT NOT NULL,
  engine           TEXT NOT NULL,
  decision_version INTEGER NOT NULL,
  created_ns       INTEGER NOT NULL,
  updated_ns       INTEGER NOT NULL,
  sequence         INTEGER NOT NULL,
  PRIMARY KEY(account, bot)
) STRICT, WITHOUT ROWID;

CREATE TABLE instruments(
  symbol      TEXT PRIMARY KEY,
  asset_class TEXT NOT NULL,
  multiplier  INTEGER NOT NULL,
  tick_e9     INTEGER NOT NULL,
  sequence    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions(
  session  TEXT PRIMARY KEY,
  open_ns  INTEGER NOT NULL,
  close_ns INTEGER NOT NULL,
  phase    TEXT NOT NULL,
  sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE orders(
  client_order_id    TEXT PRIMARY KEY,
  id                 INTEGER NOT NULL,
  account            TEXT NOT NULL,
  bot                TEXT NOT NULL,
  engine             TEXT NOT NULL,
  symbol             TEXT NOT NULL REFERENCES instruments,
  side               TEXT NOT NULL,
  type               TEXT NOT NULL,
  time_in_force      TEXT NOT NULL,
  purpose            TEXT NOT NULL,
  quantity_e9        INTEGER NOT NULL,
  limit_e9           INTEGER,
  stop_e9            INTEGER,
  state              TEXT NOT NULL,
  filled_e9          INTEGER NOT NULL,
  filled_notional_e9 INTEGER NOT NULL,
  fees_e9            INTEGER NOT NULL,
  submitted_ns       INTEGER NOT NULL,
  updated_ns         INTEGER NOT NULL,
  reason             TEXT NOT NULL,
  state_reason       TEXT NOT NULL,
  sequence_first     INTEGER NOT NULL,
  sequence           INTEGER NOT NULL,
  FOREIGN KEY(account, bot) REFERENCES bots
) STRICT;
CREATE INDEX orders_by_submission ON orders(bot, submitted_ns);
CREATE INDEX orders_by_state ON orders(state);

-- The order answers for bot and instrument: a check per key costs as much as an index.
CREATE TABLE fills(
  sequence        INTEGER PRIMARY KEY,
  account         TEXT NOT NULL,
  bot             TEXT NOT NULL,
  engine          TEXT NOT NULL,
  symbol          TEXT NOT NULL,
  client_order_id TEXT NOT NULL REFERENCES orders,
  execution       TEXT NOT NULL,
  time_ns         INTEGER NOT NULL,
  side            TEXT NOT NULL,
  quantity_e9     INTEGER NOT NULL,
  price_e9        INTEGER NOT NULL,
  notional_e9     INTEGER NOT NULL,
  fee_e9          INTEGER NOT NULL
) STRICT;
CREATE INDEX fills_by_order ON fills(client_order_id);
CREATE INDEX fills_by_time ON fills(bot, time_ns);

-- Round trips, from flat to flat.
CREATE TABLE trades(
  sequence        INTEGER PRIMARY KEY,
  id              INTEGER NOT NULL,
  account         TEXT NOT NULL,
  bot             TEXT NOT NULL,
  engine          TEXT NOT NULL,
  symbol          TEXT NOT NULL REFERENCES instruments,
  side            TEXT NOT NULL,
  quantity_e9     INTEGER NOT NULL,
  entry_ns        INTEGER NOT NULL,
  entry_price_e9  INTEGER NOT NULL,
  exit_ns         INTEGER NOT NULL,
  exit_price_e9   INTEGER NOT NULL,
  realized_pnl_e9 INTEGER NOT NULL,
  fees_e9         INTEGER NOT NULL,
  exit_reason     TEXT NOT NULL,
  FOREIGN KEY(account, bot) REFERENCES bots
) STRICT;
CREATE INDEX trades_by_entry ON trades(bot, entry_ns);
CREATE INDEX trades_by_exit ON trades(bot, exit_ns);

CREATE TABLE trade_orders(
  trade           INTEGER NOT NULL REFERENCES trades,
  place           INTEGER NOT NULL,
  client_order_id TEXT NOT NULL REFERENCES orders,
  PRIMARY KEY(trade, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX trade_orders_by_order ON trade_orders(client_order_id);

CREATE TABLE decisions(
  sequence        INTEGER PRIMARY KEY,
  account         TEXT NOT NULL,
  bot             TEXT NOT NULL,
  engine          TEXT NOT NULL,
  time_ns         INTEGER NOT NULL,
  symbol          TEXT,
  kind            TEXT NOT NULL,
  side            TEXT,
  quantity_e9     INTEGER,
  price_e9        INTEGER,
  code            TEXT NOT NULL,
  client_order_id TEXT,
  explanation     TEXT NOT NULL,
  FOREIGN KEY(account, bot) REFERENCES bots
) STRICT;
CREATE INDEX decisions_by_time ON decisions(bot, time_ns);
CREATE INDEX decisions_by_order ON decisions(client_order_id) WHERE client_order_id IS NOT NULL;

-- An empty bot is the whole account.
CREATE TABLE risk_events(
  sequence INTEGER PRIMARY KEY,
  time_ns  INTEGER NOT NULL,
  account  TEXT NOT NULL,
  bot      TEXT,
  code     TEXT NOT NULL,
  message  TEXT NOT NULL
) STRICT;
CREATE INDEX risk_events_by_time ON risk_events(bot, time_ns);

CREATE TABLE positions(
  account         TEXT NOT NULL,
  bot             TEXT NOT NULL,
  symbol          TEXT NOT NULL REFERENCES instruments,
  quantity_e9     INTEGER NOT NULL,
  cost_e9         INTEGER NOT NULL,
  realized_pnl_e9 INTEGER NOT NULL,
  fees_e9         INTEGER NOT NULL,
  cash_flow_e9    INTEGER NOT NULL,
  sequence        INTEGER NOT NULL,
  PRIMARY KEY(account, bot, symbol),
  FOREIGN KEY(account, bot) REFERENCES bots
) STRICT, WITHOUT ROWID;

-- A bot's session. `unrealized_pnl_e9` is NULL where a position has no mark.
CREATE TABLE daily_metrics(
  account           TEXT NOT NULL,
  bot               TEXT NOT NULL,
  session           TEXT NOT NULL,
  engine            TEXT NOT NULL,
  time_ns           INTEGER NOT NULL,
  orders            INTEGER NOT NULL,
  fills             INTEGER NOT NULL,
  trades            INTEGER NOT NULL,
  realized_pnl_e9   INTEGER NOT NULL,
  fees_e9           INTEGER NOT NULL,
  unrealized_pnl_e9 INTEGER,
  cash_e9           INTEGER NOT NULL,
  sequence          INTEGER NOT NULL,
  PRIMARY KEY(account, bot, session),
  FOREIGN KEY(account, bot) REFERENCES bots
) STRICT, WITHOUT ROWID;
CREATE INDEX daily_metrics_by_time ON daily_metrics(bot, time_ns);

-- The account after a session: equity = cash + cost of open positions + unrealised P&L, NULL
-- where a position has no mark.
CREATE TABLE equity(
  account           TEXT NOT NULL,
  session           TEXT NOT NULL,
  time_ns           INTEGER NOT NULL,
  cash_e9           INTEGER NOT NULL,
  cost_e9           INTEGER NOT NULL,
  unrealized_pnl_e9 INTEGER,
  equity_e9         INTEGER,
  sequence          INTEGER NOT NULL,
  PRIMARY KEY(account, session)
) STRICT, WITHOUT ROWID;
)sql";

/// SQL for the exact decimal text of a 1e-9 column with at least two decimals, as people write
/// money and prices. Division cuts toward zero, so the sign comes apart; NULL stays NULL.
std::string money_sql(std::string_view column) {
  return fmt::format(
      "iif({0}<0,'-','')||abs({0}/1000000000)||'.'||"
      "substr(printf('%09d',abs({0}%1000000000)),1,2)||"
      "rtrim(substr(printf('%09d',abs({0}%1000000000)),3),'0')",
      column);
}

/// The same without decimals where there are none, as quantities are written.
std::string quantity_sql(std::string_view column) {
  return fmt::format(
      "iif({0}<0,'-','')||abs({0}/1000000000)||"
      "rtrim(rtrim('.'||printf('%09d',abs({0}%1000000000)),'0'),'.')",
      column);
}

/// ISO 8601 in UTC with nine decimals, from 1970 on.
std::string time_sql(std::string_view column) {
  return fmt::format(
      "strftime('%Y-%m-%dT%H:%M:%S',{0}/1000000000,'unixepoch')||"
      "printf('.%09dZ',{0}%1000000000)",
      column);
}

/// What people read: one view per table, amounts and times as text.
std::string readable_views() {
  return fmt::format(
      R"sql(
CREATE VIEW readable_orders AS
  SELECT client_order_id, account, bot, engine, symbol, side, type, time_in_force, purpose,
         {quantity} AS quantity, {limit} AS limit_price, {stop} AS stop_price, state,
         {filled} AS filled, {filled_notional} AS filled_notional, {fees} AS fees,
         {submitted} AS submitted, {updated} AS updated, reason, state_reason, sequence
  FROM orders ORDER BY id;
CREATE VIEW readable_fills AS
  SELECT sequence, account, bot, engine, symbol, client_order_id, execution, {time} AS time, side,
         {quantity} AS quantity, {price} AS price, {notional} AS notional, {fee} AS fee
  FROM fills ORDER BY sequence;
CREATE VIEW readable_trades AS
  SELECT id, account, bot, engine, symbol, side, {quantity} AS quantity, {entry} AS entry_time,
         {entry_price} AS entry_price, {exit} AS exit_time, {exit_price} AS exit_price,
         {realized} AS realized_pnl, {fees} AS fees, exit_reason,
         (SELECT json_group_array(client_order_id) FROM
           (SELECT client_order_id FROM trade_orders WHERE trade = t.sequence ORDER BY place)
         ) AS client_order_ids
  FROM trades AS t ORDER BY sequence;
CREATE VIEW readable_decisions AS
  SELECT sequence, {time} AS time, account, bot, engine, symbol, kind, side,
         {quantity} AS quantity, {price} AS price, code, client_order_id, explanation
  FROM decisions ORDER BY sequence;
CREATE VIEW readable_risk_events AS
  SELECT sequence, {time} AS time, account, bot, code, message FROM risk_events ORDER BY sequence;
CREATE VIEW readable_positions AS
  SELECT account, bot, symbol, {quantity} AS quantity, {cost} AS cost, {realized} AS realized_pnl,
         {fees} AS fees, {cash_flow} AS cash_flow
  FROM positions;
CREATE VIEW readable_daily_metrics AS
  SELECT session, account, bot, engine, orders, fills, trades, {realized} AS realized_pnl,
         {fees} AS fees, {unrealized} AS unrealized_pnl, {cash} AS cash
  FROM daily_metrics ORDER BY session;
CREATE VIEW readable_equity AS
  SELECT session, account, {time} AS time, {cash} AS cash, {unrealized} AS unrealized_pnl,
         {equity} AS equity
  FROM equity ORDER BY session;
)sql",
      fmt::arg("quantity", quantity_sql("quantity_e9")), fmt::arg("limit", money_sql("limit_e9")),
      fmt::arg("stop", money_sql("stop_e9")), fmt::arg("filled", quantity_sql("filled_e9")),
      fmt::arg("filled_notional", money_sql("filled_notional_e9")),
      fmt::arg("fees", money_sql("fees_e9")), fmt::arg("fee", money_sql("fee_e9")),
      fmt::arg("price", money_sql("price_e9")), fmt::arg("notional", money_sql("notional_e9")),
      fmt::arg("entry_price", money_sql("entry_price_e9")),
      fmt::arg("exit_price", money_sql("exit_price_e9")),
      fmt::arg("realized", money_sql("realized_pnl_e9")),
      fmt::arg("unrealized", money_sql("unrealized_pnl_e9")),
      fmt::arg("cost", money_sql("cost_e9")), fmt::arg("cash", money_sql("cash_e9")),
      fmt::arg("cash_flow", money_sql("cash_flow_e9")), fmt::arg("equity", money_sql("equity_e9")),
      fmt::arg("time", time_sql("time_ns")), fmt::arg("submitted", time_sql("submitted_ns")),
      fmt::arg("updated", time_sql("updated_ns")), fmt::arg("entry", time_sql("entry_ns")),
      fmt::arg("exit", time_sql("exit_ns")));
}

/// The tables of the specification (spec st0ck 14) as views of ours.
std::string specification_views() {
  return fmt::format(
      R"sql(
CREATE VIEW bot_registry AS
  SELECT bot AS bot_id, bot AS name, engine AS strategy, account, 1 AS active,
         (SELECT value FROM meta WHERE key = 'configuration') AS config,
         {created} AS created, {updated} AS updated
  FROM bots;
CREATE VIEW stock_trades AS
  SELECT t.bot AS bot_id, t.id AS position_id, t.symbol, t.side AS action, {quantity} AS quantity,
         {entry_price} AS entry_price, {entry} AS entry_time, {exit_price} AS exit_price,
         {exit} AS exit_time, t.exit_reason, {realized} AS realized_pnl,
         100.0 * t.realized_pnl_e9 / nullif(
           abs(t.entry_price_e9 * 1e-9 * t.quantity_e9 * i.multiplier), 0.0) AS pnl_percent,
         {fees} AS commission,
         json_object('sequence', t.sequence, 'client_order_ids',
           (SELECT json_group_array(client_order_id) FROM
             (SELECT client_order_id FROM trade_orders WHERE trade = t.sequence ORDER BY place))
         ) AS details,
         'CLOSED' AS status
  FROM trades AS t JOIN instruments AS i USING(symbol)
  WHERE i.asset_class = 'equity' ORDER BY t.sequence;
CREATE VIEW execution_logs AS
  SELECT f.bot AS bot_id,
         (SELECT t.id FROM trade_orders AS o JOIN trades AS t ON t.sequence = o.trade
          WHERE o.client_order_id = f.client_order_id ORDER BY o.trade LIMIT 1) AS position_id,
         f.client_order_id, f.execution AS execution_id, {fill_time} AS timestamp,
         f.side AS action, {fill_quantity} AS contracts, {fill_price} AS price,
         o.reason AS details, NULL AS error
  FROM fills AS f JOIN orders AS o USING(client_order_id)
  UNION ALL
  SELECT bot, NULL, client_order_id, NULL, {updated}, side, {order_quantity}, NULL, reason,
         state_reason
  FROM orders WHERE state = 'rejected';
-- Halts have no record of their own yet, so whether trading was enabled is not known.
CREATE VIEW risk_metrics AS
  SELECT d.bot AS bot_id, {time} AS timestamp, {equity} AS equity,
         {daily} AS daily_pnl,
         100.0 * (d.realized_pnl_e9 - d.fees_e9) / nullif(
           e.equity_e9 - d.realized_pnl_e9 + d.fees_e9, 0) AS pct,
         (SELECT count(*) FROM trades AS t
          WHERE t.account = d.account AND t.bot = d.bot AND t.sequence < d.sequence
            AND t.sequence > coalesce((SELECT max(w.sequence) FROM trades AS w
              WHERE w.account = d.account AND w.bot = d.bot AND w.sequence < d.sequence
                AND w.realized_pnl_e9 >= w.fees_e9), 0)) AS consecutive_losses,
         (SELECT count(*) FROM (
            SELECT sum(iif(side = 'buy', quantity_e9, -quantity_e9)) AS held FROM fills AS f
            WHERE f.account = d.account AND f.bot = d.bot AND f.sequence < d.sequence
            GROUP BY symbol) WHERE held <> 0) AS positions,
         d.trades AS trades_today, NULL AS trading_enabled
  FROM daily_metrics AS d LEFT JOIN equity AS e USING(account, session) ORDER BY d.sequence;
)sql",
      fmt::arg("created", time_sql("created_ns")), fmt::arg("updated", time_sql("updated_ns")),
      fmt::arg("quantity", quantity_sql("t.quantity_e9")),
      fmt::arg("entry_price", money_sql("t.entry_price_e9")),
      fmt::arg("entry", time_sql("t.entry_ns")),
      fmt::arg("exit_price", money_sql("t.exit_price_e9")), fmt::arg("exit", time_sql("t.exit_ns")),
      fmt::arg("realized", money_sql("t.realized_pnl_e9")),
      fmt::arg("fees", money_sql("t.fees_e9")), fmt::arg("fill_time", time_sql("f.time_ns")),
      fmt::arg("fill_quantity", quantity_sql("f.quantity_e9")),
      fmt::arg("fill_price", money_sql("f.price_e9")),
      fmt::arg("order_quantity", quantity_sql("quantity_e9")),
      fmt::arg("time", time_sql("d.time_ns")), fmt::arg("equity", money_sql("e.equity_e9")),
      fmt::arg("daily", money_sql("(d.realized_pnl_e9-d.fees_e9)")));
}

/// Version 2: trails and groups of orders, halts, and what changes positions without a fill.
std::string groups_and_halts() {
  return fmt::format(
      R"sql(
ALTER TABLE orders ADD COLUMN trail_e9 INTEGER;
ALTER TABLE orders ADD COLUMN trail_rate_e9 INTEGER;
ALTER TABLE orders ADD COLUMN group_kind TEXT NOT NULL DEFAULT 'none';
ALTER TABLE orders ADD COLUMN group_role TEXT NOT NULL DEFAULT 'single';
ALTER TABLE orders ADD COLUMN group_name TEXT;

-- An empty bot is the whole account; the last row of each stands.
CREATE TABLE halts(
  sequence  INTEGER PRIMARY KEY,
  time_ns   INTEGER NOT NULL,
  account   TEXT NOT NULL,
  bot       TEXT,
  is_halted INTEGER NOT NULL,
  code      TEXT NOT NULL,
  reason    TEXT NOT NULL
) STRICT;

CREATE TABLE ledger_entries(
  sequence    INTEGER PRIMARY KEY,
  time_ns     INTEGER NOT NULL,
  account     TEXT NOT NULL,
  bot         TEXT NOT NULL,
  symbol      TEXT NOT NULL REFERENCES instruments,
  kind        TEXT NOT NULL,
  date        TEXT NOT NULL,
  quantity_e9 INTEGER NOT NULL,
  amount_e9   INTEGER NOT NULL,
  FOREIGN KEY(account, bot) REFERENCES bots
) STRICT;

DROP VIEW readable_orders;
CREATE VIEW readable_orders AS
  SELECT client_order_id, account, bot, engine, symbol, side, type, time_in_force, purpose,
         {quantity} AS quantity, {limit} AS limit_price, {stop} AS stop_price, {trail} AS trail,
         {trail_rate} AS trail_rate, group_kind, group_role, group_name, state,
         {filled} AS filled, {filled_notional} AS filled_notional, {fees} AS fees,
         {submitted} AS submitted, {updated} AS updated, reason, state_reason, sequence
  FROM orders ORDER BY id;
CREATE VIEW readable_halts AS
  SELECT sequence, {time} AS time, account, bot, is_halted, code, reason FROM halts
  ORDER BY sequence;
CREATE VIEW readable_ledger_entries AS
  SELECT sequence, {time} AS time, account, bot, symbol, kind, date, {quantity} AS quantity,
         {amount} AS amount
  FROM ledger_entries ORDER BY sequence;
)sql",
      fmt::arg("quantity", quantity_sql("quantity_e9")), fmt::arg("limit", money_sql("limit_e9")),
      fmt::arg("stop", money_sql("stop_e9")), fmt::arg("trail", money_sql("trail_e9")),
      fmt::arg("trail_rate", quantity_sql("trail_rate_e9")),
      fmt::arg("filled", quantity_sql("filled_e9")),
      fmt::arg("filled_notional", money_sql("filled_notional_e9")),
      fmt::arg("fees", money_sql("fees_e9")), fmt::arg("amount", money_sql("amount_e9")),
      fmt::arg("time", time_sql("time_ns")), fmt::arg("submitted", time_sql("submitted_ns")),
      fmt::arg("updated", time_sql("updated_ns")));
}

/// Version 3.
std::string equity_marks() {
  return fmt::format(
      R"sql(
-- The account at a moment. What needs the mark of a position that has none is NULL.
CREATE TABLE equity_marks(
  sequence        INTEGER PRIMARY KEY,
  account         TEXT NOT NULL,
  time_ns         INTEGER NOT NULL,
  cash_e9         INTEGER NOT NULL,
  settled_cash_e9 INTEGER NOT NULL,
  long_value_e9   INTEGER,
  short_value_e9  INTEGER,
  equity_e9       INTEGER
) STRICT;
CREATE VIEW readable_equity_marks AS
  SELECT {time} AS time, account, {cash} AS cash, {settled} AS settled_cash,
         {long} AS long_value, {short} AS short_value, {equity} AS equity
  FROM equity_marks ORDER BY sequence;
)sql",
      fmt::arg("time", time_sql("time_ns")), fmt::arg("cash", money_sql("cash_e9")),
      fmt::arg("settled", money_sql("settled_cash_e9")),
      fmt::arg("long", money_sql("long_value_e9")), fmt::arg("short", money_sql("short_value_e9")),
      fmt::arg("equity", money_sql("equity_e9")));
}

/// Version 4.
std::string differences() {
  return fmt::format(
      R"sql(
-- What differed between the broker's account and our books, as it stands; `ended_ns` is NULL while
-- it does. Symbols and orders may be those of others.
CREATE TABLE differences(
  id              INTEGER PRIMARY KEY,
  account         TEXT NOT NULL,
  kind            TEXT NOT NULL,
  stops_entries   INTEGER NOT NULL,
  symbol          TEXT,
  client_order_id TEXT,
  venue_order_id  TEXT,
  side            TEXT,
  ours_e9         INTEGER,
  theirs_e9       INTEGER,
  filled_e9       INTEGER,
  cash_ours_e9    INTEGER,
  cash_theirs_e9  INTEGER,
  message         TEXT NOT NULL,
  first_seen_ns   INTEGER NOT NULL,
  ended_ns        INTEGER,
  sequence_first  INTEGER NOT NULL,
  sequence        INTEGER NOT NULL
) STRICT;
CREATE VIEW readable_differences AS
  SELECT id, account, kind, stops_entries, symbol, client_order_id, venue_order_id, side,
         {ours} AS ours, {theirs} AS theirs, {filled} AS filled, {cash_ours} AS cash_ours,
         {cash_theirs} AS cash_theirs, message, {first_seen} AS first_seen,
         iif(ended_ns IS NULL, NULL, {ended}) AS ended
  FROM differences ORDER BY id;
)sql",
      fmt::arg("ours", quantity_sql("ours_e9")), fmt::arg("theirs", quantity_sql("theirs_e9")),
      fmt::arg("filled", quantity_sql("filled_e9")),
      fmt::arg("cash_ours", money_sql("cash_ours_e9")),
      fmt::arg("cash_theirs", money_sql("cash_theirs_e9")),
      fmt::arg("first_seen", time_sql("first_seen_ns")), fmt::arg("ended", time_sql("ended_ns")));
}

/// Version 5.
std::string account_checks() {
  return fmt::format(
      R"sql(
-- The broker's account was read: when a process began, where `closed` is NULL, and after the close
-- of the session `closed`, once everything was compared.
CREATE TABLE account_checks(
  sequence       INTEGER PRIMARY KEY,
  time_ns        INTEGER NOT NULL,
  account        TEXT NOT NULL,
  host           TEXT NOT NULL,
  market_host    TEXT NOT NULL,
  broker_account TEXT NOT NULL,
  clock          TEXT NOT NULL,
  program        TEXT NOT NULL,
  closed         TEXT
) STRICT;
CREATE VIEW readable_account_checks AS
  SELECT sequence, {time} AS time, account, host, market_host, broker_account, clock, program,
         closed
  FROM account_checks ORDER BY sequence;
)sql",
      fmt::arg("time", time_sql("time_ns")));
}

}  // namespace

std::span<const std::string> migration_steps() {
  static const std::array<std::string, kSchemaVersion> steps{
      std::string(kTables) + readable_views() + specification_views(), groups_and_halts(),
      equity_marks(), differences(), account_checks()};
  return steps;
}

}  // namespace st0ck::storage
