#include "adapters/alpaca/alpaca_broker_fixture.hpp"

#include <set>
#include <string>

// What becomes of orders that were not answered.

namespace st0ck::alpaca::test {
namespace {

TEST_F(AlpacaBrokerTest, RejectsWhatCannotHaveBeenSent) {
  log.expect("ORDER_NOT_SENT");
  connect();
  stage.http.add_fault({.kind = Kind::Refused});

  stage.buy("a-x-1", 10, "99.00");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 rejected NOT_SENT"}));
  EXPECT_EQ(stage.exchange.times_sent("a-x-1"), 0);
}

TEST_F(AlpacaBrokerTest, ProvesAnOrderThatNeverArrivedAbsent) {
  log.expect("ORDER_NOT_ANSWERED");
  connect();
  stage.http.add_fault({.kind = Kind::LostRequest});
  stage.buy("a-x-1", 10, "99.00");
  stage.run(2500ms);
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 timed_out NO_ANSWER"}));

  stage.look_up("a-x-1");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 proven_absent NOT_FOUND"}));
}

TEST_F(AlpacaBrokerTest, DoesNotCallAnOrderUnknownThatTheStreamHasTold) {
  log.expect("ORDER_NOT_ANSWERED");
  connect();
  stage.http.add_fault({.kind = Kind::LostAnswer});

  stage.buy("a-x-1", 10, "99.00");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted"}));
}

/// A page that is not there may stand before one that has taken the order.
class ErrorThatSaysNothing : public AlpacaBrokerTest, public ::testing::WithParamInterface<int> {};

TEST_P(ErrorThatSaysNothing, OfTheOrderIsNoAnswer) {
  log.expect("ORDER_NOT_ANSWERED");
  connect();
  stage.exchange.set_copies([] { return 0; });
  stage.http.add_fault({.kind = Kind::FalseAnswer, .answer = {.status = GetParam()}});

  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 timed_out NO_ANSWER"}));
  stage.look_up("a-x-1");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted", "a-x-1 accepted LOOK_UP"}));
  EXPECT_EQ(stage.exchange.times_sent("a-x-1"), 1);
}

INSTANTIATE_TEST_SUITE_P(Statuses, ErrorThatSaysNothing, ::testing::Values(502, 404, 405));

/// A refusal of the second sending says nothing of the first.
TEST_F(AlpacaBrokerTest, LeavesAnOrderUnknownWhoseSecondSendingFails) {
  log.expect("ORDER_NOT_ANSWERED");
  log.expect("ORDER_REFUSED");
  log.expect("ORDER_NOT_SENT");
  connect();
  stage.exchange.set_copies([] { return 0; });
  stage.http.add_fault({.kind = Kind::LostAnswer});
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 timed_out NO_ANSWER"}));

  stage.http.add_fault({.kind = Kind::Answer, .answer = {.status = 429}});
  stage.buy("a-x-1", 10, "99.00");
  stage.run(5s);
  stage.http.add_fault({.kind = Kind::Refused});
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 timed_out RATE_LIMIT", "a-x-1 timed_out NOT_SENT"}));

  stage.look_up("a-x-1");
  stage.run();
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted", "a-x-1 accepted LOOK_UP"}));
  EXPECT_EQ(stage.exchange.times_sent("a-x-1"), 1);
}

TEST_F(AlpacaBrokerTest, BelievesARefusalOnceTheFirstSendingCannotArriveAnyMore) {
  log.expect("ORDER_NOT_ANSWERED");
  log.expect("ORDER_NOT_SENT");
  connect();
  const auto send_in_vain = [&] {
    stage.http.add_fault({.kind = Kind::Refused});
    stage.buy("a-x-1", 10, "99.00");
    stage.run();
  };
  stage.http.add_fault({.kind = Kind::LostRequest});
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  stage.look_up("a-x-1");
  stage.run(UnprovenSendings::kWayMax);
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 timed_out NO_ANSWER", "a-x-1 proven_absent NOT_FOUND"}));
  send_in_vain();
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 timed_out NOT_SENT"})) << "it was looked up too early";

  stage.look_up("a-x-1");
  stage.run();
  send_in_vain();
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 proven_absent NOT_FOUND", "a-x-1 rejected NOT_SENT"}));
}

/// Somebody has sold a part of its position meanwhile: it is sent again for what is left, and the
/// venue has either of the two.
TEST_F(AlpacaBrokerTest, KnowsAnExitThatWasSentAgainForLess) {
  log.expect("ORDER_NOT_ANSWERED");
  connect();
  const trading::OrderIntent exit = BrokerStage::bracket("a-x-d-1").back();
  trading::OrderIntent less = exit;
  less.terms.quantity = st0ck::test::shares(6);
  for (const bool is_first_lost : {true, false}) {
    SCOPED_TRACE(is_first_lost);
    trading::OrderIntent first = exit;
    trading::OrderIntent second = less;
    first.group = second.group = {};
    first.client_order_id = second.client_order_id =
        core::ClientOrderId{is_first_lost ? "a-x-d-7" : "a-x-d-8"};
    stage.exchange.set_copies([] { return 0; });
    stage.http.add_fault({.kind = is_first_lost ? Kind::LostRequest : Kind::LostAnswer});
    stage.submit(first);
    stage.run();
    stage.http.add_fault({.kind = Kind::LostAnswer});
    stage.submit(second);
    stage.run();
    stage.heard();

    stage.look_up(first.client_order_id.view());
    stage.run();
    const std::string id = first.client_order_id.str();
    EXPECT_EQ(stage.heard(), (Lines{id + " accepted", id + " accepted LOOK_UP"}));

    stage.exchange.set_copies([] { return 1; });
    stage.exchange.trade_at("SPY", at("97.00"));
    stage.run();
    const Lines fills = is_first_lost ? Lines{id + " fill 6 sum 6", id + " cancelled VENUE_REDUCED"}
                                      : Lines{id + " fill 10 sum 10"};
    EXPECT_EQ(stage.heard(), fills) << "less than was asked for first leaves it short";
    stage.exchange.trade_at("SPY", at("99.50"));
  }
}

/// The books of this run say 10, of which an earlier run may have sent as many.
TEST_F(AlpacaBrokerTest, EndsAnExitOfAnEarlierRunThatWasSentAgainForLess) {
  connect();
  trading::OrderIntent less = BrokerStage::bracket("a-x-d-1").back();
  less.group = {};
  less.terms.quantity = st0ck::test::shares(6);
  stage.look_up("a-x-d-1-2");
  stage.run();
  stage.submit(less);
  stage.run();
  stage.heard();

  stage.exchange.trade_at("SPY", at("97.00"));
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-d-1-2 fill 6 sum 6", "a-x-d-1-2 cancelled VENUE_REDUCED"}));
}

/// The program before this one may have sent it a moment ago.
TEST_F(AlpacaBrokerTest, LeavesAnOrderOfAnEarlierRunUnknownWhoseSendingFails) {
  log.expect("ORDER_NOT_SENT");
  connect();
  stage.look_up("a-x-1");
  stage.run();
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 proven_absent NOT_FOUND"}));

  stage.http.add_fault({.kind = Kind::Refused});
  stage.buy("a-x-1", 10, "99.00");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 timed_out NOT_SENT"}));
}

/// Found by fault days: the same order was looked up dozens of times at once, and with all requests
/// used up no look-up came to its end.
TEST_F(AlpacaBrokerTest, LooksAnOrderUpOnceAtATimeHoweverOftenItIsAskedTo) {
  connect();
  stage.http.add_fault({.kind = Kind::LateAnswer, .delay = 1s});

  for (int i = 0; i < 5; ++i) stage.look_up("a-x-1");
  stage.run(500ms);
  EXPECT_EQ(stage.exchange.requests("GET /v2/orders:by_client_order_id"), 1);
  stage.run();

  EXPECT_EQ(stage.exchange.requests("GET /v2/orders:by_client_order_id"), 2)
      << "once more, for those that asked while the first answer was on its way";
  EXPECT_EQ(stage.heard().size(), 5U) << "each question is answered";
}

TEST_F(AlpacaBrokerTest, LooksUpAgainAfterItsCallsWereDropped) {
  connect();
  stage.http.add_fault({.kind = Kind::LateAnswer, .delay = 1s});
  stage.look_up("a-x-1");
  stage.broker->disconnect();
  connect();

  stage.look_up("a-x-1");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 proven_absent NOT_FOUND"}));
}

TEST_F(AlpacaBrokerTest, DoesNotSendAgainWhatIsUnderWay) {
  connect();
  stage.http.add_fault({.kind = Kind::LateAnswer, .delay = 1s});
  stage.buy("a-x-1", 10, "99.00");
  stage.buy("a-x-1", 10, "99.00");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 accepted"}));
  EXPECT_EQ(stage.exchange.times_sent("a-x-1"), 1);
}

/// Found by fault days: each order that a restart asked for took up to three requests, and the
/// limit of requests left none for the last of them.
TEST_F(AlpacaBrokerTest, LooksManyUpWithOneList) {
  connect();
  for (const char* id : {"a-x-d-1", "a-x-d-2", "a-x-d-3"}) stage.buy(id, 10, "90.00");
  stage.submit_bracket("a-x-d-4");
  stage.run();
  stage.restart();
  const int asked = stage.exchange.requests("GET /v2/orders");

  for (const char* id : {"a-x-d-1", "a-x-d-2", "a-x-d-3", "a-x-d-4", "a-x-d-4-1", "a-x-d-4-2"})
    stage.look_up(id);
  stage.run();

  EXPECT_EQ(stage.exchange.requests("GET /v2/orders"), asked + 1);
  EXPECT_EQ(stage.exchange.requests("GET /v2/orders:by_client_order_id"), 3) << "the first ones";
  std::set<std::string> proven;
  for (const auto& update : stage.updates.all)
    if (update.reason.view() == "LOOK_UP") proven.insert(update.client_order_id.str());
  EXPECT_EQ(proven, (std::set<std::string>{"a-x-d-1", "a-x-d-2", "a-x-d-3", "a-x-d-4", "a-x-d-4-1",
                                           "a-x-d-4-2"}));
}

/// Found by fault days: the look-ups of an entry and its exits used up the limit of requests.
TEST_F(AlpacaBrokerTest, LooksAGroupThatIsNowhereUpWithTwoQuestions) {
  log.expect("ORDER_NOT_ANSWERED");
  connect();
  stage.http.add_fault({.kind = Kind::LostRequest});
  stage.submit_bracket("a-x-d-1");
  stage.run();
  stage.heard();

  for (const char* id : {"a-x-d-1", "a-x-d-1-1", "a-x-d-1-2"}) stage.look_up(id);
  stage.run();

  EXPECT_EQ(stage.heard(),
            (Lines{"a-x-d-1 proven_absent NOT_FOUND", "a-x-d-1-1 proven_absent NOT_FOUND",
                   "a-x-d-1-2 proven_absent NOT_FOUND"}));
  EXPECT_EQ(stage.exchange.requests("GET /v2/orders:by_client_order_id"), 2);
}

TEST_F(AlpacaBrokerTest, FindsAnExitWithItsGroupThatWasNotAnswered) {
  log.expect("ORDER_NOT_ANSWERED");
  connect();
  stage.exchange.set_copies([] { return 0; });
  stage.http.add_fault({.kind = Kind::LostAnswer});
  stage.submit_bracket("a-x-d-1");
  stage.run();
  stage.heard();

  stage.look_up("a-x-d-1-2");
  stage.run();

  EXPECT_EQ(stage.heard().back(), "a-x-d-1-2 accepted LOOK_UP");
}

/// One that was sent alone as well may be there under its own id.
TEST_F(AlpacaBrokerTest, FindsAnExitThatWasSentAloneAfterItsGroup) {
  log.expect("ORDER_NOT_ANSWERED");
  connect();
  stage.exchange.set_copies([] { return 0; });
  stage.http.add_fault({.kind = Kind::LostRequest});
  stage.submit_bracket("a-x-d-1");
  stage.run();
  stage.http.add_fault({.kind = Kind::LostAnswer});
  trading::OrderIntent alone = BrokerStage::bracket("a-x-d-1").back();
  alone.group = {};
  stage.submit(alone);
  stage.run();
  stage.heard();

  stage.look_up("a-x-d-1-2");
  stage.run();

  EXPECT_EQ(stage.heard().back(), "a-x-d-1-2 accepted LOOK_UP");
}

TEST_F(AlpacaBrokerTest, AsksAParentOnceForAnExitThatIsNowhere) {
  connect();
  stage.buy("a-x-d-1", 10, "90.00");
  stage.run();
  stage.heard();

  stage.look_up("a-x-d-1-2");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-d-1-2 proven_absent NOT_FOUND"}));
  EXPECT_EQ(stage.exchange.requests("GET /v2/orders/" + stage.exchange.find("a-x-d-1")->id), 1);
  EXPECT_EQ(stage.exchange.requests("GET /v2/orders:by_client_order_id"), 2)
      << "itself, and the other exit of a pair";
}

/// Found by fault days: a stop waited 38 s for its proof, as entries were looked up before it.
TEST_F(AlpacaBrokerTest, LooksAnExitUpThoughOthersHaveUsedTheLimit) {
  log.expect("ORDER_REFUSED");
  connect();
  const ApiError used{
      .http_status = 422, .code = 40010001, .message = "client_order_id must be unique"};
  const trading::OrderIntent exit = BrokerStage::bracket("a-x-d-1").back();
  stage.exchange.refuse_next(used);
  stage.buy("a-x-d-2", 10, "99.00");
  stage.run();
  while (const auto ticket = stage.limiter.acquire_now(net::HttpPriority::LookUp, "orders"))
    stage.limiter.finish(*ticket, net::HttpResponse{.status = 200});
  stage.exchange.refuse_next(used);
  stage.submit(exit);
  stage.run();
  stage.heard();

  stage.look_up("a-x-d-2");
  stage.look_up("a-x-d-1-2");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-d-1-2 proven_absent NOT_FOUND"}));
}

TEST_F(AlpacaBrokerTest, DoesNotCallAnOrderOverThatWasNotFound) {
  log.expect("ORDER_NOT_ANSWERED");
  connect();
  stage.http.add_fault({.kind = Kind::LostRequest});
  stage.buy("a-x-1", 10, "99.00");
  stage.run();
  stage.look_up("a-x-1");
  stage.run();
  stage.heard();

  stage.cancel("a-x-1");
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 cancel_rejected NOT_FOUND"}));
}

}  // namespace
}  // namespace st0ck::alpaca::test
