#include "st0ck/adapters/alpaca/wire/time.hpp"

#include "st0ck/core/time_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <string>

namespace st0ck::alpaca {
namespace {

TEST(WireTime, ReadsEveryFormOfRfc3339) {
  const auto time = [](std::int64_t ns) { return core::timestamp_from_ns(ns); };
  EXPECT_EQ(read_time("2024-03-01T14:30:00Z"), time(1'709'303'400'000'000'000));
  EXPECT_EQ(read_time("2024-03-01T14:30:00.5Z"), time(1'709'303'400'500'000'000));
  EXPECT_EQ(read_time("2024-03-01T14:30:00.123456789Z"), time(1'709'303'400'123'456'789));
  EXPECT_EQ(read_time("2024-03-01T09:30:00-05:00"), time(1'709'303'400'000'000'000));
  EXPECT_EQ(read_time("2024-03-01T09:30:00.000000001-05:00"), time(1'709'303'400'000'000'001));
}

TEST(WireTime, RefusesEveryOtherText) {
  for (const std::string_view text :
       {"", "2024-03-01", "2024-03-01T14:30:00", "2024-03-01 14:30:00Z", "2024-13-01T14:30:00Z",
        "2024-02-30T14:30:00Z", "2024-03-01T24:30:00Z", "2024-03-01T14:60:00Z",
        "2024-03-01T14:30:60Z", "2024-03-01T14:30:00.Z", "2024-03-01T14:30:00.1234567891Z",
        "2024-03-01T14:30:00.12x456789Z", "1709303400000000000", "0001-01-01T00:00:00Z",
        "2024/03/01T14:30:00Z", "2024-03-01T14-30:00Z"})
    EXPECT_FALSE(read_time(text)) << text;
}

TEST(WireTime, ReadsWhatIsWrittenInUtcAndInNewYork) {
  EXPECT_TRUE(rc::check([] {
    const auto time =
        core::timestamp_from_ns(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000'000));

    RC_ASSERT(read_time(core::format_utc(time)) == time);
    RC_ASSERT(read_time(new_york_rfc3339(time)) == time);
  }));
}

TEST(WireTime, WritesNewYorkWithItsOffset) {
  EXPECT_EQ(new_york_rfc3339(core::timestamp_from_ns(1'709'303'400'000'000'000)),
            "2024-03-01T09:30:00-05:00");
  EXPECT_EQ(new_york_rfc3339(core::timestamp_from_ns(1'719'840'600'123'456'789)),
            "2024-07-01T09:30:00.123456789-04:00");
}

TEST(WireTime, TakesTheDatePartOfEitherForm) {
  using namespace std::chrono_literals;
  EXPECT_EQ(read_date_part("2024-03-01"), core::Date{2024y / 3 / 1});
  EXPECT_EQ(read_date_part("2024-03-01T00:00:00.000Z"), core::Date{2024y / 3 / 1});
  EXPECT_FALSE(read_date_part("2024-03-011"));
  EXPECT_FALSE(read_date_part("2024-3-1"));
}

}  // namespace
}  // namespace st0ck::alpaca
