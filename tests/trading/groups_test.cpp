#include "desk_stage.hpp"

#include <gtest/gtest.h>

// Brackets, one-cancels-other and one-triggers-other, held by the broker or kept by the desk.
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using test::price;
using test::shares;
using Alarms = std::vector<std::string>;

BrokerAbilities holding() { return {.holds_groups = true}; }
TEST(KeptGroup, ArmsTheExitsUntilTheEntryFills) {
  DeskStage stage;

  const GroupIds ids = stage.send(stage.bracket(10));

  EXPECT_EQ(ids.entry.view(), "a-e-20190211-1");
  EXPECT_EQ(ids.target.view(), "a-e-20190211-1-1");
  EXPECT_EQ(ids.stop.view(), "a-e-20190211-1-2");
  EXPECT_EQ(stage.state(ids.target), OrderState::Armed);
  EXPECT_EQ(stage.state(ids.stop), OrderState::Armed);
  EXPECT_EQ(stage.broker.orders().size(), 1U) << "the entry alone";
}

TEST(KeptGroup, RestsTheStopForWhatHasFilledAndGrowsIt) {
  DeskStage stage;
  const GroupIds ids = stage.send(stage.bracket(10));

  stage.broker.fill(0, price("100.01"), shares(4));
  stage.settle();

  ASSERT_TRUE(stage.is_at_broker(ids.stop));
  EXPECT_EQ(stage.broker.order(1).intent.terms.quantity, shares(4));
  EXPECT_EQ(stage.state(ids.target), OrderState::Armed);

  stage.broker.fill(0, price("100.01"), shares(6));
  stage.settle();

  ASSERT_EQ(stage.broker.replaces.size(), 1U);
  EXPECT_EQ(stage.broker.replaces[0].terms.quantity, shares(10));
  stage.broker.confirm_replace();
  stage.settle();
  EXPECT_EQ(stage.desk.orders().find(ids.stop)->intent.terms.quantity, shares(10));
  EXPECT_TRUE(stage.alarms.empty());
}

TEST(KeptGroup, BuysNoMoreOnceItsStopHasFilled) {
  for (const BrokerAbilities& abilities : {BrokerAbilities{}, holding()}) {
    DeskStage stage;
    stage.broker.able_to = abilities;
    const GroupIds ids = stage.send(stage.bracket(10));
    stage.broker.fill(0, price("100.01"), shares(4));
    stage.settle();
    EXPECT_EQ(stage.broker.order(0).cancels_asked, 0);

    stage.broker.fill(stage.number(ids.stop), price("99.00"), shares(4));
    stage.settle();

    EXPECT_EQ(stage.broker.order(0).cancels_asked, 1) << "six are still to be bought";
    stage.broker.confirm_cancel(0);
    stage.settle();
    EXPECT_EQ(stage.state(ids.entry), OrderState::Cancelled);
    EXPECT_TRUE(stage.held().is_zero());
  }
}

TEST(KeptGroup, AsksAgainWhereTheCancelOfItsEntryIsRefused) {
  DeskStage stage;
  const GroupIds ids = stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"), shares(4));
  stage.settle();
  stage.broker.fill(stage.number(ids.stop), price("99.00"), shares(4));
  stage.settle();

  stage.broker.refuse_cancel(0);
  stage.settle();
  EXPECT_EQ(stage.broker.order(0).cancels_asked, 1) << "not at once";
  stage.broker.fill(0, price("100.01"), shares(1));
  stage.settle();
  EXPECT_EQ(stage.held(), shares(1));
  stage.pass(20s);

  EXPECT_EQ(stage.broker.order(0).cancels_asked, 2);
}

TEST(KeptGroup, SendsTheTargetOnlyOnceTheStopIsGone) {
  DeskStage stage;
  const GroupIds ids = stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"));
  stage.settle();

  stage.quote("101.00", "101.02");

  EXPECT_EQ(stage.broker.order(1).cancels_asked, 1);
  EXPECT_FALSE(stage.is_at_broker(ids.target)) << "two exits at once could sell twice";

  stage.broker.confirm_cancel(1);
  stage.settle();

  ASSERT_TRUE(stage.is_at_broker(ids.target));
  stage.broker.fill(stage.number(ids.target), price("101.00"));
  stage.settle();
  EXPECT_TRUE(stage.held().is_zero());
  EXPECT_TRUE(stage.desk.orders().open_orders().empty());
}

