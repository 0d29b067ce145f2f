#include "st0ck/storage/db_check.hpp"

#include "storage/sample_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>
#include <ostream>
#include <string>
#include <vector>

namespace st0ck::storage {
namespace {

using testing::HasSubstr;

std::string text_of(const CheckReport& report) {
  std::string text;
  for (const std::string& finding : report.findings) text += finding + "\n";
  return text;
}

CheckReport check_or_fail(const std::filesystem::path& path) {
  const auto report = check(path);
  EXPECT_TRUE(report) << report.error().message;
  return report.value_or(CheckReport{});
}

TEST(DbCheck, CountsWhatItLookedAt) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  write_trade_log(folder / "trades.db", records);

  const CheckReport report = check_or_fail(folder / "trades.db");

  EXPECT_TRUE(report.is_sound()) << text_of(report);
  EXPECT_EQ(report.orders, 60u);
  EXPECT_EQ(report.decisions, 120u);
  EXPECT_EQ(std::to_string(report.fills),
            query_text(folder / "trades.db", "SELECT count(*) FROM fills"));
  EXPECT_GT(report.trades, 0u);
  EXPECT_GT(report.positions, 0u);
  EXPECT_EQ(report.last_sequence, records.back().sequence);
}

TEST(DbCheck, FindsNothingInALogWithoutARun) {
  const TemporaryFolder folder;
  write_trade_log(folder / "trades.db", {});

  EXPECT_EQ(text_of(check_or_fail(folder / "trades.db")), "");
}

// trading::Ledger and the check's own book-keeping agree to the last unit, whatever happens.
TEST(DbCheckProperty, AgreesWithTheLedgerOnAnyRun) {
  const TemporaryFolder folder;
  EXPECT_TRUE(rc::check([&] {
    const auto path = folder / "trades.db";
    std::filesystem::remove(path);
    write_trade_log(path, sample_run({.seed = *rc::gen::arbitrary<std::uint32_t>(),
                                      .sessions = *rc::gen::inRange(0, 4),
                                      .orders_per_session = *rc::gen::inRange(0, 40),
                                      .has_end = *rc::gen::arbitrary<bool>()}));

    RC_ASSERT(text_of(check_or_fail(path)) == "");
  }));
}

// A log may end after any record: the writer was killed, or the day is not over.
TEST(DbCheckProperty, FindsNothingInALogThatWasCutOff) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({.seed = 11});
  EXPECT_TRUE(rc::check([&] {
    const auto path = folder / "trades.db";
    std::filesystem::remove(path);
    const auto size = *rc::gen::inRange<std::size_t>(0, records.size());
    write_trade_log(path, {records.begin(), records.begin() + static_cast<std::ptrdiff_t>(size)});

    RC_ASSERT(text_of(check_or_fail(path)) == "");
  }));
}

struct Tampering {
  const char* name;
  const char* sql;
  const char* finding;
};

void PrintTo(const Tampering& tampering, std::ostream* out) { *out << tampering.name; }

class DbCheckTampering : public testing::TestWithParam<Tampering> {};

