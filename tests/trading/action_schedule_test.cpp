#include "st0ck/trading/action_schedule.hpp"

#include "support/orders.hpp"

#include <gtest/gtest.h>

// When an announced corporate action is applied. 2019-02-11 is a Monday.
namespace st0ck::trading {
namespace {

using Verdict = ActionSchedule::Verdict;
using test::utc;

core::Date on(std::string_view date) { return core::parse_date(date).value(); }

market::CorporateAction split(std::string_view ex_date) {
  market::CorporateAction action;
  action.kind = market::CorporateActionKind::Split;
  action.ex_date = on(ex_date);
  action.numerator = 2;
  return action;
}

TEST(ActionSchedule, KeepsWhatIsAnnouncedOvernightUntilItsSession) {
  ActionSchedule schedule;

  EXPECT_EQ(schedule.announce(split("2019-02-12"), utc("2019-02-12T03:00:00Z")), Verdict::Wait)
      << "in New York it is still the 11th";
  EXPECT_TRUE(schedule.take_due(on("2019-02-11")).empty());
  ASSERT_EQ(schedule.take_due(on("2019-02-12")).size(), 1U);
  EXPECT_TRUE(schedule.take_due(on("2019-02-12")).empty()) << "once";
  EXPECT_EQ(schedule.counters().applied, 1U);
  EXPECT_EQ(schedule.counters().waited, 1U);
}

TEST(ActionSchedule, AppliesOnTheExDateBeforeTheOpenAndNotAfterIt) {
  ActionSchedule schedule;

  EXPECT_EQ(schedule.announce(split("2019-02-11"), utc("2019-02-11T14:29:59Z")), Verdict::Apply);
  ActionSchedule later;
  EXPECT_EQ(later.announce(split("2019-02-11"), utc("2019-02-11T14:30:00Z")), Verdict::Late);
  EXPECT_EQ(later.announce(split("2019-02-08"), utc("2019-02-11T14:00:00Z")), Verdict::Late);
  EXPECT_EQ(later.counters().late, 2U);
}

TEST(ActionSchedule, HearsOfTheSameActionOnce) {
  ActionSchedule schedule;
  schedule.announce(split("2019-02-12"), utc("2019-02-11T15:00:00Z"));

  EXPECT_EQ(schedule.announce(split("2019-02-12"), utc("2019-02-11T16:00:00Z")), Verdict::Repeated);
  schedule.take_due(on("2019-02-12"));
  EXPECT_EQ(schedule.announce(split("2019-02-12"), utc("2019-02-12T14:20:00Z")), Verdict::Repeated);
  EXPECT_EQ(schedule.counters().repeated, 2U);
}

TEST(ActionSchedule, RemembersALateOneToo) {
  ActionSchedule schedule;

  EXPECT_EQ(schedule.announce(split("2019-02-11"), utc("2019-02-11T15:00:00Z")), Verdict::Late);
  EXPECT_EQ(schedule.announce(split("2019-02-11"), utc("2019-02-11T16:00:00Z")), Verdict::Repeated);
  EXPECT_EQ(schedule.counters().late, 1U);
}

TEST(ActionSchedule, FindsWhatItHasHeardForSomeWeeks) {
  ActionSchedule schedule;
  const auto find = [&](std::string_view date) {
    return schedule.find({}, market::CorporateActionKind::Split, on(date)).has_value();
  };
  schedule.announce(split("2019-02-12"), utc("2019-02-11T15:00:00Z"));

  EXPECT_TRUE(find("2019-02-12")) << "it waits";
  EXPECT_FALSE(find("2019-02-11"));
  EXPECT_FALSE(schedule.find({}, market::CorporateActionKind::CashDividend, on("2019-02-12")));
  schedule.take_due(on("2019-02-12"));
  EXPECT_TRUE(find("2019-02-12"));
  schedule.take_due(on("2019-04-15"));
  EXPECT_FALSE(find("2019-02-12"));
}

TEST(ActionSchedule, TakesAnExDateWithoutASessionWithTheNextOne) {
  ActionSchedule schedule;

  EXPECT_EQ(schedule.announce(split("2019-02-16"), utc("2019-02-16T15:00:00Z")), Verdict::Wait);
  EXPECT_EQ(schedule.take_due(on("2019-02-19")).size(), 1U) << "the 18th is a holiday";
}

TEST(ActionSchedule, GivesTheEarlierExDateFirst) {
  ActionSchedule schedule;
  schedule.announce(split("2019-02-14"), utc("2019-02-11T15:00:00Z"));
  schedule.announce(split("2019-02-13"), utc("2019-02-11T15:00:00Z"));

  const auto due = schedule.take_due(on("2019-02-15"));

  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due.front().ex_date, on("2019-02-13"));
}

TEST(ActionSchedule, HasABound) {
  ActionSchedule schedule;
  market::CorporateAction action = split("2019-03-01");
  for (std::uint32_t i = 0; i < ActionSchedule::kWaitingMax; ++i) {
    action.numerator = 2 + i;
    ASSERT_EQ(schedule.announce(action, utc("2019-02-11T15:00:00Z")), Verdict::Wait);
  }
  ++action.numerator;

  EXPECT_EQ(schedule.announce(action, utc("2019-02-11T15:00:00Z")), Verdict::TooMany);
}

}  // namespace
}  // namespace st0ck::trading
