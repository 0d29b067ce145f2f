#include "src/app/exchange/faults/fault_plan.hpp"

#include "st0ck/core/time_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace st0ck::app::exchange {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

core::Timestamp at(std::string_view new_york) {
  return core::parse_timestamp("2025-06-02T" + std::string{new_york} + "-04:00").value();
}

FaultRule rule_of(FaultKind kind, FaultPoint point, std::string name = "a") {
  FaultRule rule;
  rule.name = std::move(name);
  rule.kind = kind;
  rule.where = {point};
  return rule;
}

/// Which of the first messages are struck.
std::vector<int> struck(FaultPlan& plan, FaultPoint point, int messages,
                        core::Timestamp now = at("10:00:00")) {
  std::vector<int> numbers;
  for (int i = 1; i <= messages; ++i)
    if (plan.judge(point, now)) numbers.push_back(i);
  return numbers;
}

TEST(FaultPlan, LetsEverythingPassWithoutRules) {
  FaultPlan plan{{}, 1};

  EXPECT_TRUE(struck(plan, FaultPoint::Submit, 100).empty());
}

TEST(FaultPlan, StrikesWhereItsRulesSay) {
  FaultPlan plan{{rule_of(FaultKind::Lose, FaultPoint::Submit)}, 1};

  const FaultVerdict verdict = plan.judge(FaultPoint::Submit, at("10:00:00"));
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict.rule->kind, FaultKind::Lose);
  EXPECT_EQ(verdict.message, 1U);
  EXPECT_FALSE(plan.judge(FaultPoint::Cancel, at("10:00:00")));
  EXPECT_EQ(plan.judge(FaultPoint::Submit, at("10:00:00")).message, 2U);
}

TEST(FaultPlan, SkipsTheFirstMessagesAndEndsWithTheCount) {
  FaultRule rule = rule_of(FaultKind::Lose, FaultPoint::Submit);
  rule.skip = 2;
  rule.count = 3;
  FaultPlan plan{{rule}, 1};

  EXPECT_THAT(struck(plan, FaultPoint::Submit, 10), ElementsAre(3, 4, 5));
}

TEST(FaultPlan, HoldsFromItsTimeUpToItsEndEachDay) {
  FaultRule rule = rule_of(FaultKind::Lose, FaultPoint::Submit);
  rule.from = core::TimeOfDay{10h};
  rule.lasts = 5min;
  FaultPlan plan{{rule}, 1};

  EXPECT_FALSE(plan.judge(FaultPoint::Submit, at("10:00:00") - 1ns));
  EXPECT_TRUE(plan.judge(FaultPoint::Submit, at("10:00:00")));
  EXPECT_TRUE(plan.judge(FaultPoint::Submit, at("10:05:00") - 1ns));
  EXPECT_FALSE(plan.judge(FaultPoint::Submit, at("10:05:00")));
  EXPECT_TRUE(plan.judge(FaultPoint::Submit, at("10:04:00") + 24h));
}

TEST(FaultPlan, HoldsForTheRestOfTheDayWithoutAnEnd) {
  FaultRule rule = rule_of(FaultKind::Lose, FaultPoint::Submit);
  rule.from = core::TimeOfDay{10h};
  FaultPlan plan{{rule}, 1};

  EXPECT_FALSE(plan.judge(FaultPoint::Submit, at("09:59:59")));
  EXPECT_TRUE(plan.judge(FaultPoint::Submit, at("23:59:59")));
}

TEST(FaultPlan, TakesTheShareOfTheMessagesThatTheSeedDraws) {
  FaultRule rule = rule_of(FaultKind::Lose, FaultPoint::TradeUpdates);
  rule.share = core::Rate::from_raw(250'000'000);
  const auto draw = [&](std::uint64_t seed) {
    FaultPlan plan{{rule}, seed};
    return struck(plan, FaultPoint::TradeUpdates, 4000);
  };

  const auto first = draw(1);
  // Four deviations of a binomial draw.
  EXPECT_NEAR(static_cast<double>(first.size()), 1000, 4 * 28);
  EXPECT_EQ(draw(1), first);
  EXPECT_NE(draw(2), first);
}

TEST(FaultPlan, TakesNoneOfAShareOfNothingAndAllOfTheWhole) {
  FaultRule none = rule_of(FaultKind::Lose, FaultPoint::Submit);
  none.share = core::Rate{};
  FaultPlan never{{none}, 1};
  FaultPlan always{{rule_of(FaultKind::Lose, FaultPoint::Submit)}, 1};

  EXPECT_EQ(struck(never, FaultPoint::Submit, 1000).size(), 0U);
  EXPECT_EQ(struck(always, FaultPoint::Submit, 1000).size(), 1000U);
}

TEST(FaultPlan, DrawsForEachRuleByItself) {
  FaultRule mine = rule_of(FaultKind::Lose, FaultPoint::Submit, "z");
  mine.share = core::Rate::from_raw(100'000'000);
  FaultRule other = rule_of(FaultKind::Hang, FaultPoint::Cancel, "a");
  FaultPlan alone{{mine}, 1};
  FaultPlan both{{other, mine}, 1};

  const auto expected = struck(alone, FaultPoint::Submit, 500);
  std::vector<int> numbers;
  for (int i = 1; i <= 500; ++i) {
    both.judge(FaultPoint::Cancel, at("10:00:00"));
    if (both.judge(FaultPoint::Submit, at("10:00:00"))) numbers.push_back(i);
  }
  EXPECT_EQ(numbers, expected);
}

