#include "st0ck/market/sale_conditions.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace st0ck::market {
namespace {

constexpr TradeEffect kAll{};
constexpr TradeEffect kVolumeOnly{.high_low = false, .last = false, .volume = true};
constexpr TradeEffect kNothing{.high_low = false, .last = false, .volume = false};

TradeEffect effect(std::string_view letters) { return effect_of(SaleConditions{letters}); }

TEST(SaleConditions, LetRegularPrintsChangeEverything) {
  for (const std::string_view letters : {"", "@", " ", "@F", "O", "X", "5", "6", "E", "Y", "?"})
    EXPECT_EQ(effect(letters), kAll) << letters;
}

TEST(SaleConditions, KeepThePricesOfTheListInTheSpecOut) {
  // Spec st0ck 7.6, but M Q 9, which repeat volume, and the odd lots.
  for (const std::string_view letters :
       {"B", "C", "H", "L", "N", "P", "R", "T", "U", "V", "W", "Z", "4", "7", "I"})
    EXPECT_EQ(effect(letters), kVolumeOnly) << letters;
}

TEST(SaleConditions, KeepRepeatsOfOtherPrintsOutAltogether) {
  for (const std::string_view letters : {"M", "Q", "9"}) EXPECT_EQ(effect(letters), kNothing);
}

TEST(SaleConditions, TakeAwayWhatAnyLetterForbids) {
  EXPECT_EQ(effect("@G"), (TradeEffect{.high_low = true, .last = false, .volume = true}));
  EXPECT_EQ(effect("@FTI"), kVolumeOnly);
  EXPECT_EQ(effect("GI"), kVolumeOnly);
  EXPECT_EQ(effect("IM"), kNothing);
}

}  // namespace
}  // namespace st0ck::market
