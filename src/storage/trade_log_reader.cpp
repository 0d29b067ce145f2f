#include "st0ck/storage/trade_log_reader.hpp"

#include "row_reader.hpp"
#include "sqlite.hpp"
#include "st0ck/storage/schema.hpp"

#include <system_error>
#include <utility>

namespace st0ck::storage {

namespace {

constexpr std::string_view kOrders = R"sql(
SELECT sequence_first, sequence, id, client_order_id, account, bot, engine, symbol, side, type, time_in_force,
  purpose, quantity_e9, limit_e9, stop_e9, trail_e9, trail_rate_e9, group_kind, group_role,
  coalesce(group_name, ''), state, filled_e9, filled_notional_e9, fees_e9, submitted_ns, updated_ns, reason, state_reason
FROM orders )sql";
constexpr std::string_view kBySubmission = "ORDER BY sequence_first";

constexpr std::string_view kFills = R"sql(
SELECT sequence, account, bot, engine, symbol, client_order_id, execution, time_ns, side,
  quantity_e9, price_e9, notional_e9, fee_e9
FROM fills ORDER BY sequence
)sql";

constexpr std::string_view kTrades = R"sql(
SELECT sequence, id, account, bot, engine, symbol, side, quantity_e9, entry_ns, entry_price_e9,
  exit_ns, exit_price_e9, realized_pnl_e9, fees_e9, exit_reason
FROM trades ORDER BY sequence
)sql";

constexpr std::string_view kTradeOrders =
    "SELECT trade, client_order_id FROM trade_orders ORDER BY trade, place";

constexpr std::string_view kPositions = R"sql(
SELECT sequence, account, bot, symbol, quantity_e9, cost_e9, realized_pnl_e9, fees_e9, cash_flow_e9
FROM positions ORDER BY account, bot, symbol
)sql";

constexpr std::string_view kDecisions = R"sql(
SELECT sequence, account, bot, engine, time_ns, symbol, kind, side, quantity_e9, price_e9, code,
  client_order_id, explanation
FROM decisions )sql";
constexpr std::string_view kBySequence = "ORDER BY sequence";
constexpr std::string_view kOfOrder = "WHERE client_order_id = ?1 ";

constexpr std::string_view kDailyMetrics = R"sql(
SELECT sequence, account, bot, engine, session, orders, fills, trades, realized_pnl_e9, fees_e9,
  unrealized_pnl_e9, cash_e9
FROM daily_metrics ORDER BY sequence
)sql";

constexpr std::string_view kEquity = R"sql(
SELECT sequence, account, session, time_ns, cash_e9, cost_e9, unrealized_pnl_e9, equity_e9
FROM equity ORDER BY sequence
)sql";

constexpr std::string_view kRiskEvents =
    "SELECT sequence, time_ns, account, bot, code, message FROM risk_events ORDER BY sequence";

constexpr std::string_view kLedgerEntries = R"sql(
SELECT sequence, time_ns, account, bot, symbol, kind, date, quantity_e9, amount_e9
FROM ledger_entries ORDER BY sequence
)sql";

constexpr std::string_view kEquityMarks = R"sql(
SELECT sequence, account, time_ns, cash_e9, settled_cash_e9, long_value_e9, short_value_e9,
  equity_e9
FROM equity_marks ORDER BY sequence
)sql";

constexpr std::string_view kSessions =
    "SELECT sequence, phase, session, open_ns, close_ns FROM sessions ORDER BY session";

constexpr std::string_view kHalts = R"sql(
SELECT sequence, time_ns, account, coalesce(bot, ''), is_halted, code, reason
FROM halts ORDER BY sequence
)sql";

constexpr std::string_view kDifferences = R"sql(
SELECT sequence_first, sequence, id, account, kind, coalesce(symbol, ''),
  coalesce(client_order_id, ''), coalesce(venue_order_id, ''), side, ours_e9, theirs_e9, filled_e9,
  cash_ours_e9, cash_theirs_e9, message, first_seen_ns, ended_ns
FROM differences ORDER BY id
)sql";

constexpr std::string_view kAccountChecks = R"sql(
SELECT sequence, time_ns, account, host, market_host, broker_account, clock, program, closed
FROM account_checks ORDER BY sequence
)sql";

