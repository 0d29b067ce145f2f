#include "src/app/promotion/evidence.hpp"

#include "app/promotion/paper_rows.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

// What a run's trade log says of its sessions. 2025-06-02 is a Monday.
namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using trading::DifferenceKind;

constexpr std::string_view kMonday = "2025-06-02";
constexpr std::string_view kTuesday = "2025-06-03";

class EvidenceTest : public testing::Test {
 protected:
  EvidenceTest() { rows.begin(test::session_on(kMonday).open - 10min); }

  RunEvidence read() {
    rows.finish();
    auto evidence = read_evidence(folder.path());
    EXPECT_TRUE(evidence) << evidence.error().message;
    return std::move(*evidence);
  }

  test::TemporaryFolder folder;
  test::PaperRows rows{folder.path(),
                       test::scalper_run("paper", "account.name=a\nmode=paper\nx=1\n")};
};

TEST_F(EvidenceTest, TellsOfASessionThatCounts) {
  rows.session(kMonday);

  const RunEvidence evidence = read();

  EXPECT_EQ(evidence.mode, "paper");
  EXPECT_EQ(evidence.broker_account, "PA1");
  ASSERT_EQ(evidence.bots.size(), 1U);
  EXPECT_EQ(evidence.bots.front().decision_version, 3U);
  ASSERT_EQ(evidence.sessions.size(), 1U);
  const SessionEvidence& session = evidence.sessions.front();
  EXPECT_EQ(session.date, test::session_on(kMonday).date);
  EXPECT_EQ(session.host, "paper-api.alpaca.markets");
  EXPECT_EQ(session.market_host, "stream.data.alpaca.markets");
  EXPECT_EQ(session.clock, "machine");
  EXPECT_EQ(session.incomplete, "");
  EXPECT_EQ(session.unclean, "");
}

TEST_F(EvidenceTest, TellsOfSeveralSessionsOfOneProcess) {
  rows.session(kMonday);
  rows.session(kTuesday);

  for (const SessionEvidence& session : read().sessions) {
    EXPECT_EQ(session.incomplete, "");
    EXPECT_EQ(session.unclean, "");
  }
}

TEST_F(EvidenceTest, DoesNotCountASessionUnderWay) {
  rows.open(kMonday);

  EXPECT_EQ(read().sessions.front().incomplete, "it is not over");
}

TEST_F(EvidenceTest, DoesNotCountASessionThatWasInterrupted) {
  rows.open(kMonday);
  rows.begin(test::session_on(kMonday).open + 2h);
  rows.close(kMonday);
  rows.compare(kMonday);

  EXPECT_EQ(read().sessions.front().incomplete,
            "st0ckd began at 2025-06-02 11:30:00 -04:00, after its open");
}

TEST_F(EvidenceTest, CountsASessionBeganAtItsOpenExactlyAndNotAfter) {
  rows.begin(test::session_on(kMonday).open);
  rows.session(kMonday);
  rows.begin(test::session_on(kTuesday).open + 1ns);
  rows.session(kTuesday);

  const RunEvidence evidence = read();

  EXPECT_EQ(evidence.sessions[0].incomplete, "");
  EXPECT_NE(evidence.sessions[1].incomplete, "");
}

/// The process of the close is another than that of the open.
TEST_F(EvidenceTest, DoesNotCountASessionWhoseEndNobodySaw) {
  rows.open(kMonday);
  rows.begin(test::session_on(kMonday).close + 1h);
  rows.close(kMonday);
  rows.compare(kMonday);

  EXPECT_THAT(read().sessions.front().incomplete, testing::HasSubstr("after its open"));
}

TEST_F(EvidenceTest, DoesNotCountASessionWhoseCloseWasSleptOver) {
  rows.open(kMonday);
  rows.at(test::session_on(kMonday).close + 1min);
  rows.close(kMonday);
  rows.compare(kMonday);
  rows.open(kTuesday);
  rows.at(test::session_on(kTuesday).close + 1min + 1ns);
  rows.close(kTuesday);
  rows.compare(kTuesday);

  const RunEvidence evidence = read();

  EXPECT_EQ(evidence.sessions[0].incomplete, "") << "a minute is allowed";
  EXPECT_EQ(evidence.sessions[1].incomplete,
            "its close was seen only at 2025-06-03 16:01:00 -04:00");
}

