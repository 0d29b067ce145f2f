#include "st0ck/core/units.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

namespace st0ck::core {
namespace {

static_assert(!std::is_convertible_v<Price, Money> && !std::is_constructible_v<Price, Money>);
static_assert(!std::is_constructible_v<Quantity, Volume>);
static_assert(!std::is_constructible_v<Price, double> && !std::is_constructible_v<Price, int>);
static_assert(std::is_trivially_copyable_v<Price> && sizeof(Price) == 8);

constexpr Multiplier kHundred{100};
constexpr std::array kRoundings{Rounding::Down, Rounding::Up, Rounding::ToZero, Rounding::HalfAway,
                                Rounding::HalfEven};

Price price(std::string_view text) { return Price::parse(text).value(); }
Quantity quantity(std::string_view text) { return Quantity::parse(text).value(); }
Money money(std::string_view text) { return Money::parse(text).value(); }

TEST(Units, ShowAtLeastTheDecimalsOfTheirKind) {
  EXPECT_EQ(price("600").to_string(), "600.00");
  EXPECT_EQ(price("600.0001").to_string(), "600.0001");
  EXPECT_EQ(quantity("600").to_string(), "600");
  EXPECT_EQ(Volume::parse("0.000001").value().to_string(), "0.000001");
  EXPECT_FALSE(Volume::parse("0.0000001").has_value());
  EXPECT_EQ(money("-1.5").to_string(), "-1.50");
}

struct NotionalRow {
  std::string_view price;
  std::string_view quantity;
  Multiplier multiplier;
  std::string_view expected;  ///< With HalfEven.
};

TEST(Units, MultiplyToTheNearestBillionthWithHalvesToTheEvenOne) {
  const std::vector<NotionalRow> table{
      {"123.45", "10", kUnitMultiplier, "1234.50"},
      {"1.85", "5", kHundred, "925.00"},
      {"-0.25", "4", kHundred, "-100.00"},
      {"100.01", "-3", kUnitMultiplier, "-300.03"},
      {"33.333333333", "0.333333333", kUnitMultiplier, "11.111111100"},
      {"0.000000001", "0.5", kUnitMultiplier, "0"},
      // One and a half billionths: the even neighbour is two, also where the whole part is odd.
      {"0.000000001", "1.5", kUnitMultiplier, "0.000000002"},
      {"0.000000001", "2.5", kUnitMultiplier, "0.000000002"},
      {"0.000000003", "0.5", kUnitMultiplier, "0.000000002"},
      {"-0.000000001", "1.5", kUnitMultiplier, "-0.000000002"},
      {"0.000000001", "0.015", kHundred, "0.000000002"}};

  for (const NotionalRow& row : table)
    EXPECT_EQ(notional(price(row.price), quantity(row.quantity), row.multiplier),
              money(row.expected))
        << row.price << " x " << row.quantity;
}

TEST(Units, RoundOnceInTheNamedDirection) {
  EXPECT_TRUE(rc::check("equals one division of the full product", [] {
    const auto price_raw = *rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000);
    // Every other quantity is a number of halves, so that products end on a half.
    const auto quantity_raw =
        *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-3'000'000'000, 3'000'000'000),
                        rc::gen::map(rc::gen::inRange<std::int64_t>(-9, 9),
                                     [](std::int64_t halves) { return halves * 500'000'000; }));
    const auto multiplier = *rc::gen::element(1U, 2U, 10U, 100U, 1000U);
    const Int128 product = Int128{price_raw} * quantity_raw * multiplier;
    for (const Rounding rounding : kRoundings)
      RC_ASSERT(checked_notional(Price::from_raw(price_raw), Quantity::from_raw(quantity_raw),
                                 Multiplier{multiplier}, rounding)
                    ->raw() == static_cast<std::int64_t>(divide(product, Price::kOne, rounding)));
  }));
}

TEST(Units, RefuseANotionalThatDoesNotFit) {
  const Price cent = price("0.01");

  EXPECT_EQ(checked_notional(Price::max(), quantity("1"), kUnitMultiplier), Money::max());
  EXPECT_EQ(checked_notional(Price::max(), quantity("1.000000001"), kUnitMultiplier), std::nullopt);
  EXPECT_EQ(checked_notional(Price::max(), Quantity::max(), Multiplier{4'294'967'295}),
            std::nullopt);
  EXPECT_EQ(checked_notional(Price::from_raw(std::numeric_limits<std::int64_t>::min()),
                             Quantity::max(), Multiplier{4'294'967'295}),
            std::nullopt);
  EXPECT_EQ(checked_notional(cent, Quantity::max(), kHundred), Money::max());
  EXPECT_EQ(checked_notional(cent, Quantity::max(), Multiplier{101}), std::nullopt);
}

TEST(Units, ScaleMoneyByARate) {
  const Rate rate = Rate::parse("0.000000005").value();

  EXPECT_EQ(scaled(money("0.1"), rate), money("0"));
  EXPECT_EQ(scaled(money("0.3"), rate), money("0.000000002"));
  EXPECT_EQ(scaled(money("0.3"), rate, Rounding::Down), money("0.000000001"));
  EXPECT_EQ(scaled(money("-0.3"), rate, Rounding::Down), money("-0.000000002"));
}

TEST(Units, ScaleAPriceToItsTickInOneRounding) {
  const Rate up = Rate::parse("1.02").value();
  const Price cent = price("0.01");

  EXPECT_EQ(scaled_to_tick(price("1.85"), up, cent, Rounding::Up), price("1.89"));
  EXPECT_EQ(scaled_to_tick(price("1.85"), up, cent, Rounding::Down), price("1.88"));
  EXPECT_EQ(scaled_to_tick(price("1.85"), up, cent, Rounding::HalfEven), price("1.89"));
}

TEST(Units, TakeTheMiddleOfTwoPrices) {
  EXPECT_EQ(midpoint(price("10.00"), price("10.01")), price("10.005"));
  EXPECT_EQ(midpoint(price("0.000000001"), price("0.000000002")), price("0.000000002"));
  EXPECT_EQ(midpoint(price("0.000000001"), price("0.000000002"), Rounding::Down),
            price("0.000000001"));
  EXPECT_EQ(midpoint(Price::max(), Price::max()), Price::max());
}

TEST(Units, AverageACostOverLongAndShortQuantities) {
  EXPECT_EQ(average_price(money("925"), quantity("5"), kHundred), price("1.85"));
  EXPECT_EQ(average_price(money("-925"), quantity("-5"), kHundred), price("1.85"));
  EXPECT_EQ(average_price(money("10"), quantity("3"), kUnitMultiplier), price("3.333333333"));
  EXPECT_EQ(average_price(money("10"), quantity("-3"), kUnitMultiplier, Rounding::Down),
            price("-3.333333334"));
}

}  // namespace
}  // namespace st0ck::core
