#include "engines/st0cka/st0cka_day.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace st0ck::engines::st0cka {
namespace {

using test::price;
using test::shares;
using test::St0ckaDay;
using trading::Side;

constexpr std::string_view kAdvanced = "mode: advanced\n";

/// Advanced mode with the loss at a lot's stop as given.
St0ckaDay advanced_day(const core::Logger& log, std::string_view stop_loss) {
  return St0ckaDay{log, "2019-02-11", test::st0cka_limits(kAdvanced),
                   test::default_settings(
                       fmt::format("{}stop_loss: {}\nquote_age_max: 1m\n", kAdvanced, stop_loss))};
}

class Lots : public testing::Test {
 protected:
  /// Lets `seconds` pass with a quote at their end.
  void pass(int seconds, std::string_view bid = "271.34") {
    day.go(day.clock.now() + std::chrono::seconds{seconds});
    day.bid_is(bid);
  }

  /// Buys as many lots as the rules allow within `count` pauses, each filled at the price.
  void buy_lots(int count, std::string_view at) {
    for (int i = 0; i < count; ++i) {
      if (day.orders_sent() > 0 && day.broker.order(day.broker.last()).is_live) day.fill_last(at);
      pass(30);
    }
  }

  std::vector<std::string> refusals() const {
    std::vector<std::string> codes;
    for (const auto& decision : day.records.all<kernel::Decision>())
      if (decision.kind == kernel::DecisionKind::Refusal) codes.push_back(decision.code.str());
    return codes;
  }

