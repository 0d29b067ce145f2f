#include "row_writer.hpp"

#include "bind.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/record_codec.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace st0ck::storage {

namespace {

constexpr std::string_view kMeta = "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)";

constexpr std::string_view kBot = R"sql(
INSERT INTO bots(account, bot, engine, decision_version, created_ns, updated_ns, sequence)
VALUES(?1, ?2, ?3, ?4, ?5, ?5, ?6)
ON CONFLICT DO UPDATE SET engine = excluded.engine, decision_version = excluded.decision_version,
  updated_ns = excluded.updated_ns, sequence = excluded.sequence
)sql";

constexpr std::string_view kInstrument = R"sql(
INSERT INTO instruments(symbol, asset_class, multiplier, tick_e9, sequence) VALUES(?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET asset_class = excluded.asset_class, multiplier = excluded.multiplier,
  tick_e9 = excluded.tick_e9, sequence = excluded.sequence
)sql";

constexpr std::string_view kSession = R"sql(
INSERT INTO sessions(session, open_ns, close_ns, phase, sequence) VALUES(?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET open_ns = excluded.open_ns, close_ns = excluded.close_ns,
  phase = excluded.phase, sequence = excluded.sequence
)sql";

constexpr std::string_view kDecision = R"sql(
INSERT INTO decisions(sequence, account, bot, engine, time_ns, symbol, kind, side, quantity_e9,
  price_e9, code, client_order_id, explanation) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)sql";

// Who sent it and what it is do not change; a replace changes quantity and prices.
constexpr std::string_view kOrder = R"sql(
INSERT INTO orders(client_order_id, id, account, bot, engine, symbol, side, type, time_in_force,
  purpose, quantity_e9, limit_e9, stop_e9, trail_e9, trail_rate_e9, group_kind, group_role,
  group_name, state, filled_e9, filled_notional_e9, fees_e9, submitted_ns, updated_ns, reason,
  state_reason, sequence_first, sequence)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
  ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?27)
ON CONFLICT DO UPDATE SET quantity_e9 = excluded.quantity_e9, limit_e9 = excluded.limit_e9,
  stop_e9 = excluded.stop_e9, trail_e9 = excluded.trail_e9,
  trail_rate_e9 = excluded.trail_rate_e9, state = excluded.state, filled_e9 = excluded.filled_e9,
  filled_notional_e9 = excluded.filled_notional_e9, fees_e9 = excluded.fees_e9,
  updated_ns = excluded.updated_ns, state_reason = excluded.state_reason,
  sequence = excluded.sequence
)sql";

constexpr std::string_view kFill = R"sql(
INSERT INTO fills(sequence, account, bot, engine, symbol, client_order_id, execution, time_ns,
  side, quantity_e9, price_e9, notional_e9, fee_e9) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)sql";

constexpr std::string_view kTrade = R"sql(
INSERT INTO trades(sequence, id, account, bot, engine, symbol, side, quantity_e9, entry_ns,
  entry_price_e9, exit_ns, exit_price_e9, realized_pnl_e9, fees_e9, exit_reason)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)sql";

constexpr std::string_view kTradeOrder =
    "INSERT INTO trade_orders(trade, place, client_order_id) VALUES(?, ?, ?)";

constexpr std::string_view kPosition = R"sql(
INSERT INTO positions(account, bot, symbol, quantity_e9, cost_e9, realized_pnl_e9, fees_e9,
  cash_flow_e9, sequence) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET quantity_e9 = excluded.quantity_e9, cost_e9 = excluded.cost_e9,
  realized_pnl_e9 = excluded.realized_pnl_e9, fees_e9 = excluded.fees_e9,
  cash_flow_e9 = excluded.cash_flow_e9, sequence = excluded.sequence
)sql";

constexpr std::string_view kBotDay = R"sql(
INSERT INTO daily_metrics(account, bot, session, engine, time_ns, orders, fills, trades,
  realized_pnl_e9, fees_e9, unrealized_pnl_e9, cash_e9, sequence)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET engine = excluded.engine, time_ns = excluded.time_ns,
  orders = excluded.orders, fills = excluded.fills, trades = excluded.trades,
  realized_pnl_e9 = excluded.realized_pnl_e9, fees_e9 = excluded.fees_e9,
  unrealized_pnl_e9 = excluded.unrealized_pnl_e9, cash_e9 = excluded.cash_e9,
  sequence = excluded.sequence
)sql";

