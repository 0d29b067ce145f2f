#include "st0ck/trading/option_symbol.hpp"

#include "support/orders.hpp"

#include <gtest/gtest.h>

namespace st0ck::trading {
namespace {

using test::price;

TEST(OptionSymbol, TellsUnderlyingExpiryRightAndStrike) {
  const auto call = parse_option_symbol(core::Symbol{"SPY190211C00270000"});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->underlying.view(), "SPY");
  EXPECT_EQ(call->expiry, core::parse_date("2019-02-11").value());
  EXPECT_TRUE(call->is_call);
  EXPECT_EQ(call->strike, price("270"));

  const auto put = parse_option_symbol(core::Symbol{"F     240119P00012500"});
  ASSERT_TRUE(put);
  EXPECT_EQ(put->underlying.view(), "F");
  EXPECT_FALSE(put->is_call);
  EXPECT_EQ(put->strike, price("12.50"));
}

TEST(OptionSymbol, IsWorthWhatItIsInTheMoneyBy) {
  const auto call = parse_option_symbol(core::Symbol{"SPY190211C00270000"});
  const auto put = parse_option_symbol(core::Symbol{"SPY190211P00270000"});

  EXPECT_EQ(call->intrinsic(price("272.50")), price("2.50"));
  EXPECT_EQ(call->intrinsic(price("270")), price("0"));
  EXPECT_EQ(put->intrinsic(price("265")), price("5"));
  EXPECT_EQ(put->intrinsic(price("271")), price("0"));
}

TEST(OptionSymbol, IsNotEverySymbol) {
  for (const auto* symbol : {"SPY", "190211C00270000", "SPY191311C00270000", "SPY190211X00270000",
                             "SPY190211C0027000", "TOOLONG190211C00270000", "SPY190211C0027000x"})
    EXPECT_FALSE(parse_option_symbol(core::Symbol{symbol})) << symbol;
}

}  // namespace
}  // namespace st0ck::trading
