#include "st0ck/core/fixed_point.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::core {
namespace {

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
constexpr auto kMin = std::numeric_limits<std::int64_t>::min();

struct PlainTag {
  static constexpr int kDecimalsMin = 0;
};
using Plain = FixedPoint<PlainTag, 9>;

/// Decimal digits as we write them, least significant first: the plain twin of the arithmetic
/// under test shares nothing with it but school rules.
struct BigNatural {
  std::vector<int> digits;

  static BigNatural of(std::string_view text) {
    BigNatural number;
    for (auto c = text.rbegin(); c != text.rend(); ++c) number.digits.push_back(*c - '0');
    number.trim();
    return number;
  }

  void trim() {
    while (!digits.empty() && digits.back() == 0) digits.pop_back();
  }

  int compare(const BigNatural& other) const {
    if (digits.size() != other.digits.size()) return digits.size() < other.digits.size() ? -1 : 1;
    for (std::size_t i = digits.size(); i-- > 0;)
      if (digits[i] != other.digits[i]) return digits[i] < other.digits[i] ? -1 : 1;
    return 0;
  }

  BigNatural plus(const BigNatural& other) const {
    BigNatural sum;
    int carry = 0;
    for (std::size_t i = 0; i < std::max(digits.size(), other.digits.size()) || carry != 0; ++i) {
      const int digit = (i < digits.size() ? digits[i] : 0) +
                        (i < other.digits.size() ? other.digits[i] : 0) + carry;
      sum.digits.push_back(digit % 10);
      carry = digit / 10;
    }
    return sum;
  }

  BigNatural minus(const BigNatural& smaller) const {
    BigNatural difference;
    int borrow = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      int digit = digits[i] - borrow - (i < smaller.digits.size() ? smaller.digits[i] : 0);
      borrow = digit < 0 ? 1 : 0;
      difference.digits.push_back(digit + 10 * borrow);
    }
    difference.trim();
    return difference;
  }

  /// Long division; the remainder replaces *this.
  BigNatural divide_by(const BigNatural& divisor) {
    BigNatural quotient;
    BigNatural rest;
    for (std::size_t i = digits.size(); i-- > 0;) {
      rest.digits.insert(rest.digits.begin(), digits[i]);
      rest.trim();
      int count = 0;
      for (; rest.compare(divisor) >= 0; ++count) rest = rest.minus(divisor);
      quotient.digits.insert(quotient.digits.begin(), count);
    }
    quotient.trim();
    *this = rest;
    return quotient;
  }

  std::string text() const {
    if (digits.empty()) return "0";
    std::string text;
    for (std::size_t i = digits.size(); i-- > 0;) text += static_cast<char>('0' + digits[i]);
    return text;
  }
};

