#include "st0ck/adapters/sim/matching_settings.hpp"

#include "adapters/sim/exchange_fixture.hpp"

#include <gtest/gtest.h>

namespace st0ck::adapters::sim {
namespace {

TEST(MatchingSettings, AreValidByDefault) { EXPECT_TRUE(MatchingSettings{}.validate()); }

TEST(MatchingSettings, NameTheFirstSettingOutOfRange) {
  const auto message_of = [](const MatchingSettings& settings) {
    return settings.validate().error().message;
  };

  EXPECT_EQ(message_of({.slippage = {.per_share = price("-0.01")}}),
            "slippage.per_share: found -0.01, allowed 0.00 to 1000000.00");
  EXPECT_EQ(message_of({.slippage = {.rate = rate("1.1")}}),
            "slippage.rate: found 1.1, allowed 0 to 1");
  EXPECT_EQ(message_of({.volume_share_max = rate("1.01")}),
            "volume_share_max: found 1.01, allowed 0 to 1");
  EXPECT_EQ(message_of({.orders_max = 0}), "orders_max: found 0, allowed 1 to 1000000");
  EXPECT_EQ(message_of({.finished_orders_max = 0}),
            "finished_orders_max: found 0, allowed 1 to 10000000");
  EXPECT_EQ(message_of({.fees = {.rate = rate("-1")}}), "fees.rate: found -1, allowed 0 to 1");
}

TEST(SlippageModel, RoundsItsPartOfThePriceUp) {
  const SlippageModel slippage{.rate = rate("0.000000001")};

  EXPECT_EQ(slippage.slipped(trading::Side::Buy, price("0.5")), price("0.500000001"));
  EXPECT_EQ(slippage.slipped(trading::Side::Sell, price("0.5")), price("0.499999999"));
}

}  // namespace
}  // namespace st0ck::adapters::sim
