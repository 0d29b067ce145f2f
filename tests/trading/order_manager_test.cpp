#include "st0ck/trading/order_manager.hpp"

#include "st0ck/trading/ledger.hpp"
#include "support/orders.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

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

const core::Timestamp kStart = test::utc("2019-02-11T14:30:00Z");

core::Timestamp at(int seconds) { return kStart + std::chrono::seconds{seconds}; }

/// What the broker says, with its running totals.
class Story {
 public:
  explicit Story(std::string_view id) : id_{id} {}

  OrderUpdate say(Kind kind, int seconds) {
    OrderUpdate update;
    update.client_order_id = id_;
    update.kind = kind;
    update.time = at(seconds);
    update.cumulative_quantity = quantity_;
    update.cumulative_notional = notional_;
    update.cumulative_fee = fee_;
    return update;
  }

  OrderUpdate fill(core::Quantity quantity, core::Price price, core::Money fee, int seconds,
                   core::Multiplier multiplier = core::kUnitMultiplier) {
    quantity_ += quantity;
    notional_ += core::notional(price, quantity, multiplier);
    fee_ += fee;
    OrderUpdate update = say(Kind::Fill, seconds);
    update.execution = core::ExecutionId{fmt::format("x{}", ++executions_)};
    update.quantity = quantity;
    update.price = price;
    update.fee = fee;
    return update;
  }
  OrderUpdate fill(std::int64_t count, std::string_view text, int seconds) {
    return fill(shares(count), price(text), money("0.01"), seconds);
  }

  OrderUpdate replaced(const OrderTerms& terms, int seconds) {
    OrderUpdate update = say(Kind::Replaced, seconds);
    update.terms = terms;
    return update;
  }

  core::Quantity quantity() const { return quantity_; }
  core::Money notional() const { return notional_; }
  core::Money fee() const { return fee_; }

 private:
  core::ClientOrderId id_;
  core::Quantity quantity_;
  core::Money notional_;
  core::Money fee_;
  int executions_ = 0;
};

constexpr std::string_view kId = "a-st0cka-20190211-1";
const core::ClientOrderId kClientId{kId};

struct OrderManagerTest : testing::Test {
  /// Sends a limit order for `count` shares at 100.00.
  const Order& send(std::int64_t count) {
    return orders.create(approved(IntentBuilder{Side::Buy, count}.limit("100.00")), kStart);
  }
  static OrderTerms terms(std::int64_t count, std::string_view limit = "100.00") {
    return {shares(count), price(limit), std::nullopt};
  }

  test::ThreeInstruments instruments;
  OrderManager orders{instruments.table};
  Story broker{kId};
};

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

/// A true execution history, as the broker's books have it.
struct History {
  OrderIntent intent;
  std::vector<OrderUpdate> words;  ///< The last of them carries the final totals.
  core::Quantity filled;
  core::Money notional;
  core::Money fees;
  OrderState end = OrderState::Working;
};

