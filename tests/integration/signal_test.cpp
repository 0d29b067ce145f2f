#include "integration/run_content.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <memory>

namespace st0ck::test {
namespace {

using testing::HasSubstr;

constexpr const char* kStopped = "stopped, the same command continues: ";

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
  for (const int signal : {SIGTERM, SIGINT}) {
    const auto daemon = started_until("FILL buy");
    daemon->send(signal);
    const auto outcome = daemon->wait();

    EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
    EXPECT_THAT(outcome.out, HasSubstr(kStopped));
    EXPECT_THAT(outcome.err, HasSubstr("RUN_STOPPED a signal asked for it"));
  }
  EXPECT_EQ(difference(whole_, run_.finish()), "");
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
  for (const char* text : {"2025-01-02 09:31:00", "2025-01-03 09:31:00", "2025-01-06 09:31:00"}) {
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
