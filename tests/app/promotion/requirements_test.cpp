#include "src/app/promotion/requirements.hpp"

#include "app/promotion/promotion_samples.hpp"
#include "support/orders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace st0ck::app {
namespace {

using test::good_evidence;
using test::promotion_day;
using test::promotion_holder;
using testing::ElementsAre;
using testing::IsEmpty;

const core::Timestamp kNow = test::utc("2025-06-20T12:00:00Z");

std::vector<std::string> missing(const Judgement& judgement) {
  std::vector<std::string> names;
  for (const Requirement& requirement : judgement.requirements)
    if (!requirement.is_met) names.push_back(requirement.what);
  return names;
}

Judgement judged(const RunEvidence& evidence) {
  return judge(evidence, promotion_holder().target, kNow);
}

TEST(PromotionRequirements, AreMetByEnoughSessionsOverEnoughDays) {
  const Judgement judgement = judged(good_evidence(14));

  EXPECT_TRUE(judgement.is_met());
  EXPECT_THAT(missing(judgement), IsEmpty());
  EXPECT_THAT(judgement.left_out, IsEmpty());
  EXPECT_EQ(judgement.counted.size(), 14U);
}

/// The last session stays where it is, so that the days are enough all the while.
TEST(PromotionRequirements, AskForTenSessions) {
  RunEvidence evidence = good_evidence(14);
  evidence.sessions.erase(evidence.sessions.begin() + 1, evidence.sessions.begin() + 5);
  ASSERT_EQ(evidence.sessions.size(), 10U);
  EXPECT_TRUE(judged(evidence).is_met());

  evidence.sessions.erase(evidence.sessions.begin() + 1);
  EXPECT_THAT(missing(judged(evidence)),
              ElementsAre("sessions on paper-api.alpaca.markets, wall clock", "of these complete",
                          "of these reconciled clean"));
}

TEST(PromotionRequirements, AskForFourteenDaysOfTheCalendar) {
  EXPECT_TRUE(judged(good_evidence(14)).is_met());
  EXPECT_THAT(missing(judged(good_evidence(13))), ElementsAre("calendar days"));
}

TEST(PromotionRequirements, CountTheDaysOfSessionsThatCountAlone) {
  RunEvidence evidence = good_evidence(14);
  evidence.sessions.back().unclean = "POSITION_DIFFERS: SPY";

  EXPECT_THAT(missing(judged(evidence)), ElementsAre("calendar days"));
}

TEST(PromotionRequirements, AskForALastSessionThatIsNotLongAgo) {
  const auto target = promotion_holder().target;
  const core::Timestamp last = std::chrono::sys_days{promotion_day("2025-06-15")};
  const core::Timestamp over = last + std::chrono::days{90};

  EXPECT_TRUE(judge(good_evidence(14), target, over - core::Duration{1}).is_met());
  EXPECT_THAT(missing(judge(good_evidence(14), target, over)), ElementsAre("the last of them"));
}

/// Each of them in one of 14 sessions, which then does not count.
TEST(PromotionRequirements, LeaveOutSessionsThatSayNothing) {
  struct Flaw {
    std::function<void(SessionEvidence&)> make;
    std::string why;
  };
  const std::vector<Flaw> flaws{
      {[](SessionEvidence& session) { session.host = "127.0.0.1:8080"; },
       "it was on 127.0.0.1:8080"},
      {[](SessionEvidence& session) { session.host = test::kLiveHost; },
       "it was on api.alpaca.markets"},
      {[](SessionEvidence& session) { session.host = "paper-api.alpaca.markets.example.com"; },
       "it was on paper-api.alpaca.markets.example.com"},
      {[](SessionEvidence& session) { session.host.clear(); },
       "no broker was asked: its orders were simulated"},
      {[](SessionEvidence& session) { session.clock = "broker"; },
       "it went by the clock of the broker"},
      {[](SessionEvidence& session) { session.market_host = "127.0.0.1:8080"; },
       "its market was that of 127.0.0.1:8080"},
      {[](SessionEvidence& session) { session.incomplete = "it is not over"; }, "it is not over"},
      {[](SessionEvidence& session) { session.unclean = "POSITION_DIFFERS: SPY"; },
       "POSITION_DIFFERS: SPY"}};
  for (const Flaw& flaw : flaws) {
    RunEvidence evidence = good_evidence(14);
    flaw.make(evidence.sessions[3]);

    const Judgement judgement = judged(evidence);

    ASSERT_EQ(judgement.left_out.size(), 1U) << flaw.why;
    EXPECT_EQ(judgement.left_out.front().why, flaw.why);
    EXPECT_EQ(judgement.left_out.front().date, promotion_day("2025-06-05"));
    EXPECT_EQ(judgement.counted.size(), 13U);
  }
}

TEST(PromotionRequirements, AskForTheSameEngineVersionAndConfiguration) {
  RunEvidence evidence = good_evidence(14);
  evidence.bots.front().decision_version = 1;
  EXPECT_THAT(missing(judged(evidence)), ElementsAre("bots, engines, versions"));

  evidence = good_evidence(14);
  evidence.configuration = core::sha256_hex("others");
  EXPECT_THAT(missing(judged(evidence)), ElementsAre("configuration"));

  evidence = good_evidence(14);
  evidence.mode = "live";
  EXPECT_THAT(missing(judged(evidence)), ElementsAre("mode of the run"));

  evidence = good_evidence(14);
  evidence.unexplained = {"SPY: our fills make 1, the broker holds 4"};
  EXPECT_THAT(missing(judged(evidence)), ElementsAre("unexplained differences now"));
}

TEST(PromotionRequirements, LetADrillStandOnDrillsWhateverTheirTime) {
  PromotionTarget target = promotion_holder().target;
  target.host = {HostKind::Loopback, "127.0.0.1:1"};
  RunEvidence evidence = good_evidence(14);
  for (SessionEvidence& session : evidence.sessions) {
    session.host = session.market_host = "127.0.0.1:8080";
    session.clock = "broker";
  }
  const core::Timestamp years_later = kNow + std::chrono::days{2000};

  EXPECT_TRUE(judge(evidence, target, years_later).is_met());
  EXPECT_FALSE(judge(good_evidence(14), target, kNow).is_met()) << "another kind of host";
}

TEST(PromotionRequirements, FindNothingThatSpeaksForAnUnknownHost) {
  PromotionTarget target = promotion_holder().target;
  target.host = {HostKind::Other, "proxy.example.com"};

  EXPECT_THAT(judge(good_evidence(14), target, kNow).counted, IsEmpty());
}

}  // namespace
}  // namespace st0ck::app
