#include "engines/st0cka/st0cka_day.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace st0ck::engines::st0cka {
namespace {

using test::price;
using test::RecordingLogger;
using test::St0ckaDay;
using testing::Contains;
using testing::Not;

constexpr core::Duration kNanosecond{1};

struct CalendarDay {
  std::string name;
  std::string_view date;
  std::string_view buy_from;  ///< UTC.
  std::string_view sell_from;
  std::string_view stop_at;
};

void PrintTo(const CalendarDay& day, std::ostream* stream) { *stream << day.name; }

class St0ckaCalendar : public testing::TestWithParam<CalendarDay> {};

TEST_P(St0ckaCalendar, BuysOffersAndShutsDownByNewYorksClock) {
  const CalendarDay& calendar = GetParam();
  RecordingLogger log;
  St0ckaDay day{log, calendar.date};

  day.buy_at("271.34");
  day.go("11:00");
  day.broker_says([](auto& broker) { broker.confirm_cancel(1); });
  day.fill_last("271.00");
  day.close();

  ASSERT_EQ(day.orders_sent(), 3U);
  EXPECT_EQ(day.broker.order(0).sent, test::utc(calendar.buy_from));
  EXPECT_EQ(day.broker.order(1).sent, test::utc(calendar.sell_from));
  EXPECT_EQ(day.broker.order(2).sent, test::utc(calendar.stop_at));
  EXPECT_EQ(day.state(), State::Done);
}

std::string name_of_day(const testing::TestParamInfo<CalendarDay>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Days, St0ckaCalendar,
    testing::Values(CalendarDay{"Winter", "2019-02-11", "2019-02-11T14:30:00Z",
                                "2019-02-11T15:15:00Z", "2019-02-11T16:00:00Z"},
                    CalendarDay{"FridayBeforeSummerTime", "2019-03-08", "2019-03-08T14:30:00Z",
                                "2019-03-08T15:15:00Z", "2019-03-08T16:00:00Z"},
                    CalendarDay{"MondayOfSummerTime", "2019-03-11", "2019-03-11T13:30:00Z",
                                "2019-03-11T14:15:00Z", "2019-03-11T15:00:00Z"},
                    CalendarDay{"MondayOfWinterTime", "2019-11-04", "2019-11-04T14:30:00Z",
                                "2019-11-04T15:15:00Z", "2019-11-04T16:00:00Z"},
                    CalendarDay{"EarlyClose", "2019-07-03", "2019-07-03T13:30:00Z",
                                "2019-07-03T14:15:00Z", "2019-07-03T15:00:00Z"}),
    name_of_day);

// --- Shares and orders that outlive their session.

/// Has the broker turn down every exit of the first session.
void fail_to_sell(St0ckaDay& day) {
  day.buy_at("271.34");
  day.broker.accepts_at_once = false;
  for (auto time = day.at("10:15"); time < day.session().close; time += std::chrono::seconds{10}) {
    day.go(time);
    if (day.broker.order(day.broker.last()).is_live)
      day.broker_says([](auto& broker) { broker.reject(broker.last(), "CLOSED"); });
  }
  day.broker.accepts_at_once = true;
  day.close();
}

TEST(St0ckaOvernight, TakesAHeldShareOverAndOffersItAtItsOldPrice) {
  RecordingLogger log;
  log.expect("SELL_ENDED");
  St0ckaDay day{log};
  fail_to_sell(day);
  ASSERT_EQ(day.held(), core::Quantity::whole(1));
  const std::size_t before = day.orders_sent();

  day.use_session("2019-02-12");
  day.clock.advance_to(day.session().open - std::chrono::minutes{10});
  day.phase(market::Phase::Prepare);
  EXPECT_EQ(day.state(), State::Holding);
  day.clock.advance_to(day.session().open);
  day.phase(market::Phase::Open);
  day.bid_is("270.00");
  day.go("10:14:59");
  EXPECT_EQ(day.orders_sent(), before) << "neither bought again nor sold yet";
  day.go("10:15");

  ASSERT_EQ(day.orders_sent(), before + 1);
  EXPECT_EQ(day.sent(before).terms.limit, price("271.35"));
}

TEST(St0ckaOvernight, StopsAHeldShareBeforeTheOpen) {
  RecordingLogger log;
  log.expect("SELL_ENDED");
  St0ckaDay day{log};
  fail_to_sell(day);
  const std::size_t before = day.orders_sent();

  day.use_session("2019-02-12");
  day.clock.advance_to(day.session().open - std::chrono::minutes{10});
  day.phase(market::Phase::Prepare);
  day.bid_is("266.34");

  ASSERT_EQ(day.orders_sent(), before + 1);
  EXPECT_EQ(day.sent(before).reason.view(), "STOP_LOSS");
}

TEST(St0ckaOvernight, NeverForgetsABuyThatIsStillOpen) {
  RecordingLogger log;
  log.expect("BUY_NOT_FILLED");
  St0ckaDay day{log};
  day.open_at("271.34");
  day.close();  // The cancel of 11:00 was not answered.

  day.use_session("2019-02-12");
  day.open_at("270.00");
  EXPECT_EQ(day.state(), State::BuyPending);
  EXPECT_EQ(day.orders_sent(), 1U);
  day.broker_says([](auto& broker) { broker.fill(0, price("270.00")); });

  EXPECT_EQ(day.state(), State::Holding);
  day.go("10:15");
  ASSERT_EQ(day.orders_sent(), 2U);
  EXPECT_EQ(day.sent(1).terms.limit, price("270.01"));
}

TEST(St0ckaOvernight, TakesOverAShareOfABuyThatWasBelievedDead) {
  RecordingLogger log;
  log.expect("BUY_NOT_FILLED");
  log.expect("BUY_ENDED");
  St0ckaDay day{log};
  day.open_at("271.34");
  day.go("11:00");
  day.broker_says([](auto& broker) { broker.confirm_cancel(0); });
  day.close();
  day.use_session("2019-02-12");
  day.prepare();
  ASSERT_EQ(day.state(), State::Idle);

  day.broker_says([](auto& broker) { broker.fill(0, price("271.00")); });

  EXPECT_EQ(day.state(), State::Holding);
  day.open();
  day.bid_is("271.00");
  EXPECT_EQ(day.orders_sent(), 1U);
}

TEST(St0ckaOvernight, GoesOnWithAnExitThatIsStillOpen) {
  RecordingLogger log;
  St0ckaDay day{log};
  day.buy_at("271.34");
  day.go("11:00");
  day.broker_says([](auto& broker) { broker.confirm_cancel(1); });
  ASSERT_EQ(day.orders_sent(), 3U);
  day.close();  // The market sell was not answered.

  day.use_session("2019-02-12");
  day.open_at("260.00");
  EXPECT_EQ(day.state(), State::ExitPending);
  day.go("11:00");
  EXPECT_EQ(day.orders_sent(), 3U);
  day.fill_last("260.00");

  EXPECT_EQ(day.state(), State::Done);
}

// --- Limits.

/// A session that ends with this loss or gain on the share.
void trade_session(St0ckaDay& day, std::string_view date, std::string_view exit) {
  day.use_session(date);
  day.buy_at("271.34");
  day.go("11:00");
  day.broker_says([](auto& broker) { broker.confirm_cancel(broker.last()); });
  day.fill_last(exit);
  day.close();
}

constexpr auto kFiveSessions = {"2019-02-11", "2019-02-12", "2019-02-13", "2019-02-14",
                                "2019-02-15"};

TEST(St0ckaLimits, StopTheBotAfterFiveLosingSessionsInARow) {
  RecordingLogger log;
  log.expect("LOSING_DAYS");
  St0ckaDay day{log};
  for (const auto* date : kFiveSessions) trade_session(day, date, "271.33");
  ASSERT_EQ(day.orders_sent(), 15U);

  for (const auto* date : {"2019-02-19", "2019-02-20"}) {
    day.use_session(date);
    day.open_at("271.34");
    day.go("10:00");
    day.bid_is("271.34");
    day.close();
  }

  EXPECT_EQ(day.orders_sent(), 15U);
  EXPECT_THAT(day.records.decisions(), Contains("refusal buy 1 LOSING_DAYS"));
  EXPECT_EQ(log.count("LOSING_DAYS"), 1U);
}

TEST(St0ckaLimits, LetTheBotTradeAfterFourLosingSessions) {
  RecordingLogger log;
  St0ckaDay day{log};
  int session = 0;
  for (const auto* date : kFiveSessions)
    trade_session(day, date, session++ == 2 ? "271.35" : "271.33");

  day.use_session("2019-02-19");
  day.open_at("271.34");

  EXPECT_EQ(day.orders_sent(), 16U);
  EXPECT_THAT(day.records.decisions(), Not(Contains("refusal buy 1 LOSING_DAYS")));
}

/// Trades a share whenever it is told to, under the limits of ST0CKA.
class EagerTrader : public kernel::Engine {
 public:
  explicit EagerTrader(core::InstrumentId instrument) : instrument_{instrument} {}

