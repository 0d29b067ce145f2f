#include "src/trading/loss_rate.hpp"

#include "desk_stage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

// The breaker that stops an account which loses too fast.
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using test::money;
using test::price;
using test::rate;
using test::shares;
using test::utc;

const core::Timestamp kStart = utc("2019-02-11T15:00:00Z");

LossRate watching(const LossRateLimits& limits) {
  LossRate losses;
  losses.limit(limits);
  return losses;
}

TEST(LossRate, StandsAtItsLimitToTheUnit) {
  for (const auto& [step, is_reached] : {std::pair{-1, false}, {0, true}, {1, true}}) {
    LossRate dollars = watching({.loss_max = money("100"), .window = 60s});
    EXPECT_FALSE(dollars.mark(kStart, money("1000")));
    const auto worth = core::Money::from_raw(money("900").raw() - step);
    EXPECT_EQ(dollars.mark(kStart + 1s, worth).has_value(), is_reached) << step;
    EXPECT_EQ(dollars.has_tripped(), is_reached);

    LossRate share = watching({.share_max = rate("0.1"), .window = 60s});
    EXPECT_FALSE(share.mark(kStart, money("1000")));
    EXPECT_EQ(share.mark(kStart + 1s, worth).has_value(), is_reached) << step;
  }
}

TEST(LossRate, TakesTheStricterOfItsTwoLimits) {
  LossRate dollars = watching({.loss_max = money("50"), .share_max = rate("0.1"), .window = 60s});
  dollars.mark(kStart, money("1000"));
  EXPECT_EQ(dollars.mark(kStart, money("950"))->limit, money("50"));

  LossRate share = watching({.loss_max = money("500"), .share_max = rate("0.1"), .window = 60s});
  share.mark(kStart, money("1000"));
  EXPECT_EQ(share.mark(kStart, money("900"))->limit, money("100"));
}

TEST(LossRate, ForgetsWhatIsOlderThanItsWindow) {
  for (const auto& [age, is_reached] :
       {std::pair<core::Duration, bool>{59s, true}, {60s, true}, {61s - 1ns, true}, {61s, false}}) {
    LossRate losses = watching({.loss_max = money("100"), .window = 60s});
    losses.mark(kStart, money("1000"));
    EXPECT_EQ(losses.mark(kStart + age, money("900")).has_value(), is_reached) << age.count();
  }
}

TEST(LossRate, SeesASlowLossForWhatItIs) {
  LossRate losses = watching({.loss_max = money("100"), .window = 60s});
  for (int minute = 0; minute < 100; ++minute)
    EXPECT_FALSE(losses.mark(kStart + minute * 1min, money("10000") - core::Money::whole(minute)));
}

TEST(LossRate, MeasuresFromTheHighestAndNotFromTheFirst) {
  LossRate losses = watching({.loss_max = money("100"), .window = 60s});
  losses.mark(kStart, money("1000"));
  losses.mark(kStart + 10s, money("1050"));
  const auto loss = losses.mark(kStart + 20s, money("950"));

  ASSERT_TRUE(loss);
  EXPECT_EQ(loss->lost, money("100"));
}

TEST(LossRate, IsSilentOnceReachedUntilItStartsAgain) {
  LossRate losses = watching({.loss_max = money("100"), .window = 60s});
  losses.mark(kStart, money("1000"));
  EXPECT_TRUE(losses.mark(kStart, money("800")));
  EXPECT_FALSE(losses.is_watching());
  EXPECT_FALSE(losses.mark(kStart, money("1")));

  losses.start_again();

  EXPECT_FALSE(losses.mark(kStart + 1s, money("800"))) << "what was lost before is forgotten";
  EXPECT_TRUE(losses.mark(kStart + 1s, money("700")));
}

TEST(LossRate, KnowsThePriceThatItSawLast) {
  LossRate losses = watching({.loss_max = money("100"), .window = 60s});
  const core::InstrumentId spy{1};
  EXPECT_FALSE(losses.has_seen(kStart, spy, price("100.00")));
  EXPECT_TRUE(losses.has_seen(kStart + 999ms, spy, price("100.00")));
  EXPECT_FALSE(losses.has_seen(kStart + 1s, spy, price("100.00"))) << "a second later it is a mark";
  EXPECT_FALSE(losses.has_seen(kStart + 1s, spy, price("99.99")));
  EXPECT_FALSE(losses.has_seen(kStart + 1s, core::InstrumentId{2}, price("99.99")));
  losses.start_again();
  EXPECT_FALSE(losses.has_seen(kStart + 1s, core::InstrumentId{2}, price("99.99")));
}

TEST(LossRate, IsOffWithoutALimitAndOnForAnAccountThatIsWorthNothing) {
  EXPECT_FALSE(LossRate{}.is_watching());
  EXPECT_FALSE(watching({.window = 60s}).is_watching());

  LossRate losses = watching({.share_max = rate("0.1"), .window = 60s});
  EXPECT_FALSE(losses.mark(kStart, core::Money{}));
  EXPECT_TRUE(losses.mark(kStart, core::Money::from_raw(-1)));
}

// Any marks at any times: as if each had been kept and compared with all of its window.
RC_GTEST_PROP(LossRateProperty, AgreesWithAListOfAllMarks, ()) {
  const auto window = std::chrono::seconds{*rc::gen::inRange(1, 20)};
  LossRate losses = watching({.loss_max = money("30"), .window = window});
  std::vector<std::pair<std::chrono::sys_seconds, core::Money>> all;
  core::Timestamp now = kStart;
  while (losses.is_watching() && all.size() < 200) {
    now += std::chrono::milliseconds{*rc::gen::inRange(0, 3000)};
    const auto worth = core::Money::whole(1000 + *rc::gen::inRange(-20, 21));
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    all.emplace_back(second, worth);
    core::Money highest = worth;
    for (const auto& [time, old] : all)
      if (second - time <= window) highest = std::max(highest, old);
    RC_ASSERT(losses.mark(now, worth).has_value() == (highest - worth >= money("30")));
  }
}

