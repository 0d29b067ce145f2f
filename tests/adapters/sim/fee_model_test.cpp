#include "st0ck/adapters/sim/fee_model.hpp"

#include "adapters/sim/exchange_fixture.hpp"

#include <gtest/gtest.h>

namespace st0ck::adapters::sim {
namespace {

TEST(FeeModel, ChargesNothingByDefault) {
  EXPECT_EQ(FeeModel{}.of_order(shares(100), money("10000")), money("0"));
}

TEST(FeeModel, ChargesNothingBeforeTheFirstExecution) {
  const FeeModel fees{.per_order = money("1"), .minimum = money("5")};

  EXPECT_EQ(fees.of_order({}, {}), money("0"));
}

TEST(FeeModel, AddsItsParts) {
  const FeeModel fees{.per_order = money("1"), .per_share = price("0.005"), .rate = rate("0.0005")};

  EXPECT_EQ(fees.of_order(shares(200), money("20000")), money("12"));
}

TEST(FeeModel, ChargesPartsOfACentExactly) {
  const FeeModel fees{.rate = rate("0.0005")};

  EXPECT_EQ(fees.of_order(shares(10), money("1011.973")), money("0.5059865"));
}

TEST(FeeModel, KeepsBetweenMinimumAndMaximum) {
  const FeeModel fees{.per_share = price("0.005"), .minimum = money("1"), .maximum = money("4")};

  EXPECT_EQ(fees.of_order(shares(199), money("1")), money("1"));
  EXPECT_EQ(fees.of_order(shares(200), money("1")), money("1"));
  EXPECT_EQ(fees.of_order(shares(201), money("1")), money("1.005"));
  EXPECT_EQ(fees.of_order(shares(801), money("1")), money("4"));
}

TEST(FeeModel, ChargesTheMinimumOnceOverSeveralExecutions) {
  Exchange exchange{{.fees = {.per_share = price("0.01"), .minimum = money("1.50")},
                     .volume_share_max = rate("0.1")}};
  exchange.enter(buy("a", 250).gtc());

  exchange.play(bar("14:31", {"10", "10", "10", "10"}, 1000));
  const auto first = exchange.last();
  exchange.play(bar("14:32", {"10", "10", "10", "10"}, 1000));
  const auto second = exchange.last();
  exchange.play(bar("14:33", {"10", "10", "10", "10"}, 1000));
  const auto third = exchange.last();

  EXPECT_EQ(first.fee, money("1.50"));
  EXPECT_EQ(second.fee, money("0.50"));
  EXPECT_EQ(third.fee, money("0.50"));
  EXPECT_EQ(third.quantity, shares(50));
  EXPECT_EQ(third.cumulative_fee, money("2.50"));
}

TEST(FeeModel, NamesASettingOutOfRange) {
  EXPECT_TRUE(FeeModel{}.validate());
  EXPECT_EQ((FeeModel{.rate = rate("1.5")}).validate().error().message,
            "fees.rate: found 1.5, allowed 0 to 1");
  EXPECT_EQ((FeeModel{.per_order = money("-1")}).validate().error().message,
            "fees.per_order: found -1.00, allowed 0 to 1000000.00");
  EXPECT_EQ((FeeModel{.minimum = money("2"), .maximum = money("1")}).validate().error().message,
            "fees.maximum: found 1.00, allowed 2.00 (minimum) and up");
}

}  // namespace
}  // namespace st0ck::adapters::sim
