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

// --- Buying.

TEST(St0ckaBuy, GoesOutAtTheMarketWithTheFirstFreshQuote) {
  RecordingLogger log;
  St0ckaDay day{log};

  day.open_at("271.34");

  ASSERT_EQ(day.orders_sent(), 1U);
  const trading::OrderIntent& order = day.sent(0);
  EXPECT_EQ(order.leg().side, trading::Side::Buy);
  EXPECT_EQ(order.type, trading::OrderType::Market);
  EXPECT_EQ(order.time_in_force, trading::TimeInForce::Day);
  EXPECT_EQ(order.purpose, trading::Purpose::Entry);
  EXPECT_EQ(order.terms.quantity, core::Quantity::whole(1));
  EXPECT_EQ(order.client_order_id.view(), "a-st0cka-20190211-1");
  EXPECT_THAT(day.records.decisions(),
              ElementsAre("transition IDLE", "refusal OUTSIDE_WINDOW", "refusal buy 1 STALE_QUOTE",
                          "intent buy 1 ENTRY", "transition BUY_PENDING"));
}

TEST(St0ckaBuy, TakesTheFillAsItsPrice) {
  RecordingLogger log;
  St0ckaDay day{log};

  day.buy_at("271.34");

  EXPECT_EQ(day.state(), State::Holding);
  EXPECT_EQ(day.held(), core::Quantity::whole(1));
}

TEST(St0ckaBuy, WaitsForTheOpenAlsoWithQuotesBefore) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.prepare();

  day.go(day.at("09:30") - kNanosecond);
  day.bid_is("271.34");

  EXPECT_EQ(day.orders_sent(), 0U);
  day.open();
  EXPECT_EQ(day.orders_sent(), 1U);
}

TEST(St0ckaBuy, GoesOutInTheLastNanosecondOfTheWindow) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.prepare();
  day.open();

  day.go(day.at("10:15") - kNanosecond);
  day.bid_is("271.34");

  EXPECT_EQ(day.orders_sent(), 1U);
}

TEST(St0ckaBuy, IsTooLateWhenTheWindowHasClosed) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.prepare();
  day.open();

  day.go("10:15");
  day.bid_is("271.34");
  day.bid_is("271.35");

  EXPECT_EQ(day.orders_sent(), 0U);
  EXPECT_THAT(day.records.decisions(),
              ElementsAre("transition IDLE", "refusal OUTSIDE_WINDOW", "refusal buy 1 STALE_QUOTE",
                          "refusal OUTSIDE_WINDOW"));
}

TEST(St0ckaBuy, HappensOnceADayHoweverSoonTheShareIsSold) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("09:40");
  day.bid_is("266.34");
  day.fill_last("266.33");
  ASSERT_EQ(day.state(), State::Done);

  for (const auto* time : {"09:41", "10:00", "10:14:59", "10:15", "10:55", "11:00", "15:59"}) {
    day.go(time);
    day.bid_is("271.34");
  }

  EXPECT_EQ(day.orders_sent(), 2U);
  EXPECT_EQ(day.state(), State::Done);
}

TEST(St0ckaBuy, HappensAgainTheNextSession) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("11:00");
  day.fill_last("272.00");
  day.close();

  day.use_session("2019-02-12");
  day.open_at("273.00");

  ASSERT_EQ(day.orders_sent(), 3U);
  EXPECT_EQ(day.sent(2).client_order_id.view(), "a-st0cka-20190212-1");
}

TEST(St0ckaBuy, IsReportedOnceWhenItTakesTenSeconds) {
  RecordingLogger log;
  log.expect("BUY_NOT_FILLED");
  St0ckaDay day{log};
  day.open_at("271.34");

  day.go(day.at("09:30:10") - kNanosecond);
  EXPECT_EQ(log.count("BUY_NOT_FILLED"), 0U);
  for (const auto* time : {"09:30:10", "09:30:20", "10:00", "10:30"}) {
    day.go(time);
    day.bid_is("271.34");
  }

  EXPECT_EQ(log.count("BUY_NOT_FILLED"), 1U);
  EXPECT_EQ(day.orders_sent(), 1U);
  EXPECT_EQ(day.state(), State::BuyPending);
}

TEST(St0ckaBuy, IsStillWatchedAfterTheReport) {
  RecordingLogger log;
  log.expect("BUY_NOT_FILLED");
  St0ckaDay day{log};
  day.open_at("271.34");
  day.go("09:45");

  day.fill_last("271.50");

  EXPECT_EQ(day.state(), State::Holding);
}

