#include "app/recorded_day.hpp"
#include "src/app/commands/command_line.hpp"
#include "src/app/state_directory.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "support/kernel_stage.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

// How a run stands, and what in the account is not ours.
namespace st0ck::app {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::ordered_json;
using trading::DifferenceKind;

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;

  Json json() const { return Json::parse(out); }
};

Outcome run(std::vector<std::string> arguments, const std::filesystem::path& state) {
  arguments.insert(arguments.end(), {"--state-dir", state.string()});
  const auto commands = all_commands();
  std::ostringstream out;
  std::ostringstream err;
  Console console{out, err};
  console.width = 120;
  const int code = run_command_line(arguments, commands, console);
  return {code, out.str(), err.str()};
}

/// A run of two bots in a session, written row by row.
class StatusTest : public testing::Test {
 protected:
  StatusTest() {
    storage::TradeLogSettings settings;
    settings.path = folder / "trades.db";
    settings.when_full = storage::WhenFull::Wait;
    log = storage::TradeLog::open(settings).value();
    kernel::RunStart start;
    start.account = account;
    start.mode = "paper";
    start.bots = {{core::BotId{"a"}, core::EngineName{"probe"}, 1},
                  {core::BotId{"b"}, core::EngineName{"probe"}, 1}};
    add(kernel::RecordKind::RunStart, start);
    market::Instrument spy;
    spy.symbol = core::Symbol{"SPY"};
    add(kernel::RecordKind::InstrumentDefined, spy);
    phase(market::Phase::Open);
  }

  template <typename Row>
  void add(kernel::RecordKind kind, const Row& row) {
    kernel::PayloadBuffer payload;
    kernel::encode(row, payload);
    log->append(kind, core::Sequence{++sequence}, now, payload.view());
  }

  void phase(market::Phase phase) {
    add(kernel::RecordKind::SessionPhase,
        market::SessionPhase{phase, test::session_on("2019-02-11")});
  }

  void halt(std::string_view bot, bool is_halted) {
    add(kernel::RecordKind::Halt,
        kernel::HaltRow{account, core::BotId{bot}, is_halted, core::Code{"OPERATOR"}, "news"});
  }

  void position(std::string_view bot, std::int64_t count, std::int64_t realized) {
    kernel::PositionRow row;
    row.account = account;
    row.bot = core::BotId{bot};
    row.symbol = core::Symbol{"SPY"};
    row.quantity = core::Quantity::whole(count);
    row.realized_pnl = core::Money::whole(realized);
    add(kernel::RecordKind::Position, row);
  }

  void day(std::string_view bot, std::int64_t realized) {
    kernel::BotDayRow row;
    row.account = account;
    row.bot = core::BotId{bot};
    row.session = test::session_on("2019-02-11").date;
    row.realized_pnl = core::Money::whole(realized);
    add(kernel::RecordKind::BotDay, row);
  }

  kernel::DifferenceRow difference(DifferenceKind kind, std::string_view id,
                                   std::string_view symbol = "SPY") {
    kernel::DifferenceRow row;
    row.id = ++differences;
    row.account = account;
    row.first_seen = now;
    row.difference.kind = kind;
    row.difference.symbol = core::Symbol{symbol};
    row.difference.client_order_id = core::ClientOrderId{id};
    row.difference.theirs = core::Quantity::whole(7);
    row.difference.message = std::string{symbol} + ": something is not ours";
    add(kernel::RecordKind::Difference, row);
    return row;
  }

  void end(kernel::DifferenceRow row) {
    row.ended = now + std::chrono::minutes{2};
    add(kernel::RecordKind::Difference, row);
  }

  /// A daemon runs here that has just told its figures.
  void let_daemon_run(std::string_view figures = "{}") {
    daemon.emplace(StateDirectory::acquire(folder.path()).value());
    std::ofstream{folder / "metrics.json"} << figures;
  }

  Outcome command(std::vector<std::string> arguments) {
    if (log) {
      EXPECT_TRUE(log->finish());
      log.reset();
    }
    return run(std::move(arguments), folder.path());
  }

  const core::AccountId account{"default"};
  test::TemporaryFolder folder;
  std::unique_ptr<storage::TradeLog> log;
  std::optional<StateDirectory> daemon;
  core::Timestamp now = core::parse_timestamp("2019-02-11T15:00:00Z").value();
  std::uint64_t sequence = 0;
  std::uint64_t differences = 0;
};

TEST_F(StatusTest, SaysThatEverythingMayGoOn) {
  position("a", 3, 5);
  let_daemon_run();
  const auto told = command({"status"});

  EXPECT_EQ(told.code, 0);
  EXPECT_THAT(told.out, HasSubstr("run          running (mode paper, account default)"));
  EXPECT_THAT(told.out, HasSubstr("session      2019-02-11, open"));
  EXPECT_THAT(told.out, HasSubstr("entries      may go out"));
  EXPECT_THAT(told.out, HasSubstr("differences  none between the broker and us"));
  EXPECT_THAT(told.out, HasSubstr("3 SPY"));
  EXPECT_THAT(told.out, Not(HasSubstr("warning")));
  EXPECT_THAT(told.out, Not(HasSubstr("left alone")));
}