History any_history(core::InstrumentId instrument, core::Multiplier multiplier) {
  History history;
  const auto side = *rc::gen::element(Side::Buy, Side::Sell);
  history.intent = *IntentBuilder{side, 1}.of(instrument).limit("100.00");
  core::Quantity ordered;
  Story story{kId};
  history.words.push_back(story.say(Kind::Accepted, 1));
  const int fills = *rc::gen::inRange(0, 8);
  for (int i = 0; i < fills; ++i) {
    const auto part = core::Quantity::from_raw(*rc::gen::inRange<std::int64_t>(1, 5'000'000'000));
    const auto at_price =
        core::Price::from_raw(*rc::gen::inRange<std::int64_t>(1, 700'000'000'000));
    const auto fee = core::Money::from_raw(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000));
    ordered += part;
    history.words.push_back(story.fill(part, at_price, fee, 2 + i, multiplier));
  }
  const auto rest = core::Quantity::from_raw(*rc::gen::inRange<std::int64_t>(1, 5'000'000'000));
  history.end = fills == 0 ? *rc::gen::element(OrderState::Cancelled, OrderState::Expired)
                           : *rc::gen::element(OrderState::Filled, OrderState::Cancelled,
                                               OrderState::Expired);
  history.intent.terms.quantity = history.end == OrderState::Filled ? ordered : ordered + rest;
  if (history.end == OrderState::Cancelled) {
    if (*rc::gen::arbitrary<bool>()) history.words.push_back(story.say(Kind::CancelRejected, 20));
    history.words.push_back(story.say(Kind::Cancelled, 21));
  }
  if (history.end == OrderState::Expired) history.words.push_back(story.say(Kind::Expired, 21));
  history.filled = story.quantity();
  history.notional = story.notional();
  history.fees = story.fee();
  return history;
}

/// Loses, doubles and shuffles messages, but not the last word.
std::vector<OrderUpdate> any_delivery(const std::vector<OrderUpdate>& words) {
  std::vector<OrderUpdate> delivered{words.back()};
  for (const OrderUpdate& word : words) {
    const int copies = *rc::gen::inRange(0, 3);
    for (int i = 0; i < copies; ++i) delivered.push_back(word);
  }
  for (std::size_t i = delivered.size(); i > 1; --i)
    std::swap(delivered[i - 1], delivered[*rc::gen::inRange<std::size_t>(0, i)]);
  return delivered;
}

TEST(OrderManager, ReachesOneTruthByAnyDelivery) {
  EXPECT_TRUE(rc::check("lost, doubled and reordered messages", [] {
    const test::ThreeInstruments instruments;
    const bool is_option = *rc::gen::arbitrary<bool>();
    const auto instrument = is_option ? instruments.option : instruments.spy;
    const History history = any_history(instrument, instruments.table[instrument].multiplier);
    OrderManager orders{instruments.table};
    Ledger ledger{instruments.table};
    const Order& order = orders.create(approved(history.intent), kStart);
    const int cancel_after = *rc::gen::inRange(0, 10);
    int count = 0;

    for (const OrderUpdate& update : any_delivery(history.words)) {
      if (count++ == cancel_after) orders.mark_cancel_sent(kClientId, kStart);
      const core::Quantity before = order.filled;
      const auto applied = orders.apply(update);
      RC_ASSERT(applied.fill.has_value() == (order.filled != before));
      if (!applied.fill) continue;
      RC_ASSERT(applied.fill->quantity.is_positive());
      RC_ASSERT(!applied.fill->fee.is_negative());
      RC_ASSERT(!applied.fill->price.is_negative());
      ledger.apply(*applied.fill);
    }

    RC_ASSERT(order.filled == history.filled);
    RC_ASSERT(order.filled_notional == history.notional);
    RC_ASSERT(order.fees == history.fees);
    RC_ASSERT(order.state == history.end);
    RC_ASSERT(orders.open_orders().empty());
    const Side side = history.intent.leg().side;
    RC_ASSERT(ledger.quantity({history.intent.account, history.intent.bot, instrument}) ==
              signed_quantity(side, history.filled));
    RC_ASSERT(ledger.cash_flow() ==
              (side == Side::Buy ? -history.notional : history.notional) - history.fees);
    RC_ASSERT(ledger.fees() == history.fees);
  }));
}

TEST(OrderManager, ReachesOneTruthWithReplacesInBetween) {
  EXPECT_TRUE(rc::check("answered replaces, delivered in any order", [] {
    const test::ThreeInstruments instruments;
    OrderManager orders{instruments.table};
    OrderTerms terms{shares(10), price("100.00"), std::nullopt};
    OrderIntent intent = *IntentBuilder{Side::Buy, 10}.limit("100.00");
    const Order& order = orders.create(approved(intent), kStart);
    Story story{kId};
    std::vector<OrderUpdate> words{story.say(Kind::Accepted, 1)};
    // The broker's truth: fills and larger quantities in turns, then all of the rest.
    const int rounds = *rc::gen::inRange(1, 5);
    for (int i = 0; i < rounds; ++i) {
      words.push_back(story.fill(*rc::gen::inRange(1, 10), "99.00", 2 + 2 * i));
      terms.quantity += shares(10);
      words.push_back(story.replaced(terms, 3 + 2 * i));
    }
    words.push_back(
        story.fill(terms.quantity - story.quantity(), price("99.50"), money("0.05"), 90));

    const OrderUpdate replace = words[words.size() - 2];
    orders.apply(words.front());
    orders.mark_replace_sent(kClientId, terms, at(1));
    auto delivered = any_delivery(words);
    delivered.insert(delivered.begin() + static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(
                                             0, delivered.size() + 1)),
                     replace);
    for (const OrderUpdate& update : delivered) orders.apply(update);

    RC_ASSERT(order.filled == terms.quantity);
    RC_ASSERT(order.filled_notional == story.notional());
    RC_ASSERT(order.exposed().is_zero());
    RC_ASSERT(order.state == OrderState::Filled);
  }));
}

TEST(OrderManager, EndsAndCountsUnderAnySequenceOfWords) {
  EXPECT_TRUE(rc::check("whatever is said, in any order", [] {
    const test::ThreeInstruments instruments;
    OrderManager orders{instruments.table};
    const Order& order =
        orders.create(approved(IntentBuilder{Side::Buy, 10}.limit("100.00")), kStart);
    Story story{kId};
    const int words = *rc::gen::inRange(1, 30);
    for (int i = 0; i < words; ++i) {
      const bool was_final = is_final(order.state) && !order.is_given_up;
      const int choice = *rc::gen::inRange(0, 12);
      if (choice == 10) orders.mark_cancel_sent(kClientId, at(i));
      if (choice == 11)
        orders.mark_replace_sent(
            kClientId, {shares(*rc::gen::inRange(1, 20)), price("100.00"), std::nullopt}, at(i));
      if (choice < 10) {
        const auto kind = static_cast<Kind>(choice);
        OrderUpdate update = kind == Kind::Fill ? story.fill(*rc::gen::inRange(1, 6), "99.00", i)
                                                : story.say(kind, i);
        update.terms = {shares(*rc::gen::inRange(1, 20)), price("100.00"), std::nullopt};
        orders.apply(update);
      }
      if (was_final) RC_ASSERT(is_final(order.state));
      RC_ASSERT(order.filled == story.quantity());
      RC_ASSERT(order.filled_notional == story.notional());
      RC_ASSERT(orders.open_orders().size() == (order.is_open() ? 1U : 0U));
      if (order.is_open()) RC_ASSERT(order.exposed().is_positive());
    }
  }));
}

}  // namespace
}  // namespace st0ck::trading