  std::vector<market::DataNeed> needs() const override { return {{instrument_}}; }
  void on_quote(kernel::EngineContext& context, const market::Quote&) override {
    const bool is_held = context.position(instrument_) != nullptr &&
                         !context.position(instrument_)->quantity.is_zero();
    trading::OrderRequest request;
    request.instrument = instrument_;
    request.side = is_held ? trading::Side::Sell : trading::Side::Buy;
    request.purpose = is_held ? trading::Purpose::Exit : trading::Purpose::Entry;
    request.terms.quantity = core::Quantity::whole(1);
    request.reason = core::Code{"TEST"};
    context.submit(request);
  }

 private:
  core::InstrumentId instrument_;
};

/// What refuses a second entry on the day of a first round trip with this result.
std::string refusal_after(std::string_view exit_price, const trading::RiskLimits& limits) {
  RecordingLogger log;
  test::KernelStage stage{log};
  stage.add_bot("a", "eager", std::make_unique<EagerTrader>(stage.spy), limits);
  stage.begin();
  stage.prepare();
  stage.open();
  for (const auto fill : {std::string_view{"271.34"}, exit_price}) {
    stage.go(stage.clock.now() + std::chrono::seconds{5});
    stage.quote("271.34", "271.35");
    stage.broker.fill(stage.broker.last(), price(fill));
    stage.kernel.drain();
  }
  stage.go(stage.clock.now() + std::chrono::seconds{5});
  stage.quote("271.34", "271.35");
  return stage.records.decisions().back();
}

TEST(St0ckaLimits, AllowOneTradeADay) {
  EXPECT_EQ(refusal_after("271.35", test::st0cka_limits()), "refusal buy 1 TRADES_PER_DAY");
}

TEST(St0ckaLimits, AllowEntriesUntilTenDollarsAreLost) {
  trading::RiskLimits limits = test::st0cka_limits();
  limits.trades_per_day_max = 2;

  EXPECT_EQ(refusal_after("261.340000001", limits), "intent buy 1 TEST");
  EXPECT_EQ(refusal_after("261.34", limits), "refusal buy 1 DAILY_LOSS");
  EXPECT_EQ(refusal_after("261.33", limits), "refusal buy 1 DAILY_LOSS");
}

TEST(St0ckaLimits, AreThoseOfTheSpecification) {
  const trading::RiskLimits limits = test::st0cka_limits();

  EXPECT_EQ(limits.daily_loss_max, core::Money::whole(10));
  EXPECT_EQ(limits.trades_per_day_max, 1U);
  EXPECT_EQ(limits.losing_days_max, 5U);
  EXPECT_EQ(limits.order_quantity_max, core::Quantity::whole(1));
  EXPECT_EQ(limits.position_quantity_max, core::Quantity::whole(1));
}

}  // namespace
}  // namespace st0ck::engines::st0cka
