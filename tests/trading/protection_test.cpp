#include "desk_stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>

// How long what groups have filled may be without a stop, and what ends it (ADR 30).
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using test::price;
using test::shares;
using Alarms = std::vector<std::string>;

/// Ten shares of which the stop is on its way to the broker, and is not answered.
class Protection : public testing::Test {
 protected:
  void enter(const BrokerAbilities& able_to = {}) {
    stage.broker.able_to = able_to;
    ids = stage.send(stage.bracket(10));
    stage.broker.accepts_at_once = false;
    stage.broker.fill(0, price("100.01"));
    stage.settle();
    stop = stage.number(ids.stop);
  }

  void set_status(market::TradingState state) {
    market::TradingStatus status;
    status.instrument = stage.instruments.spy;
    status.time = stage.clock.now();
    status.state = state;
    stage.market.apply(status);
  }

  const test::ScriptedBroker::Order& latest() const {
    return stage.broker.order(stage.broker.last());
  }
  bool has_sold_at_market() const {
    return latest().intent.type == OrderType::Market && latest().intent.purpose == Purpose::Exit;
  }
  bool is_alarmed(std::string_view code) const {
    return std::find(stage.alarms.begin(), stage.alarms.end(), code) != stage.alarms.end();
  }

  DeskStage stage;
  GroupIds ids;
  std::size_t stop = 0;
};

TEST_F(Protection, TellsHowLongWhatFilledWasBare) {
  enter();

  stage.pass(200ms);
  EXPECT_EQ(stage.desk.unprotected().groups, 1U);
  EXPECT_EQ(stage.desk.unprotected().longest, 200ms);
  stage.broker.accept(stop);
  stage.settle();

  EXPECT_EQ(stage.desk.protection().max(), 200ms) << "the stop was on its way";
  EXPECT_EQ(stage.desk.protection().quantile(0.5), 200ms);
  EXPECT_EQ(stage.desk.unprotected().groups, 0U);
}

/// A stop that is to grow covers what it covers until the broker has said yes.
TEST_F(Protection, CountsWhatAStopDoesNotCoverYet) {
  ids = stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"), shares(4));
  stage.settle();
  EXPECT_EQ(stage.desk.unprotected().groups, 0U);

  stage.broker.fill(0, price("100.01"));
  stage.settle();
  ASSERT_EQ(stage.broker.replaces.size(), 1U);
  stage.pass(300ms);
  EXPECT_EQ(stage.desk.unprotected().longest, 300ms);
  stage.broker.confirm_replace();
  stage.settle();

  EXPECT_EQ(stage.desk.protection().max(), 300ms);
}

TEST_F(Protection, IsLeftAloneANanosecondBeforeTheBound) {
  enter();

  stage.pass(15s - 1ns);

  EXPECT_TRUE(stage.alarms.empty());
  EXPECT_EQ(stage.broker.order(stop).cancels_asked, 0);
}

TEST_F(Protection, IsEnforcedAtTheBound) {
  enter();

  stage.pass(15s);

  EXPECT_EQ(stage.alarms, (Alarms{"UNPROTECTED_TOO_LONG"}));
  EXPECT_EQ(stage.broker.order(stop).cancels_asked, 1);
  EXPECT_EQ(stage.broker.last(), stop) << "the stop may be there: nothing else is for sale";
  EXPECT_EQ(stage.desk.protection().closed(), 1U);
}

TEST_F(Protection, IsEnforcedOnce) {
  enter();

  stage.pass(15s);
  stage.pass(1ns);
  stage.pass(1min);
  stage.quote("99.99", "100.01");

  EXPECT_EQ(stage.alarms, (Alarms{"UNPROTECTED_TOO_LONG"}));
  EXPECT_EQ(stage.broker.order(stop).cancels_asked, 1);
}

