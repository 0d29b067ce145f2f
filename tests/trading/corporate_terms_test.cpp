#include "st0ck/trading/corporate_terms.hpp"

#include "support/orders.hpp"

#include <gtest/gtest.h>

// What a corporate action makes of quantities, prices and orders.
namespace st0ck::trading {
namespace {

using market::CorporateAction;
using market::CorporateActionKind;
using test::price;
using test::quantity;
using test::shares;

const core::Price kTick = price("0.01");

CorporateAction split(std::uint32_t numerator, std::uint32_t denominator) {
  CorporateAction action;
  action.kind = CorporateActionKind::Split;
  action.numerator = numerator;
  action.denominator = denominator;
  return action;
}

CorporateAction dividend(std::string_view amount) {
  CorporateAction action;
  action.amount = price(amount);
  return action;
}

OrderTerms limit(std::int64_t count, std::string_view at) {
  return {.quantity = shares(count), .limit = price(at), .stop = {}};
}
OrderTerms stop(std::int64_t count, std::string_view at) {
  return {.quantity = shares(count), .limit = {}, .stop = price(at)};
}

TEST(SplitQuantity, IsExactLongAndShortAndCutOffTowardNothing) {
  EXPECT_EQ(after_split(shares(100), split(4, 1)), shares(400));
  EXPECT_EQ(after_split(shares(-100), split(4, 1)), shares(-400));
  EXPECT_EQ(after_split(shares(5), split(3, 2)), quantity("7.5"));
  EXPECT_EQ(after_split(shares(10), split(1, 3)), quantity("3.333333333"));
  EXPECT_EQ(after_split(shares(-10), split(1, 3)), quantity("-3.333333333"));
}

TEST(SplitQuantity, OfAnOrderForWholeSharesStaysWhole) {
  EXPECT_EQ(order_after_split(shares(5), split(3, 2)), shares(7));
  EXPECT_EQ(order_after_split(quantity("0.5"), split(3, 2)), quantity("0.75"));
  EXPECT_EQ(order_after_split(shares(5), split(1, 10)), core::Quantity{});
}

TEST(SplitTerms, KeepWhatHasFilledAndTheNotionalOfTheRest) {
  const OrderTerms after =
      terms_after(split(4, 1), Side::Sell, OrderType::Limit, limit(10, "500.00"), shares(4), kTick);

  EXPECT_EQ(after.quantity, shares(4 + 24));
  EXPECT_EQ(after.limit, price("125.00"));
}

TEST(SplitTerms, RoundPricesAwayFromTheMarket) {
  const auto after = [](Side side, OrderType type, const OrderTerms& terms) {
    return terms_after(split(3, 1), side, type, terms, {}, kTick);
  };
  EXPECT_EQ(after(Side::Buy, OrderType::Limit, limit(1, "100.00")).limit, price("33.33"));
  EXPECT_EQ(after(Side::Sell, OrderType::Limit, limit(1, "100.00")).limit, price("33.34"));
  EXPECT_EQ(after(Side::Sell, OrderType::Stop, stop(1, "100.00")).stop, price("33.33"));
  EXPECT_EQ(after(Side::Buy, OrderType::Stop, stop(1, "100.00")).stop, price("33.34"));
  EXPECT_EQ(after(Side::Buy, OrderType::Limit, limit(1, "0.01")).limit, kTick) << "never nothing";
}

TEST(SplitTerms, ScaleATrailInDollarsAndKeepOneThatIsAPart) {
  OrderTerms dollars{.quantity = shares(1), .limit = {}, .stop = {}, .trail = price("2.00")};
  OrderTerms part{.quantity = shares(1),
                  .limit = {},
                  .stop = {},
                  .trail = {},
                  .trail_rate = test::rate("0.05")};

  EXPECT_EQ(terms_after(split(2, 1), Side::Sell, OrderType::TrailingStop, dollars, {}, kTick).trail,
            price("1.00"));
  EXPECT_EQ(
      terms_after(split(2, 1), Side::Sell, OrderType::TrailingStop, part, {}, kTick).trail_rate,
      test::rate("0.05"));
}

TEST(DividendTerms, LowerLimitsToBuyAndStopsToSellOnly) {
  const auto after = [](Side side, OrderType type, const OrderTerms& terms) {
    return terms_after(dividend("0.255"), side, type, terms, {}, kTick);
  };
  EXPECT_EQ(after(Side::Buy, OrderType::Limit, limit(1, "50.00")).limit, price("49.74"));
  EXPECT_EQ(after(Side::Sell, OrderType::Stop, stop(1, "50.00")).stop, price("49.74"));
  EXPECT_EQ(after(Side::Sell, OrderType::Limit, limit(1, "50.00")).limit, price("50.00"));
  EXPECT_EQ(after(Side::Buy, OrderType::Stop, stop(1, "50.00")).stop, price("50.00"));
}

TEST(DividendTerms, StayWhereTheDividendIsBelowACent) {
  const OrderTerms terms = limit(1, "50.00");
  EXPECT_EQ(terms_after(dividend("0.009"), Side::Buy, OrderType::Limit, terms, {}, kTick), terms);
  EXPECT_NE(terms_after(dividend("0.01"), Side::Buy, OrderType::Limit, terms, {}, kTick), terms);
}

}  // namespace
}  // namespace st0ck::trading
