#include "integration/bar_file.hpp"
#include "integration/run_content.hpp"
#include "st0ck/core/version.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace st0ck::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

ProcessOutcome daemon(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program("st0ckd").string());
  return run_process(arguments);
}

auto lines_of(const std::string& text) { return std::ranges::count(text, '\n'); }

TEST(DaemonCommandLine, TellsItsVersion) {
  const auto outcome = daemon({"--version"});

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_EQ(outcome.out, std::string{core::kVersion} + "\n");
}

TEST(DaemonCommandLine, TellsItsOptionsAndExitCodes) {
  const auto outcome = daemon({"--help"});

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  for (const char* text : {"--config", "--state-dir", "--set", "--summary", "--check",
                           "--print-config", "70 internal"})
    EXPECT_THAT(outcome.out, HasSubstr(text));
}

TEST(DaemonCommandLine, RefusesWhatItDoesNotKnow) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {}, {"--config"}, {"--config", "config/paper.yaml", "more"}, {"--speed", "3"}}) {
    const auto outcome = daemon(arguments);

    EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
    EXPECT_THAT(outcome.err, HasSubstr("--help"));
  }
}

TEST(DaemonCommandLine, NamesAConfigurationThatIsNotThere) {
  const auto outcome = daemon({"--config", "none.yaml", "--check"});

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("none.yaml: found No such file or directory"));
}

TEST(DaemonCommandLine, ChecksWithoutLeavingATrace) {
  const TemporaryFolder folder;

  const auto checked = daemon(
      {"--config", "config/paper.yaml", "--check", "--state-dir", (folder / "other").string()});

  EXPECT_EQ(checked.exit_code, 0) << checked.text();
  EXPECT_EQ(checked.out, "config/paper.yaml: fine\n");
  EXPECT_FALSE(fs::exists(folder / "other"));
}

TEST(DaemonCommandLine, PrintsAConfigurationThatItReadsAgain) {
  const TemporaryFolder folder;
  const auto printed = DaemonCommand::generated(2, 7).on(folder / "none").words();
  auto words = printed;
  words.emplace_back("--print-config");
  const auto outcome = run_process(words);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.text();
  write_bytes(folder / "printed.yaml", outcome.out);

  const RunContent direct = RunInFolder{DaemonCommand::generated(2, 7), folder / "a"}.finish();
  const RunContent again =
      RunInFolder{DaemonCommand{(folder / "printed.yaml").string()}, folder / "b"}.finish();

  EXPECT_EQ(difference(direct, again), "");
}

// One run tells of every problem: unknown key, wrong type, out of range, an engine that does not
// exist, and an unknown key of a bot, each with its line.
TEST(DaemonConfiguration, TellsEveryProblemAtOnce) {
  const TemporaryFolder folder;
  const auto file = folder / "bad.yaml";
  write_bytes(file,
              "mode: paper\n"
              "moed: paper\n"
              "market:\n"
              "  kind: generated\n"
              "  days: many\n"
              "  half_spread: 11\n"
              "account:\n"
              "  cash: [1]\n"
              "bots:\n"
              "  a: {engine: st0ckz}\n"
              "  b: {engine: st0cka, symbol: SPY, spread: 1}\n");

  const auto outcome = daemon({"--config", file.string(), "--check"});

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  const std::string place = file.string();
  EXPECT_THAT(outcome.err, HasSubstr(place + ":2: moed: found an unknown key; allowed: account, "));
  EXPECT_THAT(outcome.err, HasSubstr(place + ":5: market.days: found 'many'; allowed: a whole "
                                             "number from 1 to 2520"));
  EXPECT_THAT(outcome.err, HasSubstr(place + ":6: market.half_spread: found '11'; allowed: "));
  EXPECT_THAT(outcome.err, HasSubstr(place + ":8: account.cash: found "));
  EXPECT_THAT(
      outcome.err,
      HasSubstr(place + ":10: bots.a.engine: found 'st0ckz'; allowed: one of sma_cross, st0cka"));
  EXPECT_THAT(outcome.err,
              HasSubstr(place + ":11: bots.b.spread: found an unknown key; allowed: "));
  EXPECT_THAT(outcome.err, HasSubstr("st0ckd: 6 problems in the configuration\n"));
  EXPECT_EQ(lines_of(outcome.err), 7) << outcome.err;
}

TEST(DaemonConfiguration, RefusesOverridesThatAreNone) {
  const TemporaryFolder folder;
  const struct {
    std::string text;
    std::string message;
  } cases[]{
      {"market.days", "--set market.days: found no setting; allowed: key=value"},
      {"market..days=2", "found no setting; allowed: key=value"},
      {"=2", "found no setting; allowed: key=value"},
      {"market.days=0", "--set market.days: market.days: found '0'; allowed: a whole number"},
      {"market.dayz=2", "--set market.dayz: market.dayz: found an unknown key"},
      {"mode.deep=2", "mode"},
      {"market={a: [", "--set market: "},
  };
  for (const auto& [text, message] : cases) {
    const auto outcome = daemon({"--config", "config/paper.yaml", "--set", text, "--state-dir",
                                 (folder / "state").string()});

    EXPECT_EQ(outcome.exit_code, 2) << text << ": " << outcome.text();
    EXPECT_THAT(outcome.err, HasSubstr(message)) << text;
    EXPECT_FALSE(fs::exists(folder / "state")) << text;
  }
}

TEST(DaemonConfiguration, ThatIsNoYamlNamesTheLine) {
  const TemporaryFolder folder;
  write_bytes(folder / "bad.yaml", "mode: paper\nmarket: {kind: [\n");

  const auto outcome = daemon({"--config", (folder / "bad.yaml").string(), "--check"});

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr((folder / "bad.yaml").string() + ":"));
}

TEST(DaemonConfiguration, RefusesToTradeRealMoneyOnTheSimulator) {
  const auto outcome = daemon({"--config", "config/paper.yaml", "--set", "mode=live", "--check"});

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("mode"));
  EXPECT_THAT(outcome.err, HasSubstr("never trades real money"));
}

TEST(DaemonPaths, MayBeRelativeAndHoldSpaces) {
  const TemporaryFolder folder;
  write_bytes(folder / "my bars" / "SPY.csv", BarFile{}.text());
  fs::copy_file("config/recorded.yaml", folder / "my config.yaml");
  ProcessSettings settings;
  settings.working_folder = folder.path().string();

  const auto outcome = run_process(
      {fs::absolute(program("st0ckd")).string(), "--config", "my config.yaml", "--set",
       "market.path=my bars", "--set", "market.from=2019-02-11", "--set", "market.to=2019-02-11",
       "--state-dir", "my state/deep", "--summary", "my summary.json"},
      settings);

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_TRUE(fs::exists(folder / "my state" / "deep" / "trades.db"));
  const auto summary = nlohmann::json::parse(bytes_of_file(folder / "my summary.json"));
  EXPECT_EQ(summary.at("trades"), 1);
}

TEST(DaemonSummary, IsRefusedBeforeTheRunWhereItCannotBe) {
  const TemporaryFolder folder;
  for (const auto& place : {folder / "none" / "summary.json", folder.path()}) {
    const auto outcome = DaemonCommand::generated(1)
                             .on(folder / "state")
                             .with_option("--summary", place.string())
                             .run();

    EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
    EXPECT_THAT(outcome.err, HasSubstr("st0ckd: " + place.string() + ": "));
    EXPECT_FALSE(fs::exists(folder / "state"));
  }
}

}  // namespace
}  // namespace st0ck::test
