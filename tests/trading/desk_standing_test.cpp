#include "desk_stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace st0ck::trading {
namespace {

/// The codes of the checks that would fail.
std::vector<std::string> failing(const DeskStage& stage) {
  std::vector<std::string> codes;
  for (const RiskReading& reading : stage.desk.standing_readings(stage.bot))
    if (!reading.passed) codes.emplace_back(reading.code);
  return codes;
}

using Codes = std::vector<std::string>;

TEST(DeskStanding, FindsNothingAgainstEntriesOfABotThatMayTrade) {
  const DeskStage stage;

  EXPECT_EQ(failing(stage), Codes{});
}

TEST(DeskStanding, TellsTheCodesByWhichEntriesAreRefused) {
  RiskLimits limits = DeskStage::wide();
  limits.trades_per_day_max = 1;
  DeskStage stage{limits};
  stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 1, "ENTRY"));
  EXPECT_EQ(failing(stage), Codes{"TRADES_PER_DAY"});

  stage.desk.halt(stage.bot, "OPERATOR", "enough");
  stage.desk.note_feed(true);
  EXPECT_EQ(failing(stage), (Codes{"HALTED", "FEED_DEGRADED", "TRADES_PER_DAY"}));

  // The order itself is refused for the first of them.
  stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 2, "ENTRY"));
  EXPECT_EQ(stage.refusals, Codes{"HALTED"});
}

TEST(DeskStanding, ReadsTheLossOfTheDayAgainstItsLimit) {
  RiskLimits limits = DeskStage::wide();
  limits.daily_loss_max = core::Money::whole(10);
  DeskStage stage{limits};
  const auto id =
      stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 10, "ENTRY"));
  stage.broker.fill(stage.number(id), test::price("100"));
  stage.settle();

  stage.quote("99.00", "99.02");  // 9.90 are lost.
  EXPECT_EQ(failing(stage), Codes{});
  stage.quote("98.99", "99.01");
  EXPECT_EQ(failing(stage), Codes{"DAILY_LOSS"});
}

TEST(DeskStanding, ForgetsOrdersThatAreAMinuteOld) {
  RiskLimits limits = DeskStage::wide();
  limits.orders_per_minute_max = 1;
  DeskStage stage{limits};
  stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 1, "ENTRY"));
  EXPECT_EQ(failing(stage), Codes{"ORDER_RATE"});

  stage.pass(std::chrono::minutes{1});

  EXPECT_EQ(failing(stage), Codes{});
}

TEST(DeskStanding, TellsOfWhichDayItsFiguresAre) {
  DeskStage stage;
  const core::Date monday{std::chrono::year{2019} / 2 / 11};
  EXPECT_EQ(stage.desk.date_of_day(), monday);
  stage.desk.close_session();
  EXPECT_EQ(stage.desk.date_of_day(), monday);

  stage.clock.set(test::utc("2019-02-12T12:00:00Z"));
  stage.desk.begin_day_if_over();

  EXPECT_EQ(stage.desk.date_of_day(), core::Date{std::chrono::year{2019} / 2 / 12});
}

}  // namespace
}  // namespace st0ck::trading