TEST(St0ckaBuy, IsNotReportedWhenItFillsInTime) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.open_at("271.34");
  day.go(day.at("09:30:10") - kNanosecond);
  day.fill_last("271.34");

  day.go("10:00");

  EXPECT_EQ(log.count("BUY_NOT_FILLED"), 0U);
}

TEST(St0ckaBuy, IsGivenUpForTheDayWhenItIsRejected) {
  RecordingLogger log;
  log.expect("BUY_ENDED");
  St0ckaDay day{log};
  day.open_at("271.34");

  day.broker_says([](auto& broker) { broker.reject(0, "NO_FUNDS"); });
  day.go("09:50");
  day.bid_is("271.34");

  EXPECT_EQ(day.state(), State::Done);
  EXPECT_EQ(day.orders_sent(), 1U);
}

TEST(St0ckaBuy, IsCancelledAtElevenOnce) {
  RecordingLogger log;
  log.expect("BUY_NOT_FILLED");
  log.expect("BUY_ENDED");
  St0ckaDay day{log};
  day.open_at("271.34");

  day.go(day.at("11:00") - kNanosecond);
  EXPECT_EQ(day.broker.order(0).cancels_asked, 0);
  day.go("11:00");
  day.bid_is("271.34");
  day.bid_is("271.34");
  EXPECT_EQ(day.broker.order(0).cancels_asked, 1);
  day.broker_says([](auto& broker) { broker.confirm_cancel(0); });

  EXPECT_EQ(day.state(), State::Done);
  EXPECT_EQ(day.orders_sent(), 1U);
  EXPECT_EQ(day.records.decisions().back(), "transition DONE");
}

TEST(St0ckaBuy, ThatFillsDespiteItsCancelIsSoldAtOnce) {
  RecordingLogger log;
  log.expect("BUY_NOT_FILLED");
  St0ckaDay day{log};
  day.open_at("271.34");
  day.go("11:00");

  day.fill_last("271.40");

  ASSERT_EQ(day.orders_sent(), 2U);
  expect_market_sell(day, 1, "SHUTDOWN");
  EXPECT_THAT(
      day.records.decisions(),
      ElementsAre("transition IDLE", "refusal OUTSIDE_WINDOW", "refusal buy 1 STALE_QUOTE",
                  "intent buy 1 ENTRY", "transition BUY_PENDING", "cancel buy 1 BUY_TOO_LATE",
                  "transition HOLDING", "transition EXIT_PENDING", "intent sell 1 SHUTDOWN"));
  day.fill_last("271.30");
  EXPECT_EQ(day.state(), State::Done);
  EXPECT_THAT(exit_reasons(day), ElementsAre("SHUTDOWN"));
}

TEST(St0ckaBuy, ThatFillsAfterItsCancelWasConfirmedIsSoldAtOnce) {
  RecordingLogger log;
  log.expect("BUY_NOT_FILLED");
  log.expect("BUY_ENDED");
  St0ckaDay day{log};
  day.open_at("271.34");
  day.go("11:00");
  day.broker_says([](auto& broker) { broker.confirm_cancel(0); });

  day.fill_last("271.40");

  ASSERT_EQ(day.orders_sent(), 2U);
  expect_market_sell(day, 1, "SHUTDOWN");
}

TEST(St0ckaBuy, HasItsCancelTriedAgainAfterARefusal) {
  RecordingLogger log;
  log.expect("BUY_NOT_FILLED");
  St0ckaDay day{log};
  day.open_at("271.34");
  day.go("11:00");

  day.broker_says([](auto& broker) { broker.refuse_cancel(0); });
  day.go(day.at("11:00:10") - kNanosecond);
  day.bid_is("271.34");
  EXPECT_EQ(day.broker.order(0).cancels_asked, 1);
  day.go("11:00:10");

  EXPECT_EQ(day.broker.order(0).cancels_asked, 2);
}

TEST(St0ckaBuy, HasItsCancelTriedAgainWhenItProvesToWorkStill) {
  RecordingLogger log;
  log.expect("ORDER_UNKNOWN");
  log.expect("BUY_NOT_FILLED");
  St0ckaDay day{log};
  day.open_at("271.34");
  day.go("11:00");
  day.broker_says([](auto& broker) { broker.time_out(0); });

  day.broker_says([](auto& broker) { broker.accept(0); });
  day.go("11:00:10");

  EXPECT_EQ(day.broker.order(0).cancels_asked, 2);
}