/// Found by an attack: "entries may go out", hours after the daemon had failed.
TEST_F(StatusTest, SaysThatNobodyLooksAfterWhatIsHeldWhereNoDaemonRuns) {
  position("a", 3, 5);
  std::ofstream{folder / "metrics.json"} << R"({"timestamp":"2019-02-11T15:00:05Z"})";

  const auto told = command({"status"});

  EXPECT_THAT(told.out, HasSubstr("run          stopped (mode paper, account default)"));
  EXPECT_THAT(told.out, HasSubstr("left alone   a holds 3 SPY: no st0ckd looks after it"));
  EXPECT_THAT(told.out, HasSubstr("entries      stopped\n"
                                  "             process NOT_RUNNING: no st0ckd runs here; it last "
                                  "told its figures at 2019-02-11 10:00:05 -05:00; its log says "
                                  "why it ended\n"));
  EXPECT_THAT(told.out, HasSubstr("differences  none when it was last compared"));
  EXPECT_THAT(told.out, Not(HasSubstr("may go out")));
  const Json json = command({"status", "--json"}).json();
  EXPECT_TRUE(json.at("entries_stopped").get<bool>());
  EXPECT_TRUE(json.at("left_alone").get<bool>());
  EXPECT_EQ(json.at("stopped_by")[0].at("code"), "NOT_RUNNING");
}

/// Found by an attack: the disk was full for an hour, and nothing said that all this was old.
TEST_F(StatusTest, WarnsOfADaemonThatTellsNothingAnyMore) {
  let_daemon_run();
  for (const std::string name : {"lock", "metrics.json"}) {
    const auto file = folder / name;
    std::filesystem::last_write_time(
        file, std::filesystem::last_write_time(file) - std::chrono::minutes{61});
  }

  const auto told = command({"status"});

  EXPECT_THAT(told.out, HasSubstr("warning      st0ckd runs, and its last figures are 36"));
  EXPECT_THAT(told.out, HasSubstr("entries      not known, see the warning"));
  EXPECT_THAT(told.out, Not(HasSubstr("may go out")));
  EXPECT_TRUE(command({"status", "--json"}).json().at("warning").is_string());
}

TEST_F(StatusTest, WarnsOfADaemonThatHasToldNothingYet) {
  daemon.emplace(StateDirectory::acquire(folder.path()).value());
  EXPECT_THAT(command({"status"}).out,
              HasSubstr("warning      st0ckd runs and has told no figures yet"));
}

TEST(Status, SaysThatNoRunHasBegun) {
  const test::TemporaryFolder folder;
  storage::TradeLogSettings settings;
  settings.path = folder / "trades.db";
  settings.when_full = storage::WhenFull::Wait;
  ASSERT_TRUE(storage::TradeLog::open(settings).value()->finish());

  EXPECT_EQ(run({"status"}, folder.path()).out,
            "run          none yet\n"
            "open orders  0\n"
            "entries      stopped\n"
            "             process NOT_RUNNING: no st0ckd runs here, and no run has begun\n"
            "differences  none known\n");
}

TEST_F(StatusTest, SaysWhatStopsEntriesAndWhy) {
  halt("", true);
  halt("b", true);
  difference(DifferenceKind::PositionDiffers, "");
  difference(DifferenceKind::ForeignOrder, "hand-1");
  end(difference(DifferenceKind::OrderUnbooked, "a-probe-20190211-9"));
  let_daemon_run();

  const Json json = command({"status", "--json"}).json();

  EXPECT_TRUE(json.at("entries_stopped").get<bool>());
  ASSERT_EQ(json.at("stopped_by").size(), 2U);
  EXPECT_EQ(json.at("stopped_by")[0].at("by"), "halt");
  EXPECT_EQ(json.at("stopped_by")[1].at("code"), "POSITION_DIFFERS");
  ASSERT_EQ(json.at("differences").size(), 2U) << "what is over is not in force";
  EXPECT_EQ(json.at("differences")[1].at("client_order_id"), "hand-1");
  EXPECT_FALSE(json.at("bots")[0].at("halted").get<bool>());
  EXPECT_TRUE(json.at("bots")[1].at("halted").get<bool>());
  EXPECT_THAT(command({"status"}).out, HasSubstr("halted, OPERATOR: news"));
}

TEST_F(StatusTest, ForgetsAHaltThatWasTakenBack) {
  halt("", true);
  halt("", false);
  let_daemon_run();
  EXPECT_FALSE(command({"status", "--json"}).json().at("entries_stopped").get<bool>());
}

TEST_F(StatusTest, CountsTheSessionsOwnProfit) {
  position("a", 0, 5);
  day("a", 5);
  position("a", 0, 12);
  EXPECT_EQ(command({"status", "--json"}).json().at("bots")[0].at("realized_pnl"), "7.00")
      << "of the session under way: what came after the last close";
}

TEST_F(StatusTest, TellsTheDayOfASessionThatIsClosed) {
  position("a", 0, 5);
  phase(market::Phase::Close);
  day("a", 5);
  EXPECT_EQ(command({"status", "--json"}).json().at("bots")[0].at("realized_pnl"), "5.00");
}

