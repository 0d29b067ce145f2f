// Whatever is sent in whatever order: what the exchange says adds up, and nothing fills that may
// not fill.

#include "adapters/sim/exchange_fixture.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

namespace st0ck::adapters::sim {
namespace {

using trading::OrderUpdateKind;
using trading::TimeInForce;

core::Price cents(int count) { return core::Price::from_raw(count * 10'000'000LL); }

/// What the test knows of an order from the outside.
struct Known {
  trading::OrderIntent intent;
  core::Timestamp accepted;
  std::size_t opens_at_arrival = 0;
  core::Quantity filled;
  core::Money notional;
  core::Money fee;
  bool is_final = false;
};

/// Plays random commands and bars and checks every update against what is known.
class Session {
 public:
  explicit Session(const MatchingSettings& settings) : exchange_{settings} {}

  void run(int actions) {
    for (int i = 0; i < actions; ++i) act();
    close();
  }

 private:
  void act() {
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
      case 1: return enter();
      case 2: return cancel();
      case 3: return amend();
      default: return play_bar();
    }
  }

  core::ClientOrderId some_id() {
    return core::ClientOrderId{fmt::format("o{}", *rc::gen::inRange(0, count_ + 1))};
  }

  trading::OrderTerms some_terms() {
    trading::OrderTerms terms;
    terms.quantity = shares(*rc::gen::inRange(1, 40));
    if (*rc::gen::arbitrary<bool>()) terms.limit = cents(*rc::gen::inRange(9950, 10050));
    if (*rc::gen::arbitrary<bool>()) terms.stop = cents(*rc::gen::inRange(9950, 10050));
    return terms;
  }

  void enter() {
    const auto side = *rc::gen::element(trading::Side::Buy, trading::Side::Sell);
    auto builder = OrderBuilder{side, fmt::format("o{}", ++count_), 1};
    trading::OrderIntent& intent = builder.intent();
    intent.terms = some_terms();
    intent.time_in_force = *rc::gen::element(TimeInForce::Day, TimeInForce::Gtc, TimeInForce::Ioc);
    using enum trading::OrderType;
    intent.type = intent.terms.stop ? (intent.terms.limit ? StopLimit : Stop)
                                    : (intent.terms.limit ? Limit : Market);
    known_[intent.client_order_id.str()] = {intent, exchange_.clock.now(), opens_, {}, {}, {},
                                            false};
    exchange_.enter(intent);
    check_updates({});
  }

  void cancel() {
    exchange_.engine->cancel(some_id());
    check_updates({});
  }

  void amend() {
    exchange_.engine->amend({some_id(), some_terms(), core::Code{"TEST"}});
    check_updates({});
  }

  void play_bar() {
    const auto prices = *rc::gen::container<std::vector<int>>(4, rc::gen::inRange(9940, 10060));
    market::Bar minute = bar("14:31", {"1", "1", "1", "1"}, *rc::gen::inRange(0, 200));
    minute.start = exchange_.clock.now() + std::chrono::minutes{*rc::gen::inRange(0, 2)};
    minute.end = minute.start + std::chrono::minutes{1};
    minute.open = cents(prices[0]);
    minute.close = cents(prices[1]);
    minute.high = cents(*std::max_element(prices.begin(), prices.end()));
    minute.low = cents(*std::min_element(prices.begin(), prices.end()));
    bar_filled_ = {};

    exchange_.clock.set(minute.start);
    ++opens_;
    exchange_.engine->on_bar_open(minute);
    check_updates(minute);
    if (*rc::gen::inRange(0, 4) == 0) enter();
    exchange_.clock.set(minute.end);
    if (*rc::gen::inRange(0, 4) == 0) enter();
    exchange_.engine->on_bar_stops(minute);
    check_updates(minute);
    if (*rc::gen::inRange(0, 4) == 0) cancel();
    exchange_.engine->on_bar_limits(minute);
    check_updates(minute);
    check_volume_share(minute);
  }

  void close() {
    exchange_.engine->on_session_close(exchange_.clock.now() + std::chrono::hours{1});
    check_updates({});
    for (const auto& [id, order] : known_)
      if (order.intent.time_in_force != TimeInForce::Gtc) RC_ASSERT(order.is_final);
    const auto open = std::count_if(known_.begin(), known_.end(),
                                    [](const auto& row) { return !row.second.is_final; });
    RC_ASSERT(exchange_.engine->working_orders() == static_cast<std::size_t>(open));
  }

