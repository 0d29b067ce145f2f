#include "st0ck/adapters/alpaca/order_chain.hpp"

#include "adapters/alpaca/amounts.hpp"
#include "st0ck/adapters/alpaca/client_ids.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace st0ck::alpaca::test {
namespace {

Order told(std::string_view id, OrderStatus status, std::string_view whole, std::string_view filled,
           std::string_view average) {
  Order order;
  order.id = id;
  order.status = status;
  order.quantity = quantity(whole);
  order.filled_quantity = quantity(filled);
  if (!order.filled_quantity.is_zero()) order.filled_average_price = price(average);
  return order;
}

trading::OrderTerms terms(std::string_view whole) {
  trading::OrderTerms terms;
  terms.quantity = quantity(whole);
  return terms;
}

OrderChain chain(ReplaceCounting counting = ReplaceCounting::StartsAnew,
                 std::size_t executions_max = 100) {
  OrderChain chain{core::kUnitMultiplier, counting, executions_max};
  chain.add("1", terms("10"));
  return chain;
}

/// 3 of 10 have filled at 100, then the order was made one of 12.
OrderChain replaced_chain() {
  OrderChain replaced = chain();
  replaced.take(told("1", OrderStatus::PartiallyFilled, "10", "3", "100"));
  replaced.add("2", terms("12"));
  replaced.take(told("1", OrderStatus::Replaced, "10", "3", "100"));
  return replaced;
}

Executed executed(std::string_view count, std::string_view notional) {
  return {quantity(count), money(notional)};
}

/// Found by a user's attack: working stops were taken for ended, and stood in the way of all
/// others.
TEST(OrderChain, DoesNotBelieveThatAnOrderIsFilledThatHasFilledLess) {
  OrderChain order = chain();

  EXPECT_FALSE(order.take(told("1", OrderStatus::Filled, "10", "0", "0")));
  EXPECT_FALSE(order.take(told("1", OrderStatus::Filled, "10", "4", "100")));

  EXPECT_FALSE(is_final(order.current().status));
  EXPECT_TRUE(order.executed().quantity.is_zero());
  EXPECT_TRUE(order.take(told("1", OrderStatus::Filled, "10", "10", "100")));
  EXPECT_EQ(order.current().status, OrderStatus::Filled);
}

TEST(OrderChain, AddsExecutionsExactlyWhereNoneIsMissing) {
  OrderChain order = chain();

  EXPECT_TRUE(order.execute("x1", price("100.01"), quantity("1")));
  EXPECT_TRUE(order.execute("x2", price("100.02"), quantity("2")));
  EXPECT_FALSE(order.execute("x1", price("100.01"), quantity("1")));
  order.take(told("1", OrderStatus::PartiallyFilled, "10", "3", "100.016666667"));

  EXPECT_EQ(order.executed(), executed("3", "300.05"));
}

TEST(OrderChain, BelievesTheVenuesAverageWhereAnExecutionIsMissing) {
  OrderChain order = chain();

  order.execute("x2", price("100.02"), quantity("2"));
  order.take(told("1", OrderStatus::PartiallyFilled, "10", "3", "100.016666667"));

  EXPECT_EQ(order.executed(), executed("3", "300.050000001"));
  order.execute("x1", price("100.01"), quantity("1"));
  EXPECT_EQ(order.executed(), executed("3", "300.05"));
}

TEST(OrderChain, DoesNotGoBackToWhatIsOld) {
  OrderChain order = chain();

  order.take(told("1", OrderStatus::Filled, "10", "10", "100"));
  order.take(told("1", OrderStatus::New, "10", "0", "0"));

  EXPECT_EQ(order.current().status, OrderStatus::Filled);
  EXPECT_EQ(order.executed(), executed("10", "1000"));
}

TEST(OrderChain, CountsAReplacementThatStartsAnew) {
  OrderChain order = replaced_chain();

  order.take(told("2", OrderStatus::New, "9", "0", "0"));
  EXPECT_EQ(order.quantity_before_current(), quantity("3"));
  order.take(told("2", OrderStatus::Filled, "9", "9", "101"));

  EXPECT_EQ(order.current().id, "2");
  EXPECT_EQ(order.executed(), executed("12", "1209"));
}

TEST(OrderChain, CountsAReplacementThatStartsAnewAndIsHeardOfLate) {
  OrderChain order = replaced_chain();

  order.take(told("2", OrderStatus::PartiallyFilled, "9", "5", "101"));

  EXPECT_EQ(order.executed(), executed("8", "805"));
}

TEST(OrderChain, CountsAReplacementThatCarriesOn) {
  OrderChain order = replaced_chain();

  order.take(told("2", OrderStatus::New, "12", "3", "100"));
  EXPECT_EQ(order.executed(), executed("3", "300"));
  EXPECT_TRUE(order.quantity_before_current().is_zero());
  order.take(told("2", OrderStatus::Filled, "12", "12", "100.75"));

  EXPECT_EQ(order.executed(), executed("12", "1209"));
}

TEST(OrderChain, WaitsWithAReplacementUntilItIsCertain) {
  OrderChain order = chain();
  order.add("2", terms("12"));

  order.take(told("2", OrderStatus::PendingNew, "12", "0", "0"));
  EXPECT_EQ(order.current().id, "1");
  order.take(told("2", OrderStatus::New, "12", "0", "0"));

  EXPECT_EQ(order.current().id, "2");
}

TEST(OrderChain, LearnsTheTermsOfAnEarlierRunsOrders) {
  OrderChain order{core::kUnitMultiplier, ReplaceCounting::StartsAnew, 100};
  order.add("1", std::nullopt);
  Order first = told("1", OrderStatus::Replaced, "10", "3", "100");
  first.limit_price = price("99");
  order.take(first);
  order.add("2", std::nullopt);

  order.take(told("2", OrderStatus::New, "9", "0", "0"));

  EXPECT_EQ(order.members()[0].terms.limit, price("99"));
  EXPECT_EQ(order.members()[1].terms.quantity, quantity("12"));
}

TEST(OrderChain, RefusesFiguresThatMakeNoSense) {
  OrderChain order = chain();

  EXPECT_FALSE(order.take(told("1", OrderStatus::New, "10", "-1", "100")));
  EXPECT_FALSE(order.take(told("1", OrderStatus::New, "10", "9000000000", "9000000000")));
  EXPECT_FALSE(order.take(told("2", OrderStatus::New, "10", "1", "100")));
  EXPECT_FALSE(order.execute("x1", price("-1"), quantity("1")));
  EXPECT_FALSE(order.execute("x1", price("1"), quantity("0")));
  EXPECT_FALSE(order.execute("x1", price("9000000000"), quantity("9000000000")));
  EXPECT_EQ(order.executed(), Executed{});
}

TEST(OrderChain, LeavesTheSumToTheVenueBeyondItsLimitOfExecutions) {
  OrderChain order = chain(ReplaceCounting::StartsAnew, 1);
  order.execute("x1", price("100"), quantity("1"));
  order.execute("x2", price("101"), quantity("1"));

  order.take(told("1", OrderStatus::PartiallyFilled, "10", "2", "100.5"));

  EXPECT_EQ(order.executed(), executed("2", "201"));
}

TEST(ClientIds, AreTakenApartAndPutTogether) {
  const core::ClientOrderId id{"a-x-20260302-1-2"};
  EXPECT_EQ(chained_id(id, 3), "a-x-20260302-1-2-r3");
  EXPECT_EQ(read_chained_id("a-x-20260302-1-2-r3")->order, id);
  EXPECT_EQ(read_chained_id("a-x-20260302-1-2-r3")->number, 3);
  EXPECT_EQ(read_chained_id(id.view())->number, 0);
  EXPECT_EQ(read_chained_id("a-x-r0")->number, 0);
  EXPECT_EQ(read_chained_id("a-x-rich")->order.view(), "a-x-rich");
  EXPECT_FALSE(read_chained_id(std::string(49, 'a')));
  EXPECT_FALSE(read_chained_id(""));
  EXPECT_FALSE(chained_id(core::ClientOrderId{std::string(46, 'a')}, 1));
  EXPECT_EQ(bot_in("a-x-1"), "a");
  EXPECT_EQ(bot_in("alone"), "");
}

TEST(ClientIds, LeadFromAnExitToWhereItMayHang) {
  const auto first = leg_places(core::ClientOrderId{"a-x-d-7-1"});
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].parent.view(), "a-x-d-7");
  EXPECT_EQ(first[0].role, trading::GroupRole::Target);
  const auto second = leg_places(core::ClientOrderId{"a-x-d-7-2"});
  ASSERT_EQ(second.size(), 2U);
  EXPECT_EQ(second[0].parent.view(), "a-x-d-7");
  EXPECT_EQ(second[1].parent.view(), "a-x-d-7-1");
  const auto fourth = leg_places(core::ClientOrderId{"a-x-d-7-4"});
  ASSERT_EQ(fourth.size(), 1U);
  EXPECT_EQ(fourth[0].parent.view(), "a-x-d-7-3");
  EXPECT_TRUE(leg_places(core::ClientOrderId{"a-x-d-7"}).empty()) << "an order of its own";
  EXPECT_TRUE(leg_places(core::ClientOrderId{"a-x-d-7-y"}).empty());
}

}  // namespace
}  // namespace st0ck::alpaca::test
