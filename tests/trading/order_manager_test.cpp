#include "order_manager_stage.hpp"

#include <type_traits>
#include <utility>

namespace st0ck::trading {
namespace {

using test::approved;
using test::IntentBuilder;
using test::money;
using test::price;
using test::shares;
using Kind = OrderUpdateKind;

// Nobody but the risk manager can make an Approved.
static_assert(!std::is_default_constructible_v<Approved<OrderIntent>>);
static_assert(!std::is_constructible_v<Approved<OrderIntent>, OrderIntent>);
static_assert(!std::is_convertible_v<OrderIntent, Approved<OrderIntent>>);
static_assert(!std::is_aggregate_v<Approved<OrderIntent>>);
static_assert(!std::is_constructible_v<Approved<ReplaceIntent>, ReplaceIntent>);
static_assert(
    std::is_const_v<std::remove_reference_t<decltype(*std::declval<Approved<OrderIntent>&>())>>);

TEST_F(OrderManagerTest, FollowsAnOrderToItsEnd) {
  const Order& order = send(10);
  EXPECT_EQ(order.id, core::OrderId{1});
  EXPECT_EQ(order.state, OrderState::Submitted);
  EXPECT_EQ(orders.open_orders(), std::vector<const Order*>{&order});

  EXPECT_TRUE(orders.apply(broker.say(Kind::Accepted, 1)).changed);
  const auto first = orders.apply(broker.fill(4, "99.99", 2));
  EXPECT_EQ(order.state, OrderState::Working);
  const auto second = orders.apply(broker.fill(6, "99.95", 3));

  EXPECT_EQ(first.fill->quantity, shares(4));
  EXPECT_EQ(first.fill->price, price("99.99"));
  EXPECT_EQ(first.fill->notional, money("399.96"));
  EXPECT_EQ(first.fill->execution.view(), "x1");
  EXPECT_EQ(first.fill->reason.view(), "TEST");
  EXPECT_EQ(second.fill->notional, money("599.70"));
  EXPECT_EQ(order.state, OrderState::Filled);
  EXPECT_EQ(order.filled_notional, money("999.66"));
  EXPECT_EQ(order.fees, money("0.02"));
  EXPECT_EQ(order.updated, at(3));
  EXPECT_TRUE(orders.open_orders().empty());
  EXPECT_EQ(orders.counters().fills, 2U);
  EXPECT_EQ(orders.counters().repeated_updates, 0U);
}

TEST_F(OrderManagerTest, CountsUpdatesOfOrdersThatAreNotOurs) {
  send(10);
  Story somebody{"manual-7"};

  const auto applied = orders.apply(somebody.fill(5, "1.00", 1));

  EXPECT_EQ(applied.order, nullptr);
  EXPECT_FALSE(applied.fill);
  EXPECT_EQ(orders.counters().foreign_updates, 1U);
  EXPECT_EQ(orders.counters().fills, 0U);
}

TEST_F(OrderManagerTest, CountsAFillOnce) {
  const Order& order = send(10);
  const OrderUpdate fill = broker.fill(4, "99.99", 2);

  orders.apply(fill);
  const auto again = orders.apply(fill);

  EXPECT_FALSE(again.changed);
  EXPECT_FALSE(again.fill);
  EXPECT_EQ(order.filled, shares(4));
  EXPECT_EQ(orders.counters().repeated_updates, 1U);
}

TEST_F(OrderManagerTest, MakesUpForLostFillsAtTheirAveragePrice) {
  send(10);
  broker.fill(3, "99.00", 1);
  broker.fill(4, "99.50", 2);

  const auto applied = orders.apply(broker.fill(2, "99.80", 3));

  EXPECT_EQ(applied.fill->quantity, shares(9));
  EXPECT_EQ(applied.fill->notional, money("894.60"));
  EXPECT_EQ(applied.fill->price, price("99.40"));
  EXPECT_EQ(applied.fill->fee, money("0.03"));
}

TEST_F(OrderManagerTest, TakesTheFillsThatTheWordOfACancelTells) {
  const Order& order = send(10);
  broker.fill(3, "99.00", 1);

  const auto applied = orders.apply(broker.say(Kind::Cancelled, 2));

  EXPECT_EQ(applied.fill->quantity, shares(3));
  EXPECT_EQ(order.state, OrderState::Cancelled);
}

TEST_F(OrderManagerTest, CountsAFillThatComesAfterTheCancel) {
  const Order& order = send(10);
  OrderUpdate cancelled = broker.say(Kind::Cancelled, 3);
  cancelled.reason = core::Code{"CANCEL_REQUEST"};
  orders.apply(cancelled);

  const auto part = orders.apply(broker.fill(4, "99.99", 2));
  EXPECT_EQ(part.fill->quantity, shares(4));
  EXPECT_EQ(order.state, OrderState::Cancelled);
  EXPECT_EQ(order.state_reason.view(), "CANCEL_REQUEST");
  EXPECT_EQ(order.updated, at(3)) << "a late message does not turn time back";
  const auto rest = orders.apply(broker.fill(6, "99.99", 2));

  EXPECT_EQ(rest.fill->quantity, shares(6));
  EXPECT_EQ(order.state, OrderState::Filled);
  EXPECT_TRUE(order.state_reason.empty()) << "a filled order was not cancelled";
  EXPECT_TRUE(orders.open_orders().empty());
}

TEST_F(OrderManagerTest, CountsMoreFillsThanWereOrdered) {
  const Order& order = send(10);
  orders.apply(broker.fill(10, "99.99", 1));

  const auto applied = orders.apply(broker.fill(2, "99.99", 2));

  EXPECT_TRUE(applied.changed);
  EXPECT_EQ(applied.fill->quantity, shares(2));
  EXPECT_EQ(order.filled, shares(12));
  EXPECT_EQ(order.state, OrderState::Filled);
  EXPECT_TRUE(order.exposed().is_zero());
}

TEST_F(OrderManagerTest, RemembersWhyAnOrderEnded) {
  const Order& order = send(10);
  OrderUpdate rejected = broker.say(Kind::Rejected, 1);
  rejected.reason = core::Code{"BAD_ORDER"};

  orders.apply(rejected);

  EXPECT_EQ(order.state, OrderState::Rejected);
  EXPECT_EQ(order.state_reason.view(), "BAD_ORDER");
}

TEST_F(OrderManagerTest, SendsOneCancelAtATime) {
  send(10);

  EXPECT_TRUE(orders.mark_cancel_sent(kClientId, at(1)));
  EXPECT_FALSE(orders.mark_cancel_sent(kClientId, at(1)));
  orders.apply(broker.say(Kind::CancelRejected, 2));
  EXPECT_TRUE(orders.mark_cancel_sent(kClientId, at(3)));
  orders.apply(broker.say(Kind::Cancelled, 4));
  EXPECT_FALSE(orders.mark_cancel_sent(kClientId, at(5)));
  EXPECT_FALSE(orders.mark_cancel_sent(core::ClientOrderId{"other"}, at(5)));
}
TEST_F(OrderManagerTest, SettlesAnUnknownOrderByProof) {
  const Order& order = send(10);
  orders.apply(broker.say(Kind::TimedOut, 2));
  EXPECT_TRUE(orders.mark_cancel_sent(kClientId, at(2)));
  EXPECT_FALSE(orders.apply(broker.say(Kind::CancelRejected, 3)).changed);
  EXPECT_EQ(order.state, OrderState::Unknown);

  orders.apply(broker.say(Kind::ProvenAbsent, 12));

  EXPECT_EQ(order.state, OrderState::Rejected);
  EXPECT_TRUE(orders.open_orders().empty());
}

TEST_F(OrderManagerTest, KeepsOpenOrdersInTheOrderOfTheirCreation) {
  std::vector<const Order*> sent;
  for (const char* id : {"a", "b", "c", "d"})
    sent.push_back(&orders.create(approved(IntentBuilder{Side::Buy, 1}.id(id)), kStart));
  Story b{"b"};

  orders.apply(b.say(Kind::Cancelled, 1));

  EXPECT_EQ(orders.open_orders(), (std::vector<const Order*>{sent[0], sent[2], sent[3]}));
  EXPECT_EQ(orders.find(core::ClientOrderId{"b"}), sent[1]);
  EXPECT_EQ(orders.size(), 4U);
}

TEST_F(OrderManagerTest, UsesAClientOrderIdOnce) {
  send(10);

  EXPECT_DEATH(send(10), "a client order id is used once");
}
}  // namespace
}  // namespace st0ck::trading