TEST(KeptGroup, SellsAtTheMarketWhereTheStopIsHitWhileTheTargetWorks) {
  DeskStage stage;
  const GroupIds ids = stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  stage.quote("101.00", "101.02");
  stage.broker.confirm_cancel(1);
  stage.settle();

  stage.quote("98.90", "98.92");

  const std::size_t target = stage.number(ids.target);
  EXPECT_EQ(stage.broker.order(target).cancels_asked, 1);
  EXPECT_EQ(stage.alarms, (Alarms{"ARMED_STOP_HIT"}));
  EXPECT_EQ(stage.broker.orders().size(), target + 1) << "not before the target is gone";
  stage.broker.confirm_cancel(target);
  stage.settle();
  const auto& exit = stage.broker.order(stage.broker.last());
  EXPECT_EQ(exit.intent.type, OrderType::Market);
  EXPECT_EQ(exit.intent.terms.quantity, shares(10));
  EXPECT_EQ(exit.intent.reason.view(), "STOP");
  stage.broker.fill(stage.broker.last(), price("98.88"));
  stage.settle();
  EXPECT_TRUE(stage.held().is_zero());
}

TEST(KeptGroup, PutsTheStopBackWhenTheMarketLeavesTheTarget) {
  DeskStage stage;
  const GroupIds ids = stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  stage.quote("101.00", "101.02");
  stage.broker.confirm_cancel(1);
  stage.settle();
  const std::size_t target = stage.number(ids.target);
  stage.broker.fill(target, price("101.00"), shares(3));
  stage.settle();

  stage.quote("99.95", "99.97");  // Beyond halfway from 101 to 99.
  stage.broker.confirm_cancel(target);
  stage.settle();

  const auto& stop = stage.broker.order(stage.broker.last());
  EXPECT_EQ(stop.intent.type, OrderType::Stop);
  EXPECT_EQ(stop.intent.terms.quantity, shares(7));
  EXPECT_EQ(stop.intent.client_order_id.view(), "a-e-20190211-1-3");
  EXPECT_EQ(stop.intent.group.role, GroupRole::Stop);
}

TEST(KeptGroup, ClosesAtTheMarketWhereTheBrokerRejectsTheStop) {
  DeskStage stage;
  stage.send(stage.bracket(10));
  stage.broker.accepts_at_once = false;
  stage.broker.fill(0, price("100.01"));
  stage.settle();

  stage.broker.reject(1, "STOP_THROUGH_MARKET");
  stage.settle();

  EXPECT_EQ(stage.alarms, (Alarms{"STOP_REJECTED"}));
  EXPECT_EQ(stage.broker.order(2).intent.type, OrderType::Market);
  EXPECT_EQ(stage.broker.order(2).intent.terms.quantity, shares(10));
}

TEST(KeptGroup, SendsAStopAgainThatTheBrokerHasCancelled) {
  DeskStage stage;
  stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"));
  stage.settle();

  stage.broker.confirm_cancel(1, "BY_VENUE");
  stage.settle();
  EXPECT_EQ(stage.broker.orders().size(), 2U) << "after a pause only, so that no storm begins";
  stage.pass(1s);

  EXPECT_EQ(stage.alarms, (Alarms{"STOP_LOST"}));
  EXPECT_EQ(stage.broker.order(2).intent.type, OrderType::Stop);
}

TEST(KeptGroup, ShrinksWithWhatItsStopFills) {
  DeskStage stage;
  stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"));
  stage.settle();

  stage.broker.fill(1, price("98.99"), shares(4));
  stage.settle();
  EXPECT_EQ(stage.held(), shares(6));
  EXPECT_TRUE(stage.broker.replaces.empty()) << "the rest of the stop is what is held";

  stage.broker.fill(1, price("98.99"), shares(6));
  stage.settle();
  EXPECT_TRUE(stage.held().is_zero());
  EXPECT_TRUE(stage.desk.orders().open_orders().empty()) << "the armed target ends with it";
}

TEST(KeptGroup, EndsItsArmedExitsWithAnEntryThatNeverFilled) {
  DeskStage stage;
  const GroupIds ids = stage.send(stage.bracket(10));

  stage.broker.reject(0, "NO_FUNDS");
  stage.settle();

  EXPECT_EQ(stage.state(ids.target), OrderState::Cancelled);
  EXPECT_EQ(stage.state(ids.stop), OrderState::Cancelled);
  EXPECT_EQ(stage.broker.orders().size(), 1U);
}

