#include "app/recorded_day.hpp"
#include "src/app/commands/command_line.hpp"
#include "src/app/state_directory.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>
#include <string_view>
#include <sys/stat.h>

namespace st0ck::app {
namespace {

using Json = nlohmann::ordered_json;
using test::recorded_day;

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;

  Json json() const { return Json::parse(out); }
};

Outcome run(const std::vector<std::string>& arguments, std::size_t width = 100) {
  const auto commands = all_commands();
  std::ostringstream out;
  std::ostringstream err;
  Console console{out, err};
  console.width = width;
  const int code = run_command_line(arguments, commands, console);
  return {code, out.str(), err.str()};
}

/// The same on the state of the recorded day.
Outcome run_on_day(std::vector<std::string> arguments, std::size_t width = 100) {
  arguments.insert(arguments.end(), {"--state-dir", recorded_day().state().string()});
  return run(arguments, width);
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

std::string written(const std::filesystem::path& path, std::string_view content) {
  std::ofstream{path, std::ios::binary} << content;
  return path.string();
}

TEST(TradesCommand, GivesExactlyThePromisedKeysInJson) {
  const Json trades = run_on_day({"trades", "--json"}).json();

  ASSERT_EQ(trades.size(), 2U);
  EXPECT_EQ(keys_of(trades[0]), (std::vector<std::string>{
                                    "id", "account", "bot", "engine", "symbol", "side", "quantity",
                                    "entry_time", "entry_price", "exit_time", "exit_price",
                                    "realized_pnl", "fees", "exit_reason", "client_order_ids"}));
  EXPECT_TRUE(trades[0]["id"].is_number_integer());
  for (const char* const key : {"quantity", "entry_price", "exit_price", "realized_pnl", "fees"})
    EXPECT_TRUE(trades[0][key].is_string()) << key;
  EXPECT_EQ(trades[0]["entry_time"], "2019-02-11T14:31:00Z");
  EXPECT_TRUE(trades[0]["client_order_ids"].is_array());
}

TEST(TradesCommand, PrintsNewYorkTimesAndTotalsWithinEightyColumns) {
  const auto outcome = run_on_day({"trades"}, 80);

  EXPECT_EQ(outcome.code, 0);
  EXPECT_LE(longest_line(outcome.out), 80U) << outcome.out;
  EXPECT_NE(outcome.out.find("entry, NY -05:00"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("2019-02-11 09:31"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("\n2 trades: realised P&L "), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("\nexits: "), std::string::npos) << outcome.out;
}

TEST(TradesCommand, ShowsOnlyWhatTheFilterWants) {
  EXPECT_EQ(run_on_day({"trades", "--json", "--bot", "nobody"}).out, "[]\n");
  EXPECT_EQ(run_on_day({"trades", "--symbol", "QQQ"}).out, "no trade is like that\n");
  EXPECT_EQ(run_on_day({"trades", "--json", "--symbol", "SPY"}).json().size(), 2U);
}

/// A copy of the day whose trade log has no row yet, as after a kill that came early.
std::filesystem::path day_without_rows(const std::string& name) {
  const auto copy = recorded_day().copy(name);
  storage::TradeLogSettings settings;
  settings.path = copy / "trades.db";
  settings.when_full = storage::WhenFull::Wait;
  std::filesystem::remove(settings.path);
  const auto log = storage::TradeLog::open(settings);
  EXPECT_TRUE(log && (*log)->finish());
  return copy;
}

TEST(TradesCommand, NotesThatTheJournalHasMoreThanTheTradeLog) {
  const auto copy = day_without_rows("behind");

  const auto trades = run({"trades", "--state-dir", copy.string()});
  const auto check = run({"db", "check", "--state-dir", copy.string()});

  EXPECT_EQ(trades.code, 0);
  EXPECT_EQ(trades.out, "no trades yet\n");
  EXPECT_EQ(trades.err.find("note: the journal goes on to record "), 0U) << trades.err;
  EXPECT_NE(trades.err.find(", the trade log has 0; start st0ckd on this directory again to "
                            "complete it\n"),
            std::string::npos)
      << trades.err;
  EXPECT_EQ(check.err, trades.err);
}

TEST(TradesCommand, NotesNothingWhereTheTradeLogIsWholeOrBeingWritten) {
  const auto copy = day_without_rows("being written");
  const auto held = StateDirectory::acquire(copy);
  ASSERT_TRUE(held);

  EXPECT_EQ(run({"trades", "--state-dir", copy.string()}).err, "");
  EXPECT_EQ(run_on_day({"trades"}).err, "");
  EXPECT_EQ(run_on_day({"db", "check"}).err, "");
}

TEST(TradesCommand, NamesAStateDirectoryOrTradeLogThatIsMissing) {
  const auto nowhere = run({"trades", "--state-dir", "/nowhere"});
  const auto empty = run({"trades", "--state-dir", recorded_day().bars().string()});

  EXPECT_EQ(nowhere.code, kExitInput);
  EXPECT_NE(nowhere.err.find("/nowhere: no such state directory"), std::string::npos);
  EXPECT_EQ(empty.code, kExitInput);
  EXPECT_NE(empty.err.find("trades.db: no such file"), std::string::npos) << empty.err;
}

TEST(PositionsCommand, HidesFlatPositionsUnlessAllAreWanted) {
  EXPECT_EQ(run_on_day({"positions"}).out, "no open positions\n");
  EXPECT_EQ(run_on_day({"positions", "--json"}).out, "[]\n");
  const Json all = run_on_day({"positions", "--all", "--json"}).json();

  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["symbol"], "SPY");
  EXPECT_EQ(all[0]["quantity"], "0");
  EXPECT_TRUE(all[0]["average_price"].is_null());
}

TEST(OrdersCommand, ShowsOrdersAsTheyStand) {
  const Json orders = run_on_day({"orders", "--json"}).json();

  ASSERT_GE(orders.size(), 4U);
  EXPECT_EQ(orders[0]["client_order_id"], "scalper-st0cka-20190211-1");
  EXPECT_EQ(orders[0]["state"], "filled");
  EXPECT_EQ(run_on_day({"orders", "--open", "--json"}).out, "[]\n");
  EXPECT_LE(longest_line(run_on_day({"orders"}, 80).out), 80U);
}

TEST(ExplainCommand, TellsTheChainFromInputsToTheTrade) {
  const Json story = run_on_day({"explain", "scalper-st0cka-20190211-1", "--json"}).json();

  EXPECT_EQ(keys_of(story),
            (std::vector<std::string>{"order", "decisions", "life", "fills", "trades"}));
  const Json& decision = story["decisions"].at(0);
  EXPECT_EQ(decision["kind"], "intent");
  EXPECT_TRUE(decision["inputs"].contains("bid"));
  ASSERT_FALSE(decision["checks"].empty());
  EXPECT_EQ(keys_of(decision["checks"][0]),
            (std::vector<std::string>{"code", "value", "limit", "setting", "verdict"}));
  EXPECT_EQ(story["life"].at(0)["state"], "submitted");
  EXPECT_EQ(story["life"].back()["state"], "filled");
  EXPECT_EQ(story["fills"].size(), 1U);
  EXPECT_EQ(story["trades"].at(0)["id"], 1);
}

TEST(ExplainCommand, IsReadable) {
  const std::string text = run_on_day({"explain", "scalper-st0cka-20190211-1"}).out;

  for (const char* const part : {"decision  intent ENTRY", "ORDER_NOTIONAL", "passed",
                                 "life of the order", "fills", "trade 1"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  EXPECT_LE(longest_line(text), 100U);
}

TEST(ExplainCommand, NamesCloseIdsForOneThatIsUnknown) {
  const auto outcome = run_on_day({"explain", "scalper-st0cka-20190211-9"});

  EXPECT_EQ(outcome.code, kExitInput);
  EXPECT_NE(outcome.err.find("did you mean scalper-st0cka-20190211-1"), std::string::npos)
      << outcome.err;
  EXPECT_EQ(run_on_day({"explain", std::string(1000, 'x')}).code, kExitInput);
}

TEST(ExplainCommand, TellsTheLastStateWhenTheJournalIsGone) {
  const auto copy = recorded_day().copy("without_journal");
  std::filesystem::remove_all(copy / "journal");

  const auto outcome = run({"explain", "scalper-st0cka-20190211-1", "--state-dir", copy.string()});

  EXPECT_EQ(outcome.code, 0);
  EXPECT_NE(outcome.out.find("only the last state is known"), std::string::npos) << outcome.out;
}

TEST(ReplayCommand, SaysIdenticalInOneLine) {
  const auto outcome = run({"replay", recorded_day().state().string(), "--verify"});

  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out.find("identical: "), 0U) << outcome.out;
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 1);
}

TEST(ReplayCommand, SaysHowFarAnInterruptedRunIsIdentical) {
  const auto copy = recorded_day().copy("interrupted");
  std::filesystem::remove(copy / "trades.db");
  std::filesystem::path last;
  for (const auto& entry : std::filesystem::directory_iterator{copy / "journal"})
    last = std::max(last, entry.path());
  std::filesystem::resize_file(last, std::filesystem::file_size(last) / 2);

  const auto outcome = run({"replay", copy.string(), "--verify"});

  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out.find("identical up to the interruption: "), 0U) << outcome.out;
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 1);
}

TEST(ReplayCommand, EndsWithFiveWhenTheTradeLogKnowsMoreThanTheJournal) {
  const auto copy = recorded_day().copy("shortened");
  std::filesystem::path last;
  for (const auto& entry : std::filesystem::directory_iterator{copy / "journal"})
    last = std::max(last, entry.path());
  std::filesystem::remove(last);

  const auto outcome = run({"replay", copy.string(), "--verify"});

  EXPECT_EQ(outcome.code, kExitDiverged);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("journal: ends at record "), std::string::npos) << outcome.err;
}

