#include "src/app/session_times.hpp"

#include "support/orders.hpp"

#include <gtest/gtest.h>

#include <chrono>

// 2026-03-06 is a Friday; daylight saving time begins on the Sunday after it.
namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using st0ck::test::utc;

core::Date day(std::string_view text) { return core::parse_date(text).value(); }

TEST(SessionTimes, NameTheSessionUnderWayOrTheNext) {
  EXPECT_EQ(session_under_way_or_next(utc("2026-03-06T20:59:59Z"))->date, day("2026-03-06"));
  EXPECT_EQ(session_under_way_or_next(utc("2026-03-06T21:00:00Z"))->date, day("2026-03-09"));
  EXPECT_EQ(session_under_way_or_next(utc("2026-03-07T12:00:00Z"))->date, day("2026-03-09"));
  EXPECT_EQ(session_on_or_after(day("2026-03-06"))->date, day("2026-03-06"));
  EXPECT_EQ(session_on_or_after(day("2026-03-07"))->date, day("2026-03-09"));
}

TEST(SessionTimes, GoThroughTheMomentsBeforeEachOpen) {
  const core::Duration ahead[] = {9h + 30min, 10min};
  EXPECT_EQ(next_before_open(utc("2026-03-06T04:59:59Z"), ahead), utc("2026-03-06T05:00:00Z"));
  EXPECT_EQ(next_before_open(utc("2026-03-06T05:00:00Z"), ahead), utc("2026-03-06T14:20:00Z"));
  EXPECT_EQ(next_before_open(utc("2026-03-06T14:20:00Z"), ahead), utc("2026-03-09T04:00:00Z"));
  EXPECT_EQ(next_before_open(utc("2026-03-09T04:00:00Z"), ahead), utc("2026-03-09T13:20:00Z"));
}

}  // namespace
}  // namespace st0ck::app