  test::RecordingLogger log;
  St0ckaDay day = advanced_day(log, "2.00");
};

TEST_F(Lots, AreBoughtOneByOneWithAPauseBetween) {
  day.open_at("271.34");
  EXPECT_EQ(day.orders_sent(), 1U);
  day.fill_last("271.34");
  pass(29);
  EXPECT_EQ(day.orders_sent(), 1U);
  pass(1);
  EXPECT_EQ(day.orders_sent(), 2U);
  EXPECT_EQ(day.lot(0).state(), State::Holding);
  EXPECT_EQ(day.lot(1).state(), State::BuyPending);
}

TEST_F(Lots, AreFiveAtMost) {
  day.open_at("271.34");

  buy_lots(10, "271.34");

  EXPECT_EQ(day.orders_sent(), 5U);
  EXPECT_EQ(day.held(), shares(5));
  EXPECT_EQ(refusals().back(), "LOTS_MAX");
}

TEST(LotsOfFiveDollars, AreTwoAtMost) {
  test::RecordingLogger log;
  St0ckaDay day = advanced_day(log, "5.00");
  day.open_at("271.34");

  for (int i = 0; i < 10; ++i) {
    if (day.broker.order(day.broker.last()).is_live) day.fill_last("271.34");
    day.go(day.clock.now() + std::chrono::seconds{30});
    day.bid_is("271.34");
  }

  EXPECT_EQ(day.orders_sent(), 2U);
}

TEST_F(Lots, LeaveEachByItsOwnLimit) {
  day.open_at("271.34");
  day.fill_last("271.34");
  pass(30);
  day.fill_last("272.00");

  day.go("10:15");

  ASSERT_EQ(day.orders_sent(), 4U);
  EXPECT_EQ(day.sent(2).terms.limit, price("271.35"));
  EXPECT_EQ(day.sent(3).terms.limit, price("272.01"));
  EXPECT_EQ(day.sent(2).terms.quantity, shares(1));
  day.broker.fill(2, price("271.35"));
  day.kernel.drain();
  EXPECT_EQ(day.lot(0).state(), State::Done);
  EXPECT_EQ(day.lot(1).state(), State::SellWorking);
}

TEST_F(Lots, StopEachByItsOwnPrice) {
  day.open_at("271.34");
  day.fill_last("271.34");
  pass(30);
  day.fill_last("272.00");

  pass(1, "270.00");

  ASSERT_EQ(day.orders_sent(), 3U) << "the second lot is two dollars down, the first is not";
  EXPECT_EQ(day.sent(2).reason, core::Code{"STOP_LOSS"});
  EXPECT_EQ(day.lot(0).state(), State::Holding);
  EXPECT_EQ(day.lot(1).state(), State::ExitPending);
}

TEST_F(Lots, AreFreeAgainOnceTheyAreSold) {
  day.open_at("271.34");
  day.fill_last("271.34");
  pass(40, "269.34");
  ASSERT_EQ(day.orders_sent(), 2U) << "the next lot would buy from the one that is being sold";

  day.broker.fill(1, price("269.34"));
  day.kernel.drain();

  ASSERT_EQ(day.orders_sent(), 3U);
  EXPECT_EQ(day.sent(2).leg().side, Side::Buy);
}

TEST_F(Lots, AreNotBoughtAfterThreeLossesInARow) {
  day.open_at("271.34");
  day.fill_last("271.34");
  for (const std::string_view bid : {"269.34", "267.34", "265.34"}) {
    pass(40, bid);
    // The stop, and once that is sold the next lot.
    for (int round = 0; round < 2; ++round) {
      for (std::size_t i = 0; i < day.orders_sent(); ++i)
        if (day.broker.order(i).is_live) day.broker.fill(i, price(bid));
      day.kernel.drain();
    }
  }

  const std::size_t sent = day.orders_sent();
  for (int i = 0; i < 5; ++i) pass(40, "265.34");

  EXPECT_EQ(day.orders_sent(), sent);
  EXPECT_TRUE(refusals().back() == "LOSSES_IN_ROW" || refusals().back() == "LOSS_BUDGET");
}

/// An order of the day before, whose end the broker had confirmed, fills: no lot knows its name.
TEST_F(Lots, GiveUpTheFirstOfWhatNoneOfThemHasSold) {
  log.expect("SELL_ENDED");
  day.open_at("271.34");
  day.fill_last("271.34");
  day.go("10:15");
  day.broker.expire(1);
  day.kernel.drain();
  day.go("11:00");
  day.broker.confirm_cancel(2);
  day.kernel.drain();
  day.fill_last("271.00");
  ASSERT_TRUE(day.held().is_zero());
  day.close();
  day.use_session("2019-02-12");
  day.open_at("270.00");
  day.fill_last("270.00");
  pass(30, "270.00");
  day.fill_last("270.00");
  ASSERT_EQ(day.held(), shares(2));

  day.broker.fill(1, price("271.35"));
  day.kernel.drain();

  EXPECT_EQ(day.held(), shares(1));
  EXPECT_EQ(day.lot(0).state(), State::Done);
  EXPECT_EQ(day.lot(1).state(), State::Holding);
}

// --- Any order of updates.

class Silence {
 public:
  operator core::Logger() const { return {sink_, clock_}; }

