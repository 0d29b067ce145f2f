#include "engines/st0cka/st0cka.hpp"
#include "engines/st0cka/st0cka_day.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace st0ck::engines::st0cka {
namespace {

using test::exit_reasons;
using test::expect_market_sell;
using test::price;
using test::quantity;
using test::RecordingLogger;
using test::St0ckaDay;
using testing::ElementsAre;

constexpr core::Duration kNanosecond{1};

TEST(St0ckaStopLoss, SellsAHeldShareAtOnce) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("09:31");

  day.bid_is("266.35");
  EXPECT_EQ(day.orders_sent(), 1U);
  day.bid_is("266.34");

  ASSERT_EQ(day.orders_sent(), 2U);
  expect_market_sell(day, 1, "STOP_LOSS");
  EXPECT_EQ(day.state(), State::ExitPending);
  day.fill_last("266.30");
  EXPECT_THAT(exit_reasons(day), ElementsAre("STOP_LOSS"));
}

TEST(St0ckaStopLoss, LooksAtTheBidNotAtTheAsk) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("09:31");

  day.quote("266.34", "271.40");

  EXPECT_EQ(day.orders_sent(), 2U);
}

TEST(St0ckaStopLoss, TakesTheLimitAwayFirst) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:15");
  day.go("10:20");

  day.bid_is("266.34");
  day.bid_is("266.00");
  EXPECT_EQ(day.broker.order(1).cancels_asked, 1);
  EXPECT_EQ(day.orders_sent(), 2U);
  day.broker_says([](auto& broker) { broker.confirm_cancel(1); });

  ASSERT_EQ(day.orders_sent(), 3U);
  expect_market_sell(day, 2, "STOP_LOSS");
  day.bid_is("265.00");
  EXPECT_EQ(day.orders_sent(), 3U);
  day.fill_last("265.00");
  EXPECT_EQ(day.state(), State::Done);
  EXPECT_THAT(exit_reasons(day), ElementsAre("STOP_LOSS"));
}

TEST(St0ckaStopLoss, IsSparedWhenTheLimitFillsDuringItsCancel) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:15");
  day.bid_is("266.34");

  day.broker_says([](auto& broker) { broker.fill(1, price("271.35")); });
  day.broker_says([](auto& broker) { broker.refuse_cancel(1); });
  day.go("11:00");

  EXPECT_EQ(day.state(), State::Done);
  EXPECT_EQ(day.orders_sent(), 2U);
  EXPECT_THAT(exit_reasons(day), ElementsAre("LIMIT_FILL"));
}

TEST(St0ckaStopLoss, SellsWhatThePartlyFilledLimitLeft) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:15");
  day.bid_is("266.34");
  day.broker_says([](auto& broker) { broker.fill(1, price("271.35"), quantity("0.3")); });
  EXPECT_EQ(day.orders_sent(), 2U);

  day.broker_says([](auto& broker) { broker.confirm_cancel(1); });

  ASSERT_EQ(day.orders_sent(), 3U);
  expect_market_sell(day, 2, "STOP_LOSS");
  EXPECT_EQ(day.sent(2).terms.quantity, quantity("0.7"));
}

TEST(St0ckaStopLoss, AsksAgainWhenTheCancelIsRefused) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:15");
  day.bid_is("266.34");

  day.broker_says([](auto& broker) { broker.refuse_cancel(1); });
  day.go(day.at("10:15:10") - kNanosecond);
  day.bid_is("266.34");
  EXPECT_EQ(day.broker.order(1).cancels_asked, 1);
  day.go("10:15:10");

  EXPECT_EQ(day.broker.order(1).cancels_asked, 2);
  EXPECT_EQ(day.orders_sent(), 2U);
}

TEST(St0ckaStopLoss, AsksAgainWhenTheLimitProvesToWorkAfterAnUnansweredCancel) {
  RecordingLogger log;
  log.expect("ORDER_UNKNOWN");
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:15");
  day.bid_is("266.34");
  day.broker_says([](auto& broker) { broker.time_out(1); });
  day.go("10:15:05");

  day.broker_says([](auto& broker) { broker.accept(1); });
  day.go("10:15:15");

  EXPECT_EQ(day.broker.order(1).cancels_asked, 2);
  day.broker_says([](auto& broker) { broker.confirm_cancel(1); });
  expect_market_sell(day, 2, "STOP_LOSS");
}

TEST(St0ckaTimeExit, TakesTheLimitAwayAndSellsAtTheMarket) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go(day.at("10:55") - kNanosecond);
  day.bid_is("271.34");
  EXPECT_EQ(day.broker.order(1).cancels_asked, 0);

  day.go("10:55");
  EXPECT_EQ(day.broker.order(1).cancels_asked, 1);
  day.broker_says([](auto& broker) { broker.confirm_cancel(1); });

  expect_market_sell(day, 2, "TIME_EXIT");
}

TEST(St0ckaTimeExit, WaitsUntilTheShareIsNotLosing) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:55");
  day.bid_is("271.33");
  day.go("10:58");
  EXPECT_EQ(day.broker.order(1).cancels_asked, 0);

  day.bid_is("271.34");

  EXPECT_EQ(day.broker.order(1).cancels_asked, 1);
}

TEST(St0ckaTimeExit, DoesNotTrustAQuoteOlderThanTwoSeconds) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go(day.at("10:54:58") - kNanosecond);
  day.bid_is("275.00");

  day.go("10:55");

  EXPECT_EQ(day.state(), State::SellWorking);
}