  void check_updates(const std::optional<market::Bar>& minute) {
    for (; checked_ < exchange_.updates.all.size(); ++checked_)
      check(exchange_.updates.all[checked_], minute);
  }

  void check(const trading::OrderUpdate& update, const std::optional<market::Bar>& minute) {
    const auto found = known_.find(update.client_order_id.str());
    if (found == known_.end()) {
      RC_ASSERT(update.reason.view() == "NOT_FOUND");
      return;
    }
    Known& order = found->second;
    switch (update.kind) {
      case OrderUpdateKind::Fill:
        RC_ASSERT(minute.has_value());
        check_fill(update, order, *minute);
        break;
      case OrderUpdateKind::Replaced: order.intent.terms = update.terms; break;
      case OrderUpdateKind::Rejected:
      case OrderUpdateKind::Cancelled:
      case OrderUpdateKind::Expired:
        RC_ASSERT(!order.is_final);
        order.is_final = true;
        break;
      default: break;
    }
    if (update.reason.view() != "ALREADY_FINAL")
      RC_ASSERT(update.cumulative_quantity == order.filled);
  }

  void check_fill(const trading::OrderUpdate& update, Known& order, const market::Bar& minute) {
    RC_ASSERT(!order.is_final);
    RC_ASSERT(opens_ > 0u);
    // The next-open rule: an open was played after its arrival, or it came before the end of
    // this bar and the bar is over.
    const bool saw_open = opens_ > order.opens_at_arrival;
    const bool came_before_end = order.accepted < minute.end && exchange_.clock.now() == minute.end;
    RC_ASSERT(saw_open || came_before_end);
    RC_ASSERT(update.time >= order.accepted);
    RC_ASSERT(update.time >= minute.start && update.time < minute.end);
    RC_ASSERT(update.price >= minute.low && update.price <= minute.high);
    check_limit(update, order);

    order.filled += update.quantity;
    order.notional += core::notional(update.price, update.quantity, core::kUnitMultiplier);
    order.fee += update.fee;
    bar_filled_ += update.quantity;
    RC_ASSERT(update.quantity.is_positive());
    RC_ASSERT(!update.fee.is_negative());
    RC_ASSERT(order.filled <= order.intent.terms.quantity);
    RC_ASSERT(update.cumulative_quantity == order.filled);
    RC_ASSERT(update.cumulative_notional == order.notional);
    RC_ASSERT(update.cumulative_fee == order.fee);
    order.is_final = order.filled == order.intent.terms.quantity;
  }

  void check_limit(const trading::OrderUpdate& update, const Known& order) {
    const auto& limit = order.intent.terms.limit;
    if (!limit) return;
    if (order.intent.leg().side == trading::Side::Buy)
      RC_ASSERT(update.price <= *limit);
    else
      RC_ASSERT(update.price >= *limit);
  }

  void check_volume_share(const market::Bar& minute) {
    const auto& volume = minute.volume;
    if (!has_share) return;
    RC_ASSERT(bar_filled_.to_double() <= volume.to_double() / 10);
  }

 public:
  bool has_share = false;

 private:
  Exchange exchange_;
  std::map<std::string, Known> known_;
  int count_ = 0;
  std::size_t opens_ = 0;
  std::size_t checked_ = 0;
  core::Quantity bar_filled_;
};

MatchingSettings with_fees() {
  return {.fees = {.per_share = price("0.01"), .rate = rate("0.0003"), .minimum = money("0.35")}};
}

TEST(MatchingProperty, HoldsWithoutAVolumeShare) {
  EXPECT_TRUE(rc::check([] {
    MatchingSettings settings = with_fees();
    settings.limit_fill = *rc::gen::element(LimitFill::Through, LimitFill::Touch);
    Session{settings}.run(*rc::gen::inRange(1, 60));
  }));
}

TEST(MatchingProperty, HoldsWithPartialFills) {
  EXPECT_TRUE(rc::check([] {
    MatchingSettings settings = with_fees();
    settings.volume_share_max = rate("0.1");
    Session session{settings};
    session.has_share = true;
    session.run(*rc::gen::inRange(1, 60));
  }));
}

TEST(MatchingProperty, HoldsWithAShortMemoryAndFewOrders) {
  EXPECT_TRUE(rc::check([] {
    MatchingSettings settings = with_fees();
    settings.orders_max = 3;
    Session{settings}.run(*rc::gen::inRange(1, 60));
  }));
}

}  // namespace
}  // namespace st0ck::adapters::sim