// Each bot's row of a session brings the account's figure up to date; with the last bot's it is
// whole. One unknown mark makes the sum unknown.
constexpr std::string_view kEquity = R"sql(
INSERT OR REPLACE INTO equity(account, session, time_ns, cash_e9, cost_e9, unrealized_pnl_e9,
  equity_e9, sequence)
SELECT ?1, ?2, ?3, ?4, cost, unrealized, ?4 + cost + unrealized, ?5 FROM (
  SELECT (SELECT coalesce(sum(cost_e9), 0) FROM positions WHERE account = ?1) AS cost,
         (SELECT iif(count(*) = count(unrealized_pnl_e9), sum(unrealized_pnl_e9), NULL)
          FROM daily_metrics WHERE account = ?1 AND session = ?2) AS unrealized)
)sql";

constexpr std::string_view kRiskEvent = R"sql(
INSERT INTO risk_events(sequence, time_ns, account, bot, code, message) VALUES(?, ?, ?, ?, ?, ?)
)sql";

constexpr std::string_view kHalt = R"sql(
INSERT INTO halts(sequence, time_ns, account, bot, is_halted, code, reason)
VALUES(?, ?, ?, ?, ?, ?, ?)
)sql";

constexpr std::string_view kLedgerEntry = R"sql(
INSERT INTO ledger_entries(sequence, time_ns, account, bot, symbol, kind, date, quantity_e9,
  amount_e9) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
)sql";

constexpr std::string_view kEquityMark = R"sql(
INSERT INTO equity_marks(sequence, account, time_ns, cash_e9, settled_cash_e9, long_value_e9,
  short_value_e9, equity_e9) VALUES(?, ?, ?, ?, ?, ?, ?, ?)
)sql";

// What it is about does not change; figures do, and it ends.
constexpr std::string_view kDifference = R"sql(
INSERT INTO differences(id, account, kind, stops_entries, symbol, client_order_id, venue_order_id,
  side, ours_e9, theirs_e9, filled_e9, cash_ours_e9, cash_theirs_e9, message, first_seen_ns,
  ended_ns, sequence_first, sequence)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?17)
ON CONFLICT DO UPDATE SET side = excluded.side, ours_e9 = excluded.ours_e9,
  theirs_e9 = excluded.theirs_e9, filled_e9 = excluded.filled_e9,
  cash_ours_e9 = excluded.cash_ours_e9, cash_theirs_e9 = excluded.cash_theirs_e9,
  message = excluded.message, ended_ns = excluded.ended_ns, sequence = excluded.sequence
)sql";

constexpr std::string_view kAccountCheck = R"sql(
INSERT INTO account_checks(sequence, time_ns, account, host, market_host, broker_account, clock,
  program, closed) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
)sql";

}  // namespace

core::Result<RowWriter> RowWriter::open(Database& database) {
  RowWriter writer{database};
  if (auto status = writer.prepare(); !status) return tl::unexpected(status.error());
  const auto last = database.integer("SELECT value FROM meta WHERE key = 'last_sequence'");
  if (!last) return tl::unexpected(last.error());
  writer.committed_ = core::Sequence{static_cast<std::uint64_t>(*last)};
  writer.written_ = writer.committed_;
  return writer;
}

core::Status RowWriter::prepare() {
  const std::pair<Statement*, std::string_view> statements[] = {
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&meta_, kMeta},
      {&bot_, kBot},
      {&instrument_, kInstrument},
      {&session_, kSession},
      {&decision_, kDecision},
      {&order_, kOrder},
      {&fill_, kFill},
      {&trade_, kTrade},
      {&trade_order_, kTradeOrder},
      {&position_, kPosition},
      {&bot_day_, kBotDay},
      {&equity_, kEquity},
      {&risk_event_, kRiskEvent},
      {&halt_, kHalt},
      {&ledger_entry_, kLedgerEntry},
      {&equity_mark_, kEquityMark},
      {&difference_, kDifference},
      {&account_check_, kAccountCheck},
  };
  for (const auto& [statement, sql] : statements) {
    auto prepared = database_->prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return {};
}

