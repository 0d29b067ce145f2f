#include "st0ck/core/time_text.hpp"

#include "st0ck/core/new_york_time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace st0ck::core {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

constexpr Timestamp at_utc(Date date, Duration time = 0ns) {
  return Timestamp{sys_days{date}} + time;
}

struct GoodTime {
  std::string_view text;
  Timestamp time;
};

TEST(TimeText, ParsesEveryAllowedFormOfATime) {
  constexpr Date kDay = 2019y / 2 / 11;
  const GoodTime cases[] = {
      {"2019-02-11T14:30:00Z", at_utc(kDay, 14h + 30min)},
      {"2019-02-11T14:30:00.5Z", at_utc(kDay, 14h + 30min + 500ms)},
      {"2019-02-11T14:30:00.000000001Z", at_utc(kDay, 14h + 30min + 1ns)},
      {"2019-02-11T14:30:00.123456789+00:00", at_utc(kDay, 14h + 30min + 123456789ns)},
      {"2019-02-11T09:30:00-05:00", at_utc(kDay, 14h + 30min)},
      {"2019-02-11T20:00:00+05:30", at_utc(kDay, 14h + 30min)},
      {"2019-02-11T23:59:59-23:59", at_utc(2019y / 2 / 12, 23h + 58min + 59s)},
      {"2019-02-11", at_utc(kDay)},
      {"1549895400000000000", at_utc(kDay, 14h + 30min)},
      {"100000000000000000", timestamp_from_ns(100'000'000'000'000'000)},
      {"1900-01-01T00:00:00Z", at_utc(1900y / 1 / 1)},
      {"1969-12-31T23:59:59.999999999Z", timestamp_from_ns(-1)},
      {"2200-12-31T23:59:59.999999999Z", at_utc(2201y / 1 / 1) - 1ns},
      {"2000-02-29", at_utc(2000y / 2 / 29)},
  };
  for (const auto& expected : cases) {
    const auto time = parse_timestamp(expected.text);

    ASSERT_TRUE(time) << time.error().message;
    EXPECT_EQ(*time, expected.time) << expected.text;
  }
}

struct BadTime {
  std::string_view text;
  Errc code;
};

TEST(TimeText, RefusesEveryOtherTextAsATime) {
  const BadTime cases[] = {
      {"", Errc::BadInput},
      {" ", Errc::BadInput},
      {"2019", Errc::OutOfRange},  // A number, but no time in nanoseconds.
      {"20190211", Errc::OutOfRange},
      {"2019-02", Errc::BadInput},
      {"2019-2-11", Errc::BadInput},
      {"2019/02/11", Errc::BadInput},
      {"02-11-2019", Errc::BadInput},
      {" 2019-02-11", Errc::BadInput},
      {"2019-02-11 ", Errc::BadInput},
      {"2019-02-11T", Errc::BadInput},
      {"2019-02-11T14:30:00", Errc::BadInput},  // Whose time?
      {"2019-02-11 14:30:00", Errc::BadInput},
      {"2019-02-11 14:30:00Z", Errc::BadInput},
      {"2019-02-11T14:30Z", Errc::BadInput},
      {"2019-02-11t14:30:00z", Errc::BadInput},
      {"2019-02-11T14:30:00ZZ", Errc::BadInput},
      {"2019-02-11T14:30:00.Z", Errc::BadInput},
      {"2019-02-11T14:30:00.1234567890Z", Errc::BadInput},
      {"2019-02-11T14:30:00,5Z", Errc::BadInput},
      {"2019-02-11T14:30:00+0000", Errc::BadInput},
      {"2019-02-11T14:30:00+00", Errc::BadInput},
      {"2019-02-11T14:30:0xZ", Errc::BadInput},
      {"-019-02-11", Errc::BadInput},
      {"-1549895400000000000", Errc::BadInput},
      {"+1549895400000000000", Errc::BadInput},
      {"1549895400.5", Errc::BadInput},
      {"2019-02-11T24:00:00Z", Errc::OutOfRange},
      {"2019-02-11T23:60:00Z", Errc::OutOfRange},
      {"2016-12-31T23:59:60Z", Errc::OutOfRange},
      {"2019-02-11T14:30:00+24:00", Errc::OutOfRange},
      {"2019-02-11T14:30:00+05:60", Errc::OutOfRange},
      {"2019-02-29", Errc::OutOfRange},
      {"2019-13-01", Errc::OutOfRange},
      {"2019-00-10", Errc::OutOfRange},
      {"2019-04-31T00:00:00Z", Errc::OutOfRange},
      {"1899-12-31", Errc::OutOfRange},
      {"2201-01-01", Errc::OutOfRange},
      {"1549895400", Errc::OutOfRange},        // Seconds.
      {"1549895400000", Errc::OutOfRange},     // Milliseconds.
      {"1549895400000000", Errc::OutOfRange},  // Microseconds.
      {"99999999999999999", Errc::OutOfRange},
      {"9223372036854775807", Errc::OutOfRange},
      {"9223372036854775808", Errc::OutOfRange},
      {"18446744073709551616", Errc::OutOfRange},
  };
  for (const auto& bad : cases) {
    const auto time = parse_timestamp(bad.text);

    ASSERT_FALSE(time) << bad.text;
    EXPECT_EQ(time.error().code, bad.code) << bad.text << ": " << time.error().message;
  }
}

TEST(TimeText, SaysWhatWasFoundAndWhatIsAllowed) {
  EXPECT_EQ(parse_timestamp("noon").error().message,
            "'noon' is not a time (allowed are 2019-02-11T14:30:00Z, an offset like -05:00 for "
            "the Z, 2019-02-11, and nanoseconds since 1970)");
  EXPECT_EQ(parse_date("2019-02-30").error().message,
            "'2019-02-30' has a date that does not exist");
  EXPECT_EQ(parse_date("1776-07-04").error().message,
            "'1776-07-04' is outside the years 1900 to 2200");
  EXPECT_EQ(parse_timestamp("1549895400000").error().message,
            "'1549895400000' is not a time in nanoseconds since 1970 (allowed are the years 1973 "
            "to 2200)");
}

TEST(TimeText, CutsEndlessInputInItsMessages) {
  const std::string endless(100'000, '7');

  EXPECT_LT(parse_timestamp(endless).error().message.size(), 200U);
  EXPECT_LT(parse_timestamp("x" + endless).error().message.size(), 200U);
  EXPECT_LT(parse_date(endless).error().message.size(), 200U);
}

TEST(TimeText, ParsesDatesThatExistOnly) {
  EXPECT_EQ(parse_date("2019-02-11").value(), Date{2019y / 2 / 11});
  EXPECT_EQ(parse_date("2000-02-29").value(), Date{2000y / 2 / 29});
  EXPECT_EQ(parse_date("1900-01-01").value(), Date{1900y / 1 / 1});
  EXPECT_EQ(parse_date("2200-12-31").value(), Date{2200y / 12 / 31});
  for (const auto* text : {"", "2019-02-29", "1900-02-29", "2019-02-00", "2019-02-11T00:00:00Z",
                           "20190211", "2019-2-11", "2019-02-1", "1899-12-31", "2201-01-01"})
    EXPECT_FALSE(parse_date(text)) << text;
}

TEST(TimeText, FormatsUtcWithAsFewDecimalsAsTellItExactly) {
  constexpr Timestamp kTime = at_utc(2019y / 2 / 11, 14h + 30min);

  EXPECT_EQ(format_utc(kTime), "2019-02-11T14:30:00Z");
  EXPECT_EQ(format_utc(kTime + 500ms), "2019-02-11T14:30:00.500Z");
  EXPECT_EQ(format_utc(kTime + 500us), "2019-02-11T14:30:00.000500Z");
  EXPECT_EQ(format_utc(kTime + 1ns), "2019-02-11T14:30:00.000000001Z");
  EXPECT_EQ(format_utc(timestamp_from_ns(-1)), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(format_utc(Timestamp::max()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(format_utc(Timestamp::min()), "1677-09-21T00:12:43.145224192Z");
}

TEST(TimeText, FormatsNewYorkTimeWithItsOffset) {
  EXPECT_EQ(format_new_york(at_utc(2019y / 2 / 11, 14h + 30min)), "2019-02-11 09:30:00 -05:00");
  EXPECT_EQ(format_new_york(at_utc(2019y / 7 / 11, 13h + 30min)), "2019-07-11 09:30:00 -04:00");
  EXPECT_EQ(format_new_york(at_utc(2019y / 2 / 11, 3h + 7ms)), "2019-02-10 22:00:00.007 -05:00");
  EXPECT_EQ(format_new_york(at_utc(2019y / 2 / 11, 3h + 7us)), "2019-02-10 22:00:00 -05:00");
}

TEST(TimeText, FormatsDates) {
  EXPECT_EQ(format_date(2019y / 2 / 11), "2019-02-11");
  EXPECT_EQ(format_date_compact(2019y / 2 / 11), "20190211");
  EXPECT_EQ(format_date(1999y / 12 / 31), "1999-12-31");
}

TEST(TimeText, ReadsBackWhatItWrites) {
  EXPECT_TRUE(rc::check("any time in 1900 to 2200", [] {
    const auto ns =
        *rc::gen::inRange<std::int64_t>(to_ns(at_utc(1900y / 1 / 1)), to_ns(at_utc(2201y / 1 / 1)));
    // Rounded, so that every number of decimals occurs.
    const std::int64_t grid = *rc::gen::element<std::int64_t>(1, 1'000, 1'000'000, 1'000'000'000);
    const Timestamp time = timestamp_from_ns(ns / grid * grid);

    RC_ASSERT(parse_timestamp(format_utc(time)).value() == time);
    if (to_ns(time) >= 100'000'000'000'000'000)
      RC_ASSERT(parse_timestamp(std::to_string(to_ns(time))).value() == time);
    const Date date{std::chrono::floor<std::chrono::days>(time)};
    RC_ASSERT(parse_date(format_date(date)).value() == date);
  }));
}

}  // namespace
}  // namespace st0ck::core
