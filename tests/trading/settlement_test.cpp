#include "st0ck/trading/settlement.hpp"

#include "support/orders.hpp"

#include <gtest/gtest.h>

// When cash of a trade settles.
namespace st0ck::trading {
namespace {

using market::AssetClass;
using test::money;

core::Date on(std::string_view date) { return core::parse_date(date).value(); }

core::Date stock(std::string_view traded) {
  return settlement_date(on(traded), AssetClass::Equity);
}

TEST(SettlementDate, FollowsTheRuleOfTheDay) {
  EXPECT_EQ(stock("2017-09-01"), on("2017-09-07")) << "T+3 over Labor Day";
  EXPECT_EQ(stock("2017-09-05"), on("2017-09-07")) << "T+2 from here";
  EXPECT_EQ(stock("2024-05-24"), on("2024-05-29")) << "T+2 over Memorial Day";
  EXPECT_EQ(stock("2024-05-28"), on("2024-05-29")) << "T+1 from here";
  EXPECT_EQ(stock("2024-05-31"), on("2024-06-03")) << "over a weekend";
}

TEST(SettlementDate, OfAnOptionIsTheNextBusinessDay) {
  EXPECT_EQ(settlement_date(on("2016-03-01"), AssetClass::Option), on("2016-03-02"));
}

TEST(SettlementDate, SkipsDaysOnWhichBanksAreClosedAndTheExchangeIsNot) {
  EXPECT_EQ(stock("2024-10-11"), on("2024-10-15")) << "over Columbus Day";
  EXPECT_EQ(stock("2024-11-08"), on("2024-11-12")) << "over Veterans Day";
  EXPECT_EQ(stock("2018-11-09"), on("2018-11-14")) << "on Monday when it is a Sunday";
}

TEST(SettlementDate, OutsideTheCalendarIsTheTradeDate) {
  EXPECT_EQ(stock("1985-01-02"), on("1985-01-02"));
}

TEST(Settlements, AreDueUntilTheirDayHasCome) {
  Settlements settlements;
  settlements.add(on("2019-02-11"), AssetClass::Equity, money("-1000"));
  settlements.add(on("2019-02-11"), AssetClass::Equity, money("300"));
  settlements.add(on("2019-02-12"), AssetClass::Equity, money("50"));
  settlements.add(on("2019-02-11"), AssetClass::Option, money("7"));

  EXPECT_EQ(settlements.due_after(on("2019-02-11")), money("-643"));
  EXPECT_EQ(settlements.due_after(on("2019-02-12")), money("-650"));
  EXPECT_EQ(settlements.due_after(on("2019-02-13")), money("50"));
  EXPECT_EQ(settlements.due_after(on("2019-02-14")), money("0"));
  EXPECT_EQ(settlements.due().size(), 3U) << "one for each day";
}

TEST(Settlements, ForgetWhatHasSettled) {
  Settlements settlements;
  settlements.add(on("2019-02-11"), AssetClass::Equity, money("1"));
  settlements.add(on("2019-02-12"), AssetClass::Equity, money("2"));

  settlements.forget_until(on("2019-02-13"));

  ASSERT_EQ(settlements.due().size(), 1U);
  EXPECT_EQ(settlements.due().front().amount, money("2"));
}

}  // namespace
}  // namespace st0ck::trading
