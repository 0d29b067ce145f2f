#include "engines/sma_cross/sma_cross.hpp"

#include "engines/sma_cross/settings_of.hpp"
#include "support/kernel_stage.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::engines::sma_cross {
namespace {

using test::price;
using test::shares;
using trading::OrderType;
using trading::Side;
using trading::TimeInForce;

/// A bot `a` on a kernel of its own, with averages of one and two closes: a close above the one
/// before crosses up, where that one lay below its own.
class SmaCrossDay : public testing::Test {
 protected:
  static constexpr std::string_view kSettings = "fast: 1\nslow: 2\nexits: [oco]\n";

  void begin(std::string_view more = "") {
    auto made = std::make_unique<SmaCross>(
        test::sma_cross_settings(std::string{kSettings} + std::string{more}), stage.spy);
    stage.broker.able_to.holds_groups = true;
    stage.add_bot("a", "sma_cross", std::move(made), limits);
    stage.begin();
    stage.prepare();
    stage.open();
    stage.quote("99.99", "100.01");
  }

  /// A bar of the minute that ends now; a quote around its close comes first.
  void bar(std::string_view close) {
    stage.go(stage.clock.now() + std::chrono::minutes{1});
    const core::Price cent = core::Price::from_raw(10'000'000);
    stage.quote((price(close) - cent).to_string(), (price(close) + cent).to_string());
    market::Bar bar;
    bar.instrument = stage.spy;
    bar.start = stage.clock.now() - std::chrono::minutes{1};
    bar.end = stage.clock.now();
    bar.open = bar.high = bar.low = bar.close = price(close);
    bar.volume = core::Volume::whole(1000);
    stage.kernel.on_bar(bar);
  }
  void cross_up() {
    bar("100.00");
    bar("99.00");
    bar("100.00");
  }
  void cross_down() {
    bar("99.00");
    bar("100.00");
    bar("99.00");
  }

  void fill(std::size_t number, std::string_view at) {
    stage.broker.fill(number, price(at));
    stage.kernel.drain();
  }
  void hear() { stage.kernel.drain(); }

  std::size_t sent() const { return stage.broker.orders().size(); }
  const trading::OrderIntent& order(std::size_t number) const {
    return stage.broker.order(number).intent;
  }
  core::Quantity held() const { return stage.kernel.desk().position(core::BotId{"a"}, stage.spy); }
  std::vector<std::string> risk_codes() const {
    std::vector<std::string> codes;
    for (const auto& event : stage.records.all<kernel::RiskEventRow>())
      codes.push_back(event.code.str());
    return codes;
  }