TEST(KeptGroup, ProtectsAFillThatComesAfterTheEntrysEnd) {
  DeskStage stage;
  const GroupIds ids = stage.send(stage.bracket(10));
  stage.desk.cancel(stage.bot, ids.entry, core::Code{"LATE"});
  stage.broker.confirm_cancel(0);
  stage.settle();
  ASSERT_TRUE(stage.desk.orders().open_orders().empty());

  stage.broker.fill(0, price("100.01"), shares(2));
  stage.settle();

  const auto& stop = stage.broker.order(stage.broker.last());
  EXPECT_EQ(stop.intent.type, OrderType::Stop);
  EXPECT_EQ(stop.intent.terms.quantity, shares(2));
}

TEST(KeptGroup, FollowsAStopThatTheBotMoves) {
  DeskStage stage;
  const GroupIds ids = stage.send(stage.bracket(10));
  OrderTerms terms{shares(10), std::nullopt, price("99.50")};
  EXPECT_FALSE(stage.desk.replace(stage.bot, {ids.stop, terms, core::Code{"TIGHTEN"}}));

  stage.broker.fill(0, price("100.01"));
  stage.settle();

  EXPECT_EQ(stage.broker.order(1).intent.terms.stop, price("99.50"));
  terms.stop = price("99.505");
  EXPECT_EQ(stage.desk.replace(stage.bot, {ids.target, terms, core::Code{"X"}})->view(),
            "ORDER_SHAPE");
}

TEST(KeptGroup, LeavesAnExitThatTheBotGivesUp) {
  DeskStage stage;
  const GroupIds ids = stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"));
  stage.settle();

  EXPECT_TRUE(stage.desk.cancel(stage.bot, ids.stop, core::Code{"NO_STOP"}));
  stage.broker.confirm_cancel(1);
  stage.settle();

  EXPECT_TRUE(stage.is_at_broker(ids.target)) << "the only exit that is wanted rests";
  EXPECT_TRUE(stage.alarms.empty());
}

TEST(KeptGroup, GuardsAShortWithTheSidesTurned) {
  DeskStage stage;
  GroupRequest group = stage.bracket(10);
  group.entry->side = Side::Sell;
  group.target->side = group.stop->side = Side::Buy;
  group.target->terms.limit = price("99.00");
  group.stop->terms.stop = price("101.00");
  const GroupIds ids = stage.send(group);
  stage.broker.fill(0, price("99.99"));
  stage.settle();

  stage.quote("98.97", "98.99");
  stage.broker.confirm_cancel(stage.number(ids.stop));
  stage.settle();

  EXPECT_EQ(stage.held(), -shares(10));
  EXPECT_TRUE(stage.is_at_broker(ids.target));
}

TEST(KeptGroup, TriggersTheOneExitOfAnEntry) {
  DeskStage stage;
  GroupRequest group = stage.bracket(5);
  group.kind = GroupKind::OneTriggersOther;
  group.stop.reset();
  const GroupIds ids = stage.send(group);

  stage.broker.fill(0, price("100.01"), shares(2));
  stage.settle();

  ASSERT_TRUE(stage.is_at_broker(ids.target));
  EXPECT_EQ(stage.broker.order(1).intent.terms.quantity, shares(2));
  EXPECT_TRUE(ids.stop.empty());
}

TEST(KeptGroup, GuardsEachSideWhenAnotherTurnsThePosition) {
  DeskStage stage;
  GroupRequest turn = stage.bracket(15);
  turn.entry->side = Side::Sell;
  turn.entry->type = OrderType::Stop;
  turn.entry->terms.stop = price("99.80");
  turn.target->side = turn.stop->side = Side::Buy;
  turn.target->terms.limit = price("99.00");
  turn.stop->terms.stop = price("101.00");
  const GroupIds short_side = stage.send(turn);
  const GroupIds long_side = stage.send(stage.bracket(10));
  stage.broker.fill(stage.number(long_side.entry), price("100.01"));
  stage.settle();

  stage.broker.fill(stage.number(short_side.entry), price("99.80"), shares(4));
  stage.settle();
  ASSERT_EQ(stage.broker.replaces.size(), 1U);
  EXPECT_EQ(stage.broker.replaces[0].terms.quantity, shares(6)) << "the long's stop";
  EXPECT_FALSE(stage.is_at_broker(short_side.stop)) << "nothing is short yet";
  stage.broker.fill(stage.number(short_side.entry), price("99.80"));
  stage.broker.confirm_replace();
  stage.settle();

  EXPECT_EQ(stage.held(), -shares(5));
  EXPECT_EQ(stage.broker.order(stage.number(long_side.stop)).cancels_asked, 1);
  ASSERT_TRUE(stage.is_at_broker(short_side.stop));
  EXPECT_EQ(stage.broker.order(stage.broker.last()).intent.terms.quantity, shares(5));
}

