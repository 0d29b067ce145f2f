#include "st0ck/adapters/alpaca/alpaca_broker.hpp"

#include "adapters/alpaca/alpaca_broker_fixture.hpp"

namespace st0ck::alpaca::test {
namespace {

TEST_F(AlpacaBrokerTest, ConnectsAndReportsTheAccount) {
  stage.exchange.add_foreign({.symbol = "SPY",
                              .quantity = st0ck::test::shares(5),
                              .side = Side::Buy,
                              .type = trading::OrderType::Limit,
                              .limit_price = at("90.00"),
                              .client_order_id = "someone-else"});
  stage.exchange.clock_ahead = 5s;

  connect();

  const trading::AccountReport& report = **stage.report;
  EXPECT_EQ(report.account, "PA1");
  EXPECT_EQ(report.cash, core::Money::whole(100'000));
  EXPECT_TRUE(report.may_trade);
  ASSERT_EQ(report.open_orders.size(), 1U);
  EXPECT_EQ(report.open_orders[0].client_order_id.view(), "someone-else");
  EXPECT_GT(report.clock_skew(), 4s);
  EXPECT_TRUE(stage.broker->is_stream_live());
  EXPECT_TRUE(stage.broker->calendar_differences().empty());
  EXPECT_EQ(stage.exchange.listeners(), 1U);
}

TEST_F(AlpacaBrokerTest, DoesNotTryWrongKeysAgain) {
  stage.credentials.secret = "wrong";
  stage.make_broker();

  stage.connect();

  ASSERT_FALSE(stage.report->has_value());
  const core::Error& error = stage.report->error();
  EXPECT_EQ(error.code, core::Errc::Broker);
  EXPECT_EQ(error.retry, core::Retry::No);
  EXPECT_NE(error.message.find("check the key id"), std::string::npos);
  EXPECT_EQ(error.message.find("wrong"), std::string::npos) << "no secret in a message";
  EXPECT_EQ(stage.exchange.requests("GET /v2/account"), 1);
}

TEST_F(AlpacaBrokerTest, MayBeConnectedAgainWhenTheNetworkIsBack) {
  for (int i = 0; i < 3; ++i) stage.http.add_fault({.kind = Kind::Refused});
  stage.connect();
  ASSERT_FALSE(stage.report->has_value());
  EXPECT_EQ(stage.report->error().retry, core::Retry::Yes);

  connect();

  EXPECT_EQ(stage.answers, 2);
}

TEST_F(AlpacaBrokerTest, SaysThatTheOrderStreamRefusesTheKeys) {
  log.expect("ORDER_STREAM_DOWN");
  stage.exchange.refuses_logins = true;

  stage.connect();

  ASSERT_FALSE(stage.report->has_value());
  EXPECT_EQ(stage.report->error().retry, core::Retry::No);
}

TEST_F(AlpacaBrokerTest, FailsToConnectAtEachRequestThatIsNotAnswered) {
  // Account, account again for the report, clock, positions, orders.
  for (int request = 0; request < 5; ++request) {
    core::NullLogSink sink;
    BrokerStage own{core::Logger{sink, stage.clock}};
    int seen = 0;
    own.http.set_fault_plan([&](const net::HttpRequest&) {
      return seen++ < request ? Fault{} : Fault{.kind = Kind::LostAnswer};
    });
    own.connect();
    own.run(60s);
    ASSERT_EQ(own.answers, 1) << request;
    ASSERT_FALSE(own.report->has_value()) << request;
    EXPECT_EQ(own.report->error().retry, core::Retry::Yes) << request;
  }
}

TEST_F(AlpacaBrokerTest, TellsWhereTheCalendarsDiffer) {
  log.expect("CALENDAR_DIFFERS");
  stage.exchange.is_calendar_wrong = true;

  connect();

  ASSERT_EQ(stage.broker->calendar_differences().size(), 1U);
  EXPECT_EQ(stage.broker->calendar_differences()[0], "2026-03-30: we trade, the venue does not");
}

TEST_F(AlpacaBrokerTest, TellsEachExecutionWithItsSums) {
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.run();

  stage.exchange.trade_at("SPY", at("98.50"), st0ck::test::shares(4));
  stage.run();
  stage.exchange.trade_at("SPY", at("98.40"));
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted", "a-x-1 fill 4 sum 4", "a-x-1 fill 6 sum 10"}));
  EXPECT_EQ(stage.updates.all.back().price, at("98.40"));
  EXPECT_EQ(stage.updates.all.back().execution.view(), "x2");
  EXPECT_EQ(stage.updates.all.back().cumulative_notional, st0ck::test::money("984.40"));
}

TEST_F(AlpacaBrokerTest, RefusesItselfWhatTheVenueWouldRefuse) {
  log.expect("ORDER_REFUSED");
  connect();

  stage.buy("a-x-1", 10, "99.001");

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 rejected SUB_PENNY"}));
  EXPECT_EQ(stage.exchange.requests("POST /v2/orders"), 0);
}

/// A run that holds something has to be able to leave it, and hears what comes of it.
TEST_F(AlpacaBrokerTest, TakesOrdersThoughTheAccountCouldNotBeRead) {
  for (int i = 0; i < 3; ++i) stage.http.add_fault({.kind = Kind::Refused});
  stage.connect();
  ASSERT_TRUE(stage.report && !stage.report->has_value());
  stage.broker->connect_blind();
  stage.run();
  EXPECT_TRUE(stage.broker->is_stream_live());

  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  stage.exchange.trade_at("SPY", at("98.50"));
  stage.run();
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted", "a-x-1 fill 10 sum 10"}));

  bool is_read = false;
  stage.broker->read_account([&](const auto& report) { is_read = report.has_value(); });
  stage.run();
  EXPECT_TRUE(is_read);
}

TEST_F(AlpacaBrokerTest, PassesTheVenuesRefusalOnWithItsReason) {
  log.expect("ORDER_REFUSED");
  connect();
  stage.exchange.refuse_next(
      {.http_status = 403, .code = api_code::kForbidden, .buying_power = core::Money{}});

  stage.buy("a-x-1", 10, "99.00");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 rejected INSUFFICIENT_FUNDS"}));
}

TEST_F(AlpacaBrokerTest, CancelsAnOrderWhoseAnswerIsStillUnderWay) {
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.cancel("a-x-1");

  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted", "a-x-1 cancelled CANCEL_REQUEST"}));
}

TEST_F(AlpacaBrokerTest, TellsTheFillThatACancelHasLostTo) {
  log.expect("ORDER_REFUSED");
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  stage.exchange.set_copies([] { return 0; });
  stage.exchange.trade_at("SPY", at("98.50"));

  stage.cancel("a-x-1");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted", "a-x-1 fill 10 sum 10"}));
}

TEST_F(AlpacaBrokerTest, CountsAReplacedOrdersFillsAlongItsChain) {
  for (const bool carries_fills : {false, true}) {
    core::NullLogSink sink;
    BrokerStage own{core::Logger{sink, stage.clock}};
    own.exchange.settings.carries_fills = carries_fills;
    own.connect();
    own.buy("a-x-1", 10, "99.00");
    own.run();
    own.exchange.trade_at("SPY", at("98.50"), st0ck::test::shares(3));
    own.run();
    own.exchange.trade_at("SPY", at("100.00"));
    own.replace("a-x-1", 12, "98.00");
    own.run();
    own.replace("a-x-1", 15, "97.00");
    own.run();

    own.exchange.trade_at("SPY", at("96.00"));
    own.run();

    EXPECT_EQ(own.heard(), (Lines{"a-x-1 accepted", "a-x-1 fill 3 sum 3", "a-x-1 replaced",
                                  "a-x-1 replaced", "a-x-1 fill 12 sum 15"}))
        << carries_fills;
    EXPECT_EQ(own.updates.all.back().cumulative_notional, st0ck::test::money("1447.50"));
    EXPECT_NE(own.exchange.find("a-x-1-r2"), nullptr);
  }
}

TEST_F(AlpacaBrokerTest, LearnsOfAReplacementWhoseAnswerAndEventsAreLost) {
  log.expect("REPLACE_NOT_ANSWERED");
  connect();
  stage.buy("a-x-1", 10, "98.00");
  stage.run();
  stage.exchange.set_copies([] { return 0; });
  stage.http.add_fault({.kind = Kind::LostAnswer});
  stage.replace("a-x-1", 10, "97.00");
  stage.run(2500ms);
  stage.heard();

  stage.look_up("a-x-1");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 replaced", "a-x-1 accepted LOOK_UP"}));
  EXPECT_EQ(stage.updates.all[stage.updates.all.size() - 2].terms.limit, at("97.00"));
}

TEST_F(AlpacaBrokerTest, LearnsThatAReplacementNeverArrived) {
  log.expect("REPLACE_NOT_ANSWERED");
  connect();
  stage.buy("a-x-1", 10, "98.00");
  stage.run();
  stage.http.add_fault({.kind = Kind::LostRequest});
  stage.replace("a-x-1", 10, "97.00");
  stage.run(2500ms);
  stage.heard();

  stage.look_up("a-x-1");
  stage.run();

  EXPECT_EQ(stage.heard(),
            (Lines{"a-x-1 replace_rejected NOT_REPLACED", "a-x-1 accepted LOOK_UP"}));
}

TEST_F(AlpacaBrokerTest, TellsAReplacementThatIsRefusedAfterItsAnswer) {
  connect();
  stage.buy("a-x-1", 10, "98.00");
  stage.run();
  stage.exchange.settings.refuses_replaces_late = true;

  stage.replace("a-x-1", 10, "97.00");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted", "a-x-1 replace_rejected VENUE_REJECT"}));
}

/// Found by fault days (seed 170428): the answer called a replacement new which the venue refused
/// in the same moment; with its refusal the order itself was given up, and worked on.
TEST_F(AlpacaBrokerTest, BelievesNoReplacementByItsAnswerAlone) {
  connect();
  stage.buy("a-x-1", 10, "98.00");
  stage.run();
  stage.heard();
  stage.exchange.set_copies([] { return 0; });
  stage.exchange.settings.refuses_replaces_late = true;
  stage.exchange.settings.answer_to_refused_replace = OrderStatus::New;

  stage.replace("a-x-1", 10, "97.00");
  stage.run(30s);

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 replace_rejected NOT_REPLACED"}));
}

TEST_F(AlpacaBrokerTest, TellsEndsThatNobodyAskedFor) {
  connect();
  stage.buy("a-x-1", 10, "98.00");
  stage.buy("a-x-2", 10, "98.00");
  stage.run();
  stage.heard();

  stage.exchange.end("a-x-1", OrderStatus::Expired);
  stage.exchange.end("a-x-2", OrderStatus::Rejected);
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 expired TIME_IN_FORCE", "a-x-2 rejected VENUE_REJECT"}));
}

TEST_F(AlpacaBrokerTest, HearsByAskingWhatTheStreamDoesNotSay) {
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  stage.exchange.set_copies([] { return 0; });
  stage.exchange.trade_at("SPY", at("98.50"), st0ck::test::shares(4));

  stage.run(15s);

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted", "a-x-1 fill 4 sum 4"}));
}

TEST_F(AlpacaBrokerTest, BooksWhatItMissedBeforeItReportsTheAccount) {
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  stage.heard();
  stage.exchange.set_copies([] { return 0; });
  stage.exchange.trade_at("SPY", at("98.50"));

  Lines heard;
  stage.broker->read_account([&](const core::Result<trading::AccountReport>& report) {
    ASSERT_TRUE(report);
    heard = stage.heard();
    EXPECT_EQ(report->positions.size(), 1U);
    EXPECT_TRUE(report->open_orders.empty());
  });
  stage.run(2s);

  EXPECT_EQ(heard, (Lines{"a-x-1 fill 10 sum 10"}));
}

TEST_F(AlpacaBrokerTest, ReportsNoAccountWhoseOrdersItCouldNotAskFor) {
  log.expect("ORDERS_NOT_LISTED");
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  for (int i = 0; i < 20; ++i) stage.http.add_fault({.kind = Kind::Refused});

  bool is_told = false;
  stage.broker->read_account([&](const core::Result<trading::AccountReport>& report) {
    is_told = true;
    EXPECT_FALSE(report);
  });
  stage.run(30s);

  EXPECT_TRUE(is_told);
}

TEST_F(AlpacaBrokerTest, GivesNoticeOfABreakAndOfOrdersOfOthers) {
  log.expect("ORDER_STREAM_DOWN");
  using Notice = trading::RemoteBroker::Notice;
  std::vector<Notice> notices;
  stage.broker->listen([&](Notice notice) { notices.push_back(notice); });
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  stage.exchange.trade_at("SPY", at("98.50"));
  stage.run();
  EXPECT_TRUE(notices.empty()) << "neither for the first connection nor for our own order";

  stage.exchange.break_streams();
  stage.run();
  EXPECT_EQ(notices, std::vector{Notice::Reconnected});

  stage.exchange.add_foreign({.symbol = "SPY",
                              .quantity = st0ck::test::shares(5),
                              .side = Side::Buy,
                              .client_order_id = "someone-else"});
  stage.exchange.end("someone-else", OrderStatus::Expired);
  stage.run();
  ASSERT_GE(notices.size(), 2U);
  EXPECT_EQ(notices.back(), Notice::ForeignOrder);
}

TEST_F(AlpacaBrokerTest, AsksForTheOrdersAfterAGapOfTheStream) {
  log.expect("ORDER_STREAM_DOWN");
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  stage.exchange.break_streams();
  stage.exchange.trade_at("SPY", at("98.50"));

  stage.run(2s);

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted", "a-x-1 fill 10 sum 10"}));
  EXPECT_EQ(stage.exchange.listeners(), 1U);
}

TEST_F(AlpacaBrokerTest, AsksForTheOrdersAfterAMessageThatItCannotRead) {
  log.expect("ORDER_MESSAGE_REFUSED");
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  stage.exchange.set_copies([] { return 0; });
  stage.exchange.trade_at("SPY", at("98.50"));
  stage.exchange.set_copies([] { return 1; });

  stage.exchange.say_garbage();
  stage.run(1s);

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted", "a-x-1 fill 10 sum 10"}));
}

TEST_F(AlpacaBrokerTest, MovesTheStopOfABracket) {
  connect();
  stage.submit_bracket("a-x-1");
  stage.run();
  stage.exchange.trade_at("SPY", at("98.50"));
  stage.run();
  stage.heard();
  const trading::OrderIntent stop = BrokerStage::bracket("a-x-1")[2];
  trading::ReplaceIntent change{stop.client_order_id, stop.terms, core::Code{"TRAIL"}};
  change.terms.stop = at("98.40");
  stage.broker->replace(st0ck::test::approved_replace(stop, change));
  stage.run();

  stage.exchange.trade_at("SPY", at("98.30"));
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1-2 replaced", "a-x-1-2 fill 10 sum 10",
                                  "a-x-1-1 cancelled VENUE_CANCEL"}));
}

TEST_F(AlpacaBrokerTest, RefusesAGroupWholeThatTheVenueDoesNotTake) {
  log.expect("ORDER_REFUSED");
  connect();
  auto group = BrokerStage::bracket("a-x-1");
  group[2].time_in_force = trading::TimeInForce::Gtc;
  std::vector<trading::Approved<trading::OrderIntent>> passed;
  for (const auto& intent : group) passed.push_back(st0ck::test::approved(intent));

  stage.broker->submit_group(passed);

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 rejected GROUP_RULE", "a-x-1-1 rejected GROUP_RULE",
                                  "a-x-1-2 rejected GROUP_RULE"}));
}

