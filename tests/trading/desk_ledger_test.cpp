#include "desk_stage.hpp"

#include <gtest/gtest.h>

// What the desk books without a fill. The stage's session is Monday 2019-02-11.
namespace st0ck::trading {
namespace {

using market::CorporateAction;
using market::CorporateActionKind;
using test::money;
using test::price;
using test::quantity;
using test::shares;
using test::utc;
using Alarms = std::vector<std::string>;

struct DeskLedger : testing::Test {
  void apply(const CorporateAction& action) {
    stage.market.apply(action);
    stage.desk.on_corporate_action(action);
    stage.settle();
  }
  CorporateAction split(std::uint32_t numerator, std::uint32_t denominator) const {
    CorporateAction action;
    action.instrument = stage.instruments.spy;
    action.kind = CorporateActionKind::Split;
    action.ex_date = core::parse_date("2019-02-12").value();
    action.numerator = numerator;
    action.denominator = denominator;
    return action;
  }
  CorporateAction dividend(std::string_view amount) const {
    CorporateAction action = split(1, 1);
    action.kind = CorporateActionKind::CashDividend;
    action.amount = price(amount);
    return action;
  }
  void trade(Side side, std::int64_t count, std::string_view at) {
    const auto purpose = stage.held().is_zero() ? Purpose::Entry : Purpose::Exit;
    stage.send(stage.request(side, OrderType::Market, purpose, count, "T"));
    stage.broker.fill(stage.broker.last(), price(at));
    stage.settle();
  }
  void print(core::InstrumentId instrument, std::string_view at) {
    market::Trade print;
    print.instrument = instrument;
    print.time = stage.clock.now();
    print.price = price(at);
    print.size = core::Volume::whole(100);
    ASSERT_TRUE(stage.market.apply(print));
  }
  void close() {
    stage.clock.set(utc("2019-02-11T21:00:00Z"));
    stage.desk.close_session();
    stage.settle();
  }
  /// Sells 100 shares short, at 20, of a stock that costs 36 % a year to borrow.
  core::InstrumentId short_what_costs() {
    market::Instrument hard;
    hard.symbol = core::Symbol{"HARD"};
    hard.borrow_rate = test::rate("0.36");
    const core::InstrumentId id = stage.instruments.table.define(hard).id;
    market::Quote quote;
    quote.instrument = id;
    quote.time = stage.clock.now();
    quote.bid = price("19.99");
    quote.ask = price("20.01");
    stage.market.apply(quote);
    OrderRequest request = stage.request(Side::Sell, OrderType::Market, Purpose::Entry, 100, "T");
    request.instrument = id;
    stage.send(request);
    stage.broker.fill(stage.broker.last(), price("20.00"));
    stage.settle();
    return id;
  }