TEST_P(DbCheckTampering, IsFound) {
  const TemporaryFolder folder;
  write_trade_log(folder / "trades.db", sample_run({.seed = 3}));
  ASSERT_EQ(text_of(check_or_fail(folder / "trades.db")), "");

  run_sql(folder / "trades.db", GetParam().sql);

  EXPECT_THAT(text_of(check_or_fail(folder / "trades.db")), HasSubstr(GetParam().finding));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, DbCheckTampering,
    testing::Values(
        Tampering{"EntryAmount",
                  "UPDATE ledger_entries SET amount_e9 = amount_e9 + 1 WHERE kind = 'dividend'",
                  "the start, the fills and the ledger entries give"},
        Tampering{"EntryQuantity",
                  "UPDATE ledger_entries SET quantity_e9 = quantity_e9 + 1 WHERE kind = 'split'",
                  "quantity is"},
        Tampering{"EntryMissing", "DELETE FROM ledger_entries", "its fills give"},
        Tampering{"EntryOfNobody", "UPDATE ledger_entries SET quantity_e9 = 0 WHERE kind = 'split'",
                  "it does not make a position of a position"},
        Tampering{"MarkCash", "UPDATE equity_marks SET cash_e9 = cash_e9 + 1", "equity mark"},
        Tampering{"MarkEquity", "UPDATE equity_marks SET equity_e9 = equity_e9 + 1",
                  "cash and both values give"},
        Tampering{"DifferenceGone", "DELETE FROM differences WHERE id = 2",
                  "difference 3: is the last, but there are other numbers of rows"},
        Tampering{"DifferenceEnd", "UPDATE differences SET ended_ns = 0 WHERE id = 1",
                  "difference 1: ended before it was first seen"},
        Tampering{"DifferenceStop", "UPDATE differences SET stops_entries = 0 WHERE id = 1",
                  "difference 1: says wrongly whether it stops entries"},
        Tampering{
            "DifferenceOrder",
            "UPDATE differences SET client_order_id = NULL, venue_order_id = NULL WHERE id = 3",
            "difference 3: is about no order"},
        Tampering{"DifferenceSymbol", "UPDATE differences SET symbol = NULL WHERE id = 2",
                  "difference 2: is about no symbol"},
        Tampering{"DifferenceEqual", "UPDATE differences SET ours_e9 = theirs_e9 WHERE id = 1",
                  "difference 1: is none: both sides are equal"},
        Tampering{"DifferenceTwice",
                  "INSERT INTO differences SELECT 4, account, kind, stops_entries, symbol, "
                  "client_order_id, venue_order_id, side, ours_e9, theirs_e9, filled_e9, "
                  "cash_ours_e9, cash_theirs_e9, message, first_seen_ns, ended_ns, sequence_first, "
                  "sequence FROM differences WHERE id = 3",
                  "difference 4: is in force twice"},
        Tampering{"FillPrice",
                  "UPDATE fills SET price_e9 = price_e9 + 1000000 WHERE sequence = (SELECT "
                  "min(sequence) FROM fills WHERE quantity_e9 >= 1000000000)",
                  "price x quantity gives"},
        Tampering{"FillNotional",
                  "UPDATE fills SET notional_e9 = notional_e9 + 100 WHERE sequence = (SELECT "
                  "min(sequence) FROM fills)",
                  "notional"},
        Tampering{"FillFee",
                  "UPDATE fills SET fee_e9 = fee_e9 + 1 WHERE sequence = (SELECT min(sequence) "
                  "FROM fills)",
                  "fees is"},
        Tampering{"FillQuantityNegative", "UPDATE fills SET quantity_e9 = -quantity_e9",
                  "expected a positive one"},
        Tampering{"FillSide",
                  "UPDATE fills SET side = iif(side = 'buy', 'sell', 'buy') WHERE sequence = "
                  "(SELECT min(sequence) FROM fills)",
                  "its order"},
        Tampering{"FillMissing",
                  "DELETE FROM fills WHERE sequence = (SELECT min(sequence) FROM fills)",
                  "its fills give"},
        Tampering{"FillWithoutOrder",
                  "UPDATE fills SET client_order_id = 'nobody' WHERE sequence = (SELECT "
                  "min(sequence) FROM fills)",
                  "refers to a row of orders that does not exist"},
        Tampering{"OrderFilled", "UPDATE orders SET filled_e9 = filled_e9 + 1 WHERE id = 1",
                  "filled is"},
        Tampering{"OrderNotional",
                  "UPDATE orders SET filled_notional_e9 = filled_notional_e9 + 1 WHERE id = 1",
                  "filled_notional is"},
        Tampering{"OrderFees", "UPDATE orders SET fees_e9 = fees_e9 + 1 WHERE id = 1", "fees is"},
        Tampering{"OrderState",
                  "UPDATE orders SET quantity_e9 = quantity_e9 * 2 WHERE state = 'filled'",
                  "state is filled with"},
        Tampering{"OrderWithAWrongWord", "UPDATE orders SET state = 'done'",
                  "holds 'done', expected a name"},
        Tampering{"OrderMissing", "DELETE FROM orders WHERE state = 'rejected'", "orders is"},
        Tampering{"PositionQuantity", "UPDATE positions SET quantity_e9 = quantity_e9 + 1",
                  "quantity is"},
        Tampering{"PositionCost", "UPDATE positions SET cost_e9 = cost_e9 - 1", "cost is"},
        Tampering{"PositionRealized", "UPDATE positions SET realized_pnl_e9 = realized_pnl_e9 + 1",
                  "realized_pnl is"},
        Tampering{"PositionFees", "UPDATE positions SET fees_e9 = fees_e9 + 1", "fees is"},
        Tampering{"PositionCashFlow", "UPDATE positions SET cash_flow_e9 = cash_flow_e9 + 1",
                  "cash_flow is"},
        Tampering{"PositionMissing", "DELETE FROM positions", "is missing, there are fills"},
        Tampering{"PositionInvented",
                  "INSERT INTO instruments VALUES('IWM', 'equity', 1, 10000000, 2); "
                  "INSERT INTO positions VALUES('default', 'a', 'IWM', 0, 0, 0, 0, 0, 3)",
                  "exists without a fill"},
        Tampering{"TradeQuantity", "UPDATE trades SET quantity_e9 = quantity_e9 + 1 WHERE id = 1",
                  "trade 1: quantity is"},
        Tampering{"TradeEntryPrice",
                  "UPDATE trades SET entry_price_e9 = entry_price_e9 + 1 WHERE id = 1",
                  "trade 1: entry_price is"},
        Tampering{"TradeExitPrice",
                  "UPDATE trades SET exit_price_e9 = exit_price_e9 + 1 WHERE id = 1",
                  "trade 1: exit_price is"},
        Tampering{"TradeRealized",
                  "UPDATE trades SET realized_pnl_e9 = realized_pnl_e9 + 1 WHERE id = 1",
                  "trade 1: realized_pnl is"},
        Tampering{"TradeFees", "UPDATE trades SET fees_e9 = fees_e9 + 1 WHERE id = 1",
                  "trade 1: fees is"},
        Tampering{"TradeSide",
                  "UPDATE trades SET side = iif(side = 'buy', 'sell', 'buy') WHERE id = 1",
                  "trade 1: side is"},
        Tampering{"TradeTime", "UPDATE trades SET exit_ns = exit_ns + 1 WHERE id = 1",
                  "trade 1: lasts from"},
        Tampering{"TradeReason", "UPDATE trades SET exit_reason = 'BOREDOM' WHERE id = 1",
                  "trade 1: exit_reason is BOREDOM"},
        Tampering{"TradeMissing",
                  "DELETE FROM trade_orders WHERE trade = (SELECT sequence FROM trades WHERE id = "
                  "1); DELETE FROM trades WHERE id = 1",
                  "the fills give"},
        Tampering{"TradeWithoutFills",
                  "UPDATE trades SET symbol = 'IWM' WHERE id = 1; INSERT INTO instruments "
                  "VALUES('IWM', 'equity', 1, 10000000, 2)",
                  "exist without a fill"},
        Tampering{"TradeOrderUnknown",
                  "UPDATE trade_orders SET client_order_id = 'nobody' WHERE place = 0",
                  "refers to a row of orders that does not exist"},
        Tampering{"TradeOrderMissing", "DELETE FROM trade_orders WHERE place = 0",
                  "its orders are"},
        Tampering{"DayOrders", "UPDATE daily_metrics SET orders = orders + 1", "orders is"},
        Tampering{"DayFills", "UPDATE daily_metrics SET fills = fills + 1", "fills is"},
        Tampering{"DayTrades", "UPDATE daily_metrics SET trades = trades + 1", "trades is"},
        Tampering{"DayRealized", "UPDATE daily_metrics SET realized_pnl_e9 = realized_pnl_e9 + 1",
                  "realized_pnl is"},
        Tampering{"DayFees", "UPDATE daily_metrics SET fees_e9 = fees_e9 + 1", "fees is"},
        Tampering{"DayCash", "UPDATE daily_metrics SET cash_e9 = cash_e9 + 1", "cash is"},
        Tampering{"Equity", "UPDATE equity SET equity_e9 = equity_e9 + 1", "equity is"},
        Tampering{"EquityMissing", "DELETE FROM equity", "is missing, there are daily_metrics"},
        Tampering{"EquityUnknown", "UPDATE equity SET equity_e9 = NULL",
                  "exactly one of it and its daily_metrics"},
        Tampering{"EquityInvented",
                  "INSERT INTO equity VALUES('default', '2030-01-02', 1, 1, 1, NULL, NULL, 3)",
                  "exists without daily_metrics"},
        Tampering{"DecisionCode", "UPDATE decisions SET code = 'NO' WHERE kind = 'transition'",
                  "decisions_sha256 is"},
        Tampering{"DecisionMissing", "DELETE FROM decisions WHERE kind = 'transition'",
                  "decisions is"},
        Tampering{"RunFills", "UPDATE meta SET value = 0 WHERE key = 'run_end.fills'",
                  "end of the run: fills is"},
        Tampering{"RunRealized", "UPDATE meta SET value = 0 WHERE key = 'run_end.realized_pnl_e9'",
                  "end of the run: realized_pnl is"},
        Tampering{"LastSequence", "UPDATE meta SET value = 5 WHERE key = 'last_sequence'",
                  "the log says that its last is 5"},
        Tampering{"MetaEmpty", "DELETE FROM meta", "meta: last_sequence is missing"},
        Tampering{"RunStartMissing", "DELETE FROM meta WHERE key = 'run_start.sequence'",
                  "meta: run_start.sequence is missing, there are rows in bots"},
        Tampering{"ConfigurationMissing", "DELETE FROM meta WHERE key = 'configuration'",
                  "meta: configuration is missing"},
        Tampering{"RunEndPartlyMissing", "DELETE FROM meta WHERE key = 'run_end.sequence'",
                  "meta: run_end.sequence is missing, the run has come to its end"},
        Tampering{"RunEndMissing", "DELETE FROM meta WHERE key GLOB 'run_end.*'",
                  "the newest row is of record"},
        Tampering{"LastSequenceBeyondTheRun",
                  "UPDATE meta SET value = 999999999 WHERE key = 'last_sequence'",
                  "meta: last_sequence is 999999999, the newest row is of record"},
        Tampering{"LastSequenceAsText",
                  "UPDATE meta SET value = '999999999' WHERE key = 'last_sequence'",
                  "meta: last_sequence is 999999999, the newest row is of record"},
        Tampering{"FilledOrderOpen", "UPDATE orders SET state = 'working' WHERE state = 'filled'",
                  "expected filled"},
        Tampering{"RejectedOrderOpen",
                  "UPDATE orders SET state = 'working' WHERE state = 'rejected'",
                  "state is working, expected a final one: the run is finished"},
        Tampering{"SessionMissing",
                  "DELETE FROM sessions WHERE session = (SELECT min(session) FROM sessions)",
                  "is missing, there are rows of it in daily_metrics"},
        Tampering{"SessionsMissing", "DELETE FROM sessions",
                  "is missing, there are rows of it in orders"},
        Tampering{"InstrumentMissing", "DELETE FROM instruments WHERE symbol = 'QQQ'",
                  "refers to a row of instruments that does not exist"},
        Tampering{"BotMissing", "DELETE FROM bots WHERE bot = 'b'",
                  "refers to a row of bots that does not exist"},
        Tampering{"TableMissing", "DROP TABLE risk_events", "schema: table risk_events is missing"},
        Tampering{"TableAdded", "CREATE TABLE notes(text)",
                  "schema: table notes is not one of st0ck"},
        Tampering{"TableChanged", "ALTER TABLE orders ADD COLUMN note TEXT",
                  "schema: table orders differs"},
        Tampering{"IndexMissing", "DROP INDEX fills_by_order",
                  "schema: index fills_by_order is missing"}),
    [](const auto& tampering) { return std::string{tampering.param.name}; });

TEST(DbCheck, FindsADamagedPage) {
  const TemporaryFolder folder;
  const auto path = folder / "trades.db";
  write_trade_log(path, sample_run({}));
  {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    const auto page =
        std::stoll(query_text(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'fills'"));
    file.seekp((page - 1) * 4096);
    file << std::string(200, '\xAA');
  }

  const CheckReport report = check_or_fail(path);

  EXPECT_FALSE(report.is_sound());
}

TEST(DbCheck, SaysThatThereIsNoFile) {
  const TemporaryFolder folder;

  const auto report = check(folder / "trades.db");

  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, core::Errc::NotFound);
}

TEST(DbCheck, RefusesANewerVersion) {
  const TemporaryFolder folder;
  write_trade_log(folder / "trades.db", {});
  run_sql(folder / "trades.db", "PRAGMA user_version = 99");

  const auto report = check(folder / "trades.db");

  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, core::Errc::TooNew);
}

}  // namespace
}  // namespace st0ck::storage