TEST_F(Protection, HasTheBoundOfTheSettings) {
  stage.desk.limit_account({.unprotected_max = 40s});
  enter();

  stage.pass(40s - 1ns);
  EXPECT_TRUE(stage.alarms.empty());
  stage.pass(1ns);

  EXPECT_EQ(stage.alarms, (Alarms{"UNPROTECTED_TOO_LONG"}));
}

TEST_F(Protection, IsSoldOnceTheStopIsGone) {
  enter();
  stage.pass(15s);

  stage.broker.confirm_cancel(stop);
  stage.settle();

  ASSERT_TRUE(has_sold_at_market());
  EXPECT_EQ(latest().intent.terms.quantity, shares(10));
  EXPECT_EQ(latest().intent.reason.view(), "UNPROTECTED_TOO_LONG");
  stage.broker.fill(stage.broker.last(), price("99.99"));
  stage.settle();
  EXPECT_TRUE(stage.held().is_zero());
  EXPECT_TRUE(stage.desk.orders().open_orders().empty());
}

/// Of unknown fate: whatever it turns out to be, the ten are sold once.
TEST_F(Protection, SellsOnlyWhatAnUnknownStopHasNotSold) {
  enter();
  stage.broker.time_out(stop);
  stage.settle();
  stage.pass(16s);
  ASSERT_TRUE(is_alarmed("UNPROTECTED_TOO_LONG"));
  EXPECT_EQ(stage.broker.last(), stop);
  EXPECT_EQ(stage.state(ids.stop), OrderState::Unknown);

  stage.broker.fill(stop, price("98.99"), shares(7));  // It was there all the time.
  stage.settle();
  EXPECT_EQ(stage.broker.last(), stop) << "the rest of it may fill as well";
  stage.broker.confirm_cancel(stop);
  stage.settle();

  ASSERT_TRUE(has_sold_at_market());
  EXPECT_EQ(latest().intent.terms.quantity, shares(3));
}

TEST_F(Protection, SellsWhatAStopThatNeverArrivedWasToGuard) {
  enter();
  stage.broker.time_out(stop);
  stage.settle();
  stage.pass(15s);

  stage.broker.lose(stop);
  stage.settle();

  ASSERT_TRUE(has_sold_at_market());
  EXPECT_EQ(latest().intent.terms.quantity, shares(10));
  EXPECT_NE(stage.broker.last(), stop);
}

TEST_F(Protection, IsNotEnforcedOnWhatAnUnknownStopHasSold) {
  enter();
  stage.broker.time_out(stop);
  stage.settle();
  stage.pass(15s);

  stage.broker.fill(stop, price("98.99"));
  stage.settle();

  EXPECT_TRUE(stage.held().is_zero());
  EXPECT_EQ(stage.broker.last(), stop);
  EXPECT_TRUE(stage.desk.orders().open_orders().empty());
}

TEST_F(Protection, IsOfAGroupThatTheBrokerHoldsToo) {
  stage.broker.able_to = {.holds_groups = true, .reserves_quantity = true};
  stage.broker.accepts_at_once = false;
  ids = stage.send(stage.bracket(10));
  stage.broker.accept(0);
  stage.broker.fill(0, price("100.01"));
  stage.broker.time_out(1);
  stage.broker.time_out(2);
  stage.settle();

  stage.pass(15s);
  EXPECT_TRUE(is_alarmed("UNPROTECTED_TOO_LONG"));
  EXPECT_EQ(stage.broker.sent_again, 0) << "alone the exits would not end each other";
  EXPECT_EQ(stage.broker.last(), 2U);
  for (const std::size_t exit : {1U, 2U}) {
    EXPECT_EQ(stage.broker.order(exit).cancels_asked, 1) << exit;
    stage.broker.confirm_cancel(exit);
    stage.settle();
  }

  ASSERT_EQ(stage.broker.last(), 3U);
  EXPECT_TRUE(has_sold_at_market());
}