/// A bot whose account is halted when it loses 100 dollars within a minute.
struct Breaker : testing::Test {
  Breaker() {
    AccountLimits limits;
    limits.loss_rate = {.loss_max = money("100"), .window = 60s};
    stage.desk.limit_account(limits);
  }

  /// Bought at 100.00, where the account stands.
  GroupIds hold(std::int64_t count) {
    GroupRequest group = stage.bracket(count);
    group.target->terms.limit = price("110.00");
    group.stop->terms.stop = price("80.00");
    const GroupIds ids = stage.send(group);
    stage.broker.fill(stage.number(ids.entry), price("100.00"));
    stage.settle();
    return ids;
  }
  OrderRequest resting_entry(std::int64_t count) {
    OrderRequest entry = stage.request(Side::Buy, OrderType::Limit, Purpose::Entry, count, "ENTRY");
    entry.terms.limit = price("98.00");
    return entry;
  }
  bool has_tripped() const { return stage.desk.is_halted(); }

  DeskStage stage;
};

TEST_F(Breaker, HaltsTheAccountAtTheLimitToTheCent) {
  hold(100);
  stage.quote("99.00", "99.02");
  EXPECT_FALSE(has_tripped()) << "99 dollars lost";
  stage.quote("98.99", "99.01");

  EXPECT_TRUE(has_tripped()) << "100 dollars lost";
  EXPECT_EQ(stage.alarms, std::vector<std::string>{"LOSS_RATE"});
  stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 1, "ENTRY"));
  EXPECT_EQ(stage.refusals, std::vector<std::string>{"HALTED"});
}

TEST_F(Breaker, CountsWhatAFillItselfLoses) {
  const auto id = stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 100, "E"));
  stage.broker.fill(stage.number(id), price("100.50"), shares(100), money("50"));
  stage.settle();

  EXPECT_TRUE(has_tripped()) << "50 above the mark, 50 of fees";
}

TEST_F(Breaker, LetsASlowLossBe) {
  hold(100);
  for (const auto* bid : {"99.30", "98.60", "97.90", "97.20"}) {
    stage.pass(61s);
    stage.quote(bid, bid);
  }
  EXPECT_FALSE(has_tripped());
}

TEST_F(Breaker, CancelsEntriesAndLetsExitsGo) {
  const GroupIds ids = hold(100);
  const auto resting = stage.send(resting_entry(10));

  stage.quote("98.00", "98.02");

  ASSERT_TRUE(has_tripped());
  EXPECT_EQ(stage.state(resting), OrderState::PendingCancel);
  EXPECT_EQ(stage.broker.order(stage.number(resting)).cancels_asked, 1);
  EXPECT_EQ(stage.state(ids.stop), OrderState::Working) << "the stop keeps its place";

  stage.desk.close(stage.bot, stage.instruments.spy, core::Code{"CLOSE"});
  stage.broker.confirm_cancel(stage.number(resting));
  stage.broker.confirm_cancel(stage.number(ids.stop));
  stage.settle();
  stage.broker.fill(stage.broker.last(), price("98.00"));
  stage.settle();
  EXPECT_TRUE(stage.held().is_zero());
}

TEST_F(Breaker, CancelsAnEntryThatComesToLightAfterwards) {
  hold(100);
  stage.broker.accepts_at_once = false;
  const auto late = stage.send(resting_entry(10));
  stage.broker.time_out(stage.number(late));
  stage.settle();
  stage.quote("98.00", "98.02");
  ASSERT_TRUE(has_tripped());

  stage.broker.accept(stage.number(late));
  stage.settle();

  EXPECT_EQ(stage.state(late), OrderState::PendingCancel);
}

TEST_F(Breaker, KeepsABracketsStopForWhatItsCancelledEntryHasFilled) {
  hold(100);
  GroupRequest group = stage.bracket(10);
  group.entry = resting_entry(10);
  group.target->terms.limit = price("110.00");
  group.stop->terms.stop = price("80.00");
  const GroupIds ids = stage.send(group);
  stage.quote("98.00", "98.02");
  ASSERT_TRUE(has_tripped());

  stage.broker.fill(stage.number(ids.entry), price("98.00"), shares(4));
  stage.settle();
  stage.broker.confirm_cancel(stage.number(ids.entry));
  stage.settle();

  ASSERT_TRUE(stage.is_at_broker(ids.stop));
  EXPECT_EQ(stage.broker.order(stage.number(ids.stop)).intent.terms.quantity, shares(4));
}

TEST_F(Breaker, IsClearedByAResumeOfTheAccountAlone) {
  hold(100);
  stage.quote("98.00", "98.02");
  ASSERT_TRUE(has_tripped());
  EXPECT_FALSE(stage.desk.resume(stage.bot, "one bot")) << "the account is halted, not the bot";
  EXPECT_TRUE(has_tripped());
  stage.pass(1h);
  stage.quote("120.00", "120.02");
  EXPECT_TRUE(has_tripped()) << "neither time nor profit clears it";

  EXPECT_TRUE(stage.desk.resume({}, "looked into"));

  EXPECT_FALSE(has_tripped());
  stage.quote("119.90", "119.92");
  EXPECT_FALSE(has_tripped()) << "what was lost before the resume is forgotten";
  stage.quote("118.00", "118.02");
  EXPECT_TRUE(has_tripped()) << "and it watches again";
}

}  // namespace
}  // namespace st0ck::trading
