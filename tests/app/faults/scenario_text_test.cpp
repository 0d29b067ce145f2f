#include "src/app/faults/scenario_text.hpp"

#include "src/app/exchange/scenario.hpp"
#include "src/app/faults/schedule.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>

namespace st0ck::app::faults {
namespace {

/// What is read again is written the same.
TEST(ScenarioText, IsReadAsWhatItWasWrittenOf) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const exchange::Scenario scenario = schedule_of(seed).scenario;
    const std::string text = text_of(scenario);

    const exchange::LoadedScenario loaded = exchange::parse_scenario(text, "text");

    for (const auto& problem : loaded.problems) ADD_FAILURE() << problem.to_string() << text;
    EXPECT_EQ(text_of(loaded.scenario), text);
    ASSERT_EQ(loaded.scenario.faults.size(), scenario.faults.size());
    for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
      EXPECT_EQ(loaded.scenario.faults[i].kind, scenario.faults[i].kind);
      EXPECT_EQ(loaded.scenario.faults[i].where, scenario.faults[i].where) << text;
      EXPECT_EQ(loaded.scenario.faults[i].share, scenario.faults[i].share);
    }
  }
}

TEST(Schedule, EndsItsFaultsBeforeItsCalm) {
  using namespace std::chrono_literals;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Schedule schedule = schedule_of(seed);
    for (const exchange::FaultRule& rule : schedule.scenario.faults) {
      ASSERT_TRUE(rule.from && rule.lasts) << rule.name;
      EXPECT_LE(rule.from->since_midnight + *rule.lasts, 24h) << "no rule goes through midnight";
      const core::Duration begins =
          (24h + rule.from->since_midnight - schedule.market.begins.since_midnight) %
          core::Duration{24h};
      EXPECT_LE(begins + *rule.lasts, schedule.calm_after) << "seed " << seed;
    }
    for (const Crash& crash : schedule.crashes) EXPECT_LE(crash.at, schedule.calm_after);
  }
}

TEST(Schedule, GoesThroughTheNightNowAndThen) {
  using namespace std::chrono_literals;
  int nights = 0;
  int faults = 0;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    const Schedule schedule = schedule_of(seed);
    if (schedule.calm_after < 12h) continue;
    ++nights;
    faults += static_cast<int>(schedule.scenario.faults.size());
    EXPECT_EQ(core::to_string(time_of_day(schedule, schedule.calm_after)), "09:40");
  }
  EXPECT_GT(nights, 3);
  EXPECT_LT(nights, 30);
  EXPECT_GT(faults, nights) << "in the night too";
}

TEST(Schedule, CutsAScenarioOffAtItsCalm) {
  const auto loaded = exchange::parse_scenario(
      "faults:\n  a: {kind: lose, where: [rest], share: 2%}\n"
      "  b: {kind: lose, where: [rest], from: \"15:00:00\"}\n",
      "text");

  const Schedule schedule = schedule_of(1, loaded.scenario);

  ASSERT_EQ(schedule.scenario.faults.size(), 1U) << "what comes after it is left out";
  EXPECT_EQ(schedule.scenario.faults.front().lasts, schedule.calm_after);
}

}  // namespace
}  // namespace st0ck::app::faults
