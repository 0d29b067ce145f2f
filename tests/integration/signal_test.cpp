#include "integration/run_content.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace st0ck::test {
namespace {

using testing::HasSubstr;

constexpr const char* kStopped = "stopped, the same command continues: ";
/// What a run says that goes on where an earlier process was stopped.
constexpr const char* kCaughtUp = "RUN_RECOVERED";

std::size_t count_in_log(const std::filesystem::path& state_dir, std::string_view code) {
  std::ifstream in{state_dir / "log" / "st0ckd.log"};
  const std::string wanted = fmt::format("\"code\":\"{}\"", code);
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);) count += line.find(wanted) != std::string::npos;
  return count;
}

/// A run of three sessions in about a second, to be stopped in the middle.
class SignalTest : public testing::Test {
 protected:
  /// Starts the daemon and lets it come to the text in its log.
  std::unique_ptr<Process> started_until(const std::string& text) const {
    auto daemon = std::make_unique<Process>(run_.command().words());
    EXPECT_TRUE(daemon->wait_for_error_text(text));
    return daemon;
  }

  TemporaryFolder folder_;
  RunContent whole_ = RunInFolder{DaemonCommand::generated(3), folder_ / "whole"}.finish();
  RunInFolder run_{DaemonCommand::generated(3).at_speed(70'000), folder_ / "state"};
};

TEST_F(SignalTest, ToStopEndsTheRunSoThatTheSameCommandContinues) {
  for (const auto& [signal, text] :
       {std::pair{SIGTERM, "FILL buy"}, std::pair{SIGINT, kCaughtUp}}) {
    const auto daemon = started_until(text);
    daemon->send(signal);
    const auto outcome = daemon->wait();

    EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
    EXPECT_THAT(outcome.out, HasSubstr(kStopped));
    EXPECT_THAT(outcome.err, HasSubstr("RUN_STOPPED a signal asked for it"));
  }
  EXPECT_EQ(difference(whole_, run_.finish()), "");
}

/// Whoever reads the log counts each fill once, however often the run is started again.
TEST_F(SignalTest, ToStopMakesNoFillBeToldTwice) {
  const auto daemon = started_until("FILL buy");
  daemon->send(SIGTERM);
  ASSERT_EQ(daemon->wait().exit_code, 0);

  run_.finish();
  ASSERT_EQ(run_.command().run().exit_code, 0) << "of a run that is over";

  for (const std::string_view code : {"FILL", "TRADE"}) {
    EXPECT_GT(count_in_log(folder_ / "whole", code), 0U);
    EXPECT_EQ(count_in_log(run_.state_dir(), code), count_in_log(folder_ / "whole", code)) << code;
  }
  EXPECT_EQ(count_in_log(run_.state_dir(), kCaughtUp), 2U);
}

TEST_F(SignalTest, ToStopThatComesTwiceLosesNothing) {
  const auto daemon = started_until("FILL buy");
  daemon->send(SIGTERM);
  daemon->send(SIGTERM);
  const auto outcome = daemon->wait();

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_EQ(difference(whole_, run_.finish()), "");
}

TEST_F(SignalTest, ToStopThatComesAgainAndAgainOnlyTakesLonger) {
  for (const char* text : {"2025-01-02 09:31:00", kCaughtUp, kCaughtUp}) {
    const auto daemon = started_until(text);
    daemon->send(SIGTERM);
    const auto outcome = daemon->wait();
    ASSERT_EQ(outcome.exit_code, 0) << outcome.text();
  }

  EXPECT_EQ(difference(whole_, run_.finish()), "");
}

TEST_F(SignalTest, ToStopAndThenToDieLosesNothing) {
  const auto daemon = started_until("FILL buy");
  daemon->send(SIGTERM);
  daemon->send(SIGKILL);
  daemon->wait();

  EXPECT_EQ(difference(whole_, run_.finish()), "");
}

TEST_F(SignalTest, ThatSomeoneClosedTheTerminalDoesNotStopTheRecord) {
  const auto daemon = started_until("FILL buy");
  daemon->send(SIGHUP);
  daemon->wait();

  EXPECT_EQ(difference(whole_, run_.finish()), "");
}

}  // namespace
}  // namespace st0ck::test
