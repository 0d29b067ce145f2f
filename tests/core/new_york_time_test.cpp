#include "st0ck/core/new_york_time.hpp"

#include "st0ck/core/time_text.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>

namespace st0ck::core {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

Timestamp utc(std::string_view text) { return parse_timestamp(text).value(); }

/// The moments at which New York's clocks change in `year`, from their published dates.
struct Changes {
  int year;
  Timestamp spring;
  Timestamp autumn;
};

const Changes kPublishedChanges[] = {
    {1990, utc("1990-04-01T07:00:00Z"), utc("1990-10-28T06:00:00Z")},
    {1995, utc("1995-04-02T07:00:00Z"), utc("1995-10-29T06:00:00Z")},
    {2006, utc("2006-04-02T07:00:00Z"), utc("2006-10-29T06:00:00Z")},
    {2007, utc("2007-03-11T07:00:00Z"), utc("2007-11-04T06:00:00Z")},
    {2015, utc("2015-03-08T07:00:00Z"), utc("2015-11-01T06:00:00Z")},
    {2019, utc("2019-03-10T07:00:00Z"), utc("2019-11-03T06:00:00Z")},
    {2026, utc("2026-03-08T07:00:00Z"), utc("2026-11-01T06:00:00Z")},
};

TEST(NewYorkTime, ChangesItsOffsetAtThePublishedMoments) {
  for (const Changes& changes : kPublishedChanges) {
    EXPECT_EQ(to_new_york(changes.spring - 1ns).utc_offset, -5h) << changes.year;
    EXPECT_EQ(to_new_york(changes.spring).utc_offset, -4h) << changes.year;
    EXPECT_EQ(to_new_york(changes.autumn - 1ns).utc_offset, -4h) << changes.year;
    EXPECT_EQ(to_new_york(changes.autumn).utc_offset, -5h) << changes.year;
  }
}

TEST(NewYorkTime, ShowsTheLocalDateAndTime) {
  EXPECT_EQ(to_new_york(utc("2019-02-11T14:30:00.000000001Z")),
            (NewYorkTime{2019y / 2 / 11, 9h + 30min + 1ns, -5h}));
  EXPECT_EQ(to_new_york(utc("2019-07-01T03:59:59Z")),
            (NewYorkTime{2019y / 6 / 30, 23h + 59min + 59s, -4h}));
  EXPECT_EQ(to_new_york(utc("2019-01-01T04:59:59Z")),
            (NewYorkTime{2018y / 12 / 31, 23h + 59min + 59s, -5h}));
}

TEST(NewYorkTime, TakesTheRepeatedHourTheFirstTime) {
  EXPECT_EQ(from_new_york(2019y / 11 / 3, 1h), utc("2019-11-03T05:00:00Z"));
  EXPECT_EQ(from_new_york(2019y / 11 / 3, 2h - 1ns), utc("2019-11-03T06:00:00Z") - 1ns);
  EXPECT_EQ(from_new_york(2019y / 11 / 3, 2h), utc("2019-11-03T07:00:00Z"));
}

TEST(NewYorkTime, ReadsTheLeftOutHourAsStandardTime) {
  EXPECT_EQ(from_new_york(2019y / 3 / 10, 2h - 1ns), utc("2019-03-10T07:00:00Z") - 1ns);
  EXPECT_EQ(from_new_york(2019y / 3 / 10, 2h), utc("2019-03-10T07:00:00Z"));
  EXPECT_EQ(from_new_york(2019y / 3 / 10, 2h + 30min), utc("2019-03-10T07:30:00Z"));
  EXPECT_EQ(from_new_york(2019y / 3 / 10, 3h), utc("2019-03-10T07:00:00Z"));
}

TEST(NewYorkTime, RunsOnIntoTheNeighbouringDays) {
  EXPECT_EQ(from_new_york(2019y / 2 / 11, 24h), from_new_york(2019y / 2 / 12, 0h));
  EXPECT_EQ(from_new_york(2019y / 2 / 11, -1h), from_new_york(2019y / 2 / 10, 23h));
}

TEST(NewYorkTime, IsDefinedAtBothEndsOfTime) {
  EXPECT_EQ(to_new_york(Timestamp::min()).date, Date{1677y / 9 / 20});
  EXPECT_EQ(to_new_york(Timestamp::max()).date, Date{2262y / 4 / 11});
}

TEST(NewYorkTime, KeepsDaylightSavingAllDayOnTheSundayThatStartsIt) {
  EXPECT_FALSE(is_daylight_saving(2019y / 3 / 9));
  EXPECT_TRUE(is_daylight_saving(2019y / 3 / 10));
  EXPECT_TRUE(is_daylight_saving(2019y / 11 / 2));
  EXPECT_FALSE(is_daylight_saving(2019y / 11 / 3));
}

/// A second, plain statement of the law since 2007: the second Sunday in March is the one with
/// date 8 to 14, the first in November the one with date 1 to 7.
bool is_daylight_saving_by_counting(Date date) {
  const auto month = static_cast<unsigned>(date.month());
  const auto day = static_cast<int>(static_cast<unsigned>(date.day()));
  const auto weekday = static_cast<int>(std::chrono::weekday{sys_days{date}}.c_encoding());
  if (month == 3) return day - weekday >= 8;
  if (month == 11) return day - weekday < 1;
  return month > 3 && month < 11;
}

TEST(NewYorkTime, FollowsTheLawOnEveryDayUntil2100) {
  for (sys_days day = sys_days{2007y / 1 / 1}; day <= sys_days{2100y / 12 / 31}; day += days{1}) {
    const bool saving = is_daylight_saving_by_counting(Date{day});
    const Duration offset = saving ? -4h : -5h;

    ASSERT_EQ(is_daylight_saving(Date{day}), saving) << format_date(Date{day});
    ASSERT_EQ(to_new_york(Timestamp{day} + 17h).utc_offset, offset) << format_date(Date{day});
    ASSERT_EQ(from_new_york(Date{day}, 12h), Timestamp{day} + 12h - offset);
  }
}

const date::time_zone* zone_of_the_database() {
  try {
    return date::locate_zone("America/New_York");
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

Duration offset_in(const date::time_zone& zone, Timestamp time) {
  return zone.get_info(time).offset;
}

TEST(NewYorkTime, EqualsTheZoneDatabaseAtEveryHalfHourFrom1990To2037) {
  const auto* zone = zone_of_the_database();
  if (zone == nullptr) GTEST_SKIP() << "SKIPPED: no zone database on this machine (tzdata)";

  for (Timestamp time = utc("1990-01-01"); time < utc("2038-01-01"); time += 30min) {
    const Duration offset = offset_in(*zone, time);
    const NewYorkTime local = to_new_york(time);

    ASSERT_EQ(local.utc_offset, offset) << format_utc(time);
    ASSERT_EQ(Timestamp{sys_days{local.date}} + local.time_of_day, time + offset);
  }
}

TEST(NewYorkTime, ComesBackFromLocalTimeAsTheZoneDatabaseSays) {
  const auto* zone = zone_of_the_database();
  if (zone == nullptr) GTEST_SKIP() << "SKIPPED: no zone database on this machine (tzdata)";

  for (sys_days day = sys_days{1990y / 1 / 1}; day < sys_days{2038y / 1 / 1}; day += days{1}) {
    for (const Duration time : {Duration{0h}, Duration{1h + 30min}, Duration{9h + 30min}}) {
      const date::local_time<Duration> local{day.time_since_epoch() + time};

      const Timestamp expected = zone->to_sys(local, date::choose::earliest);

      ASSERT_EQ(from_new_york(Date{day}, time), expected) << format_date(Date{day});
    }
  }
}

TEST(NewYorkTime, ComesBackToTheSameMomentButForTheRepeatedHour) {
  EXPECT_TRUE(rc::check("any time in 1900 to 2200", [] {
    const Timestamp time = timestamp_from_ns(
        *rc::gen::inRange<std::int64_t>(to_ns(utc("1900-01-01")), to_ns(utc("2200-12-31"))));
    const NewYorkTime local = to_new_york(time);

    const Timestamp back = from_new_york(local.date, local.time_of_day);

    RC_ASSERT(back == time || (back == time - 1h && local.utc_offset == -5h &&
                               local.time_of_day >= 1h && local.time_of_day < 2h));
  }));
}

}  // namespace
}  // namespace st0ck::core
