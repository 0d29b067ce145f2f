#include "st0ck/core/settings/setting_type.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::core {
namespace {

using namespace std::chrono_literals;

template <typename Value>
std::optional<Value> parse(std::string_view text) {
  return SettingType<Value>::parse(text);
}

TEST(SettingType, ReadsDurations) {
  EXPECT_EQ(parse<Duration>("250ms"), 250ms);
  EXPECT_EQ(parse<Duration>("10s"), 10s);
  EXPECT_EQ(parse<Duration>("5m"), 5min);
  EXPECT_EQ(parse<Duration>("1h30m"), 90min);
  EXPECT_EQ(parse<Duration>("1d"), 24h);
  EXPECT_EQ(parse<Duration>("-3us7ns"), -3007ns);
  EXPECT_EQ(parse<Duration>("0s"), 0s);
}

TEST(SettingType, RefusesOtherDurations) {
  for (const char* text : {"", "-", "5", "s", "5 s", "5S", "1m1h", "1s1s", "1.5s", "--1s", "5sec",
                           "99999999d", "99999999999999999999s"})
    EXPECT_EQ(parse<Duration>(text), std::nullopt) << text;
}

TEST(SettingType, ReadsTimesOfDay) {
  EXPECT_EQ(parse<TimeOfDay>("09:30"), TimeOfDay{9h + 30min});
  EXPECT_EQ(parse<TimeOfDay>("00:00:01"), TimeOfDay{1s});
  EXPECT_EQ(parse<TimeOfDay>("23:59:59"), TimeOfDay{24h - 1s});
  for (const char* text : {"", "9:30", "24:00", "09:60", "09:30:60", "09-30", "0a:30",
                           "09:30:", "09:30 am", "-1:30", "09:300000"})
    EXPECT_EQ(parse<TimeOfDay>(text), std::nullopt) << text;
}

TEST(SettingType, ReadsRatesAsFactorOrPerCent) {
  EXPECT_EQ(parse<Rate>("0.05")->raw(), 50'000'000);
  EXPECT_EQ(parse<Rate>("5%")->raw(), 50'000'000);
  EXPECT_EQ(parse<Rate>("-0.0000001%")->raw(), -1);
  for (const char* text : {"", "%", "5 %", "0.00000001%", "5%%", "five", "1e-2"})
    EXPECT_EQ(parse<Rate>(text), std::nullopt) << text;
}

TEST(SettingType, ReadsSizes) {
  EXPECT_EQ(parse<ByteSize>("512KiB"), kibibytes(512));
  EXPECT_EQ(parse<ByteSize>("2GiB"), mebibytes(2048));
  EXPECT_EQ(parse<ByteSize>("7B"), ByteSize{7});
  for (const char* text : {"", "7", "B", "-1B", "1MB", "1 MiB", "1.5MiB", "9999999999GiB"})
    EXPECT_EQ(parse<ByteSize>(text), std::nullopt) << text;
}

TEST(SettingType, ReadsNumbers) {
  EXPECT_EQ(parse<std::int64_t>("-42"), -42);
  EXPECT_EQ(parse<double>("1e-3"), 0.001);
  for (const char* text : {"", "1.0", "+1", "1e3", "0x10", "1_000", " 1", "9223372036854775808"})
    EXPECT_EQ(parse<std::int64_t>(text), std::nullopt) << text;
  for (const char* text : {"", "nan", "inf", "-inf", "1e999", "1,5", "1 "})
    EXPECT_EQ(parse<double>(text), std::nullopt) << text;
}

TEST(SettingType, KeepsIntegersInTheirType) {
  EXPECT_EQ(parse<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(parse<std::uint16_t>("65536"), std::nullopt);
  EXPECT_EQ(parse<std::uint16_t>("-1"), std::nullopt);
}

TEST(SettingType, ReadsBooleansByTheirTwoWords) {
  EXPECT_EQ(parse<bool>("true"), true);
  EXPECT_EQ(parse<bool>("false"), false);
  for (const char* text : {"True", "yes", "on", "1", ""})
    EXPECT_EQ(parse<bool>(text), std::nullopt) << text;
}

TEST(SettingType, ReadsDates) {
  EXPECT_EQ(parse<Date>("2024-02-29"), Date(std::chrono::year{2024} / 2 / 29));
  for (const char* text : {"2023-02-29", "2024-2-9", "20240229", "", "2024-02-29 "})
    EXPECT_EQ(parse<Date>(text), std::nullopt) << text;
}

TEST(SettingType, ReadsNamesWithinTheirCapacity) {
  EXPECT_EQ(parse<BotId>("a_1"), BotId{"a_1"});
  EXPECT_EQ(parse<EngineName>("abcdefghijklm"), std::nullopt);
  EXPECT_EQ(parse<AccountId>("1a"), std::nullopt);
}

template <typename Value>
void expect_round_trip(const Value& value) {
  const auto text = SettingType<Value>::format(value);
  const auto back = SettingType<Value>::parse(text);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == value);
}

TEST(SettingType, FormatsWhatItReadsBack) {
  EXPECT_TRUE(rc::check("durations", [](std::int64_t count) {
    // The one value without a positive counterpart has no text.
    RC_PRE(count != std::numeric_limits<std::int64_t>::min());
    expect_round_trip(Duration{count});
  }));
  EXPECT_TRUE(
      rc::check("prices", [](std::int64_t raw) { expect_round_trip(Price::from_raw(raw)); }));
  EXPECT_TRUE(rc::check("rates", [](std::int64_t raw) { expect_round_trip(Rate::from_raw(raw)); }));
  EXPECT_TRUE(rc::check("integers", [](std::int64_t value) { expect_round_trip(value); }));
  EXPECT_TRUE(rc::check("numbers", [](double value) { expect_round_trip(value); }));
  EXPECT_TRUE(rc::check("sizes", [] {
    expect_round_trip(ByteSize{*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 62)});
  }));
  EXPECT_TRUE(rc::check("times", [] {
    expect_round_trip(TimeOfDay{std::chrono::seconds{*rc::gen::inRange(0, 86'400)}});
  }));
}

}  // namespace
}  // namespace st0ck::core
