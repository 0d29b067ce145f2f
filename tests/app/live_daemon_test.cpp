#include "app/live_daemon_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// A run at a broker: what it sends, hears, refuses and tells.
namespace st0ck::app {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(LiveDaemonTest, SendsAnOrderToTheBrokerAndBooksItsFill) {
  script.report->broker_time = script.now;
  let_order_fill();

  const auto outcome = run(Broker::Remote);

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_THAT(script.sent, ElementsAre("order a-buyer-20250102mark-1"));
  EXPECT_THAT(heard,
              ElementsAre("a provider", "a prepare", "a open", "a quote", "a accepted", "a fill"));
  EXPECT_EQ(outcome->figures.fills, 1U);
  EXPECT_THAT(outcome->remarks, Contains(HasSubstr("a holds 1 SPY")));
}

TEST_F(LiveDaemonTest, StandsWhereItStoodAfterARestartAndAsksWhatBecameOfItsOrder) {
  script.report->broker_time = script.now;
  let_order_be_accepted();
  ASSERT_TRUE(run(Broker::Remote));
  script.sent.clear();
  heard.clear();

  script.now += 1min;
  script.report->broker_time = script.now;
  script.steps.clear();
  script.steps.emplace_back([&] { script.say(kOrder, OrderUpdateKind::Fill, "1"); });
  const auto again = run(Broker::Remote);

  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(script.sent, ElementsAre("look up a-buyer-20250102mark-1")) << "not sent twice";
  EXPECT_THAT(heard,
              ElementsAre("a provider", "a prepare", "a open", "a quote", "a accepted",  // Again.
                          "a provider", "a provider", "a timed_out", "a fill"));
  EXPECT_EQ(again->figures.orders, 1U);
  EXPECT_EQ(again->figures.fills, 1U);
}

TEST_F(LiveDaemonTest, EndsWhereTheBrokerTurnsItDown) {
  script.report = core::fail(core::Errc::Broker, "wrong keys: check APCA_API_KEY_ID");

  const auto outcome = run(Broker::Remote);

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::Broker);
  EXPECT_EQ(outcome.error().message, "wrong keys: check APCA_API_KEY_ID");
  EXPECT_THAT(heard, IsEmpty());
}

TEST_F(LiveDaemonTest, DoesNotBeginWhereTheFeedGivesNothingOfWhatIsNeeded) {
  script.feed = core::fail(core::Errc::Refused, "feed delayed_sip: it comes late");

  const auto outcome = run(Broker::Remote);

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "feed delayed_sip: it comes late");
  EXPECT_THAT(script.sent, IsEmpty());
}

TEST_F(LiveDaemonTest, EndsWhereTheAccountMayNotTrade) {
  script.report->may_trade = false;
  script.report->account = "PA1";
  script.report->blocked_reason = "ACCOUNT_CLOSED";

  const auto outcome = run(Broker::Remote);

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "PA1: the account may not trade: ACCOUNT_CLOSED");
}

TEST_F(LiveDaemonTest, EntersNothingWhileTheBrokerHoldsAnotherPosition) {
  script.report->broker_time = script.now;
  script.report->positions.push_back({core::Symbol{"SPY"}, core::Quantity::whole(3), {}});
  script.steps.emplace_back([&] { script.quote("99.99", "100.01"); });

  const auto outcome = run(Broker::Remote);

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_TRUE(has_bought) << "it was tried";
  EXPECT_EQ(outcome->figures.orders, 0U);
  EXPECT_THAT(risk_codes(), Contains("POSITION_DIFFERS"));
}

/// Another program under the same bot name, with a state directory of its own.
TEST_F(LiveDaemonTest, SaysAtItsStartThatAnotherProgramTradesUnderItsName) {
  script.report->broker_time = script.now;
  script.report->open_orders.push_back(
      {.client_order_id = core::ClientOrderId{"a-buyer-20250102mark-7"},
       .symbol = core::Symbol{"SPY"},
       .side = trading::Side::Buy,
       .quantity = core::Quantity::whole(2),
       .filled = {},
       .venue_order_id = core::VenueOrderId{"v7"}});
  const std::string told =
      "SPY: buy 2, order a-buyer-20250102mark-7: named as one of our bots' and not in our books: "
      "another program trades this account under the same bot name, or a state directory was lost; "
      "stop that program, or cancel the order at the broker";
  script.steps.emplace_back([&] { script.quote("99.99", "100.01"); });

  ASSERT_TRUE(run(Broker::Remote));

  EXPECT_THAT(messages_of("ORDER_UNBOOKED"), ElementsAre(told));
  EXPECT_THAT(script.sent, IsEmpty()) << "neither entered nor touched";
  script.steps.clear();
  ASSERT_TRUE(run(Broker::Remote));
  EXPECT_THAT(messages_of("RUN_RECOVERED"), Contains(HasSubstr("ORDER_UNBOOKED: " + told)))
      << "also where it was told before";
}

TEST_F(LiveDaemonTest, EntersNothingWhileTheClocksDiffer) {
  script.report->broker_time = script.now + 1001ms;
  script.steps.emplace_back([&] { script.quote("99.99", "100.01"); });

  const auto outcome = run(Broker::Remote);

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_TRUE(has_bought) << "it was tried";
  EXPECT_EQ(outcome->figures.orders, 0U);
  EXPECT_THAT(risk_codes(), Contains("CLOCK_SKEW"));
}