TEST(ReplayCommand, TakesAFolderWithoutAJournalForAMistake) {
  EXPECT_EQ(run({"replay", "/nowhere", "--verify"}).code, kExitInput);
  EXPECT_EQ(run({"replay", recorded_day().bars().string(), "--verify"}).code, kExitInput);
}

TEST(CalendarCommand, GivesTheCsvOfTheCalendar) {
  const auto outcome = run({"calendar", "--from", "2019-11-28", "--to", "2019-11-29", "--csv"});

  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out,
            "session,open_utc,close_utc\n"
            "2019-11-29,2019-11-29T14:30:00Z,2019-11-29T18:00:00Z\n");
}

TEST(CalendarCommand, NamesReasonsInTheTable) {
  const auto outcome = run({"calendar", "--from", "2019-11-28", "--to", "2019-12-01"});

  EXPECT_EQ(outcome.out,
            "date        day  open, New York   close     note\n"
            "2019-11-28  Thu                             closed: Thanksgiving Day\n"
            "2019-11-29  Fri  09:30:00 -05:00  13:00:00  early close: day after Thanksgiving\n"
            "\n1 session\n");
}

TEST(CalendarCommand, RefusesPeriodsThatAreNone) {
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"2019-12-01", "2019-11-01"},
                                                        {"2019-13-01", "2019-12-01"},
                                                        {"1980-01-01", "2000-01-01"}})
    EXPECT_EQ(run({"calendar", "--from", from, "--to", to, "--csv"}).code, kExitInput) << from;
  EXPECT_EQ(run({"calendar", "--from", "2019-01-01"}).code, kExitInput);
}