TEST(FaultPlan, TakesTheFirstRuleByName) {
  FaultPlan plan{{rule_of(FaultKind::Hang, FaultPoint::Submit, "b"),
                  rule_of(FaultKind::Lose, FaultPoint::Submit, "a")},
                 1};

  EXPECT_EQ(plan.judge(FaultPoint::Submit, at("10:00:00")).rule->kind, FaultKind::Lose);
}

TEST(FaultPlan, AddsAJitterBelowItsBound) {
  FaultRule rule = rule_of(FaultKind::Delay, FaultPoint::Submit);
  rule.delay = 1s;
  rule.jitter = 100ms;
  FaultPlan plan{{rule}, 1};

  core::Duration longest{};
  for (int i = 0; i < 200; ++i) {
    const auto delay = plan.judge(FaultPoint::Submit, at("10:00:00")).delay;
    EXPECT_GE(delay, 1s);
    EXPECT_LT(delay, 1100ms);
    longest = std::max(longest, delay);
  }
  EXPECT_GT(longest, 1050ms);
}

TEST(FaultPlan, StrikesASilentStreamOnceWhenTheWindowBegins) {
  FaultRule rule = rule_of(FaultKind::Hang, FaultPoint::TradeUpdates);
  rule.from = core::TimeOfDay{10h};
  FaultPlan plan{{rule}, 1};

  EXPECT_FALSE(plan.judge_silent(FaultPoint::TradeUpdates, at("09:59:58"), at("09:59:59")));
  EXPECT_TRUE(plan.judge_silent(FaultPoint::TradeUpdates, at("09:59:59"), at("10:00:00")));
  EXPECT_FALSE(plan.judge_silent(FaultPoint::TradeUpdates, at("10:00:00"), at("10:00:01")));
  EXPECT_FALSE(plan.judge_silent(FaultPoint::MarketData, at("09:59:59"), at("10:00:00")));
}

TEST(FaultPlan, LeavesSilentStreamsToTheKindsThatAreStates) {
  FaultRule rule = rule_of(FaultKind::Lose, FaultPoint::TradeUpdates);
  rule.from = core::TimeOfDay{10h};
  FaultPlan plan{{rule}, 1};

  EXPECT_FALSE(plan.judge_silent(FaultPoint::TradeUpdates, at("09:59:59"), at("10:00:00")));
}

TEST(FaultPlan, AddsUpTheOffsetsOfTheClock) {
  FaultRule always;
  always.kind = FaultKind::Clock;
  always.offset = -200ms;
  FaultRule later = always;
  later.name = "later";
  later.offset = 5s;
  later.from = core::TimeOfDay{10h};
  later.lasts = 1min;
  const FaultPlan plan{{always, later}, 1};

  EXPECT_EQ(plan.clock_offset(at("09:59:59")), -200ms);
  EXPECT_EQ(plan.clock_offset(at("10:00:00")), 4800ms);
  EXPECT_EQ(plan.clock_offset(at("10:01:00")), -200ms);
}

TEST(FaultPlan, FillsInPiecesWhatTheRuleNames) {
  FaultRule rule;
  rule.kind = FaultKind::PartialFill;
  rule.symbols = {core::Symbol{"SPY"}};
  const FaultPlan plan{{rule}, 1};

  EXPECT_NE(plan.pieces_of(core::Symbol{"SPY"}, at("10:00:00")), nullptr);
  EXPECT_EQ(plan.pieces_of(core::Symbol{"QQQ"}, at("10:00:00")), nullptr);
}

TEST(FaultPlan, RestartsOnceADay) {
  FaultRule rule;
  rule.kind = FaultKind::Restart;
  rule.from = core::TimeOfDay{10h};
  const FaultPlan plan{{rule}, 1};

  EXPECT_EQ(plan.restart(at("09:00:00"), at("09:59:59")), nullptr);
  EXPECT_NE(plan.restart(at("09:59:59"), at("10:00:01")), nullptr);
  EXPECT_EQ(plan.restart(at("10:00:01"), at("11:00:00")), nullptr);
  EXPECT_NE(plan.restart(at("09:59:59") + 24h, at("10:00:01") + 24h), nullptr);
}

TEST(FaultPlan, KnowsWhereEachKindCanHappen) {
  EXPECT_TRUE(can_happen(FaultKind::LoseReply, FaultPoint::Cancel));
  EXPECT_FALSE(can_happen(FaultKind::LoseReply, FaultPoint::MarketData));
  EXPECT_FALSE(can_happen(FaultKind::LoseReply, FaultPoint::TradeUpdatesConnect));
  EXPECT_TRUE(can_happen(FaultKind::Status, FaultPoint::MarketDataConnect));
  EXPECT_FALSE(can_happen(FaultKind::Overtake, FaultPoint::Submit));
  EXPECT_FALSE(can_happen(FaultKind::Reject, FaultPoint::Orders));
  EXPECT_TRUE(can_happen(FaultKind::RejectLater, FaultPoint::EnteredOrder));
  EXPECT_FALSE(can_happen(FaultKind::Hang, FaultPoint::EnteredOrder));
}

}  // namespace
}  // namespace st0ck::app::exchange
