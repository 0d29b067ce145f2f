#include "integration/run_content.hpp"
#include "st0ck/storage/db_check.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "support/orders.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// A short position held by the daemon over a night in which a dividend is paid and the stock
// splits, with a borrow rate and the fees of authorities: what a user gets from two files and a
// few settings. The market is made by hand, so that every amount can be.
namespace st0ck::test {
namespace {

/// Rises for three minutes, falls for one, and stays: averages of one and two closes cross once.
/// The second day is ex: less a dollar, and two shares for one.
std::string bars() {
  std::string text = "timestamp,open,high,low,close,volume\n";
  const auto add = [&](std::string_view day, int minute, std::string_view open,
                       std::string_view close) {
    const bool is_up = close > open;  // All prices have the same length.
    text += fmt::format("2019-02-{}T14:{:02}:00Z,{},{},{},{},100000\n", day, 30 + minute, open,
                        is_up ? close : open, is_up ? open : close, close);
  };
  add("11", 0, "300.00", "301.00");
  add("11", 1, "301.00", "302.00");
  add("11", 2, "302.00", "303.00");
  add("11", 3, "303.00", "299.00");
  for (int minute = 4; minute < 20; ++minute) add("11", minute, "299.00", "299.00");
  for (int minute = 0; minute < 20; ++minute) add("12", minute, "149.00", "149.00");
  return text;
}

class DaemonOverAnExDate : public testing::Test {
 protected:
  DaemonOverAnExDate() {
    write_bytes(folder_ / "SPY.csv", bars());
    write_bytes(folder_ / "actions.csv",
                "ex_date,symbol,kind,value\n2019-02-12,SPY,dividend,1.00\n"
                "2019-02-12,SPY,split,2:1\n");
    write_bytes(folder_ / "config.yaml",
                "mode: paper\n"
                "account: {cash: 100000}\n"
                "market: {kind: recorded, path: " +
                    folder_.path().string() +
                    ", from: 2019-02-11, to: 2019-02-12, corporate_actions: " +
                    (folder_ / "actions.csv").string() +
                    "}\n"
                    "broker:\n"
                    "  borrow_rate: 0.36\n"
                    "  volume_share_max: 0\n"
                    "  slippage: {per_share: 0}\n"
                    "  fees: {regulatory: {enabled: true}}\n"
                    "bots:\n"
                    "  sma: {engine: sma_cross, symbol: SPY, fast: 1, slow: 2, size: 10, "
                    "direction: short, target: 0.5, stop: 0.5}\n");
  }

  const TemporaryFolder folder_;
  RunInFolder run_{DaemonCommand{(folder_ / "config.yaml").string()}, folder_ / "state"};
};

TEST_F(DaemonOverAnExDate, BooksEveryEntryToTheCent) {
  const auto outcome = run_.command().run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.text();

  auto reader = storage::TradeLogReader::open(run_.database());
  ASSERT_TRUE(reader) << reader.error().message;
  std::vector<std::string> entries;
  const auto logged = reader->ledger_entries().value();
  for (const auto& entry : logged)
    entries.push_back(fmt::format("{} {} {}", name_of(entry.row.kind),
                                  entry.row.quantity.to_string(), entry.row.amount.to_string()));
  // 10 x 299 x 0.36 / 360; 10 x 1.00; two for one; 20 x 149 x 0.36 / 360.
  EXPECT_EQ(entries, (std::vector<std::string>{"borrow_fee -10 -2.99", "dividend -10 -10.00",
                                               "split -20 0.00", "borrow_fee -20 -2.98"}));

  const auto fills = reader->fills().value();
  ASSERT_EQ(fills.size(), 1U);
  // 2990 x 13.00 / 1000000 and 10 x 0.000119, each up to a cent.
  EXPECT_EQ(fills[0].row.fee, money("0.05"));
  const auto marks = reader->equity_marks().value();
  ASSERT_EQ(marks.size(), 3U);
  EXPECT_EQ(marks[0].row.cash, money("102986.96"));
  EXPECT_EQ(marks[0].row.settled_cash, money("99997.01")) << "the sale settles on the 13th";
  EXPECT_EQ(marks[0].row.short_value, money("-2990"));
  EXPECT_EQ(marks[2].row.cash, money("102973.98"));
  EXPECT_EQ(marks[2].row.equity, money("99993.98"));
}

TEST_F(DaemonOverAnExDate, LeavesBooksThatAgreeAndAJournalThatReplays) {
  ASSERT_EQ(run_.command().run().exit_code, 0);

  const auto report = storage::check(run_.database());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->is_sound()) << report->findings.front();

  const auto replayed =
      run_process({program("st0ck").string(), "replay", run_.state_dir().string(), "--verify"});
  EXPECT_EQ(replayed.exit_code, 0) << replayed.text();
  const auto cash = run_process(
      {program("st0ck").string(), "positions", "--cash", "--state-dir", run_.state_dir().string()});
  EXPECT_NE(cash.text().find("99993.98"), std::string::npos) << cash.text();
}

TEST_F(DaemonOverAnExDate, SaysWhatIsWrongWithTheFile) {
  write_bytes(folder_ / "actions.csv", "ex_date,symbol,kind,value\n2019-02-12,SPY,split,2\n");

  const auto outcome = run_.command().run();

  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.text().find("actions.csv:2: found '2019-02-12,SPY,split,2', allowed is a ratio "
                                "of new to old shares like 4:1"),
            std::string::npos)
      << outcome.text();
}

}  // namespace
}  // namespace st0ck::test