  test::RecordingLogger log;
  test::KernelStage stage{log};
  trading::RiskLimits limits;
};

TEST_F(SmaCrossDay, BuysWhereTheAveragesCrossUp) {
  begin();

  cross_up();

  ASSERT_EQ(sent(), 1U);
  EXPECT_EQ(order(0).leg().side, Side::Buy);
  EXPECT_EQ(order(0).type, OrderType::Market);
  EXPECT_EQ(order(0).terms.quantity, shares(10));
}

TEST_F(SmaCrossDay, SellsShortOnlyWhereItMay) {
  begin();
  cross_down();
  EXPECT_EQ(sent(), 0U);
}

TEST_F(SmaCrossDay, SellsShortWhereTheAveragesCrossDown) {
  begin("direction: both\n");

  cross_down();

  ASSERT_EQ(sent(), 1U);
  EXPECT_EQ(order(0).leg().side, Side::Sell);
  fill(0, "99.00");
  EXPECT_EQ(held(), -shares(10));
  ASSERT_EQ(sent(), 3U);
  EXPECT_EQ(order(1).leg().side, Side::Buy);
  EXPECT_EQ(order(1).terms.limit, price("98.01"));
  EXPECT_EQ(order(2).terms.stop, price("99.99"));
}

TEST_F(SmaCrossDay, PutsTargetAndStopAroundTheSignalsClose) {
  begin();
  cross_up();

  fill(0, "100.30");

  ASSERT_EQ(sent(), 3U);
  EXPECT_EQ(order(1).type, OrderType::Limit);
  EXPECT_EQ(order(1).terms.limit, price("101.00"));
  EXPECT_EQ(order(1).time_in_force, TimeInForce::Gtc);
  EXPECT_EQ(order(2).type, OrderType::Stop);
  EXPECT_EQ(order(2).terms.stop, price("99.00"));
  EXPECT_EQ(order(1).group.group, order(2).group.group);
}

TEST_F(SmaCrossDay, EntersOnceWhileAnEntryOrAPositionIsOpen) {
  begin();
  cross_up();
  cross_up();
  EXPECT_EQ(sent(), 1U) << "the entry may still fill";

  fill(0, "100.00");
  cross_up();
  EXPECT_EQ(sent(), 3U) << "the position is held";

  fill(1, "101.00");
  stage.broker.confirm_cancel(2, "OCO");
  hear();
  cross_up();
  EXPECT_EQ(sent(), 4U);
}

TEST_F(SmaCrossDay, TriesTheNextSignalAfterARefusal) {
  limits.order_quantity_max = shares(1);
  begin();

  cross_up();
  cross_up();

  EXPECT_EQ(sent(), 0U);
}

TEST_F(SmaCrossDay, CancelsTheRestOfAnEntryThatFillsInPart) {
  begin();
  cross_up();

  stage.broker.fill(0, price("100.00"), shares(4));
  hear();
  EXPECT_EQ(stage.broker.order(0).cancels_asked, 1);
  EXPECT_EQ(sent(), 1U);
  stage.broker.confirm_cancel(0);
  hear();

  ASSERT_EQ(sent(), 3U);
  EXPECT_EQ(order(1).terms.quantity, shares(4));
  EXPECT_EQ(order(2).terms.quantity, shares(4));
}

TEST_F(SmaCrossDay, ProtectsAPositionAgainWhoseExitsHaveEnded) {
  log.expect("EXIT_LOST");
  begin();
  cross_up();
  fill(0, "100.00");

  stage.broker.expire(1);
  stage.broker.expire(2);
  hear();
  stage.go(stage.clock.now() + std::chrono::seconds{10});
  stage.quote("99.99", "100.01");
  stage.go(stage.clock.now() + std::chrono::seconds{10});

  ASSERT_EQ(sent(), 5U);
  EXPECT_EQ(order(3).terms.limit, price("101.00"));
  EXPECT_EQ(order(4).terms.stop, price("99.00"));
}

/// The desk sends an exit again that the broker has turned down; one is enough.
TEST_F(SmaCrossDay, SendsNoSecondExitBesideOneOfTheDesk) {
  log.expect("EXIT_LOST");
  begin();
  cross_up();
  fill(0, "100.00");

  stage.broker.confirm_cancel(1);
  stage.broker.reject(2, "NO");
  hear();
  const std::size_t sent_by_desk = sent();
  stage.go(stage.clock.now() + std::chrono::seconds{10});

  EXPECT_GT(sent_by_desk, 3U);
  EXPECT_EQ(sent(), sent_by_desk);
}

TEST_F(SmaCrossDay, LeavesAtOnceWhereTheMarketHasPassedItsStop) {
  begin();
  cross_up();
  bar("98.50");

  fill(0, "98.50");

  ASSERT_EQ(sent(), 2U);
  EXPECT_EQ(order(1).type, OrderType::Market);
  EXPECT_EQ(order(1).leg().side, Side::Sell);
  EXPECT_EQ(order(1).terms.quantity, shares(10));
  EXPECT_EQ(order(1).reason, core::Code{"LEVEL_PASSED"});
}

TEST_F(SmaCrossDay, CancelsALimitEntryThatGetsTooOld) {
  begin("entry: [limit]\nentry_lifetime: 2m\n");
  cross_up();
  ASSERT_EQ(sent(), 1U);
  EXPECT_EQ(order(0).terms.limit, price("99.95"));

  bar("100.00");
  EXPECT_EQ(stage.broker.order(0).cancels_asked, 0);
  bar("100.00");

  EXPECT_EQ(stage.broker.order(0).cancels_asked, 1);
}

TEST_F(SmaCrossDay, FollowsTheMarketWithALimitEntryWhereToldTo) {
  begin("entry: [limit]\nentry_follows: true\n");
  cross_up();
  EXPECT_EQ(order(0).terms.limit, price("99.95")) << "0.0005 below the close";

  bar("101.00");
  stage.broker.confirm_replace(0);
  hear();

  EXPECT_EQ(order(0).terms.limit, price("100.95"));
  fill(0, "100.95");
  ASSERT_EQ(sent(), 3U);
  EXPECT_EQ(order(1).terms.limit, price("101.96")) << "the target follows as well";
  EXPECT_EQ(order(2).terms.stop, price("99.94"));
}

TEST_F(SmaCrossDay, LeavesALimitEntryWhereItIsOtherwise) {
  begin("entry: [limit]\n");
  cross_up();

  bar("101.00");

  EXPECT_EQ(order(0).terms.limit, price("99.95"));
  EXPECT_FALSE(stage.broker.is_replaceable(0));
}

TEST_F(SmaCrossDay, TakesItsWaysInTurn) {
  begin("entry: [market, stop_limit]\n");
  cross_up();
  fill(0, "100.00");
  fill(1, "101.00");
  stage.broker.confirm_cancel(2, "OCO");
  hear();

  cross_up();
  ASSERT_EQ(sent(), 4U);
  EXPECT_EQ(order(3).type, OrderType::StopLimit);
}

// --- The end of the session.

TEST_F(SmaCrossDay, SellsIntoTheClosingAuctionOnceItsExitsAreGone) {
  begin("flat_by: close_auction\nflat_before_close: 11m\n");
  cross_up();
  fill(0, "100.00");

  stage.go("15:49");
  EXPECT_EQ(stage.broker.order(1).cancels_asked, 1);
  EXPECT_EQ(stage.broker.order(2).cancels_asked, 1);
  EXPECT_EQ(sent(), 3U);
  stage.broker.confirm_cancel(1);
  hear();
  EXPECT_EQ(sent(), 3U) << "the stop may still fill";
  stage.broker.confirm_cancel(2);
  hear();

  ASSERT_EQ(sent(), 4U);
  EXPECT_EQ(order(3).time_in_force, TimeInForce::Cls);
  EXPECT_EQ(order(3).terms.quantity, shares(10));
  EXPECT_EQ(order(3).reason, core::Code{"FLAT_BY_CLOSE"});
}

TEST_F(SmaCrossDay, TakesNoEntryOnceItLeaves) {
  begin("flat_by: market\nflat_before_close: 10m\n");
  stage.go("15:50");

  cross_up();

  EXPECT_EQ(sent(), 0U);
}

TEST_F(SmaCrossDay, CancelsAgainAfterAPauseWhatWouldNotGo) {
  begin("flat_by: market\nflat_before_close: 10m\n");
  cross_up();
  fill(0, "100.00");
  stage.go("15:50");

  stage.broker.refuse_cancel(1);
  hear();
  EXPECT_EQ(stage.broker.order(1).cancels_asked, 1);
  stage.go("15:50:10");

  EXPECT_EQ(stage.broker.order(1).cancels_asked, 2);
  EXPECT_EQ(stage.broker.order(2).cancels_asked, 1) << "it is under way";
}

/// Turned down, it protects the position until the next try.
TEST_F(SmaCrossDay, SendsTheLastOrderAgainAfterAPauseAndProtectsMeanwhile) {
  log.expect("EXIT_REJECTED");
  begin("flat_by: market\nflat_before_close: 10m\n");
  cross_up();
  fill(0, "100.00");
  stage.go("15:50");
  stage.broker.confirm_cancel(1);
  stage.broker.confirm_cancel(2);
  hear();
  ASSERT_EQ(sent(), 4U);

  stage.broker.reject(3, "BUSY");
  hear();
  ASSERT_EQ(sent(), 6U) << "a target and a stop";
  EXPECT_EQ(order(5).type, OrderType::Stop);
  stage.go("15:50:10");
  EXPECT_EQ(stage.broker.order(4).cancels_asked, 1);
  EXPECT_EQ(stage.broker.order(5).cancels_asked, 1);
  stage.broker.confirm_cancel(4);
  stage.broker.confirm_cancel(5);
  hear();

  ASSERT_EQ(sent(), 7U);
  EXPECT_EQ(order(6).reason, core::Code{"FLAT_BY_CLOSE"});
}

TEST_F(SmaCrossDay, GoesToTheMarketWhereTheAuctionTurnsItDown) {
  log.expect("EXIT_REJECTED");
  begin("flat_by: close_auction\nflat_before_close: 11m\n");
  cross_up();
  fill(0, "100.00");
  stage.go("15:49");
  stage.broker.confirm_cancel(1);
  stage.broker.confirm_cancel(2);
  hear();
  stage.broker.reject(3, "TOO_LATE");
  hear();
  stage.go("15:49:10");
  stage.broker.confirm_cancel(4);
  stage.broker.confirm_cancel(5);
  hear();

  ASSERT_EQ(sent(), 7U);
  EXPECT_EQ(order(6).time_in_force, TimeInForce::Day);
  EXPECT_EQ(order(6).type, OrderType::Market);
}

TEST_F(SmaCrossDay, ProtectsWhatTheAuctionDidNotTake) {
  begin("flat_by: close_auction\nflat_before_close: 11m\n");
  cross_up();
  fill(0, "100.00");
  stage.go("15:49");
  stage.broker.confirm_cancel(1);
  stage.broker.confirm_cancel(2);
  hear();
  stage.close();
  EXPECT_EQ(sent(), 4U) << "the auction's order may still fill";

  stage.broker.expire(3);
  hear();
  stage.go(stage.clock.now() + std::chrono::seconds{10});

  ASSERT_EQ(sent(), 6U);
  EXPECT_EQ(order(4).terms.limit, price("101.00"));
}

// --- What counts.

TEST_F(SmaCrossDay, LeavesBarsOutsideRegularHoursOut) {
  begin();
  bar("100.00");
  bar("99.00");
  stage.close();

  bar("100.00");

  EXPECT_EQ(sent(), 0U);
}

/// Found by a user's attack: the exits of a position waited two minutes, as those of the one before
/// had been refused.
TEST_F(SmaCrossDay, ProtectsAPositionAtOnceWhateverWasRefusedForTheOneBefore) {
  log.expect("EXIT_LOST");
  begin("retry_pause: 10m\nretry_pause_max: 1h\n");
  cross_up();
  fill(0, "100.00");
  ASSERT_EQ(sent(), 3U);
  stage.broker.reject(1, "BUSY");
  stage.broker.reject(2, "BUSY");
  hear();
  ASSERT_EQ(sent(), 4U) << "the desk sends the stop again";
  fill(3, "99.00");
  ASSERT_TRUE(held().is_zero());
  const std::size_t before = sent();

  cross_up();
  ASSERT_EQ(sent(), before + 1);
  fill(before, "100.00");

  EXPECT_EQ(sent(), before + 3) << "a target and a stop";
}

TEST_F(SmaCrossDay, BeginsItsAveragesAnewWithTheSessionWhereToldTo) {
  begin("across_sessions: false\n");
  bar("100.00");
  bar("99.00");
  stage.close();
  stage.use_session("2019-02-12");
  stage.prepare();
  stage.open();

  bar("100.00");
  bar("100.50");

  EXPECT_EQ(sent(), 0U);
}

TEST_F(SmaCrossDay, GoesOnWithItsAveragesOtherwise) {
  begin();
  bar("100.00");
  bar("99.00");
  stage.close();
  stage.use_session("2019-02-12");
  stage.prepare();
  stage.open();

  bar("100.00");

  EXPECT_EQ(sent(), 1U);
}

TEST_F(SmaCrossDay, EntersAtTheOpenWhereTheAveragesStandRight) {
  begin("on_open: limit\n");
  bar("99.00");
  bar("100.00");
  stage.close();
  stage.use_session("2019-02-12");
  stage.go(stage.session().open - std::chrono::minutes{10});
  stage.quote("100.10", "100.12");

  stage.phase(market::Phase::Prepare);

  ASSERT_EQ(sent(), 1U);
  EXPECT_EQ(order(0).time_in_force, TimeInForce::Opg);
  EXPECT_EQ(order(0).terms.limit, price("100.05"));
  fill(0, "100.04");
  ASSERT_EQ(sent(), 3U);
  EXPECT_EQ(order(1).terms.limit, price("101.04")) << "around what was paid";
  EXPECT_EQ(order(2).terms.stop, price("99.04"));
}

TEST_F(SmaCrossDay, SaysThatItWarmsUp) {
  begin();

  const auto decisions = stage.records.all<kernel::Decision>();

  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions.front().code, core::Code{"WARMING_UP"});
}

}  // namespace
}  // namespace st0ck::engines::sma_cross