core::Status RowWriter::write(kernel::RecordKind kind, core::Sequence sequence,
                              core::Timestamp time, std::span<const std::byte> payload) {
  if (sequence <= written_) return {};
  const auto record = kernel::decode(kind, payload);
  if (!record)
    return core::at(fmt::format("{}: journal record {}", database_->path(), sequence.value()),
                    record.error());
  if (rows_pending_ == 0) {
    if (auto status = begin_.run(); !status) return status;
  }
  ++rows_pending_;
  const auto status = std::visit(
      [&](const auto& row) -> core::Status {
        if constexpr (requires { insert(row, Place{}); }) {
          return insert(row, Place{sequence, time});
        } else {
          return {};  // An input that the trade log has no table for.
        }
      },
      *record);
  if (!status) {
    return core::at(fmt::format("{} of journal record {}", name_of(kind), sequence.value()),
                    status.error());
  }
  written_ = sequence;
  return {};
}

core::Status RowWriter::commit() {
  if (rows_pending_ == 0) return {};
  if (auto status = set_meta("last_sequence", written_); !status) return status;
  if (auto status = commit_.run(); !status) return status;
  committed_ = written_;
  rows_pending_ = 0;
  return {};
}

void RowWriter::roll_back() {
  database_->roll_back();
  written_ = committed_;
  rows_pending_ = 0;
}

template <typename Value>
core::Status RowWriter::set_meta(std::string_view key, const Value& value) {
  bind_all(meta_, key, value);
  return meta_.run();
}

core::Status RowWriter::insert(const kernel::RunStart& row, const Place& place) {
  for (const auto& status :
       {set_meta("run_start.sequence", place.sequence), set_meta("account", row.account),
        set_meta("mode", std::string_view{row.mode}),
        set_meta("configuration", std::string_view{row.configuration}),
        set_meta("configuration_hash", std::string_view{row.configuration_hash}),
        set_meta("cash_e9", row.cash)}) {
    if (!status) return status;
  }
  for (const kernel::BotIdentity& bot : row.bots) {
    bind_all(bot_, row.account, bot.bot, bot.engine, bot.decision_version, place.time,
             place.sequence);
    if (auto status = bot_.run(); !status) return status;
  }
  return {};
}

core::Status RowWriter::insert(const market::Instrument& row, const Place& place) {
  bind_all(instrument_, row.symbol, row.asset_class, static_cast<std::uint32_t>(row.multiplier),
           row.tick, place.sequence);
  return instrument_.run();
}

core::Status RowWriter::insert(const market::SessionPhase& row, const Place& place) {
  const std::string date = core::format_date(row.session.date);
  bind_all(session_, std::string_view{date}, row.session.open, row.session.close, row.phase,
           place.sequence);
  return session_.run();
}

core::Status RowWriter::insert(const kernel::Decision& row, const Place& place) {
  bind_all(decision_, place.sequence, row.account, row.bot, row.engine, row.event_time,
           NullIfEmpty<core::Symbol>{row.symbol}, row.kind, row.side, row.quantity, row.price,
           row.code, NullIfEmpty<core::ClientOrderId>{row.client_order_id},
           std::string_view{row.explanation});
  return decision_.run();
}

core::Status RowWriter::insert(const kernel::OrderRow& row, const Place& place) {
  bind_all(order_, row.client_order_id, row.id, row.account, row.bot, row.engine, row.symbol,
           row.side, row.type, row.time_in_force, row.purpose, row.quantity, row.limit, row.stop,
           row.trail, row.trail_rate, row.group.kind, row.group.role,
           NullIfEmpty<core::ClientOrderId>{row.group.group}, row.state, row.filled,
           row.filled_notional, row.fees, row.submitted, row.updated, row.reason, row.state_reason,
           place.sequence);
  return order_.run();
}

core::Status RowWriter::insert(const kernel::FillRow& row, const Place& place) {
  bind_all(fill_, place.sequence, row.account, row.bot, row.engine, row.symbol, row.client_order_id,
           row.execution, row.time, row.side, row.quantity, row.price, row.notional, row.fee);
  return fill_.run();
}

