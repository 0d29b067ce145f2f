#include "st0ck/adapters/alpaca/wire/decimal.hpp"

#include "st0ck/core/fixed_point.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>

namespace st0ck::alpaca {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

struct Case {
  std::string_view text;
  std::int64_t raw;
  Refusal refusal = Refusal::None;
};

TEST(WireDecimal, ReadsNumbersExactly) {
  const Case cases[] = {
      {"0", 0},
      {"-0", 0},
      {"1", 1'000'000'000},
      {"189.1234", 189'123'400'000},
      {"-189.12", -189'120'000'000},
      {"0.000000001", 1},
      {"1e-9", 1},
      {"1E-05", 10'000},
      {"1.5e+2", 150'000'000'000},
      {"12e3", 12'000'000'000'000},
      {"0.1000000000000000000000000000000", 100'000'000},
      {"00012.500", 12'500'000'000},
      {"0e99999999", 0},
      {"9223372036.854775807", kMax},
      {"100000000000000000000e-20", 1'000'000'000},
  };
  for (const auto& it : cases) {
    const auto reading = read_decimal(it.text, 9);

    EXPECT_EQ(reading.refusal, Refusal::None) << it.text;
    EXPECT_EQ(reading.raw, it.raw) << it.text;
  }
}

TEST(WireDecimal, RefusesWhatDoesNotFitAndWhatIsNoNumber) {
  const Case cases[] = {
      {"", 0, Refusal::NotANumber},
      {"-", 0, Refusal::NotANumber},
      {".5", 0, Refusal::NotANumber},
      {"5.", 0, Refusal::NotANumber},
      {"+5", 0, Refusal::NotANumber},
      {"1.2.3", 0, Refusal::NotANumber},
      {"1e", 0, Refusal::NotANumber},
      {"e5", 0, Refusal::NotANumber},
      {"0x10", 0, Refusal::NotANumber},
      {"NaN", 0, Refusal::NotANumber},
      {" 1", 0, Refusal::NotANumber},
      {"9223372036.854775808", 0, Refusal::TooLarge},
      {"99999999999999999999", 0, Refusal::TooLarge},
      {"1e30", 0, Refusal::TooLarge},
      {"1e999999999999999", 0, Refusal::TooLarge},
      {"0.0000000001", 0, Refusal::TooManyDecimals},
      {"1e-10", 0, Refusal::TooManyDecimals},
      {"0.30000000000000004", 0, Refusal::TooManyDecimals},
      {"1.1e-999999999", 0, Refusal::TooManyDecimals},
  };
  for (const auto& it : cases)
    EXPECT_EQ(read_decimal(it.text, 9).refusal, it.refusal) << "'" << it.text << "'";
}

TEST(WireDecimal, RoundsOnlyComputedAmountsHalfToEven) {
  const Case cases[] = {
      {"183.7063636363636364", 183'706'363'636},
      {"0.0000000005", 0},
      {"0.0000000015", 2},
      {"0.00000000051", 1},
      {"-0.0000000015", -2},
      {"-0.0000000004", 0},
      {"12.5", 12'500'000'000},
      {"9223372036.8547758079", 0, Refusal::TooLarge},
      {"1e-10", 0, Refusal::TooManyDecimals},
      {"abc", 0, Refusal::NotANumber},
  };
  for (const auto& it : cases) {
    const auto reading = read_computed_decimal(it.text, 9);

    EXPECT_EQ(reading.refusal, it.refusal) << it.text;
    EXPECT_EQ(reading.raw, it.raw) << it.text;
  }
}

TEST(WireDecimal, AgreesWithTheCoreOnEveryFormattedNumber) {
  EXPECT_TRUE(rc::check([](std::int64_t raw) {
    if (raw == std::numeric_limits<std::int64_t>::min()) return;
    const int digits = *rc::gen::inRange(0, 10);
    const std::string text = core::format_decimal(raw, digits, *rc::gen::inRange(0, digits + 1));

    const auto reading = read_decimal(text, digits);

    RC_ASSERT(reading.refusal == Refusal::None);
    RC_ASSERT(reading.raw == raw);
  }));
}

TEST(WireDecimal, ReadsTheShortestTextOfADoubleAsItsDecimal) {
  EXPECT_TRUE(rc::check([] {
    const std::int64_t cents = *rc::gen::inRange<std::int64_t>(0, 100'000'000'000);
    const double value = static_cast<double>(cents) / 10'000;
    char text[40];
    const auto written = std::to_chars(text, text + sizeof text, value);

    const auto reading = read_decimal({text, written.ptr}, 9);

    RC_ASSERT(reading.refusal == Refusal::None);
    RC_ASSERT(reading.raw == cents * 100'000);
  }));
}

}  // namespace
}  // namespace st0ck::alpaca