TEST(DataCommand, ChecksABarFileAndFindsItsIntervalAndGaps) {
  const test::TemporaryFolder folder;
  const auto file = written(folder / "SPY.csv",
                            "timestamp,open,high,low,close,volume\n"
                            "2019-02-11T14:30:00Z,1,1,1,1,10\n"
                            "2019-02-11T14:35:00Z,1,1,1,1,10\n"
                            "2019-02-11T14:50:00Z,1,1,1,1,10\n");

  const Json checked = run({"data", "check", file, "--json"}).json()["files"].at(0);

  EXPECT_EQ(checked["interval"], "5 min");
  EXPECT_EQ(checked["bars"], 3);
  EXPECT_EQ(checked["first_start"], "2019-02-11T14:30:00Z");
  EXPECT_EQ(checked["last_end"], "2019-02-11T14:55:00Z");
  EXPECT_EQ(checked["gap_list"].at(0)["bars"], 2);
}

TEST(DataCommand, NamesFileAndLineOfEachDefect) {
  const test::TemporaryFolder folder;
  const std::string header = "timestamp,open,high,low,close,volume\n";
  written(folder / "A.csv", header + "2019-02-11T14:30:00Z,1,1,1,1,10\n");
  written(folder / "B.csv", header + "2019-02-11T14:30:00Z,1,1,1,-1,10\n");
  written(folder / "C.csv", "date,close\n");
  written(folder / "_notes.csv", "not,bars\n");

  const auto outcome = run({"data", "check", folder.path().string()});

  EXPECT_EQ(outcome.code, kExitInput);
  EXPECT_NE(outcome.out.find("\nA "), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.err.find("B.csv:2: "), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("C.csv:1: "), std::string::npos) << outcome.err;
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 2);
}

TEST(DataCommand, RefusesAFolderWithoutBars) {
  const test::TemporaryFolder folder;

  EXPECT_EQ(run({"data", "check", folder.path().string()}).code, kExitInput);
  EXPECT_EQ(run({"data", "check", (folder / "nowhere").string()}).code, kExitInput);
}

