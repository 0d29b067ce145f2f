#include "app/live_daemon_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Whose time a run goes by, and its log.
namespace st0ck::app {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

TEST_F(LiveDaemonTest, GoesByTheTimeOfTheExchangeWhereOrdersAreSimulated) {
  script.now = st0ck::test::utc("2026-03-01T08:00:00Z");  // A Sunday, before anybody is up.
  exchange_time = st0ck::test::utc("2025-01-02T15:00:00Z");
  script.steps.emplace_back([this] {
    script.now = *exchange_time;  // Of quotes.
    script.quote();
  });

  ASSERT_TRUE(run(Broker::Simulated));

  auto log = storage::TradeLogReader::open(folder / "state" / "trades.db");
  ASSERT_TRUE(log);
  const auto orders = log->orders().value();
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_GE(orders[0].row.submitted, *exchange_time);
  EXPECT_LT(orders[0].row.submitted, *exchange_time + 1h);
}

TEST_F(LiveDaemonTest, StampsItsLogByTheMachineUntilTheExchangeHasToldItsTime) {
  script.now = st0ck::test::utc("2026-03-01T08:00:00Z");
  exchange_time = st0ck::test::utc("2019-02-12T15:00:00Z");

  ASSERT_TRUE(run(Broker::Simulated));

  EXPECT_THAT(logged_days(), ElementsAre("2026-03-01 LOG_OPENED", "2026-03-01 TIME_ASKED",
                                         "2019-02-12 RUN_STOPPED"));
  EXPECT_EQ(metrics()["timestamp"].get<std::string>().substr(0, 10), "2019-02-12");
}

TEST_F(LiveDaemonTest, StampsItsLogWithTheTimeOfItsJournalAfterARestart) {
  exchange_time = st0ck::test::utc("2019-02-12T15:00:00Z");
  ASSERT_TRUE(run(Broker::Simulated));
  ASSERT_THAT(logged_days(), Not(Contains("2019-02-12 TIME_ASKED")));
  script.steps.clear();

  ASSERT_TRUE(run(Broker::Simulated));

  EXPECT_THAT(logged_days(), Contains("2019-02-12 TIME_ASKED"));
}

TEST_F(LiveDaemonTest, StampsItsLogByTheMachineWhereTheExchangeNeverAnswered) {
  script.now = st0ck::test::utc("2026-03-01T08:00:00Z");
  exchange_time = script.now;
  exchange_refuses = true;

  ASSERT_FALSE(run(Broker::Simulated));

  EXPECT_THAT(logged_days(), ElementsAre("2026-03-01 LOG_OPENED", "2026-03-01 TIME_ASKED",
                                         "2026-03-01 RUN_FAILED"));
  EXPECT_EQ(metrics()["timestamp"].get<std::string>().substr(0, 10), "2026-03-01");
}

}  // namespace
}  // namespace st0ck::app