core::Status RowWriter::insert(const kernel::RoundTripRow& row, const Place& place) {
  bind_all(trade_, place.sequence, row.id, row.account, row.bot, row.engine, row.symbol, row.side,
           row.quantity, row.entry_time, row.entry_price, row.exit_time, row.exit_price,
           row.realized_pnl, row.fees, row.exit_reason);
  if (auto status = trade_.run(); !status) return status;
  for (std::size_t i = 0; i < row.client_order_ids.size(); ++i) {
    bind_all(trade_order_, place.sequence, i, row.client_order_ids[i]);
    if (auto status = trade_order_.run(); !status) return status;
  }
  return {};
}

core::Status RowWriter::insert(const kernel::PositionRow& row, const Place& place) {
  bind_all(position_, row.account, row.bot, row.symbol, row.quantity, row.cost, row.realized_pnl,
           row.fees, row.cash_flow, place.sequence);
  return position_.run();
}

core::Status RowWriter::insert(const kernel::BotDayRow& row, const Place& place) {
  const std::string session = core::format_date(row.session);
  bind_all(bot_day_, row.account, row.bot, std::string_view{session}, row.engine, place.time,
           row.orders, row.fills, row.trades, row.realized_pnl, row.fees, row.unrealized_pnl,
           row.cash, place.sequence);
  if (auto status = bot_day_.run(); !status) return status;
  bind_all(equity_, row.account, std::string_view{session}, place.time, row.cash, place.sequence);
  return equity_.run();
}

core::Status RowWriter::insert(const kernel::RiskEventRow& row, const Place& place) {
  bind_all(risk_event_, place.sequence, place.time, row.account, NullIfEmpty<core::BotId>{row.bot},
           row.code, std::string_view{row.message});
  return risk_event_.run();
}

core::Status RowWriter::insert(const kernel::HaltRow& row, const Place& place) {
  bind_all(halt_, place.sequence, place.time, row.account, NullIfEmpty<core::BotId>{row.bot},
           static_cast<int>(row.is_halted), row.code, std::string_view{row.reason});
  return halt_.run();
}

core::Status RowWriter::insert(const kernel::LedgerEntryRow& row, const Place& place) {
  const std::string date = core::format_date(row.date);
  bind_all(ledger_entry_, place.sequence, place.time, row.account, row.bot, row.symbol, row.kind,
           std::string_view{date}, row.quantity, row.amount);
  return ledger_entry_.run();
}

core::Status RowWriter::insert(const kernel::EquityMarkRow& row, const Place& place) {
  bind_all(equity_mark_, place.sequence, row.account, row.time, row.cash, row.settled_cash,
           row.long_value, row.short_value, row.equity);
  return equity_mark_.run();
}

core::Status RowWriter::insert(const kernel::DifferenceRow& row, const Place& place) {
  const trading::Difference& difference = row.difference;
  bind_all(difference_, row.id, row.account, difference.kind,
           static_cast<int>(trading::stops_entries(difference.kind)),
           NullIfEmpty<core::Symbol>{difference.symbol},
           NullIfEmpty<core::ClientOrderId>{difference.client_order_id},
           NullIfEmpty<core::VenueOrderId>{difference.venue_order_id}, difference.side,
           difference.ours, difference.theirs, difference.filled, difference.cash_ours,
           difference.cash_theirs, std::string_view{difference.message}, row.first_seen, row.ended,
           place.sequence);
  return difference_.run();
}

core::Status RowWriter::insert(const kernel::AccountCheck& row, const Place& place) {
  std::optional<std::string> closed;
  if (row.closed) closed = core::format_date(*row.closed);
  bind_all(account_check_, place.sequence, place.time, row.account, std::string_view{row.host},
           std::string_view{row.market_host}, std::string_view{row.broker_account},
           std::string_view{row.clock}, std::string_view{row.program}, closed);
  return account_check_.run();
}

core::Status RowWriter::insert(const kernel::RunEnd& row, const Place& place) {
  for (const auto& status :
       {set_meta("run_end.sequence", place.sequence), set_meta("run_end.sessions", row.sessions),
        set_meta("run_end.events", row.events), set_meta("run_end.decisions", row.decisions),
        set_meta("run_end.orders", row.orders), set_meta("run_end.fills", row.fills),
        set_meta("run_end.trades", row.trades),
        set_meta("run_end.realized_pnl_e9", row.realized_pnl),
        set_meta("run_end.fees_e9", row.fees),
        set_meta("run_end.decisions_sha256", std::string_view{row.decisions_sha256})}) {
    if (!status) return status;
  }
  return {};
}

}  // namespace st0ck::storage