TEST(DataCommand, ImportsIntoFilesThatSayTheSame) {
  const test::TemporaryFolder folder;
  const auto input = written(folder / "SPY.csv",
                             "datetime,open,high,low,close,volume\n"
                             "2019-02-11 09:31:00,1.5,2,1,1.75,10\n"
                             "2019-02-11 09:32:00,1.75,2,1,1.8,20\n");

  const auto outcome = run({"data", "import", "--format", "us-equity-minute-2019", "--input", input,
                            "--output", (folder / "out").string()});

  EXPECT_EQ(outcome.code, 0) << outcome.err;
  std::ifstream file{folder / "out/SPY.csv"};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{file}, {}}),
            "timestamp,open,high,low,close,volume\n"
            "2019-02-11T14:30:00Z,1.50,2.00,1.00,1.75,10\n"
            "2019-02-11T14:31:00Z,1.75,2.00,1.00,1.80,20\n");
}

TEST(DataCommand, ImportsOnlyTheSymbolsNamedAndNamesOneThatIsMissing) {
  const test::TemporaryFolder folder;
  const std::string bars = "timestamp,open,high,low,close,volume\n2019-02-11T14:30:00Z,1,1,1,1,1\n";
  for (const char* const name : {"A.csv", "B.csv", "C.csv"}) written(folder / name, bars);
  const auto import = [&](const std::string& symbols) {
    return run({"data", "import", "--format", "st0ck", "--input", folder.path().string(),
                "--output", (folder / "out").string(), "--symbols", symbols, "--json"});
  };

  EXPECT_EQ(import("A,C").json().size(), 2U);
  EXPECT_FALSE(std::filesystem::exists(folder / "out/B.csv"));
  EXPECT_EQ(import("A,X").code, kExitInput);
}

TEST(DataCommand, LeavesNoFileBehindForInputWithADefect) {
  const test::TemporaryFolder folder;
  const auto input = written(folder / "SPY.csv",
                             "timestamp,open,high,low,close,volume\n"
                             "2019-02-11T14:30:00Z,1,1,1,1,1\n"
                             "2019-02-11T14:30:00Z,1,1,1,1,1\n");

  const auto outcome = run({"data", "import", "--format", "st0ck", "--input", input, "--output",
                            (folder / "out").string()});

  EXPECT_EQ(outcome.code, kExitInput);
  EXPECT_NE(outcome.err.find("SPY.csv:3: "), std::string::npos) << outcome.err;
  EXPECT_TRUE(std::filesystem::is_empty(folder / "out"));
}

TEST(DataCommand, DoesNotWriteOverItsInput) {
  const test::TemporaryFolder folder;
  const auto input = written(folder / "SPY.csv", "timestamp,open,high,low,close,volume\n");

  EXPECT_EQ(run({"data", "import", "--format", "st0ck", "--input", input, "--output",
                 folder.path().string()})
                .code,
            kExitInput);
}

TEST(DbCommand, FindsATradeLogSound) {
  const auto outcome = run_on_day({"db", "check"});

  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out.find("sound: "), 0U) << outcome.out;
  EXPECT_EQ(run_on_day({"db", "check", "--json"}).json()["sound"], true);
}

TEST(DbCommand, TellsWhichRunTheTradeLogBelongsTo) {
  const Json info = run_on_day({"db", "info", "--json"}).json();

  EXPECT_EQ(info["account"], "default");
  EXPECT_EQ(info["end"]["trades"], 2);
}

