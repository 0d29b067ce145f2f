#include "src/app/faults/fault_day.hpp"

#include "src/app/faults/campaign.hpp"
#include "src/app/faults/pieces.hpp"
#include "src/app/faults/report.hpp"
#include "support/effort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>
#include <string_view>

namespace st0ck::app::faults {
namespace {

using namespace std::chrono_literals;

/// Two hundred schedules of all faults (issue 5); scripts/campaign faults plays many more.
TEST(FaultDays, BreakNoRule) {
  CampaignSettings settings;
  settings.seeds = static_cast<std::uint64_t>(st0ck::test::effort(200, 20));

  const CampaignFigures figures = run_campaign(settings);

  for (const FailedDay& failed : figures.failed) ADD_FAILURE() << text_of(failed);
  EXPECT_EQ(figures.schedules, settings.seeds);
  EXPECT_GT(figures.sum.fills, 10 * figures.schedules) << "too little happens to show anything";
  EXPECT_GT(figures.sum.unknown, figures.schedules / 10);
  EXPECT_GT(figures.sum.states_compared, figures.schedules / 10);
  std::cout << text_of(figures, 0s);
}

TEST(FaultDays, GoTheSameWayEachTime) {
  for (const std::uint64_t seed : {3, 5, 8}) {
    Timeline first;
    Timeline second;

    play_day(schedule_of(seed), &first);
    play_day(schedule_of(seed), &second);

    EXPECT_GT(first.lines().size(), 100U);
    EXPECT_EQ(first.lines(), second.lines()) << "seed " << seed;
  }
}

/// Killed while the account cannot be read until the day is calm: found by a user's attack.
TEST(FaultDays, LeaveWhatTheyHoldThoughTheAccountCannotBeRead) {
  int blind = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    exchange::FaultRule unread;
    unread.name = "unread";
    unread.kind = exchange::FaultKind::Status;
    unread.where = {exchange::FaultPoint::Account};
    unread.from = core::TimeOfDay{9h + 37min};
    exchange::Scenario scenario;
    scenario.faults = {unread};
    Schedule schedule = schedule_of(seed, scenario);
    schedule.crashes = {{.at = 7min + 30s, .down = 5s}};
    schedule.commands.clear();
    Timeline timeline;

    const DayFigures figures = play_day(schedule, &timeline);

    for (const Violation& violation : figures.violations)
      ADD_FAILURE() << "seed " << seed << ": " << violation.rule << ": " << violation.what;
    for (const std::string& line : timeline.lines())
      if (line.find("BROKER_BLIND") != std::string::npos) ++blind;
  }
  EXPECT_GT(blind, 0) << "nothing was held at the crash";
}

/// What was sold short by somebody he buys back in two orders, where the account would go from
/// short to long: no venue takes that as one (seed 32430).
TEST(FaultDays, EndWithSomebodyWhereHeBegan) {
  Schedule schedule = with_only(schedule_of(32'430), {"ann", "somebody2", "somebody4"});
  schedule.entries_for = 398s;

  const DayFigures figures = play_day(schedule);

  for (const Violation& violation : figures.violations)
    ADD_FAILURE() << violation.rule << ": " << violation.what;
}

/// The power fails after an exit has gone for which the disk hung: a pair (1202), one for two
/// entries whose fills are still to be heard of (12031), the stop of a bracket that the records
/// have as armed (1099), and more than one of a day (479).
TEST(FaultDays, FindExitsWithoutARecordAgain) {
  for (const std::uint64_t seed : {479, 1099, 1202, 12'031}) {
    const DayFigures figures = play_day(schedule_of(seed));

    EXPECT_GT(figures.exits_recovered, 0U) << "seed " << seed;
    for (const Violation& violation : figures.violations)
      ADD_FAILURE() << "seed " << seed << ": " << violation.rule << ": " << violation.what;
  }
}

/// Days that broke a rule once: the stop of one group fills before its entry is heard of and counts
/// against the older group, so that their stops are for all that is held, though not group by
/// group (5751); a change comes eleven seconds after it was asked for (11189); somebody closes more
/// than what has no stop (13199).
TEST(FaultDays, KeepTheRulesWhereTheyOnceDidNot) {
  for (const std::uint64_t seed : {5751, 11'189, 13'199}) {
    const DayFigures figures = play_day(schedule_of(seed));

    for (const Violation& violation : figures.violations)
      ADD_FAILURE() << "seed " << seed << ": " << violation.rule << ": " << violation.what;
  }
}

TEST(FaultDays, GoThroughTheNightIntoTheNextSession) {
  std::uint64_t seed = 1;
  while (schedule_of(seed).calm_after < 12h) ++seed;
  Timeline timeline;

  const DayFigures figures = play_day(schedule_of(seed), &timeline);

  for (const Violation& violation : figures.violations)
    ADD_FAILURE() << "seed " << seed << ": " << violation.rule << ": " << violation.what;
  const auto is_told = [&](std::string_view text) {
    return std::ranges::any_of(timeline.lines(), [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  };
  EXPECT_TRUE(is_told("day-20250602")) << "seed " << seed;
  EXPECT_TRUE(is_told("day-20250603")) << "seed " << seed;
}

TEST(FaultDays, GoTheSameWayWithATimelineAndWithout) {
  Timeline timeline;
  const DayFigures with = play_day(schedule_of(5), &timeline);
  const DayFigures without = play_day(schedule_of(5));

  EXPECT_EQ(with.records, without.records);
  EXPECT_EQ(with.requests, without.requests);
}

TEST(FaultDays, HaveTheSameFiguresOnSeveralThreads) {
  CampaignSettings settings;
  settings.seeds = 8;
  const CampaignFigures alone = run_campaign(settings);
  settings.jobs = 3;
  const CampaignFigures together = run_campaign(settings);

  EXPECT_EQ(json_of(settings, alone, 0s), json_of(settings, together, 0s));
}

}  // namespace
}  // namespace st0ck::app::faults
