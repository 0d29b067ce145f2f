#include "st0ck/market/csv/csv_values.hpp"

#include "st0ck/core/time_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <string_view>

namespace st0ck::market {
namespace {

/// The plain twin: the parser of core, which is tested on its own.
std::optional<std::int64_t> by_core(std::string_view text, int digits) {
  const auto value = core::parse_decimal(text, digits);
  return value ? std::optional{*value} : std::nullopt;
}

TEST(CsvValues, NameTheLimitsOnlyWhereADecimalIsBeyondThem) {
  for (const std::string_view text : {"", "-1", "0", "0.00", "1e1", "1.2.3", ".", "1.", ".5"})
    EXPECT_EQ(price_allowed(text), "a decimal above zero") << text;
  EXPECT_EQ(volume_allowed("-1"), "a decimal of zero or more");
  EXPECT_EQ(price_allowed("99999999999999"),
            "a decimal above zero, at most 9223372036.854775807, with at most 9 decimals");
  EXPECT_EQ(volume_allowed("0.1234567"),
            "a decimal of zero or more, at most 9223372036854.775807, with at most 6 decimals");
}

TEST(CsvValues, ReadDecimalsAsCoreDoes) {
  for (const std::string_view text : {"",
                                      ".",
                                      "0",
                                      "1",
                                      "1.",
                                      ".5",
                                      "-1",
                                      "-",
                                      "--1",
                                      "1.2.3",
                                      "1e5",
                                      " 1",
                                      "1 ",
                                      "+1",
                                      "00.10",
                                      "9.123456789",
                                      "9.1234567890",
                                      "9.1234567891",
                                      "9223372036.854775807",
                                      "9223372036.854775808",
                                      "999999999.999999999",
                                      "123456789012345678",
                                      "0.000000001",
                                      "12345678901234567890",
                                      "1,5",
                                      "0x10"})
    for (const int digits : {6, 9})
      EXPECT_EQ(read_decimal(text, digits), by_core(text, digits)) << text << " " << digits;
}

TEST(CsvValues, ReadAnyDecimalLikeTextAsCoreDoes) {
  const bool holds = rc::check("any mix of digits, points and signs", [] {
    const auto text =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789..-")));
    RC_ASSERT(read_decimal(text, 9) == by_core(text, 9));
    RC_ASSERT(read_decimal(text, 6) == by_core(text, 6));
  });
  EXPECT_TRUE(holds);
}

TEST(CsvValues, ReadBackEveryPriceThatIsWritten) {
  const bool holds = rc::check("any positive price", [] {
    const auto raw = *rc::gen::positive<std::int64_t>();
    const auto price = core::Price::from_raw(raw);
    RC_ASSERT(read_price(price.to_string()) == price);
  });
  EXPECT_TRUE(holds);
}

TEST(CsvValues, TakePricesAboveZeroAndVolumesFromZero) {
  EXPECT_FALSE(read_price("0").has_value());
  EXPECT_FALSE(read_price("-0.01").has_value());
  EXPECT_TRUE(read_price("0.000000001").has_value());
  EXPECT_TRUE(read_volume("0").has_value());
  EXPECT_FALSE(read_volume("-1").has_value());
  EXPECT_EQ(read_count("4294967295"), 4294967295U);
  EXPECT_FALSE(read_count("4294967296").has_value());
  EXPECT_FALSE(read_count("-1").has_value());
  EXPECT_FALSE(read_count("").has_value());
}

TEST(CsvTimes, ReadEveryWrittenTimeAsCoreDoes) {
  CsvTimes times{CsvTime::Utc};
  const bool holds = rc::check("any time from 1990 to 2100", [&] {
    const auto ns =
        *rc::gen::inRange<std::int64_t>(631'152'000'000'000'000, 4'102'444'800'000'000'000);
    const auto exact = core::timestamp_from_ns(ns);
    const auto seconds = core::Timestamp{std::chrono::floor<std::chrono::seconds>(exact)};
    for (const auto time : {exact, seconds}) {
      const auto read = times.read(core::format_utc(time));
      RC_ASSERT(read.has_value());
      RC_ASSERT(read->time == time);
    }
  });
  EXPECT_TRUE(holds);
}

TEST(CsvTimes, RefuseWhatIsNoTime) {
  CsvTimes utc{CsvTime::Utc};
  CsvTimes local{CsvTime::NewYork};
  for (const std::string_view text :
       {"", "2019-02-11T24:00:00Z", "2019-02-11T14:60:00Z", "2019-02-11T14:30:60Z",
        "2019-02-11T14-30:00Z", "2019-13-11T14:30:00Z", "2019-02-29T14:30:00Z", "2019-02-29",
        "201a-02-11T14:30:00Z", "2019-02-11T1a:30:00Z", "2019-02-11T14:30:00X"}) {
    EXPECT_FALSE(utc.read(text).has_value()) << text;
    EXPECT_FALSE(local.read(text).has_value()) << text;
  }
  EXPECT_FALSE(utc.read("2019-02-11 14:30:00").has_value());
  EXPECT_FALSE(local.read("2019-02-11T14:30:00Z").has_value());
  EXPECT_FALSE(local.read("2019-02-11 25:30:00").has_value());
}

TEST(CsvTimes, DoNotTakeABadDateForTheOneBefore) {
  CsvTimes times{CsvTime::Utc};
  ASSERT_TRUE(times.read("2019-02-28T14:30:00Z").has_value());
  EXPECT_FALSE(times.read("2019-02-29T14:30:00Z").has_value());
  EXPECT_FALSE(times.read("2019-02-29T14:30:00Z").has_value());
}

}  // namespace
}  // namespace st0ck::market