// One row of columns, absent keys as NULL.
constexpr std::string_view kRunStart = R"sql(
SELECT max(iif(key = 'last_sequence', value, NULL)),
  max(iif(key = 'run_start.sequence', value, NULL)), max(iif(key = 'account', value, NULL)),
  max(iif(key = 'mode', value, NULL)), max(iif(key = 'configuration_hash', value, NULL)),
  max(iif(key = 'cash_e9', value, NULL)),
  coalesce(max(iif(key = 'run_end.sequence', value, NULL)) >
           max(iif(key = 'run_start.sequence', value, NULL)), 0)
FROM meta
)sql";

constexpr std::string_view kRunEnd = R"sql(
SELECT max(iif(key = 'run_end.sessions', value, NULL)),
  max(iif(key = 'run_end.events', value, NULL)), max(iif(key = 'run_end.decisions', value, NULL)),
  max(iif(key = 'run_end.orders', value, NULL)), max(iif(key = 'run_end.fills', value, NULL)),
  max(iif(key = 'run_end.trades', value, NULL)),
  max(iif(key = 'run_end.realized_pnl_e9', value, NULL)),
  max(iif(key = 'run_end.fees_e9', value, NULL)),
  max(iif(key = 'run_end.decisions_sha256', value, NULL))
FROM meta
)sql";

void read_row(RowReader& in, LoggedOrder& out) {
  kernel::OrderRow& row = out.row;
  in.read(out.first, out.sequence, row.id, row.client_order_id, row.account, row.bot, row.engine,
          row.symbol, row.side, row.type, row.time_in_force, row.purpose, row.quantity, row.limit,
          row.stop, row.trail, row.trail_rate, row.group.kind, row.group.role, row.group.group,
          row.state, row.filled, row.filled_notional, row.fees, row.submitted, row.updated,
          row.reason, row.state_reason);
}

void read_row(RowReader& in, Logged<kernel::FillRow>& out) {
  kernel::FillRow& row = out.row;
  in.read(out.sequence, row.account, row.bot, row.engine, row.symbol, row.client_order_id,
          row.execution, row.time, row.side, row.quantity, row.price, row.notional, row.fee);
}

void read_row(RowReader& in, Logged<kernel::RoundTripRow>& out) {
  kernel::RoundTripRow& row = out.row;
  in.read(out.sequence, row.id, row.account, row.bot, row.engine, row.symbol, row.side,
          row.quantity, row.entry_time, row.entry_price, row.exit_time, row.exit_price,
          row.realized_pnl, row.fees, row.exit_reason);
}

void read_row(RowReader& in, Logged<kernel::PositionRow>& out) {
  kernel::PositionRow& row = out.row;
  in.read(out.sequence, row.account, row.bot, row.symbol, row.quantity, row.cost, row.realized_pnl,
          row.fees, row.cash_flow);
}

void read_row(RowReader& in, Logged<kernel::Decision>& out) {
  kernel::Decision& row = out.row;
  in.read(out.sequence, row.account, row.bot, row.engine, row.event_time, row.symbol, row.kind,
          row.side, row.quantity, row.price, row.code, row.client_order_id, row.explanation);
}

void read_row(RowReader& in, Logged<kernel::BotDayRow>& out) {
  kernel::BotDayRow& row = out.row;
  in.read(out.sequence, row.account, row.bot, row.engine, row.session, row.orders, row.fills,
          row.trades, row.realized_pnl, row.fees, row.unrealized_pnl, row.cash);
}

void read_row(RowReader& in, LoggedRiskEvent& out) {
  in.read(out.sequence, out.time, out.row.account, out.row.bot, out.row.code, out.row.message);
}

void read_row(RowReader& in, LoggedLedgerEntry& out) {
  kernel::LedgerEntryRow& row = out.row;
  in.read(out.sequence, out.time, row.account, row.bot, row.symbol, row.kind, row.date,
          row.quantity, row.amount);
}

void read_row(RowReader& in, Logged<kernel::EquityMarkRow>& out) {
  kernel::EquityMarkRow& row = out.row;
  in.read(out.sequence, row.account, row.time, row.cash, row.settled_cash, row.long_value,
          row.short_value, row.equity);
}

void read_row(RowReader& in, LoggedEquity& out) {
  in.read(out.sequence, out.account, out.session, out.time, out.cash, out.cost, out.unrealized_pnl,
          out.equity);
}

void read_row(RowReader& in, LoggedSession& out) {
  in.read(out.sequence, out.row.phase, out.row.session.date, out.row.session.open,
          out.row.session.close);
}

void read_row(RowReader& in, LoggedHalt& out) {
  in.read(out.sequence, out.time, out.row.account, out.row.bot, out.row.is_halted, out.row.code,
          out.row.reason);
}