  DeskStage stage;
};

TEST_F(DeskLedger, PaysADividendToTheLongAndTakesItFromTheShort) {
  trade(Side::Buy, 100, "100.00");
  apply(dividend("0.24"));

  ASSERT_EQ(stage.entries.size(), 1U);
  EXPECT_EQ(stage.entries[0].kind, LedgerEntryKind::Dividend);
  EXPECT_EQ(stage.entries[0].quantity, shares(100));
  EXPECT_EQ(stage.entries[0].amount, money("24"));
  EXPECT_EQ(stage.desk.cash(), money("990024"));
  EXPECT_EQ(stage.desk.day(stage.bot).carry, money("24"));
  EXPECT_TRUE(stage.desk.day(stage.bot).realized_pnl.is_zero());

  trade(Side::Sell, 100, "100.00");
  trade(Side::Sell, 50, "100.00");
  apply(dividend("0.10"));

  EXPECT_EQ(stage.entries.back().amount, money("-5"));
}

TEST_F(DeskLedger, ADividendAloneChangesNoEquity) {
  trade(Side::Buy, 100, "100.00");
  const auto before = stage.desk.equity();

  apply(dividend("0.24"));

  EXPECT_EQ(stage.desk.equity(), before) << "the mark is ex as well";
}

TEST_F(DeskLedger, SplitsAPositionAndPaysTheFractionInCash) {
  trade(Side::Buy, 5, "90.00");

  apply(split(3, 2));

  EXPECT_EQ(stage.held(), shares(7));
  ASSERT_EQ(stage.entries.size(), 2U);
  EXPECT_EQ(stage.entries[0].kind, LedgerEntryKind::Split);
  EXPECT_EQ(stage.entries[0].quantity, quantity("7.5"));
  EXPECT_TRUE(stage.entries[0].amount.is_zero());
  EXPECT_EQ(stage.entries[1].kind, LedgerEntryKind::CashInLieu);
  EXPECT_EQ(stage.entries[1].quantity, quantity("0.5"));
  EXPECT_EQ(stage.entries[1].amount, money("33.333333334")) << "half of 66.666666667";
  EXPECT_EQ(stage.alarms, Alarms{"SPLIT"});
}

TEST_F(DeskLedger, ASplitAloneChangesNoEquity) {
  trade(Side::Buy, 100, "90.00");
  const auto before = stage.desk.equity();

  apply(split(4, 1));

  EXPECT_EQ(stage.held(), shares(400));
  EXPECT_EQ(stage.desk.equity(), before);
}

TEST_F(DeskLedger, EndsAPositionOfWhichASplitLeavesNoWholeShare) {
  trade(Side::Buy, 5, "100.00");

  apply(split(1, 10));

  EXPECT_TRUE(stage.held().is_zero());
  ASSERT_EQ(stage.round_trips.size(), 1U);
  EXPECT_EQ(stage.round_trips[0].exit_reason.view(), "CASH_IN_LIEU");
  EXPECT_EQ(stage.entries.back().amount, money("500"));
}

TEST_F(DeskLedger, MovesStopAndTargetOfAKeptGroupWithASplit) {
  const GroupIds ids = stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  const Order& stop = *stage.desk.orders().find(ids.stop);
  const Order& target = *stage.desk.orders().find(ids.target);
  ASSERT_EQ(target.state, OrderState::Armed);

  apply(split(2, 1));
  EXPECT_EQ(target.intent.terms.limit, price("50.50"));
  EXPECT_EQ(target.intent.terms.quantity, shares(20));
  EXPECT_EQ(stop.intent.terms.stop, price("99.00")) << "the broker's, until it says so";
  stage.broker.adjust(stage.number(ids.stop), stop.intent, split(2, 1));
  stage.settle();

  EXPECT_EQ(stop.intent.terms.stop, price("49.50"));
  EXPECT_EQ(stop.intent.terms.quantity, shares(20));
  stage.pass(std::chrono::seconds{1});
  EXPECT_TRUE(stage.broker.replaces.empty()) << "nothing is left to be put right";
  stage.quote("50.50", "50.52");
  stage.broker.confirm_cancel(stage.number(ids.stop));
  stage.settle();
  ASSERT_TRUE(stage.is_at_broker(ids.target));
  EXPECT_EQ(stage.broker.order(stage.number(ids.target)).intent.terms.quantity, shares(20));
  EXPECT_EQ(stage.broker.order(stage.number(ids.target)).intent.terms.limit, price("50.50"));
}

TEST_F(DeskLedger, SharesAnOddSplitAmongKeptGroupsWithoutALeftover) {
  const GroupIds first = stage.send(stage.bracket(5));
  stage.broker.fill(stage.number(first.entry), price("100.01"));
  stage.settle();
  const GroupIds second = stage.send(stage.bracket(5));
  stage.broker.fill(stage.number(second.entry), price("100.01"));
  stage.settle();

  apply(split(3, 2));
  for (const GroupIds& ids : {first, second})
    stage.broker.adjust(stage.number(ids.stop), stage.desk.orders().find(ids.stop)->intent,
                        split(3, 2));
  stage.settle();
  ASSERT_EQ(stage.held(), shares(15));
  EXPECT_TRUE(stage.broker.replaces.empty()) << "the broker may not be done yet";
  stage.pass(std::chrono::seconds{1});
  ASSERT_EQ(stage.broker.replaces.size(), 1U) << "the broker made 7 of each 5";
  stage.broker.confirm_replace();
  stage.settle();

  EXPECT_EQ(stage.desk.orders().find(first.stop)->intent.terms.quantity, shares(7));
  EXPECT_EQ(stage.desk.orders().find(second.stop)->intent.terms.quantity, shares(8));
}

TEST_F(DeskLedger, WaitsForTheBrokersWordAboutTwoActionsOfOneDay) {
  const GroupIds ids = stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  const Order& stop = *stage.desk.orders().find(ids.stop);

  apply(dividend("1.00"));
  apply(split(2, 1));
  stage.broker.adjust(stage.number(ids.stop), stop.intent, dividend("1.00"));
  stage.settle();
  EXPECT_EQ(stop.intent.terms.stop, price("98.00"));
  EXPECT_TRUE(stage.broker.replaces.empty()) << "nothing on the terms between the two";
  stage.broker.adjust(stage.number(ids.stop), stop.intent, split(2, 1));
  stage.settle();
  stage.pass(std::chrono::seconds{2});

  EXPECT_EQ(stop.intent.terms.stop, price("49.00"));
  EXPECT_EQ(stop.intent.terms.quantity, shares(20));
  EXPECT_TRUE(stage.broker.replaces.empty());
}

TEST_F(DeskLedger, SendsAStopAgainThatAReverseSplitHasCancelled) {
  const GroupIds ids = stage.send(stage.bracket(20));
  stage.broker.fill(0, price("100.01"));
  stage.settle();

  apply(split(1, 10));
  stage.broker.confirm_cancel(stage.number(ids.stop), "REVERSE_SPLIT");
  stage.settle();
  stage.quote("1000.00", "1000.10");
  stage.pass(std::chrono::seconds{2});

  const auto& sent = stage.broker.order(stage.broker.last()).intent;
  EXPECT_EQ(sent.type, OrderType::Stop);
  EXPECT_EQ(sent.terms.stop, price("990.00"));
  EXPECT_EQ(sent.terms.quantity, shares(2));
}

TEST_F(DeskLedger, ChargesBorrowForTheNightsToTheNextSession) {
  short_what_costs();

  close();
  ASSERT_EQ(stage.entries.size(), 1U);
  EXPECT_EQ(stage.entries[0].kind, LedgerEntryKind::BorrowFee);
  EXPECT_EQ(stage.entries[0].quantity, shares(-100));
  EXPECT_EQ(stage.entries[0].amount, money("-2")) << "2000 x 0.36 / 360, one night";

  stage.desk.open_session({core::parse_date("2019-02-15").value(), utc("2019-02-15T14:30:00Z"),
                           utc("2019-02-15T21:00:00Z")});
  stage.desk.close_session();
  EXPECT_EQ(stage.entries.back().amount, money("-8")) << "Friday to Tuesday, Monday a holiday";
}

TEST_F(DeskLedger, GivesBackTheBorrowOfWhatTheClosingAuctionBought) {
  OrderRequest request = stage.request(Side::Buy, OrderType::Market, Purpose::Exit, 100, "T");
  request.instrument = short_what_costs();
  stage.send(request);
  close();
  ASSERT_EQ(stage.entries.size(), 1U);

  stage.broker.fill(stage.broker.last(), price("20.00"), shares(60));
  stage.settle();
  ASSERT_EQ(stage.entries.size(), 2U);
  EXPECT_EQ(stage.entries[1].amount, money("1.20")) << "40 are borrowed";
  stage.broker.fill(stage.broker.last(), price("20.00"), shares(40));
  stage.settle();

  ASSERT_EQ(stage.entries.size(), 3U);
  EXPECT_EQ(stage.entries[2].amount, money("0.80"));
}

TEST_F(DeskLedger, LongAndFreelyBorrowedPositionsPayNothing) {
  trade(Side::Sell, 10, "100.00");
  close();
  EXPECT_TRUE(stage.entries.empty());
}

TEST_F(DeskLedger, EndsAnOptionForItsIntrinsicValue) {
  OrderRequest request = stage.request(Side::Buy, OrderType::Limit, Purpose::Entry, 2, "T");
  request.instrument = stage.instruments.option;  // SPY, 2019-02-11, call at 270.
  request.terms.limit = price("1.00");
  market::Quote quote;
  quote.instrument = request.instrument;
  quote.time = stage.clock.now();
  quote.bid = price("0.99");
  quote.ask = price("1.01");
  stage.market.apply(quote);
  stage.send(request);
  ASSERT_TRUE(stage.refusals.empty()) << stage.refusals.front();
  stage.broker.fill(stage.broker.last(), price("1.00"));
  stage.settle();
  print(stage.instruments.spy, "272.50");

  close();

  ASSERT_EQ(stage.entries.size(), 1U);
  EXPECT_EQ(stage.entries[0].kind, LedgerEntryKind::Expiry);
  EXPECT_EQ(stage.entries[0].quantity, shares(2));
  EXPECT_EQ(stage.entries[0].amount, money("500"));
  ASSERT_EQ(stage.round_trips.size(), 1U);
  EXPECT_EQ(stage.round_trips[0].exit_reason.view(), "EXPIRY");
  EXPECT_EQ(stage.round_trips[0].exit_price, price("2.50"));
  EXPECT_TRUE(stage.desk.position(stage.bot, stage.instruments.option).is_zero());
}

TEST_F(DeskLedger, MarksTheAccountAtTheClose) {
  trade(Side::Buy, 100, "100.00");
  close();

  ASSERT_EQ(stage.marks.size(), 1U);
  const EquityMark& mark = stage.marks[0];
  EXPECT_EQ(mark.time, utc("2019-02-11T21:00:00Z"));
  EXPECT_EQ(mark.cash, money("990000"));
  EXPECT_EQ(mark.settled_cash, money("1000000")) << "the purchase settles on the 13th";
  EXPECT_EQ(mark.long_value, money("10000"));
  EXPECT_EQ(mark.short_value, money("0"));
  EXPECT_EQ(mark.equity, money("1000000"));
  EXPECT_EQ(stage.desk.settled_cash(core::parse_date("2019-02-13").value()), money("990000"));
}

}  // namespace
}  // namespace st0ck::trading
