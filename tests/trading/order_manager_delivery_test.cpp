#include "order_manager_stage.hpp"
#include "st0ck/trading/ledger.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

// Whatever way the words of a broker come.
namespace st0ck::trading {
namespace {

using test::approved;
using test::IntentBuilder;
using test::money;
using test::price;
using test::shares;
using Kind = OrderUpdateKind;

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
