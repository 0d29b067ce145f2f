#include "integration/run_content.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

// Operators' commands from outside: through the command line and the state folder of a daemon.
namespace st0ck::test {
namespace {

using testing::HasSubstr;

class OperatorTest : public testing::Test {
 protected:
  ProcessOutcome say(std::vector<std::string> words) const {
    words.insert(words.begin(), program("st0ck").string());
    words.insert(words.end(), {"--state-dir", run_.state_dir().string()});
    return run_process(words);
  }

  TemporaryFolder folder_;
  RunInFolder run_{DaemonCommand::recorded(), folder_ / "state"};
};

TEST_F(OperatorTest, ReachADaemonThatIsNotRunningWhenItStarts) {
  std::filesystem::create_directory(run_.state_dir());
  const auto posted = say({"halt", "--reason", "holidays"});
  EXPECT_EQ(posted.exit_code, 0) << posted.text();
  EXPECT_THAT(posted.out, HasSubstr("it gets the command when it starts"));

  const auto outcome = run_.command().run();

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_THAT(outcome.out, HasSubstr("0 orders"));
  EXPECT_THAT(outcome.out, HasSubstr("all bots are halted until `st0ck resume --reason WHY`"));
}

TEST_F(OperatorTest, ComeAtTheSamePlaceWhenTheRunIsMadeAgain) {
  const RunInFolder paced{DaemonCommand::recorded().at_speed(40'000), run_.state_dir()};
  Process daemon{paced.command().words()};
  ASSERT_TRUE(daemon.wait_for_error_text("FILL buy"));
  const auto halted = say({"halt", "--reason", "enough", "--json"});
  EXPECT_EQ(halted.exit_code, 0) << halted.text();
  EXPECT_THAT(halted.out, HasSubstr("\"accepted\": true"));
  daemon.send(SIGKILL);
  daemon.wait();

  const RunContent continued = run_.finish();

  EXPECT_EQ(difference(continued, run_.finish()), "") << "and once more";
  const auto replay =
      run_process({program("st0ck").string(), "replay", run_.state_dir().string(), "--verify"});
  EXPECT_EQ(replay.exit_code, 0) << replay.text();
  EXPECT_THAT(replay.out, HasSubstr("identical"));
}

TEST_F(OperatorTest, AreRefusedForARunThatIsOver) {
  run_.finish();

  const auto outcome = say({"halt", "--reason", "too late"});

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("the run is over"));
  EXPECT_TRUE(files_in(run_.state_dir() / "commands").empty());
}

TEST_F(OperatorTest, ComeTooLateWhereTheRunEndsBeforeItLooks) {
  run_.finish();
  const auto folder = run_.state_dir() / "commands";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "00000000000000000001-1.json"}
      << R"({"id":"00000000000000000001-1","command":"halt","reason":"too late"})";

  const auto outcome = run_.command().run();

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  const auto answers = files_in(run_.state_dir() / "commands" / "answered");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_THAT(answers.begin()->second, HasSubstr("the run is over"));
  EXPECT_TRUE(files_in(run_.state_dir() / "commands").empty());
}

TEST_F(OperatorTest, AreToldWhatCannotBe) {
  std::filesystem::create_directory(run_.state_dir());
  EXPECT_EQ(say({"halt"}).exit_code, 2) << "without a reason";
  EXPECT_EQ(say({"halt", "--reason", "two\nlines"}).exit_code, 2) << "the daemon would refuse it";
  EXPECT_EQ(say({"halt", "--reason", std::string(600, 'x')}).exit_code, 2);
  EXPECT_EQ(say({"close"}).exit_code, 2) << "without a symbol";
  EXPECT_EQ(say({"close", "sp?"}).exit_code, 2);
  EXPECT_EQ(say({"resume", "--reason", ""}).exit_code, 2);
  const auto nowhere = run_process({program("st0ck").string(), "halt", "--reason", "x",
                                    "--state-dir", (folder_ / "none").string()});
  EXPECT_EQ(nowhere.exit_code, 2) << nowhere.text();
}

}  // namespace
}  // namespace st0ck::test
