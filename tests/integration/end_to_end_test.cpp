#include "integration/run_content.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/storage/db_check.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace st0ck::test {
namespace {

using nlohmann::json;

// What these runs decided when they were last looked at by hand. The tests run in builds of two
// compilers at two levels of optimisation, so that equal hashes there prove what the design
// promises. They change only with what an engine decides, and its decision_version with them.
constexpr const char* kRecordedDecisions =
    "44bf3f1515cc5fca922153f24214a26bf9c44efab10761c76ca2de55c014454f";
constexpr const char* kGeneratedDecisions =
    "255e3206ba5361025ef299e1696ec260f7c6456d9a378098a735cc51800ef0f1";

json summary_of(const RunInFolder& run) { return json::parse(bytes_of_file(run.summary())); }

/// A round trip as people read it, in New York time.
struct ExpectedTrade {
  std::string entry_time;
  std::string entry_price;
  std::string exit_time;
  std::string exit_price;
  std::string realized_pnl;
  std::string exit_reason;

  bool operator==(const ExpectedTrade&) const = default;
};

void PrintTo(const ExpectedTrade& trade, std::ostream* out) {
  *out << trade.entry_time << ' ' << trade.entry_price << ' ' << trade.exit_time << ' '
       << trade.exit_price << ' ' << trade.realized_pnl << ' ' << trade.exit_reason;
}

std::vector<ExpectedTrade> trades_of(const RunInFolder& run) {
  auto reader = storage::TradeLogReader::open(run.database());
  if (!reader) throw std::runtime_error(reader.error().message);
  const auto logged = reader->trades();
  if (!logged) throw std::runtime_error(logged.error().message);
  std::vector<ExpectedTrade> trades;
  for (const auto& [sequence, trade] : *logged)
    trades.push_back({core::format_new_york(trade.entry_time), trade.entry_price.to_string(),
                      core::format_new_york(trade.exit_time), trade.exit_price.to_string(),
                      trade.realized_pnl.to_string(), trade.exit_reason.str()});
  return trades;
}

// The rules that the trades follow from; a row of the recording is stamped with its end.
// - The first quote is that of the first row (09:31). What it causes fills no earlier than the
//   next open: the one of row 09:32, at 09:31, half a cent worse by the slippage.
// - At 10:15 the quote of row 10:15 makes ST0CKA place its limit, entry + 0.01 rounded up to the
//   cent. The next open is that of row 10:16; all but once it lies above the limit, which then
//   fills there. Limits do not slip.
// - On 2019-02-11 the price never comes back to the limit, and at 10:55 the bid lies below the
//   entry. At 11:00 the shutdown sells at the next open, that of row 11:01, half a cent worse.
const std::vector<ExpectedTrade> kRecordedTrades{
    // Row 09:32 opens at 271.32; row 11:01 at 270.67.
    {"2019-02-11 09:31:00 -05:00", "271.325", "2019-02-11 11:00:00 -05:00", "270.665", "-0.66",
     "SHUTDOWN"},
    // 272.43; the limit is 272.45, row 10:16 opens at 272.95.
    {"2019-02-12 09:31:00 -05:00", "272.435", "2019-02-12 10:15:00 -05:00", "272.95", "0.515",
     "LIMIT_FILL"},
    // 275.04; the limit is 275.06, row 10:16 opens at 275.31.
    {"2019-02-13 09:31:00 -05:00", "275.045", "2019-02-13 10:15:00 -05:00", "275.31", "0.265",
     "LIMIT_FILL"},
    // 273.64; the limit is 273.66, row 10:16 opens at 274.02.
    {"2019-02-14 09:31:00 -05:00", "273.645", "2019-02-14 10:15:00 -05:00", "274.02", "0.375",
     "LIMIT_FILL"},
    // 276.45; the limit is 276.47, row 10:16 opens at 276.54.
    {"2019-02-15 09:31:00 -05:00", "276.455", "2019-02-15 10:15:00 -05:00", "276.54", "0.085",
     "LIMIT_FILL"},
};

TEST(RecordedSessions, EndWithTheTradesComputedByHand) {
  ST0CK_NEED_SHARED_DATA("us-equity-minute-2019");
  const TemporaryFolder folder;
  const RunInFolder run{DaemonCommand::recorded(), folder / "state"};

  const auto outcome = run.command().run();

  ASSERT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_EQ(trades_of(run), kRecordedTrades);
}

TEST(RecordedSessions, LeaveASummaryWithTheKeysThatOthersRelyOn) {
  ST0CK_NEED_SHARED_DATA("us-equity-minute-2019");
  const TemporaryFolder folder;
  const RunInFolder run{DaemonCommand::recorded(), folder / "state"};

  const auto outcome = run.command().run();

  ASSERT_EQ(outcome.exit_code, 0) << outcome.text();
  const json summary = summary_of(run);
  for (const char* key : {"sessions", "events", "orders", "fills", "trades"})
    EXPECT_TRUE(summary.at(key).is_number_integer()) << key;
  EXPECT_TRUE(summary.at("wall_seconds").is_number());
  EXPECT_EQ(summary.at("mode"), "paper");
  EXPECT_EQ(summary.at("sessions"), 5);
  EXPECT_GE(summary.at("events"), 5 * 390 * 2) << "a bar and a quote for each minute";
  // Each day a buy and a limit; on the first day the limit is cancelled for a market sell.
  EXPECT_EQ(summary.at("orders"), 11);
  EXPECT_EQ(summary.at("fills"), 10);
  EXPECT_EQ(summary.at("trades"), 5);
  // -0.66 + 0.515 + 0.265 + 0.375 + 0.085
  EXPECT_EQ(summary.at("realized_pnl"), "0.58");
  EXPECT_EQ(summary.at("fees"), "0.00");
  EXPECT_EQ(summary.at("decisions_sha256"), kRecordedDecisions);
}

TEST(RecordedSessions, LeaveATradeLogWhoseBooksAgree) {
  ST0CK_NEED_SHARED_DATA("us-equity-minute-2019");
  const TemporaryFolder folder;
  const RunInFolder run{DaemonCommand::recorded(), folder / "state"};
  run.finish();

  const auto report = storage::check(run.database());

  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->is_sound()) << report->findings.front();
  EXPECT_EQ(report->trades, 5U);
}

