#include "order_manager_stage.hpp"

// Changes of orders: what the broker's yes, no and silence do to the terms.
namespace st0ck::trading {
namespace {

using test::shares;
using Kind = OrderUpdateKind;

TEST_F(OrderManagerTest, ReplacesOnlyWhatWorks) {
  const Order& order = send(10);
  EXPECT_FALSE(orders.mark_replace_sent(kClientId, terms(5), at(1)));
  orders.apply(broker.say(Kind::Accepted, 1));

  EXPECT_TRUE(orders.mark_replace_sent(kClientId, terms(5), at(1)));
  EXPECT_FALSE(orders.mark_replace_sent(kClientId, terms(6), at(1)));
  orders.apply(broker.replaced(terms(5), 2));

  EXPECT_EQ(order.state, OrderState::Working);
  EXPECT_EQ(order.intent.terms, terms(5));
  EXPECT_FALSE(order.pending_terms);
  EXPECT_FALSE(orders.mark_replace_sent(core::ClientOrderId{"other"}, terms(5), at(3)));
}

TEST_F(OrderManagerTest, StaysOpenWhenTheOldQuantityFillsWhileALargerOneIsAskedFor) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  orders.mark_replace_sent(kClientId, terms(20), at(2));
  EXPECT_EQ(order.exposed(), shares(20));

  // The broker replaced first; its messages arrive in the other order.
  const OrderUpdate replaced = broker.replaced(terms(20), 3);
  orders.apply(broker.fill(10, "100.00", 4));
  EXPECT_EQ(order.state, OrderState::PendingReplace);
  EXPECT_EQ(order.exposed(), shares(10));
  orders.apply(replaced);
  EXPECT_EQ(order.state, OrderState::Working);
  EXPECT_EQ(order.remaining(), shares(10));
  orders.apply(broker.fill(10, "100.00", 5));

  EXPECT_EQ(order.state, OrderState::Filled);
  EXPECT_EQ(order.filled, shares(20));
}

TEST_F(OrderManagerTest, IsFilledWhenTheReplaceLostTheRaceAgainstTheFill) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  orders.mark_replace_sent(kClientId, terms(20), at(2));
  orders.apply(broker.fill(10, "100.00", 3));

  const auto applied = orders.apply(broker.say(Kind::ReplaceRejected, 4));

  EXPECT_TRUE(applied.changed);
  EXPECT_EQ(order.state, OrderState::Filled);
  EXPECT_TRUE(orders.open_orders().empty());
}

TEST_F(OrderManagerTest, IsFilledAtOnceWhenTheReplaceAsksForNoMore) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  orders.mark_replace_sent(kClientId, terms(10, "101.00"), at(2));

  orders.apply(broker.fill(10, "100.00", 3));

  EXPECT_EQ(order.state, OrderState::Filled);
}

TEST_F(OrderManagerTest, IsFilledWhenTheNewQuantityIsFilledAlready) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  orders.apply(broker.fill(6, "100.00", 2));
  orders.mark_replace_sent(kClientId, terms(6), at(2));

  orders.apply(broker.replaced(terms(6), 3));

  EXPECT_EQ(order.state, OrderState::Filled);
  EXPECT_TRUE(orders.open_orders().empty());
}

TEST_F(OrderManagerTest, TakesTermsAndLostFillsFromOneReplaced) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  orders.mark_replace_sent(kClientId, terms(20), at(2));
  broker.fill(10, "100.00", 3);

  const auto applied = orders.apply(broker.replaced(terms(20), 4));

  EXPECT_EQ(applied.fill->quantity, shares(10));
  EXPECT_EQ(order.state, OrderState::Working);
  EXPECT_EQ(order.remaining(), shares(10));
}

TEST_F(OrderManagerTest, IsNotTurnedBackByTheEchoOfAnEarlierReplace) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  orders.mark_replace_sent(kClientId, terms(12), at(2));
  const OrderUpdate first = broker.replaced(terms(12), 3);
  orders.apply(first);
  orders.mark_replace_sent(kClientId, terms(14), at(4));

  const auto echo = orders.apply(first);
  EXPECT_FALSE(echo.changed);
  EXPECT_EQ(order.state, OrderState::PendingReplace) << "the second is not answered yet";
  orders.apply(broker.replaced(terms(14), 5));
  const auto late_echo = orders.apply(first);

  EXPECT_FALSE(late_echo.changed);
  EXPECT_EQ(order.intent.terms, terms(14));
  EXPECT_EQ(order.state, OrderState::Working);
}