TEST_F(LiveDaemonTest, ShowsItsFiguresWithWhatTheOrderTook) {
  script.report->broker_time = script.now;
  let_order_fill();
  ASSERT_TRUE(run(Broker::Remote));

  const auto json = metrics();

  EXPECT_EQ(json["orders"]["latency"]["submit_to_ack"]["count"], 1);
  EXPECT_EQ(json["orders"]["latency"]["signal_to_fill"]["count"], 1);
  EXPECT_EQ(json["orders"]["latency"]["decision_to_submit"]["count"], 1);
  EXPECT_EQ(json["run"]["fills"], 1) << "the last figures are those of the end";
  EXPECT_TRUE(json.contains("core_loop"));
  EXPECT_TRUE(json.contains("memory"));
}

TEST_F(LiveDaemonTest, TimesNoOrdersThatAreSimulated) {
  quote_until_filled();
  ASSERT_TRUE(run(Broker::Simulated));

  const auto latency = metrics()["orders"]["latency"];

  EXPECT_TRUE(latency["submit_to_ack"].is_null());
  EXPECT_TRUE(latency.contains("reason"));
}

/// The order leaves once the journal is on the disk, and meets a quote that comes after.
TEST_F(LiveDaemonTest, FillsSimulatedOrdersOnTheLiveMarket) {
  quote_until_filled();

  const auto outcome = run(Broker::Simulated);

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->figures.orders, 1U);
  EXPECT_EQ(outcome->figures.fills, 1U);
}

/// What an earlier process has found is not believed for ever.
TEST_F(LiveDaemonTest, EntersAgainOnceADifferenceIsGone) {
  script.report->broker_time = script.now;
  script.report->positions.push_back({core::Symbol{"SPY"}, core::Quantity::whole(3), {}});
  ASSERT_TRUE(run(Broker::Remote));
  ASSERT_THAT(risk_codes(), Contains("POSITION_DIFFERS"));

  script.now += 1min;
  script.report->broker_time = script.now;
  script.report->positions.clear();
  script.steps.clear();
  script.steps.emplace_back([&] { script.quote("99.99", "100.01"); });
  script.steps.emplace_back([&] { wait_for_order(script); });
  ASSERT_TRUE(run(Broker::Remote));

  EXPECT_THAT(script.sent, ElementsAre("order a-buyer-20250102mark-1"));
}

TEST_F(LiveDaemonTest, AnswersAnOperatorOnceTheCommandIsOnTheDisk) {
  script.report->broker_time = script.now;
  const CommandInbox inbox{folder / "state" / "commands"};
  std::string file;
  script.steps.emplace_back([&] {
    trading::OperatorCommand halt;
    halt.id = "1";
    halt.kind = trading::OperatorCommandKind::Halt;
    halt.reason = "news";
    file = inbox.post(halt).value();
    wait_for_answer(inbox, file);
  });
  script.steps.emplace_back([&] { script.quote("99.99", "100.01"); });

  const auto outcome = run(Broker::Remote);

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_THAT(inbox.find_answer(file).value_or(""), HasSubstr("\"accepted\": true"));
  EXPECT_TRUE(has_bought) << "it was tried";
  EXPECT_EQ(outcome->figures.orders, 0U) << "nothing is bought after a halt";
}

TEST_F(LiveDaemonTest, NamesWhatIsHeldWhenItFails) {
  script.report->broker_time = script.now;
  let_order_fill();
  ASSERT_TRUE(run(Broker::Remote));
  script.report = core::fail(core::Errc::Broker, "wrong keys");
  script.steps.clear();

  ASSERT_FALSE(run(Broker::Remote));

  EXPECT_THAT(left_by_failure,
              Contains("still open: a holds 1 SPY, unrealised P&L 0.00, no stop at the broker"));
  EXPECT_THAT(
      messages_of("RUN_FAILED"),
      ElementsAre(
          "wrong keys; still open: a holds 1 SPY, unrealised P&L 0.00, no stop at the broker"));
}

/// Whoever reads the log counts each fill once.
TEST_F(LiveDaemonTest, TellsOfAFillOnceThoughItIsStartedAgain) {
  script.report->broker_time = script.now;
  let_order_fill();
  ASSERT_TRUE(run(Broker::Remote));
  ASSERT_EQ(messages_of("FILL").size(), 1U);
  ASSERT_THAT(messages_of("RUN_RECOVERED"), IsEmpty());
  script.steps.clear();

  ASSERT_TRUE(run(Broker::Remote));

  EXPECT_EQ(messages_of("FILL").size(), 1U);
  EXPECT_THAT(
      messages_of("RUN_RECOVERED"),
      ElementsAre("what earlier processes did is not told again; still open: a holds 1 SPY, "
                  "unrealised P&L 0.00, no stop at the broker"));
}

TEST_F(LiveDaemonTest, NamesOpenOrdersWhenItFails) {
  script.report->broker_time = script.now;
  let_order_be_accepted();
  ASSERT_TRUE(run(Broker::Remote));
  script.report = core::fail(core::Errc::Broker, "wrong keys");
  script.steps.clear();

  ASSERT_FALSE(run(Broker::Remote));

  EXPECT_THAT(left_by_failure,
              ElementsAre("still open: order a-buyer-20250102mark-1 of a, buy 1 SPY, "
                          "market, 0 filled, working"));
}

TEST_F(LiveDaemonTest, AsksTheStreamForWhatOrdersAreCheckedAgainst) {
  ASSERT_TRUE(run(Broker::Remote));

  std::vector<market::DataKind> kinds;
  for (const market::DataNeed& need : script.needs) kinds.push_back(need.kind);
  EXPECT_THAT(kinds, ElementsAre(market::DataKind::Quotes, market::DataKind::Statuses));
}

}  // namespace
}  // namespace st0ck::app