TEST(St0ckaTimeExit, TrustsAQuoteOfTwoSeconds) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:54:58");
  day.bid_is("275.00");

  day.go("10:55");

  EXPECT_EQ(day.state(), State::ExitPending);
}

TEST(St0ckaTimeExit, IsNotDecidedByACrossedQuote) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:56");

  day.quote("275.00", "274.00");

  EXPECT_EQ(day.state(), State::SellWorking);
}

TEST(St0ckaShutdown, NeedsNoQuote) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go(day.at("11:00") - kNanosecond);
  EXPECT_EQ(day.broker.order(1).cancels_asked, 0);

  day.go("11:00");
  day.broker_says([](auto& broker) { broker.confirm_cancel(1); });

  expect_market_sell(day, 2, "SHUTDOWN");
  day.fill_last("270.00");
  EXPECT_EQ(day.state(), State::Done);
  EXPECT_THAT(exit_reasons(day), ElementsAre("SHUTDOWN"));
}

TEST(St0ckaShutdown, YieldsToTheStopLossAtTheSameMoment) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:59:59");
  day.clock.advance_to(day.at("11:00"));

  day.bid_is("266.34");
  day.broker_says([](auto& broker) { broker.confirm_cancel(1); });

  expect_market_sell(day, 2, "STOP_LOSS");
}

TEST(St0ckaExit, IsRaisedAndSentAgainWhenTheBrokerTurnsItDown) {
  RecordingLogger log;
  log.expect("SELL_ENDED");
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("09:31");
  day.bid_is("266.34");

  day.broker_says([](auto& broker) { broker.reject(1, "TRY_LATER"); });
  EXPECT_EQ(log.count("SELL_ENDED"), 1U);
  day.go(day.at("09:31:10") - kNanosecond);
  day.bid_is("266.34");
  EXPECT_EQ(day.orders_sent(), 2U);
  day.go("09:31:10");

  ASSERT_EQ(day.orders_sent(), 3U);
  expect_market_sell(day, 2, "STOP_LOSS");
  EXPECT_EQ(day.state(), State::ExitPending);
}

TEST(St0ckaExit, IsSentAgainMoreAndMoreRarelyWhereTheBrokerGoesOnTurningItDown) {
  RecordingLogger log;
  log.expect("SELL_ENDED");
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("09:31");
  day.bid_is("266.34");

  std::size_t last = 1;
  for (const char* time :
       {"09:31:10", "09:31:30", "09:32:10", "09:33:30", "09:35:30", "09:37:30"}) {
    day.broker_says([last](auto& broker) { broker.reject(last, "TRY_LATER"); });
    day.go(day.at(time) - kNanosecond);
    EXPECT_EQ(day.orders_sent(), last + 1) << time;
    day.go(time);
    EXPECT_EQ(day.orders_sent(), last + 2) << time;
    ++last;
  }
}

TEST(St0ckaExit, ThatWasNotAnsweredIsSentAgainUnderItsOwnIdOnly) {
  RecordingLogger log;
  log.expect("ORDER_UNKNOWN");
  log.expect("EXIT_SENT_AGAIN");
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("09:31");
  day.bid_is("266.34");

  day.broker_says([](auto& broker) { broker.time_out(1); });
  day.go("11:00");
  day.bid_is("266.34");

  EXPECT_EQ(day.orders_sent(), 2U);
  EXPECT_EQ(day.broker.sent_again, 1);
  EXPECT_EQ(day.broker.order(1).cancels_asked, 0);
}

TEST(St0ckaExit, ThatProvesAbsentIsSentAgainAtOnceUnderItsOwnId) {
  RecordingLogger log;
  log.expect("ORDER_UNKNOWN");
  log.expect("EXIT_SENT_AGAIN");
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("09:31");
  day.bid_is("266.34");
  day.broker_says([](auto& broker) { broker.time_out(1); });

  day.broker_says([](auto& broker) { broker.say(1, trading::OrderUpdateKind::ProvenAbsent); });

  EXPECT_EQ(day.broker.sent_again, 1);
  EXPECT_EQ(day.orders_sent(), 2U);
}

TEST(St0ckaExit, StopsWithAnAlarmWhenMoreWasSoldThanHeld) {
  // A limit that fills after its cancel was confirmed breaks the broker's word.
  RecordingLogger log;
  log.expect("OVERSOLD");
  log.expect("EXIT_BEYOND_HELD");
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:15");
  day.bid_is("266.34");
  day.broker_says([](auto& broker) { broker.confirm_cancel(1); });
  day.broker_says([](auto& broker) { broker.fill(1, price("271.35")); });

  day.fill_last("266.00");
  day.go("15:59");

  EXPECT_EQ(day.held(), core::Quantity::whole(-1));
  EXPECT_EQ(day.state(), State::Done);
  ASSERT_EQ(day.orders_sent(), 4U) << "the engine sends nothing, the desk buys back";
  EXPECT_EQ(day.sent(3).leg().side, trading::Side::Buy);
  EXPECT_EQ(day.sent(3).purpose, trading::Purpose::Exit);
  day.fill_last("266.00");
  EXPECT_TRUE(day.held().is_zero());
}

}  // namespace
}  // namespace st0ck::engines::st0cka
