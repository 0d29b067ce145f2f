#include "integration/run_content.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>

// The breaker for losses that come too fast, in a daemon: five recorded sessions, a cent allowed.
namespace st0ck::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kHalted = "all bots are halted until `st0ck resume --reason WHY`";

DaemonCommand losing_a_cent() {
  return DaemonCommand::recorded().with("risk.loss_rate_max", "0.01");
}

TEST(LossRateBreaker, HaltsARunThatGoesOnToItsEnd) {
  const TemporaryFolder folder;
  const RunInFolder run{losing_a_cent(), folder / "state"};

  const auto outcome = run.command().run();

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("LOSS_RATE"));
  EXPECT_THAT(outcome.out, HasSubstr(kHalted));
  const auto replay =
      run_process({program("st0ck").string(), "replay", run.state_dir().string(), "--verify"});
  EXPECT_EQ(replay.exit_code, 0) << replay.text();
  EXPECT_THAT(replay.out, HasSubstr("identical"));
}

TEST(LossRateBreaker, LetsTheSameRunBeByDefault) {
  const TemporaryFolder folder;
  const auto outcome = RunInFolder{DaemonCommand::recorded(), folder / "state"}.command().run();

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_THAT(outcome.out, Not(HasSubstr(kHalted)));
}

TEST(LossRateBreaker, StaysThroughARestart) {
  const TemporaryFolder folder;
  const RunInFolder undisturbed{losing_a_cent(), folder / "undisturbed"};
  const RunInFolder run{losing_a_cent(), folder / "state"};
  const RunInFolder paced{losing_a_cent().at_speed(40'000), run.state_dir()};
  Process daemon{paced.command().words()};
  ASSERT_TRUE(daemon.wait_for_error_text("LOSS_RATE"));
  daemon.send(SIGKILL);
  daemon.wait();

  EXPECT_EQ(difference(undisturbed.finish(), run.finish()), "");
  EXPECT_THAT(run.command().run().out, HasSubstr(kHalted));
}

}  // namespace
}  // namespace st0ck::test