TEST_F(AlpacaBrokerTest, SaysWhetherAnOrderOpensOrCloses) {
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.submit(
      *st0ck::test::IntentBuilder{trading::Side::Sell, 10}.id("a-x-2").limit("101").exit());
  stage.run();

  EXPECT_EQ(stage.exchange.find("a-x-1")->position_intent, PositionIntent::BuyToOpen);
  EXPECT_EQ(stage.exchange.find("a-x-2")->position_intent, PositionIntent::SellToClose);
}

TEST_F(AlpacaBrokerTest, IsSilentOnceItIsDisconnected) {
  connect();
  stage.buy("a-x-1", 10, "99.00");
  stage.broker->read_account([](const auto&) { ADD_FAILURE() << "answered"; });

  stage.broker->disconnect();
  stage.run(30s);

  EXPECT_EQ(stage.heard(), Lines{});
  EXPECT_EQ(stage.exchange.listeners(), 0U);
}

TEST_F(AlpacaBrokerTest, MayBeDestroyedByWhomItAnswers) {
  stage.broker->connect([this](const auto&) { stage.broker.reset(); });
  stage.run(30s);
  EXPECT_EQ(stage.broker, nullptr);

  stage.credentials.secret = "wrong";
  stage.make_broker();
  stage.broker->connect([this](const auto&) { stage.broker.reset(); });
  stage.run(30s);
  EXPECT_EQ(stage.broker, nullptr);
}

TEST_F(AlpacaBrokerTest, AnswersTheFirstOfTwoConnects) {
  int interrupted = 0;
  stage.broker->connect([&](const core::Result<trading::AccountReport>& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, core::Errc::Interrupted);
    ++interrupted;
  });

  connect();

  EXPECT_EQ(interrupted, 1);
}

}  // namespace
}  // namespace st0ck::alpaca::test
