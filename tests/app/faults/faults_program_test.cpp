#include "app/program.hpp"
#include "src/app/exit_code.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace st0ck::app::faults {
namespace {

st0ck::test::ProgramOutcome run(const std::vector<std::string>& arguments) {
  return st0ck::test::run_program("st0ck-faults", arguments);
}

TEST(FaultsProgram, PlaysSeedsAndSaysWhatTheyCameTo) {
  const auto played = run({"--seeds", "2", "--json"});

  ASSERT_EQ(played.exit_code, kExitFine) << played.out << played.err;
  const auto figures = nlohmann::json::parse(played.out);
  EXPECT_EQ(figures["schedules"], 2);
  EXPECT_GT(figures["fills"], 10);
  EXPECT_TRUE(figures["failed"].empty());
}

TEST(FaultsProgram, PlaysOverSockets) {
  const auto played = run({"--seeds", "1", "--sockets", "--timeline"});

  EXPECT_EQ(played.exit_code, kExitFine) << played.out << played.err;
  EXPECT_NE(played.out.find("wire     <- GET http://exchange/v2/account 200"), std::string::npos)
      << played.out.substr(0, 2000);
}

TEST(FaultsProgram, PlaysAScenarioThatTheExchangeTakes) {
  const auto played = run({"--seeds", "2", "--scenario", "config/scenarios/everything.yaml"});

  EXPECT_EQ(played.exit_code, kExitFine) << played.out << played.err;
  EXPECT_NE(played.out.find("lose_reply"), std::string::npos) << played.out;
}

TEST(FaultsProgram, ShowsTheTimelineOfOneSeed) {
  const auto shown = run({"--seeds", "1", "--timeline", "--keep", "ann", "--entries-for", "30s"});

  EXPECT_EQ(shown.exit_code, kExitFine) << shown.err;
  EXPECT_NE(shown.out.find("09:30:00 -04:00 trader   starts"), std::string::npos) << shown.out;
}

TEST(FaultsProgram, RefusesWhatItCannotUse) {
  struct Case {
    std::vector<std::string> arguments;
    std::string finding;
  };
  const std::vector<Case> cases{
      {{"--seeds", "0"}, "--seeds"},
      {{"--seeds", "2", "--timeline"}, "--timeline: of 2 seeds, allowed is one"},
      {{"--seeds", "1", "--keep", "nothing"}, "has no 'nothing'"},
      {{"--entries-for", "soon"}, "--entries-for: found 'soon'"},
      {{"--scenario", "config/scenarios/none.yaml"}, "none.yaml"}};
  for (const Case& refused : cases) {
    const auto ended = run(refused.arguments);
    EXPECT_EQ(ended.exit_code, kExitInput) << refused.finding;
    EXPECT_NE(ended.err.find(refused.finding), std::string::npos) << ended.err << ended.out;
  }
}

}  // namespace
}  // namespace st0ck::app::faults