struct BadGroup {
  std::string_view what;
  std::string_view code;
  void (*spoil)(GroupRequest&);
};

const std::vector<BadGroup> kBadGroups{
    {"no entry", "GROUP_SHAPE", [](GroupRequest& g) { g.entry.reset(); }},
    {"no stop", "GROUP_SHAPE", [](GroupRequest& g) { g.stop.reset(); }},
    {"two exits triggered", "GROUP_SHAPE",
     [](GroupRequest& g) { g.kind = GroupKind::OneTriggersOther; }},
    {"an entry in an OCO", "GROUP_SHAPE",
     [](GroupRequest& g) { g.kind = GroupKind::OneCancelsOther; }},
    {"quantities differ", "GROUP_SHAPE",
     [](GroupRequest& g) { g.stop->terms.quantity = shares(9); }},
    {"an exit on the entry's side", "GROUP_SHAPE",
     [](GroupRequest& g) { g.stop->side = Side::Buy; }},
    {"a target without a limit", "GROUP_SHAPE",
     [](GroupRequest& g) { g.target->terms.limit.reset(); }},
    {"a limit for a stop", "GROUP_SHAPE", [](GroupRequest& g) { g.stop->type = OrderType::Limit; }},
    {"an exit of another instrument", "GROUP_SHAPE",
     [](GroupRequest& g) { g.stop->instrument = core::InstrumentId{2}; }},
    {"a stop above the market", "BRACKET_SIDE",
     [](GroupRequest& g) { g.stop->terms.stop = price("100.50"); }},
    {"a target below the market", "BRACKET_SIDE",
     [](GroupRequest& g) { g.target->terms.limit = price("99.50"); }},
    {"a stop at the entry's limit", "BRACKET_SIDE",
     [](GroupRequest& g) {
       g.entry->type = OrderType::Limit;
       g.entry->terms.limit = price("99.00");
     }},
    {"a stop off the tick", "ORDER_SHAPE",
     [](GroupRequest& g) { g.stop->terms.stop = price("98.995"); }},
    {"a quantity of zero", "ORDER_SHAPE",
     [](GroupRequest& g) {
       g.entry->terms.quantity = g.target->terms.quantity = g.stop->terms.quantity = {};
     }},
    {"too many shares", "ORDER_QUANTITY",
     [](GroupRequest& g) {
       g.entry->terms.quantity = g.target->terms.quantity = g.stop->terms.quantity = shares(1001);
     }},
};

TEST(Group, IsRefusedWholeWithACode) {
  for (const BadGroup& bad : kBadGroups) {
    DeskStage stage;
    GroupRequest group = stage.bracket(10);
    bad.spoil(group);

    stage.send(group);

    EXPECT_EQ(stage.refusals, (std::vector<std::string>{std::string{bad.code}})) << bad.what;
    EXPECT_TRUE(stage.broker.orders().empty()) << bad.what;
    EXPECT_EQ(stage.desk.orders().size(), 0U) << bad.what;
  }
}

TEST(Risk, KeepsAnOrderFromMeetingOneOfTheAccounts) {
  DeskStage stage;
  OrderRequest resting = stage.request(Side::Sell, OrderType::Limit, Purpose::Entry, 5, "SHORT");
  resting.terms.limit = price("100.01");
  stage.send(resting);

  stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 5, "ENTRY"));

  EXPECT_EQ(stage.refusals, (std::vector<std::string>{"SELF_CROSS"}));
}

TEST(Risk, CountsWhatTheStopsLeaveOpen) {
  RiskLimits limits = DeskStage::wide();
  limits.open_risk_max = test::rate("0.00002");  // 20 dollars of a million.
  DeskStage stage{limits};
  stage.send(stage.bracket(10));  // A dollar and a cent to the stop: 10.10 are at risk.
  stage.broker.fill(0, price("100.01"));
  stage.settle();

  stage.send(stage.bracket(10));

  EXPECT_EQ(stage.refusals, (std::vector<std::string>{"OPEN_RISK"})) << "10 and 10.10 are over 20";
}

}  // namespace
}  // namespace st0ck::trading