TEST_F(EvidenceTest, CountsARestartBetweenSessions) {
  rows.session(kMonday);
  rows.begin(test::session_on(kMonday).close + 1h);
  rows.session(kTuesday);

  for (const SessionEvidence& session : read().sessions) EXPECT_EQ(session.incomplete, "");
}

TEST_F(EvidenceTest, DoesNotCallCleanWhatWasNotComparedAfterTheClose) {
  rows.open(kMonday);
  rows.close(kMonday);

  EXPECT_EQ(read().sessions.front().unclean, "it was not compared with the broker after its close");
}

TEST_F(EvidenceTest, DoesNotCallCleanWhatStoodOnAnotherHost) {
  rows.open(kMonday);
  rows.close(kMonday);
  rows.host = "127.0.0.1:8080";
  rows.compare(kMonday);

  EXPECT_EQ(read().sessions.front().unclean, "it was compared at another host, 127.0.0.1:8080");
}

TEST_F(EvidenceTest, DoesNotCallCleanASessionWithADifferenceThatNoRuleExplains) {
  rows.open(kMonday);
  rows.at(test::session_on(kMonday).open + 1h);
  const auto difference = rows.differ(DifferenceKind::PositionDiffers);
  rows.at(test::session_on(kMonday).open + 2h);
  rows.end(difference);
  rows.close(kMonday);
  rows.compare(kMonday);
  rows.session(kTuesday);

  const RunEvidence evidence = read();

  EXPECT_EQ(evidence.sessions[0].unclean, "POSITION_DIFFERS: SPY: somebody traded it by hand");
  EXPECT_EQ(evidence.sessions[1].unclean, "") << "it was over by then";
  EXPECT_THAT(evidence.unexplained, IsEmpty());
}

TEST_F(EvidenceTest, TellsOfADifferenceThatIsInForce) {
  rows.session(kMonday);
  rows.at(rows.now() + 1h);
  rows.differ(DifferenceKind::OrderUnbooked);
  rows.session(kTuesday);

  const RunEvidence evidence = read();

  EXPECT_EQ(evidence.sessions[0].unclean, "") << "it came after its close";
  EXPECT_NE(evidence.sessions[1].unclean, "");
  EXPECT_EQ(evidence.unexplained.size(), 1U);
}

TEST_F(EvidenceTest, LetsDifferencesPassThatHaveARule) {
  rows.open(kMonday);
  rows.differ(DifferenceKind::ForeignOrder);
  rows.differ(DifferenceKind::ForeignPosition);
  rows.differ(DifferenceKind::CashMoved);
  rows.close(kMonday);
  rows.compare(kMonday);

  const RunEvidence evidence = read();

  EXPECT_EQ(evidence.sessions.front().unclean, "");
  EXPECT_THAT(evidence.unexplained, IsEmpty());
}

TEST(Evidence, SaysThatSimulatedOrdersProveNothing) {
  const test::TemporaryFolder folder;
  test::PaperRows rows{folder.path(), test::scalper_run("paper", "x=1\n")};
  rows.open(kMonday);
  rows.close(kMonday);
  rows.finish();

  const auto evidence = read_evidence(folder.path());

  ASSERT_TRUE(evidence) << evidence.error().message;
  EXPECT_EQ(evidence->sessions.front().host, "");
  EXPECT_EQ(evidence->sessions.front().incomplete,
            "no broker was asked: its orders were simulated");
}

TEST(PromotionHash, LeavesOutModeAndAccountAlone) {
  const std::string hash = promotion_hash("account.cash=1\naccount.name=a\nmode=paper\nx=1\n");

  EXPECT_EQ(hash, promotion_hash("account.cash=1\naccount.name=b\nmode=live\nx=1\n"));
  EXPECT_NE(hash, promotion_hash("account.cash=2\naccount.name=a\nmode=paper\nx=1\n"));
  EXPECT_NE(hash, promotion_hash("account.cash=1\naccount.name=a\nmode=paper\nx=2\n"));
  EXPECT_NE(hash, promotion_hash("account.cash=1\naccount.name=a\nbots.a.mode=paper\nx=1\n"));
}

}  // namespace
}  // namespace st0ck::app