void read_row(RowReader& in, LoggedDifference& out) {
  kernel::DifferenceRow& row = out.row;
  trading::Difference& difference = row.difference;
  in.read(out.first, out.sequence, row.id, row.account, difference.kind, difference.symbol,
          difference.client_order_id, difference.venue_order_id, difference.side, difference.ours,
          difference.theirs, difference.filled, difference.cash_ours, difference.cash_theirs,
          difference.message, row.first_seen, row.ended);
}

void read_row(RowReader& in, LoggedAccountCheck& out) {
  kernel::AccountCheck& row = out.row;
  in.read(out.sequence, out.time, row.account, row.host, row.market_host, row.broker_account,
          row.clock, row.program, row.closed);
}

void read_row(RowReader& in, LoggedInstrument& out) { in.read(out.symbol, out.multiplier); }

void read_row(RowReader& in, kernel::BotIdentity& out) {
  in.read(out.bot, out.engine, out.decision_version);
}

void read_row(RowReader& in, kernel::RunEnd& out) {
  in.read(out.sessions, out.events, out.decisions, out.orders, out.fills, out.trades,
          out.realized_pnl, out.fees, out.decisions_sha256);
}

struct TradeOrder {
  core::Sequence trade;
  core::ClientOrderId client_order_id;
};

void read_row(RowReader& in, TradeOrder& out) { in.read(out.trade, out.client_order_id); }

}  // namespace

struct TradeLogReader::Connection {
  Database database;

  /// All rows of a query, whose only parameter, if it has one, is `id`.
  template <typename Row>
  core::Result<std::vector<Row>> rows(std::string_view table, std::string_view query,
                                      const core::ClientOrderId* id = nullptr) {
    auto statement = database.prepare(query);
    if (!statement) return tl::unexpected(statement.error());
    if (id != nullptr) statement->bind(1, id->view());
    std::vector<Row> rows;
    while (true) {
      const auto more = statement->next();
      if (!more) return tl::unexpected(more.error());
      if (!*more) return rows;
      RowReader in{*statement};
      read_row(in, rows.emplace_back());
      if (!in.status()) {
        return core::at(fmt::format("{}: {}, row {}", database.path(), table, rows.size()),
                        in.status().error());
      }
    }
  }
};

core::Result<TradeLogReader> TradeLogReader::open(const std::filesystem::path& path,
                                                  core::Duration busy_timeout) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return core::fail(core::Errc::NotFound, "{}: no such file, expected a trade log of st0ckd",
                      path.string());
  }
  auto database = Database::open(path, Database::Access::ReadOnly, busy_timeout);
  if (!database) return tl::unexpected(database.error());
  if (auto status = check_readable(*database); !status) return tl::unexpected(status.error());
  return TradeLogReader{std::make_unique<Connection>(Connection{std::move(*database)})};
}

TradeLogReader::TradeLogReader(std::unique_ptr<Connection> connection)
    : connection_{std::move(connection)} {}
TradeLogReader::TradeLogReader(TradeLogReader&&) noexcept = default;
TradeLogReader& TradeLogReader::operator=(TradeLogReader&&) noexcept = default;
TradeLogReader::~TradeLogReader() = default;

core::Result<TradeLogSummary> TradeLogReader::summary() {
  TradeLogSummary summary;
  summary.schema_version = kSchemaVersion;
  std::uint32_t has_ended = 0;
  {
    auto statement = connection_->database.prepare(kRunStart);
    if (!statement) return tl::unexpected(statement.error());
    const auto row = statement->next();
    if (!row) return tl::unexpected(row.error());
    RowReader in{*statement};
    in.read(summary.last_sequence, summary.run_start, summary.account, summary.mode,
            summary.configuration_hash, summary.cash, has_ended);
    if (!in.status()) return core::at(connection_->database.path() + ": meta", in.status().error());
  }
  auto bots = connection_->rows<kernel::BotIdentity>(
      "bots", "SELECT bot, engine, decision_version FROM bots ORDER BY account, bot");
  if (!bots) return tl::unexpected(bots.error());
  summary.bots = std::move(*bots);
  if (has_ended == 0) return summary;
  auto end = connection_->rows<kernel::RunEnd>("meta", kRunEnd);
  if (!end) return tl::unexpected(end.error());
  summary.end = std::move(end->front());
  return summary;
}

core::Result<std::vector<LoggedInstrument>> TradeLogReader::instruments() {
  return connection_->rows<LoggedInstrument>(
      "instruments", "SELECT symbol, multiplier FROM instruments ORDER BY symbol");
}