TEST(RecordedSessions, LeaveTheSameBytesInTwoStateDirectories) {
  ST0CK_NEED_SHARED_DATA("us-equity-minute-2019");
  const TemporaryFolder folder;

  const RunContent first = RunInFolder{DaemonCommand::recorded(), folder / "first"}.finish();
  const RunContent second = RunInFolder{DaemonCommand::recorded(), folder / "second"}.finish();

  EXPECT_EQ(difference(first, second), "");
}

TEST(GeneratedSessions, DecideTheSameInEveryBuild) {
  const TemporaryFolder folder;
  const RunInFolder run{DaemonCommand::generated(3), folder / "state"};

  run.finish();

  EXPECT_EQ(summary_of(run).at("decisions_sha256"), kGeneratedDecisions);
}

TEST(GeneratedSessions, LeaveTheSameBytesInTwoStateDirectories) {
  const TemporaryFolder folder;

  const RunContent first = RunInFolder{DaemonCommand::generated(3), folder / "first"}.finish();
  const RunContent second = RunInFolder{DaemonCommand::generated(3), folder / "second"}.finish();

  EXPECT_EQ(difference(first, second), "");
}

TEST(GeneratedSessions, DifferWithTheSeed) {
  const TemporaryFolder folder;
  std::set<std::string> hashes;

  for (const int seed : {1, 2, 3}) {
    const RunInFolder run{DaemonCommand::generated(2, seed), folder / std::to_string(seed)};
    run.finish();
    hashes.insert(summary_of(run).at("decisions_sha256"));
  }

  EXPECT_EQ(hashes.size(), 3U);
}

TEST(SegmentedJournal, HoldsTheSameRunAsAWholeOne) {
  const TemporaryFolder folder;
  const auto command = DaemonCommand::generated(3);

  const RunContent whole = RunInFolder{command, folder / "whole"}.finish();
  const RunContent cut =
      RunInFolder{command.with("journal.segment_size", "64KiB"), folder / "cut"}.finish();

  EXPECT_EQ(whole.journal.size(), 1U);
  EXPECT_GE(cut.journal.size(), 3U);
  EXPECT_EQ(cut.summary, whole.summary);
}

}  // namespace
}  // namespace st0ck::test