TEST_F(OrderManagerTest, TellsTwoReplacesOfOneMomentApart) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  for (const std::int64_t count : {12, 14}) {
    orders.mark_replace_sent(kClientId, terms(count), at(2));
    EXPECT_TRUE(orders.apply(broker.replaced(terms(count), 2)).changed);
    EXPECT_EQ(order.intent.terms, terms(count));
    EXPECT_EQ(order.state, OrderState::Working);
  }
}

TEST_F(OrderManagerTest, TakesTermsThatSomebodyElseChanged) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));

  const auto applied = orders.apply(broker.replaced(terms(8), 2));

  EXPECT_TRUE(applied.changed);
  EXPECT_EQ(order.intent.terms, terms(8));
  EXPECT_EQ(order.updated, at(2));
  EXPECT_FALSE(orders.apply(broker.replaced(terms(8), 3)).changed);
}

TEST_F(OrderManagerTest, KeepsACancelUnderWayWhenTheReplaceBeforeItSucceeds) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  orders.mark_replace_sent(kClientId, terms(8), at(2));
  EXPECT_TRUE(orders.mark_cancel_sent(kClientId, at(2)));

  orders.apply(broker.replaced(terms(8), 3));
  EXPECT_EQ(order.state, OrderState::PendingCancel);
  EXPECT_EQ(order.intent.terms, terms(8));
  orders.apply(broker.say(Kind::Cancelled, 4));

  EXPECT_EQ(order.state, OrderState::Cancelled);
}

TEST_F(OrderManagerTest, KeepsTheTermsOfAFinishedOrder) {
  const Order& order = send(10);
  orders.apply(broker.fill(10, "100.00", 1));

  EXPECT_FALSE(orders.apply(broker.replaced(terms(20), 2)).changed);

  EXPECT_EQ(order.intent.terms, terms(10));
  EXPECT_EQ(order.state, OrderState::Filled);
}

TEST_F(OrderManagerTest, CountsAReplaceWithoutAnswerAsOneThatMayHaveWorked) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  orders.mark_replace_sent(kClientId, terms(20), at(2));

  orders.apply(broker.say(Kind::TimedOut, 3));
  EXPECT_EQ(order.state, OrderState::Unknown);
  EXPECT_EQ(order.exposed(), shares(20));
  orders.apply(broker.say(Kind::ReplaceRejected, 4));

  EXPECT_EQ(order.state, OrderState::Working);
  EXPECT_EQ(order.exposed(), shares(10));
}

/// Found by fault days: the request was eleven seconds under way, a look-up showed nothing of it
/// after two, and another entry took the room that it needed.
TEST_F(OrderManagerTest, LetsAReplaceThatALookUpShowsNothingOfCountOn) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  orders.mark_replace_sent(kClientId, terms(20), at(2));
  orders.apply(broker.say(Kind::TimedOut, 3));
  OrderUpdate not_replaced = broker.say(Kind::ReplaceRejected, 4);
  not_replaced.reason = core::Code{"NOT_REPLACED"};

  orders.apply(not_replaced);
  EXPECT_EQ(order.exposed(), shares(10));
  EXPECT_EQ(order.exposed_at_most(), shares(20));

  orders.mark_replace_sent(kClientId, terms(12), at(5));
  orders.apply(broker.replaced(terms(12), 6));
  EXPECT_EQ(order.exposed_at_most(), shares(12)) << "the late one is of an order that is no more";
}

TEST_F(OrderManagerTest, CountsAReplaceNoMoreThatTheBrokerHasRefused) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::Accepted, 1));
  orders.mark_replace_sent(kClientId, terms(20), at(2));

  orders.apply(broker.say(Kind::ReplaceRejected, 3));

  EXPECT_EQ(order.exposed_at_most(), shares(10));
}
}  // namespace
}  // namespace st0ck::trading