 private:
  mutable core::NullLogSink sink_;
  kernel::SimulatedClock clock_;
};

struct Happening {
  int choice = 0;
  int amount = 0;
  std::size_t order = 0;
};

rc::Gen<Happening> any_happening() {
  return rc::gen::build<Happening>(
      rc::gen::set(&Happening::choice, rc::gen::inRange(0, 16)),
      rc::gen::set(&Happening::amount, rc::gen::inRange(0, 10'000)),
      rc::gen::set(&Happening::order, rc::gen::inRange<std::size_t>(0, 10)));
}

core::Price cents(int count) { return core::Price::from_raw(std::int64_t{count} * 10'000'000); }

/// Sessions of advanced mode with a broker that does whatever a broker may do, in any order, but
/// keeps its word: what it has confirmed as ended does not fill.
class WildLots {
 public:
  explicit WildLots(const core::Logger& log) : day_{advanced_day(log, "2.00")} {
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
      case 1: return day_.go(day_.clock.now() + std::chrono::milliseconds{amount * 5});
      case 2: return day_.go(day_.clock.now() + std::chrono::milliseconds{amount * 100});
      case 3: return next_session(amount);
      case 4:
      case 5:
      case 6:
      case 7: return day_.bid_is(cents(27'000 + amount % 200).to_string());
      case 8: return day_.bid_is(cents(26'700 + amount % 400).to_string());
      default: return broker_speaks(happening);
    }
  }

  void next_session(int amount) {
    if (amount > 500) return;
    day_.close();
    const auto next = core::ExchangeCalendar::xnys().next_session(day_.session().date).value();
    day_.use_session(core::format_date(next.date));
    day_.prepare();
    day_.open();
  }

  void broker_speaks(const Happening& happening) {
    if (day_.orders_sent() == 0 || happening.order > day_.broker.last()) return;
    const std::size_t number = day_.broker.last() - happening.order;
    const auto& order = day_.broker.order(number);
    if (!order.is_live) return;
    switch (happening.choice) {
      case 9:
      case 10: return fill(number, order.remaining());
      case 11: return fill(number, core::Quantity::from_raw((order.remaining().raw() + 1) / 2));
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

  void fill(std::size_t number, core::Quantity quantity) {
    const auto& limit = day_.sent(number).terms.limit;
    day_.broker.fill(number, limit ? *limit : cents(27'050), quantity);
  }

  /// What must hold at the moment at which an order reaches the broker.
  void check_new(std::size_t number) {
    const trading::OrderIntent& intent = day_.sent(number);
    if (intent.leg().side == Side::Buy) {
      RC_ASSERT(intent.terms.quantity <= shares(1));
      RC_ASSERT(++buys_[core::format_date_compact(day_.session().date)] <= 20);
      // The lot is the one that has just been bought; with it at most five.
      RC_ASSERT(open_lots() <= 5);
      return;
    }
    RC_ASSERT(open_sells() <= held_at_broker());
  }

  void check_always() {
    RC_ASSERT(!held_at_broker().is_negative());
    RC_ASSERT(day_.held() == held_at_broker());
    RC_ASSERT(held_by_lots() == held_at_broker());
  }

  int open_lots() const {
    int open = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      const State state = day_.lot(i).state();
      open += state != State::Idle && state != State::Done ? 1 : 0;
    }
    return open;
  }

  core::Quantity open_sells() const {
    core::Quantity open;
    for (const auto& order : day_.broker.orders())
      if (order.is_live && order.intent.leg().side == Side::Sell) open += order.remaining();
    return open;
  }

  core::Quantity held_at_broker() const {
    core::Quantity held;
    for (const auto& order : day_.broker.orders())
      held += trading::signed_quantity(order.intent.leg().side, order.filled);
    return held;
  }

  core::Quantity held_by_lots() const {
    core::Quantity held;
    for (std::size_t i = 0; i < 5; ++i) held += day_.lot(i).held_in_books();
    return held;
  }

  St0ckaDay day_;
  std::map<std::string, int> buys_;
};

TEST(LotsSafety, HoldWhateverTheBrokerSays) {
  const Silence silence;

  EXPECT_TRUE(rc::check([&] {
    WildLots day{silence};
    for (const auto& happening :
         *rc::gen::resize(400, rc::gen::container<std::vector<Happening>>(any_happening())))
      day.happen(happening);
  }));
}

/// With a broker that fills and confirms, whatever the prices: every session ends flat and loses
/// no more than its budget, but for the price between a stop and its fill.
TEST(LotsSafety, EndFlatWithinTheBudget) {
  const Silence silence;

  EXPECT_TRUE(rc::check([&](const std::vector<std::uint16_t>& bids) {
    St0ckaDay day = advanced_day(silence, "2.00");
    day.prepare();
    day.open();
    const core::Timestamp end = day.at("11:01");
    core::Quantity most;
    for (std::size_t i = 0; day.clock.now() < end; ++i) {
      const int bid = bids.empty() ? 27'000 : 26'800 + bids[i % bids.size()] % 400;
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
      most = std::max(most, day.held());
      day.go(day.clock.now() + std::chrono::seconds{7});
    }

    RC_ASSERT(day.held().is_zero());
    RC_ASSERT(most <= shares(5));
  }));
}

}  // namespace
}  // namespace st0ck::engines::st0cka