TEST_F(StatusTest, NamesWhoIsDegradedOnlyWhileADaemonRuns) {
  constexpr std::string_view kFigures =
      R"({"timestamp":"2019-02-11T15:00:00Z","risk":{"degraded_providers":["broker","account"]}})";
  std::ofstream{folder / "metrics.json"} << kFigures;
  const Json left = command({"status", "--json"}).json();
  ASSERT_EQ(left.at("stopped_by").size(), 1U);
  EXPECT_EQ(left.at("stopped_by")[0].at("by"), "process");

  let_daemon_run(kFigures);
  const Json json = command({"status", "--json"}).json();
  EXPECT_EQ(json.at("run"), "running");
  ASSERT_EQ(json.at("stopped_by").size(), 1U);
  EXPECT_EQ(json.at("stopped_by")[0].at("code"), "broker");
}

TEST_F(StatusTest, TellsTheCodeOfWhoIsDegraded) {
  let_daemon_run(R"({"risk":{"degraded_providers":["promotion"],)"
                 R"("provider_codes":{"promotion":"PROMOTION_EXPIRED"}}})");
  const Json json = command({"status", "--json"}).json();
  ASSERT_EQ(json.at("stopped_by").size(), 1U);
  EXPECT_EQ(json.at("stopped_by")[0].at("code"), "PROMOTION_EXPIRED");
  EXPECT_THAT(json.at("stopped_by")[0].at("message").get<std::string>(), HasSubstr("promotion is"));
}

TEST_F(StatusTest, DoesNotSayThatNothingDiffersWhereTheAccountCannotBeRead) {
  let_daemon_run(R"({"risk":{"degraded_providers":["broker"],)"
                 R"("provider_codes":{"broker":"ACCOUNT_UNKNOWN"}}})");
  EXPECT_THAT(command({"status"}).out, HasSubstr("differences  not known, the account cannot"));
}

/// Found by a user's attack: entries "may go out" of a daemon that waited for its broker.
TEST_F(StatusTest, DoesNotTakeTheFiguresOfAnEarlierProcessForThoseOfThisOne) {
  std::ofstream{folder / "metrics.json"} << "{}";
  const auto before = std::filesystem::last_write_time(folder / "metrics.json");
  std::filesystem::last_write_time(folder / "metrics.json", before - std::chrono::seconds{1});
  daemon.emplace(StateDirectory::acquire(folder.path()).value());

  const Json json = command({"status", "--json"}).json();
  EXPECT_THAT(json.at("warning").get<std::string>(), HasSubstr("has told no figures yet"));
  EXPECT_TRUE(json.at("entries_stopped").is_null());
  const std::string text = command({"status"}).out;
  EXPECT_THAT(text, HasSubstr("entries      not known"));
  EXPECT_THAT(text, HasSubstr("differences  not known"));
}

TEST_F(StatusTest, TakesDamagedFiguresForNone) {
  let_daemon_run(R"({"risk":[1)");
  EXPECT_EQ(command({"status"}).code, 0);
}

TEST_F(StatusTest, ShowsTheOrdersOfOthers) {
  difference(DifferenceKind::ForeignOrder, "hand-1", "TSLA");
  end(difference(DifferenceKind::OrderUnbooked, "a-probe-20190211-9"));
  difference(DifferenceKind::ForeignPosition, "", "TSLA");

  const auto all = command({"orders", "--foreign"});
  EXPECT_THAT(all.out, HasSubstr("hand-1"));
  EXPECT_THAT(all.out, HasSubstr("unbooked"));
  EXPECT_THAT(all.out, HasSubstr("10:02")) << "when it was gone";

  const Json open = command({"orders", "--foreign", "--open", "--json"}).json();
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].at("kind"), "FOREIGN_ORDER");
  EXPECT_EQ(open[0].at("symbol"), "TSLA");
  EXPECT_EQ(open[0].at("theirs"), "7");
  EXPECT_TRUE(open[0].at("ended").is_null());

  EXPECT_EQ(command({"orders", "--foreign", "--json", "--symbol", "SPY"}).json().size(), 1U);
  EXPECT_EQ(command({"orders", "--foreign", "--json", "--bot", "a"}).json().size(), 1U);
}

TEST_F(StatusTest, SaysThatNobodyElseTrades) {
  EXPECT_EQ(command({"orders", "--foreign"}).out, "no order of anybody else was seen\n");
  EXPECT_EQ(command({"orders", "--foreign", "--json"}).out, "[]\n");
}

TEST(Status, TellsOfAFinishedRun) {
  const Json json = run({"status", "--json"}, test::recorded_day().state()).json();
  EXPECT_EQ(json.at("run"), "finished");
  EXPECT_EQ(json.at("session").at("state"), "closed");
}

TEST(Status, NamesAStateDirectoryThatIsMissing) {
  const auto told = run({"status"}, "/nowhere");
  EXPECT_EQ(told.code, 2);
  EXPECT_THAT(told.err, HasSubstr("/nowhere: no such state directory"));
}

}  // namespace
}  // namespace st0ck::app