std::string text_of(Int128 value) {
  if (value == 0) return "0";
  const bool negative = value < 0;
  std::string text;
  for (; value != 0; value /= 10) {
    const int digit = static_cast<int>(value % 10);
    text.insert(text.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
  }
  return negative ? "-" + text : text;
}

/// What the names of the roundings say, on digits.
std::string divide_plainly(Int128 numerator, Int128 denominator, Rounding rounding) {
  const std::string text = text_of(numerator);
  const bool negative = text.front() == '-';
  BigNatural rest = BigNatural::of(negative ? text.substr(1) : text);
  const BigNatural divisor = BigNatural::of(text_of(denominator));
  BigNatural quotient = rest.divide_by(divisor);
  const int half = rest.plus(rest).compare(divisor);
  const bool is_exact = rest.digits.empty();
  const bool is_odd = !quotient.digits.empty() && quotient.digits.front() % 2 == 1;
  bool away = false;
  switch (rounding) {
    case Rounding::Down: away = negative && !is_exact; break;
    case Rounding::Up: away = !negative && !is_exact; break;
    case Rounding::ToZero: break;
    case Rounding::HalfAway: away = half >= 0; break;
    case Rounding::HalfEven: away = half > 0 || (half == 0 && is_odd); break;
  }
  if (away) quotient = quotient.plus(BigNatural::of("1"));
  return (negative && !quotient.digits.empty() ? "-" : "") + quotient.text();
}

constexpr std::array kRoundings{Rounding::Down, Rounding::Up, Rounding::ToZero, Rounding::HalfAway,
                                Rounding::HalfEven};

struct RoundingRow {
  int numerator;
  int denominator;
  std::array<int, 5> expected;  ///< Down, Up, ToZero, HalfAway, HalfEven.
};

TEST(FixedPoint, RoundsAsEachNameSays) {
  const std::vector<RoundingRow> table{
      {0, 2, {0, 0, 0, 0, 0}},           {4, 2, {2, 2, 2, 2, 2}},
      {-4, 2, {-2, -2, -2, -2, -2}},     {1, 2, {0, 1, 0, 1, 0}},
      {-1, 2, {-1, 0, 0, -1, 0}},        {3, 2, {1, 2, 1, 2, 2}},
      {-3, 2, {-2, -1, -1, -2, -2}},     {5, 2, {2, 3, 2, 3, 2}},
      {-5, 2, {-3, -2, -2, -3, -2}},     {1, 3, {0, 1, 0, 0, 0}},
      {-1, 3, {-1, 0, 0, 0, 0}},         {2, 3, {0, 1, 0, 1, 1}},
      {-2, 3, {-1, 0, 0, -1, -1}},       {249, 100, {2, 3, 2, 2, 2}},
      {250, 100, {2, 3, 2, 3, 2}},       {251, 100, {2, 3, 2, 3, 3}},
      {-249, 100, {-3, -2, -2, -2, -2}}, {-250, 100, {-3, -2, -2, -3, -2}},
      {-251, 100, {-3, -2, -2, -3, -3}}, {350, 100, {3, 4, 3, 4, 4}},
      {-350, 100, {-4, -3, -3, -4, -4}}, {7, 1, {7, 7, 7, 7, 7}},
      {-7, 1, {-7, -7, -7, -7, -7}}};

  for (const RoundingRow& row : table)
    for (std::size_t i = 0; i < kRoundings.size(); ++i)
      EXPECT_EQ(static_cast<int>(divide(row.numerator, row.denominator, kRoundings[i])),
                row.expected[i])
          << row.numerator << " / " << row.denominator << ", rounding " << i;
}

TEST(FixedPoint, DividesLikeSchoolArithmetic) {
  EXPECT_TRUE(rc::check("128-bit numerators, 95-bit denominators", [] {
    const auto wide = [] {
      return Int128{*rc::gen::arbitrary<std::int64_t>()} * *rc::gen::arbitrary<std::int64_t>();
    };
    Int128 denominator = wide() >> 31;
    if (denominator < 0) denominator = -denominator;
    if (denominator == 0) denominator = *rc::gen::inRange(1, 12);
    // Every other numerator lies on or beside a half.
    Int128 numerator = wide();
    if (*rc::gen::arbitrary<bool>()) {
      denominator = denominator % 1'000'000'007 * 2 + 2;
      numerator =
          numerator % 1'000'000'007 * denominator + denominator / 2 + *rc::gen::inRange(-1, 2);
    }
    for (const Rounding rounding : kRoundings)
      RC_ASSERT(text_of(divide(numerator, denominator, rounding)) ==
                divide_plainly(numerator, denominator, rounding));
  }));
}

TEST(FixedPoint, RoundsToItsStep) {
  EXPECT_TRUE(rc::check("a multiple of the step, nearest in the named direction", [] {
    const auto raw = *rc::gen::inRange<std::int64_t>(-4'000'000'000, 4'000'000'000);
    const auto step = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
    for (const Rounding rounding : kRoundings) {
      const Plain rounded = Plain::from_raw(raw).rounded_to(Plain::from_raw(step), rounding);
      RC_ASSERT(rounded.is_multiple_of(Plain::from_raw(step)));
      RC_ASSERT(std::to_string(rounded.raw() / step) == divide_plainly(raw, step, rounding));
    }
  }));
}

TEST(FixedPoint, NarrowsWhatFitsAndNothingElse) {
  EXPECT_EQ(narrow(Int128{kMax}), kMax);
  EXPECT_EQ(narrow(Int128{kMin}), kMin);
  EXPECT_EQ(narrow(Int128{kMax} + 1), std::nullopt);
  EXPECT_EQ(narrow(Int128{kMin} - 1), std::nullopt);
}

struct ParseRow {
  std::string_view text;
  std::optional<std::int64_t> raw;  ///< With nine decimals; nothing when it is refused.
};

TEST(FixedPoint, ParsesPlainDecimalsAndNothingElse) {
  const std::vector<ParseRow> table{{"0", 0},
                                    {"-0", 0},
                                    {"-0.0", 0},
                                    {"1", 1'000'000'000},
                                    {"12.34", 12'340'000'000},
                                    {"-12.3450", -12'345'000'000},
                                    {"007", 7'000'000'000},
                                    {"0.000000001", 1},
                                    {"-0.000000001", -1},
                                    {"0.0000000010000", 1},
                                    {"0.0000000011", std::nullopt},
                                    {"0.00000000001", std::nullopt},
                                    {"9223372036.854775807", kMax},
                                    {"9223372036.854775808", std::nullopt},
                                    {"-9223372036.854775808", kMin},
                                    {"-9223372036.854775809", std::nullopt},
                                    {"9223372037", std::nullopt},
                                    {"99999999999999999999999999999999999999999999", std::nullopt},
                                    {"00000000000000000000000000000000000000000001", 1'000'000'000},
                                    {"", std::nullopt},
                                    {"-", std::nullopt},
                                    {".", std::nullopt},
                                    {"-.", std::nullopt},
                                    {".5", std::nullopt},
                                    {"5.", std::nullopt},
                                    {"+5", std::nullopt},
                                    {"--5", std::nullopt},
                                    {"5-", std::nullopt},
                                    {" 5", std::nullopt},
                                    {"5 ", std::nullopt},
                                    {"1,000", std::nullopt},
                                    {"1.2.3", std::nullopt},
                                    {"1e3", std::nullopt},
                                    {"0x10", std::nullopt},
                                    {"nan", std::nullopt},
                                    {"inf", std::nullopt},
                                    {"1.\xC2\xB2", std::nullopt},
                                    {std::string_view{"1\0", 2}, std::nullopt}};

  for (const ParseRow& row : table) {
    const auto parsed = parse_decimal(row.text, 9);
    const std::optional<std::int64_t> found = parsed ? std::optional{*parsed} : std::nullopt;
    EXPECT_EQ(found, row.raw) << "'" << row.text << "'";
  }
}

TEST(FixedPoint, SaysWhatIsWrongWithANumber) {
  const auto letters = parse_decimal("12,5", 9);
  const auto fine = parse_decimal("0.123", 2);
  const auto large = parse_decimal("9223372037", 9);

  EXPECT_EQ(letters.error().message, "'12,5' is not a decimal number (like 12.34)");
  EXPECT_EQ(letters.error().code, Errc::BadInput);
  EXPECT_EQ(fine.error().message, "'0.123' has more than 2 decimals");
  EXPECT_EQ(large.error().message, "'9223372037' is too large");
  EXPECT_EQ(large.error().code, Errc::OutOfRange);
}

TEST(FixedPoint, QuotesOnlyTheBeginningOfALongText) {
  const auto parsed = parse_decimal(std::string(10'000, 'x'), 9);

  EXPECT_LT(parsed.error().message.size(), 100U);
}

struct FormatRow {
  std::int64_t raw;
  int decimals_min;
  std::string_view text;
};

TEST(FixedPoint, FormatsExactlyWithAtLeastTheDecimalsAskedFor) {
  const std::vector<FormatRow> table{{0, 0, "0"},
                                     {0, 2, "0.00"},
                                     {1, 0, "0.000000001"},
                                     {-1, 2, "-0.000000001"},
                                     {1'500'000'000, 0, "1.5"},
                                     {1'500'000'000, 2, "1.50"},
                                     {-1'500'000'000, 2, "-1.50"},
                                     {100'000'000'000, 0, "100"},
                                     {100'000'000'000, 2, "100.00"},
                                     {100'010'000'000, 2, "100.01"},
                                     {2'345, 9, "0.000002345"},
                                     {kMax, 2, "9223372036.854775807"},
                                     {kMin, 2, "-9223372036.854775808"}};

  for (const FormatRow& row : table)
    EXPECT_EQ(format_decimal(row.raw, 9, row.decimals_min), row.text);
}

TEST(FixedPoint, ShowsAsManyDecimalsAsItsTagAsksFor) {
  EXPECT_EQ(Plain::whole(7).to_string(), "7");
  EXPECT_EQ(Plain::whole(7).to_string(3), "7.000");
}

TEST(FixedPoint, FormatsAWholeNumberWithoutDecimals) { EXPECT_EQ(format_decimal(-7, 0, 0), "-7"); }

TEST(FixedPoint, ParsesWhatItFormats) {
  EXPECT_TRUE(rc::check("any value, any number of digits", [] {
    const auto raw = *rc::gen::arbitrary<std::int64_t>();
    const int digits = *rc::gen::inRange(0, 13);
    const int decimals_min = *rc::gen::inRange(0, digits + 1);
    const auto parsed = parse_decimal(format_decimal(raw, digits, decimals_min), digits);
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(*parsed == raw);
  }));
  for (const std::int64_t raw : {kMin, kMin + 1, kMax - 1, kMax})
    EXPECT_EQ(parse_decimal(format_decimal(raw, 9, 2), 9).value(), raw);
}

TEST(FixedPoint, ReportsOverflowOfASum) {
  const Plain one = Plain::from_raw(1);

  EXPECT_EQ(Plain::max().checked_add(one), std::nullopt);
  EXPECT_EQ(Plain::from_raw(kMin).checked_subtract(one), std::nullopt);
  EXPECT_EQ(Plain::from_raw(kMax - 1).checked_add(one), Plain::max());
}

TEST(FixedPointDeathTest, StopsTheProcessInsteadOfWrapping) {
  const Plain one = Plain::from_raw(1);
  const Plain least = Plain::from_raw(kMin);

  EXPECT_DEATH((void)(Plain::max() + one), "a sum of amounts fits its type");
  EXPECT_DEATH((void)(least - one), "a difference of amounts fits its type");
  EXPECT_DEATH((void)-least, "a difference of amounts fits its type");
  EXPECT_DEATH((void)least.abs(), "a difference of amounts fits its type");
  EXPECT_DEATH((void)Plain::max().rounded_to(Plain::whole(1), Rounding::Up),
               "a rounded amount fits its type");
  EXPECT_DEATH((void)divide(1, 0, Rounding::Down), "a divisor is positive");
}

TEST(FixedPointDeathTest, MakesWholeUnitsOnlyWhereTheyFit) {
  EXPECT_EQ(Plain::whole(9'223'372'036).raw(), 9'223'372'036'000'000'000);
  EXPECT_DEATH((void)Plain::whole(9'223'372'037), "a whole amount fits its type");
  EXPECT_DEATH((void)Plain::whole(-9'223'372'037), "a whole amount fits its type");
}

TEST(FixedPointDeathTest, TakesOnlyAPositiveStep) {
  EXPECT_TRUE(Plain::whole(6).is_multiple_of(Plain::whole(3)));
  EXPECT_TRUE(Plain::whole(-6).is_multiple_of(Plain::whole(3)));
  EXPECT_FALSE(Plain::whole(7).is_multiple_of(Plain::whole(3)));
  EXPECT_DEATH((void)Plain::whole(6).is_multiple_of(Plain{}), "a step is positive");
}

}  // namespace
}  // namespace st0ck::core
