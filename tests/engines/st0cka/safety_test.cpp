#include "engines/st0cka/st0cka_day.hpp"
#include "support/orders.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace st0ck::engines::st0cka {
namespace {

using test::St0ckaDay;

/// One thing that may happen: time passes, a quote comes, the broker says something.
struct Happening {
  int choice = 0;
  int amount = 0;
  std::size_t order = 0;
};

rc::Gen<Happening> any_happening() {
  return rc::gen::build<Happening>(
      rc::gen::set(&Happening::choice, rc::gen::inRange(0, 16)),
      rc::gen::set(&Happening::amount, rc::gen::inRange(0, 10'000)),
      rc::gen::set(&Happening::order, rc::gen::inRange<std::size_t>(0, 3)));
}

core::Price cents(int count) { return core::Price::from_raw(std::int64_t{count} * 10'000'000); }

/// Sessions with a broker that does whatever a broker may do, in any order, but keeps its word:
/// what it has confirmed as ended does not fill, unless `fills_late`.
class WildDay {
 public:
  WildDay(const core::Logger& log, bool fills_late) : day_{log}, fills_late_{fills_late} {
    day_.broker.accepts_at_once = false;
    day_.prepare();
    day_.open();
  }

  void happen(const Happening& happening) {
    const std::size_t orders_before = day_.orders_sent();
    perform(happening);
    day_.kernel.drain();
    for (std::size_t i = orders_before; i < day_.orders_sent(); ++i) check_new(i);
    check_always();
  }

 private:
  void perform(const Happening& happening) {
    const int amount = happening.amount;
    switch (happening.choice) {
      case 0:
      case 1: return day_.go(day_.clock.now() + std::chrono::milliseconds{amount});
      case 2:
      case 3: return day_.go(day_.clock.now() + std::chrono::milliseconds{amount * 100});
      case 4: return next_session(amount);
      case 5:
      case 6:
      case 7: return quote(27'000 + amount % 200);
      case 8: return quote(26'400 + amount % 900);
      default: return broker_speaks(happening);
    }
  }

  void quote(int bid_cents) { day_.bid_is(cents(bid_cents).to_string()); }

  /// Only now and then, or else the sessions would be short.
  void next_session(int amount) {
    if (amount > 1'000) return;
    day_.close();
    const auto next = core::ExchangeCalendar::xnys().next_session(day_.session().date).value();
    day_.use_session(core::format_date(next.date));
    day_.prepare();
    day_.open();
  }

  /// About one of the three latest orders.
  void broker_speaks(const Happening& happening) {
    if (day_.orders_sent() == 0 || happening.order > day_.broker.last()) return;
    const std::size_t number = day_.broker.last() - happening.order;
    const auto& order = day_.broker.order(number);
    if (!order.is_live) {
      if (fills_late_ && happening.choice == 9 && order.remaining().is_positive())
        fill(number, order.remaining());
      return;
    }
    switch (happening.choice) {
      case 9:
      case 10: return fill(number, order.remaining());
      case 11: return fill(number, half_of(order.remaining()));
      case 12: return day_.broker.accept(number);
      case 13: return day_.broker.confirm_cancel(number);
      case 14:
        return happening.amount % 2 == 0 ? day_.broker.reject(number, "WILD")
                                         : day_.broker.expire(number);
      default:
        return happening.amount % 2 == 0 ? day_.broker.refuse_cancel(number)
                                         : day_.broker.time_out(number);
    }
  }

  static core::Quantity half_of(core::Quantity quantity) {
    return core::Quantity::from_raw((quantity.raw() + 1) / 2);
  }

  void fill(std::size_t number, core::Quantity quantity) {
    const auto& limit = day_.sent(number).terms.limit;
    day_.broker.fill(number, limit ? *limit : cents(27'050), quantity);
  }

  /// What must hold at the moment at which an order reaches the broker.
  void check_new(std::size_t number) {
    const trading::OrderIntent& intent = day_.sent(number);
    if (fills_late_ && intent.reason == core::Code{"BEYOND_HELD"}) {
      // The desk makes good what an order that had ended traded beyond what was held.
      const auto held = held_at_broker();
      const bool buys = intent.leg().side == trading::Side::Buy;
      RC_ASSERT(intent.terms.quantity <= (buys ? -held : held));
      return;
    }
    if (intent.leg().side == trading::Side::Buy) {
      const std::string date = core::format_date_compact(day_.session().date);
      ++buys_[date];
      RC_ASSERT(buys_[date] == 1);
      RC_ASSERT(intent.terms.quantity == core::Quantity::whole(1));
      return;
    }
    RC_ASSERT(intent.terms.quantity <= held_at_broker());
    for (std::size_t i = 0; i < number; ++i) {
      const auto& other = day_.broker.order(i);
      RC_ASSERT(other.intent.leg().side == trading::Side::Buy || !other.is_live);
    }
  }

  void check_always() {
    if (!fills_late_) RC_ASSERT(!held_at_broker().is_negative());
    RC_ASSERT(day_.held() == held_at_broker());
  }

  core::Quantity held_at_broker() const {
    core::Quantity held;
    for (const auto& order : day_.broker.orders())
      held += trading::signed_quantity(order.intent.leg().side, order.filled);
    return held;
  }

  St0ckaDay day_;
  bool fills_late_;
  std::map<std::string, int> buys_;
};

class Silence {
 public:
  operator core::Logger() const { return {sink_, clock_}; }

 private:
  mutable core::NullLogSink sink_;
  kernel::SimulatedClock clock_;
};

TEST(St0ckaSafety, HoldsWhateverTheBrokerSays) {
  const Silence silence;

  EXPECT_TRUE(rc::check([&] {
    WildDay day{silence, false};
    for (const auto& happening :
         *rc::gen::resize(300, rc::gen::container<std::vector<Happening>>(any_happening())))
      day.happen(happening);
  }));
}

TEST(St0ckaSafety, HoldsForNewOrdersAlsoWhenEndedOrdersFill) {
  const Silence silence;

  EXPECT_TRUE(rc::check([&] {
    WildDay day{silence, true};
    for (const auto& happening :
         *rc::gen::resize(300, rc::gen::container<std::vector<Happening>>(any_happening())))
      day.happen(happening);
  }));
}

/// The same, with a broker that fills and confirms sooner or later: every session ends flat.
TEST(St0ckaSafety, EndsFlatWithABrokerThatAnswers) {
  const Silence silence;

  EXPECT_TRUE(rc::check([&](const std::vector<std::uint16_t>& bids) {
    St0ckaDay day{silence};
    day.prepare();
    day.open();
    const core::Timestamp end = day.at("11:01");
    for (std::size_t i = 0; day.clock.now() < end; ++i) {
      const int bid = bids.empty() ? 27'000 : 26'400 + bids[i % bids.size()] % 1'200;
      day.bid_is(cents(bid).to_string());
      for (std::size_t n = 0; n < day.orders_sent(); ++n) {
        const auto& order = day.broker.order(n);
        if (!order.is_live) continue;
        const auto& limit = order.intent.terms.limit;
        if (order.cancels_asked > 0)
          day.broker.confirm_cancel(n);
        else if (!limit || cents(bid) > *limit)
          day.broker.fill(n, limit.value_or(cents(bid)));
      }
      day.kernel.drain();
      day.go(day.clock.now() + std::chrono::seconds{7});
    }

    RC_ASSERT(day.held().is_zero());
    RC_ASSERT(day.state() == State::Done);
    RC_ASSERT(day.records.all<kernel::RoundTripRow>().size() == 1U);
  }));
}

}  // namespace
}  // namespace st0ck::engines::st0cka