TEST(St0ckaBuy, OfAPartOfAShareIsSoldAsThatPart) {
  RecordingLogger log;
  log.expect("BUY_NOT_FILLED");
  St0ckaDay day{log};
  day.open_at("271.34");
  day.broker_says([](auto& broker) { broker.fill(0, price("271.34"), quantity("0.4")); });
  EXPECT_EQ(day.state(), State::BuyPending);
  day.go("11:00");

  day.broker_says([](auto& broker) { broker.confirm_cancel(0); });

  ASSERT_EQ(day.orders_sent(), 2U);
  expect_market_sell(day, 1, "SHUTDOWN");
  EXPECT_EQ(day.sent(1).terms.quantity, quantity("0.4"));
}

// --- Offering at the target.

TEST(St0ckaLimit, IsPlacedAtTenFifteenACentAboveRoundedUp) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.open_at("271.34");
  day.fill_last("271.3405");

  day.go(day.at("10:15") - kNanosecond);
  day.bid_is("280.00");
  EXPECT_EQ(day.orders_sent(), 1U);
  day.go("10:15");

  ASSERT_EQ(day.orders_sent(), 2U);
  const trading::OrderIntent& order = day.sent(1);
  EXPECT_EQ(order.leg().side, trading::Side::Sell);
  EXPECT_EQ(order.type, trading::OrderType::Limit);
  EXPECT_EQ(order.time_in_force, trading::TimeInForce::Day);
  EXPECT_EQ(order.purpose, trading::Purpose::Exit);
  EXPECT_EQ(order.terms.quantity, core::Quantity::whole(1));
  EXPECT_EQ(order.terms.limit, price("271.36"));
  EXPECT_EQ(day.state(), State::SellWorking);
}

TEST(St0ckaLimit, IsPlacedAtOnceForALateFill) {
  RecordingLogger log;
  log.expect("BUY_NOT_FILLED");
  St0ckaDay day{log};
  day.open_at("271.34");
  day.go("10:30");

  day.fill_last("271.34");

  ASSERT_EQ(day.orders_sent(), 2U);
  EXPECT_EQ(day.sent(1).terms.limit, price("271.35"));
}

TEST(St0ckaLimit, ClosesTheDayWhenItFills) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.open_at("271.34");
  day.fill_last("271.3405");
  day.go("10:15");

  day.fill_last("271.36");

  EXPECT_EQ(day.state(), State::Done);
  const auto trades = day.records.all<kernel::RoundTripRow>();
  ASSERT_EQ(trades.size(), 1U);
  EXPECT_EQ(trades[0].exit_reason.view(), "LIMIT_FILL");
  EXPECT_EQ(trades[0].realized_pnl, test::money("0.0195"));
  day.go("11:00");
  EXPECT_EQ(day.orders_sent(), 2U);
}

struct Turndown {
  std::string name;
  void (*say)(test::ScriptedBroker& broker);
};

void PrintTo(const Turndown& turndown, std::ostream* stream) { *stream << turndown.name; }

class St0ckaLimitTurnedDown : public testing::TestWithParam<Turndown> {};

TEST_P(St0ckaLimitTurnedDown, LeavesTheShareHeldAndIsPlacedAgainAfterThePause) {
  RecordingLogger log;
  log.expect("SELL_ENDED");
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:15");

  day.broker_says(GetParam().say);
  EXPECT_EQ(day.state(), State::Holding);
  day.go(day.at("10:15:10") - kNanosecond);
  day.bid_is("271.00");
  EXPECT_EQ(day.orders_sent(), 2U);
  day.go("10:15:10");

  ASSERT_EQ(day.orders_sent(), 3U);
  EXPECT_EQ(day.sent(2).terms.limit, price("271.35"));
  EXPECT_EQ(day.state(), State::SellWorking);
}

std::string name_of_turndown(const testing::TestParamInfo<Turndown>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    ByTheBroker, St0ckaLimitTurnedDown,
    testing::Values(Turndown{"Rejected", [](auto& broker) { broker.reject(1, "TRY_LATER"); }},
                    Turndown{"Cancelled", [](auto& broker) { broker.confirm_cancel(1, "BUST"); }},
                    Turndown{"Expired", [](auto& broker) { broker.expire(1); }}),
    name_of_turndown);

TEST(St0ckaLimit, TurnedDownDoesNotDelayAStopLoss) {
  RecordingLogger log;
  log.expect("SELL_ENDED");
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("10:15");
  day.broker_says([](auto& broker) { broker.reject(1, "TRY_LATER"); });

  day.go("10:15:01");
  day.bid_is("266.34");

  ASSERT_EQ(day.orders_sent(), 3U);
  expect_market_sell(day, 2, "STOP_LOSS");
}

}  // namespace
}  // namespace st0ck::engines::st0cka