TEST_F(Protection, WaitsForAHaltToEnd) {
  enter();
  set_status(market::TradingState::Halted);
  stage.pass(15s);
  EXPECT_EQ(stage.alarms, (Alarms{"UNPROTECTED"}));
  stage.quote("99.99", "100.01");
  EXPECT_EQ(stage.broker.order(stop).cancels_asked, 0) << "the stop may come yet";

  set_status(market::TradingState::Trading);
  stage.quote("99.90", "99.92");

  EXPECT_EQ(stage.alarms, (Alarms{"UNPROTECTED", "UNPROTECTED_TOO_LONG"}));
  EXPECT_EQ(stage.broker.order(stop).cancels_asked, 1);
}

TEST_F(Protection, IsOverWhereTheStopComesDuringAHalt) {
  enter();
  set_status(market::TradingState::Paused);
  stage.pass(15s);

  stage.broker.accept(stop);
  stage.settle();
  set_status(market::TradingState::Trading);
  stage.quote("99.90", "99.92");

  EXPECT_EQ(stage.alarms, (Alarms{"UNPROTECTED"}));
  EXPECT_EQ(stage.broker.order(stop).cancels_asked, 0);
}

TEST_F(Protection, WaitsForTheNextSession) {
  stage.pass(5h + 59min + 50s);  // Ten seconds before the close.
  stage.quote("99.99", "100.01");
  enter();
  stage.pass(10s);
  stage.desk.close_session();
  stage.pass(5s);
  EXPECT_EQ(stage.alarms, (Alarms{"UNPROTECTED"}));

  stage.desk.open_session({core::Date{std::chrono::year{2019} / 2 / 12},
                           test::utc("2019-02-12T14:30:00Z"), test::utc("2019-02-12T21:00:00Z")});
  stage.clock.set(test::utc("2019-02-12T14:29:59Z"));
  stage.quote("99.99", "100.01");
  EXPECT_EQ(stage.alarms, (Alarms{"UNPROTECTED"})) << "before the open";
  stage.clock.set(test::utc("2019-02-12T14:30:00Z"));
  stage.quote("99.99", "100.01");

  EXPECT_EQ(stage.alarms.back(), "UNPROTECTED_TOO_LONG");
}

/// A market order of unknown fate is proven and sent again under its own id like any other exit.
TEST_F(Protection, SaysThatClosingHasNotComeAbout) {
  enter();
  stage.pass(15s);
  stage.broker.confirm_cancel(stop);
  stage.settle();
  const std::size_t close = stage.broker.last();
  stage.broker.time_out(close);
  stage.settle();

  stage.pass(16s);

  EXPECT_EQ(stage.alarms.back(), "UNPROTECTED");
  EXPECT_EQ(stage.broker.last(), close);
  EXPECT_EQ(stage.broker.sent_again, 1);
}

TEST_F(Protection, GoesBackToTheStopAfterAClosing) {
  enter();
  stage.pass(15s);
  stage.broker.confirm_cancel(stop);
  stage.settle();
  stage.broker.fill(stage.broker.last(), price("99.99"));
  stage.settle();
  stage.broker.accepts_at_once = true;
  stage.quote("99.99", "100.01");

  const GroupIds next = stage.send(stage.bracket(10));
  stage.broker.fill(stage.number(next.entry), price("100.01"));
  stage.settle();

  EXPECT_EQ(stage.state(next.stop), OrderState::Working);
  EXPECT_EQ(stage.desk.unprotected().groups, 0U);
}

/// The broker holds the exits of an entry back that has filled in part, also of one that was given
/// up as nobody answered for it.
TEST_F(Protection, IsArmedHereWhileAnEntryMayStillBeAtWork) {
  stage.broker.able_to = {.holds_groups = true, .exits_wait_for_whole_entry = true};
  ids = stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"), shares(4));
  stage.broker.time_out(0);
  stage.settle();
  stage.pass(11s);
  ASSERT_EQ(stage.state(ids.entry), OrderState::Rejected) << "abandoned";

  stage.quote("98.95", "98.97");

  EXPECT_TRUE(is_alarmed("ARMED_STOP_HIT"));
}

}  // namespace
}  // namespace st0ck::trading
