#include "st0ck/adapters/sim/regulatory_fees.hpp"

#include "adapters/sim/exchange_fixture.hpp"

#include <gtest/gtest.h>

// What authorities take on trades.
namespace st0ck::adapters::sim {
namespace {

using market::AssetClass;
using trading::Side;

core::Date on(std::string_view date) { return core::parse_date(date).value(); }

core::Money charged(const RegulatoryFees& fees, std::string_view date, Side side,
                    AssetClass asset_class, std::int64_t count, std::string_view notional) {
  RegulatoryTotal total;
  fees.add(total, on(date), side, asset_class, shares(count), money(notional));
  return total.charged();
}

TEST(Section31, FollowsItsTableByTradeDate) {
  EXPECT_EQ(section_31_rate_on(on("2018-05-21")), rate("0.0000231"));
  EXPECT_EQ(section_31_rate_on(on("2018-05-22")), rate("0.000013"));
  EXPECT_EQ(section_31_rate_on(on("2021-02-24")), rate("0.0000221"));
  EXPECT_EQ(section_31_rate_on(on("2021-02-25")), rate("0.0000051"));
  EXPECT_EQ(section_31_rate_on(on("2025-05-13")), rate("0.0000278"));
  EXPECT_TRUE(section_31_rate_on(on("2025-05-14")).is_zero());
  EXPECT_EQ(section_31_rate_on(on("1980-01-01")), section_31_rate_on(on("2013-12-31")));
}

TEST(TradingActivityFee, FollowsItsTable) {
  EXPECT_EQ(trading_activity_fee_on(on("2021-12-31")).per_share, price("0.000119"));
  EXPECT_EQ(trading_activity_fee_on(on("2022-01-01")).per_share, price("0.00013"));
  EXPECT_EQ(trading_activity_fee_on(on("2024-01-01")).maximum, money("8.30"));
  EXPECT_EQ(trading_activity_fee_on(on("2024-01-01")).per_contract, price("0.00279"));
}

TEST(RegulatoryFees, OfASaleAreEachRoundedUpToACent) {
  const RegulatoryFees fees;
  // 10000 x 13 / 1000000 = 0.13; 1000 x 0.000119 = 0.119, up to 0.12.
  EXPECT_EQ(charged(fees, "2019-02-11", Side::Sell, AssetClass::Equity, 1000, "10000"),
            money("0.25"));
  EXPECT_EQ(charged(fees, "2019-02-11", Side::Sell, AssetClass::Equity, 1, "1"), money("0.02"));
}

TEST(RegulatoryFees, AreNotForPurchasesOfStock) {
  EXPECT_TRUE(charged({}, "2019-02-11", Side::Buy, AssetClass::Equity, 1000, "10000").is_zero());
}

TEST(RegulatoryFees, HaveAMostForOneExecution) {
  EXPECT_EQ(charged({.section_31_rate = rate("0")}, "2019-02-11", Side::Sell, AssetClass::Equity,
                    50'000, "50000"),
            money("5.95"));
  EXPECT_EQ(charged({.section_31_rate = rate("0")}, "2019-02-11", Side::Sell, AssetClass::Equity,
                    60'000, "60000"),
            money("5.95"));
}

TEST(RegulatoryFees, OfAnOptionAreForBothSides) {
  const RegulatoryFees fees;
  // 10 x 0.02815 = 0.2815; 10 x 0.025 = 0.25.
  EXPECT_EQ(charged(fees, "2024-06-03", Side::Buy, AssetClass::Option, 10, "1000"), money("0.54"));
  // And 1000 x 27.80 / 1000000 = 0.0278; 10 x 0.00279 = 0.0279.
  EXPECT_EQ(charged(fees, "2024-06-03", Side::Sell, AssetClass::Option, 10, "1000"), money("0.60"));
}

TEST(RegulatoryFees, AddUpOverExecutionsBeforeTheyAreRounded) {
  const RegulatoryFees fees;
  RegulatoryTotal total;
  for (int i = 0; i < 100; ++i)
    fees.add(total, on("2019-02-11"), Side::Sell, AssetClass::Equity, shares(10), money("100"));

  EXPECT_EQ(total.charged(), money("0.25")) << "as one execution of all";
}

TEST(RegulatoryFees, TakeASettingInsteadOfTheTable) {
  const RegulatoryFees fees{.section_31_rate = rate("0.0000206"),
                            .activity_per_share = price("0.000195"),
                            .activity_maximum = money("9.79")};
  // 0.206 up to 0.21; 0.195 up to 0.20.
  EXPECT_EQ(charged(fees, "2026-06-01", Side::Sell, AssetClass::Equity, 1000, "10000"),
            money("0.41"));
}

TEST(RegulatoryFees, OnTopOfTheBrokersOwn) {
  Exchange exchange{{.fees = {.per_order = money("1"), .regulatory = {.enabled = true}}}};
  exchange.enter(sell("a", 1000));

  exchange.play(bar("14:31", {"10", "10", "10", "10"}));

  EXPECT_EQ(exchange.last().fee, money("1.25"));
  EXPECT_EQ(exchange.last().cumulative_fee, money("1.25"));
}

TEST(RegulatoryFees, AreOffUntilTheyAreWanted) {
  Exchange exchange;
  exchange.enter(sell("a", 1000));

  exchange.play(bar("14:31", {"10", "10", "10", "10"}));

  EXPECT_TRUE(exchange.last().fee.is_zero());
}

TEST(RegulatoryFees, SayWhatIsNotAllowed) {
  RegulatoryFees fees;
  fees.options_clearing = price("2");
  EXPECT_EQ(fees.validate().error().message,
            "fees.regulatory.options_clearing: found 2.00, allowed 0 to 1.00");
}

}  // namespace
}  // namespace st0ck::adapters::sim