TEST(DbCommand, CallsAFileThatIsNoDatabaseAFinding) {
  const auto copy = recorded_day().copy("no_database");
  written(copy / "trades.db", std::string(10'000, 'x'));

  EXPECT_EQ(run({"db", "check", "--state-dir", copy.string()}).code, kExitFound);
  EXPECT_EQ(run({"trades", "--state-dir", copy.string()}).code, kExitInput);
}

TEST(ConfigCommand, NamesEveryProblemOfAConfiguration) {
  const auto outcome = run({"config", "check", "--config", "config/recorded.yaml", "--set",
                            "nonsense=1", "--set", "market.speed=-1"});

  EXPECT_EQ(outcome.code, kExitInput);
  EXPECT_NE(outcome.err.find("nonsense"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("market.speed"), std::string::npos) << outcome.err;
  EXPECT_EQ(run({"config", "check", "--config", "config/recorded.yaml"}).out,
            "config/recorded.yaml: fine\n");
}

TEST(ConfigCommand, ShowsWhatReadsBackToTheSameConfiguration) {
  const test::TemporaryFolder folder;
  const auto shown = run({"config", "show", "--config", "config/recorded.yaml"});
  const auto file = written(folder / "shown.yaml", shown.out);

  EXPECT_EQ(run({"config", "show", "--config", file}).out, shown.out);
  const Json json = run({"config", "show", "--config", file, "--json"}).json();
  EXPECT_EQ(json["settings"]["market"]["half_spread"], "0.005");
}

TEST(ConfigCommand, ListsKeysByTheirBeginning) {
  const Json keys = run({"config", "keys", "journal.", "--json"}).json();

  ASSERT_FALSE(keys.empty());
  for (const Json& key : keys) EXPECT_EQ(key["key"].get<std::string>().find("journal."), 0U);
  EXPECT_EQ(run({"config", "keys", "nonsense"}).code, kExitInput);
}

TEST(MetricsCommand, TellsTheFiguresOfTheRunsEnd) {
  const Json json = run_on_day({"metrics", "--json"}).json();
  EXPECT_EQ(json["snapshot"]["is_daemon_running"], false);
  EXPECT_TRUE(json["snapshot"]["written"].is_string());

  EXPECT_EQ(json.at("run").at("sessions"), 2);
  EXPECT_EQ(json.at("run").at("trades"), 2);
  EXPECT_EQ(json.at("trade_log").at("queue_rows"), 0) << "all is written";
  EXPECT_EQ(json.at("trade_log").at("offered"), json.at("trade_log").at("committed"));
  EXPECT_NE(run_on_day({"metrics"}).out.find("run.trades"), std::string::npos);
}

TEST(MetricsCommand, ShowsListsAndWhatIsNotKnownInWordsOfAPerson) {
  const test::TemporaryFolder folder;
  written(folder / "metrics.json", R"({"stopped_by": ["A", "B"], "degraded": [], "caches": {},
      "median_ms": 1.23456, "today": null, "pools": {"trading": {"in_use": 0}}})");

  const auto shown = run({"metrics", "--state-dir", folder.path().string()});

  EXPECT_NE(shown.out.find("snapshot.is_daemon_running  false\n"
                           "stopped_by                  A, B\n"
                           "degraded                    none\n"
                           "caches                      none\n"
                           "median_ms                   1.235\n"
                           "today                       -\n"
                           "pools.trading.in_use        0\n"),
            std::string::npos)
      << shown.out << shown.err;
}

TEST(MetricsCommand, SaysWhatIsMissing) {
  const auto folder = recorded_day().copy("without metrics");
  std::filesystem::remove(folder / "metrics.json");
  const auto missing = run({"metrics", "--state-dir", folder.string()});
  EXPECT_EQ(missing.code, 2);
  EXPECT_NE(missing.err.find("not there yet"), std::string::npos);

  written(folder / "metrics.json", "half a fi");
  EXPECT_EQ(run({"metrics", "--state-dir", folder.string()}).code, 2);
}

TEST(MetricsCommand, SaysThatAFolderIsInThePlaceOfTheFile) {
  const auto folder = recorded_day().copy("a folder for metrics");
  std::filesystem::remove(folder / "metrics.json");
  std::filesystem::create_directory(folder / "metrics.json");

  const auto metrics = run({"metrics", "--state-dir", folder.string()});
  const auto status = run({"status", "--state-dir", folder.string()});

  EXPECT_EQ(metrics.code, 2);
  EXPECT_NE(metrics.err.find("metrics.json: is a folder, allowed is a plain file"),
            std::string::npos)
      << metrics.err;
  EXPECT_EQ(status.code, 0) << status.err;
}

/// Found by hand: it waited for ever for somebody who writes.
TEST(StateFiles, AreNotWaitedForWhereAPipeIsInTheirPlace) {
  int count = 0;
  for (const char* file : {"metrics.json", "trades.db", "lock", "journal/00000001.st0j"}) {
    const auto folder = recorded_day().copy(fmt::format("pipe {}", ++count));
    std::filesystem::remove(folder / file);
    ASSERT_EQ(::mkfifo((folder / file).c_str(), 0600), 0) << file;
    const auto state_dir = folder.string();
    const bool is_lock = std::string_view{file} == "lock";

    const auto status = run({"status", "--state-dir", state_dir});
    const auto metrics = run({"metrics", "--state-dir", state_dir});
    const auto replay = run({"replay", state_dir});

    const std::string said = status.err + metrics.err + replay.err;
    EXPECT_EQ(said.find(": is a pipe, allowed is a plain file") == std::string::npos, is_lock)
        << file << ": " << said;
  }
}

}  // namespace
}  // namespace st0ck::app
