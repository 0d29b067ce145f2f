#include "src/app/faults/shrink.hpp"

#include "src/app/faults/pieces.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

namespace st0ck::app::faults {
namespace {

using namespace std::chrono_literals;

/// A schedule with many pieces.
Schedule busy() {
  std::uint64_t seed = 1;
  while (true) {
    Schedule schedule = schedule_of(seed++);
    if (schedule.scenario.faults.size() >= 4 && schedule.crashes.size() >= 2) return schedule;
  }
}

bool has_fault(const Schedule& schedule, const std::string& name) {
  return std::ranges::find(schedule.scenario.faults, name, &exchange::FaultRule::name) !=
         schedule.scenario.faults.end();
}

/// A day that breaks a rule while it has two of its faults and a crash, and goes on for 100 s.
DayFigures planted(const Schedule& schedule) {
  DayFigures figures;
  if (has_fault(schedule, "f1") && has_fault(schedule, "f3") && !schedule.crashes.empty() &&
      schedule.entries_for >= 100s)
    figures.violations.push_back({"PLANTED", "found", {}});
  return figures;
}

TEST(Shrink, LeavesWhatBreaksTheRule) {
  const Schedule schedule = busy();

  const Shrunk shrunk = shrink(schedule, {"PLANTED", "", {}}, planted);

  EXPECT_EQ(shrunk.schedule.scenario.faults.size(), 2U);
  EXPECT_EQ(shrunk.schedule.crashes.size(), 1U);
  EXPECT_EQ(shrunk.kept.size(), 3U);
  EXPECT_GE(shrunk.schedule.entries_for, 100s);
  EXPECT_LE(shrunk.schedule.entries_for, 102s);
  EXPECT_EQ(shrunk.violation.what, "found");
}

TEST(Shrink, PlaysAgainByTheNamesOfItsPieces) {
  const Schedule schedule = busy();
  const Shrunk shrunk = shrink(schedule, {"PLANTED", "", {}}, planted);

  Schedule again = with_only(schedule, shrunk.kept);
  again.entries_for = shrunk.schedule.entries_for;

  EXPECT_FALSE(planted(again).violations.empty());
}

TEST(Shrink, EndsWhenItHasTriedEnough) {
  std::uint64_t played = 0;
  const auto always = [&](const Schedule& schedule) {
    ++played;
    return planted(schedule);
  };

  const Shrunk shrunk = shrink(busy(), {"PLANTED", "", {}}, always, 3);

  EXPECT_EQ(shrunk.tries, 3U);
  EXPECT_EQ(played, 3U);
}

TEST(Pieces, AreNamedOnce) {
  for (std::uint64_t seed = 1; seed < 50; ++seed) {
    const auto pieces = pieces_of(schedule_of(seed));
    EXPECT_EQ(std::set<std::string>(pieces.begin(), pieces.end()).size(), pieces.size());
  }
}

}  // namespace
}  // namespace st0ck::app::faults