core::Result<std::vector<Logged<kernel::RoundTripRow>>> TradeLogReader::trades() {
  auto trades = connection_->rows<Logged<kernel::RoundTripRow>>("trades", kTrades);
  if (!trades) return trades;
  const auto orders = connection_->rows<TradeOrder>("trade_orders", kTradeOrders);
  if (!orders) return tl::unexpected(orders.error());
  // Both are sorted by trade.
  auto order = orders->begin();
  for (auto& [sequence, trade] : *trades) {
    while (order != orders->end() && order->trade < sequence) ++order;
    for (; order != orders->end() && order->trade == sequence; ++order)
      trade.client_order_ids.push_back(order->client_order_id);
  }
  return trades;
}

core::Result<std::vector<LoggedOrder>> TradeLogReader::orders() {
  return connection_->rows<LoggedOrder>("orders", fmt::format("{}{}", kOrders, kBySubmission));
}

core::Result<std::optional<LoggedOrder>> TradeLogReader::order(const core::ClientOrderId& id) {
  const auto found =
      connection_->rows<LoggedOrder>("orders", fmt::format("{}{}", kOrders, kOfOrder), &id);
  if (!found) return tl::unexpected(found.error());
  if (found->empty()) return std::optional<LoggedOrder>{};
  return std::optional{found->front()};
}

core::Result<std::vector<Logged<kernel::FillRow>>> TradeLogReader::fills() {
  return connection_->rows<Logged<kernel::FillRow>>("fills", kFills);
}

core::Result<std::vector<Logged<kernel::PositionRow>>> TradeLogReader::positions() {
  return connection_->rows<Logged<kernel::PositionRow>>("positions", kPositions);
}

core::Result<std::vector<Logged<kernel::Decision>>> TradeLogReader::decisions() {
  return connection_->rows<Logged<kernel::Decision>>("decisions",
                                                     fmt::format("{}{}", kDecisions, kBySequence));
}

core::Result<std::vector<Logged<kernel::Decision>>> TradeLogReader::decisions_of(
    const core::ClientOrderId& id) {
  return connection_->rows<Logged<kernel::Decision>>(
      "decisions", fmt::format("{}{}{}", kDecisions, kOfOrder, kBySequence), &id);
}

core::Result<std::vector<Logged<kernel::BotDayRow>>> TradeLogReader::daily_metrics() {
  return connection_->rows<Logged<kernel::BotDayRow>>("daily_metrics", kDailyMetrics);
}

core::Result<std::vector<LoggedEquity>> TradeLogReader::equity() {
  return connection_->rows<LoggedEquity>("equity", kEquity);
}

core::Result<std::vector<LoggedRiskEvent>> TradeLogReader::risk_events() {
  return connection_->rows<LoggedRiskEvent>("risk_events", kRiskEvents);
}

core::Result<std::vector<LoggedLedgerEntry>> TradeLogReader::ledger_entries() {
  return connection_->rows<LoggedLedgerEntry>("ledger_entries", kLedgerEntries);
}

core::Result<std::vector<Logged<kernel::EquityMarkRow>>> TradeLogReader::equity_marks() {
  return connection_->rows<Logged<kernel::EquityMarkRow>>("equity_marks", kEquityMarks);
}

core::Result<std::vector<LoggedSession>> TradeLogReader::sessions() {
  return connection_->rows<LoggedSession>("sessions", kSessions);
}

core::Result<std::vector<LoggedHalt>> TradeLogReader::halts() {
  return connection_->rows<LoggedHalt>("halts", kHalts);
}

core::Result<std::vector<LoggedDifference>> TradeLogReader::differences() {
  return connection_->rows<LoggedDifference>("differences", kDifferences);
}

core::Result<std::vector<LoggedAccountCheck>> TradeLogReader::account_checks() {
  return connection_->rows<LoggedAccountCheck>("account_checks", kAccountChecks);
}

core::Status TradeLogReader::hold_still() {
  // The transaction begins with its first read.
  if (auto status = connection_->database.execute("BEGIN"); !status) return status;
  return check_readable(connection_->database);
}

core::Result<std::string> TradeLogReader::configuration() {
  auto statement =
      connection_->database.prepare("SELECT (SELECT value FROM meta WHERE key = 'configuration')");
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->next();
  if (!row) return tl::unexpected(row.error());
  return std::string{statement->text(0)};
}

}  // namespace st0ck::storage
