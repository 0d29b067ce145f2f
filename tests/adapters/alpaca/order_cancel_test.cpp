#include "adapters/alpaca/alpaca_broker_fixture.hpp"

// Cancels that the venue takes and does not carry out; both found by fault days.

namespace st0ck::alpaca::test {
namespace {

class OrderCancelTest : public AlpacaBrokerTest {
 protected:
  OrderCancelTest() {
    connect();
    stage.buy("a-x-1", 10, "90.00");
    stage.run();
    stage.heard();
  }

  /// The request is taken, and nothing comes of it.
  void cancel_in_vain() {
    stage.http.add_fault({.kind = Kind::Answer, .answer = {.status = 204}});
    stage.cancel("a-x-1");
  }

  void refuse_by_stream() {
    TradeUpdate refusal;
    refusal.event = TradeEvent::OrderCancelRejected;
    refusal.order = *stage.exchange.find("a-x-1");
    refusal.order.updated_at = stage.clock.now();
    stage.exchange.say(refusal);
  }
};

TEST_F(OrderCancelTest, IsAskedForAgainThoughTheFirstIsNotAnswered) {
  cancel_in_vain();
  refuse_by_stream();
  stage.run(5ms);
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 cancel_rejected VENUE_REJECT"}));

  stage.cancel("a-x-1");
  stage.run();

  EXPECT_EQ(stage.exchange.find("a-x-1")->status, OrderStatus::Canceled);
}

TEST_F(OrderCancelTest, IsLookedUpWhereTheWordOfItsRefusalIsLost) {
  cancel_in_vain();
  stage.run(4s);
  EXPECT_EQ(stage.heard(), Lines{});

  stage.run(2s);

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 cancel_rejected NOT_CANCELLED"}));
}

TEST_F(OrderCancelTest, IsNotLookedUpOnceItsOrderHasEnded) {
  stage.cancel("a-x-1");
  stage.run();
  const int asked = stage.exchange.requests("GET /v2/orders:by_client_order_id");

  stage.run(8s);

  EXPECT_EQ(stage.exchange.requests("GET /v2/orders:by_client_order_id"), asked);
  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 cancelled CANCEL_REQUEST"}));
}

/// Found by fault days: a stop whose target had filled in part before it has its last fill with
/// less than it was sent for; it was taken for working, and its cancels were refused at once,
/// without end.
TEST_F(AlpacaBrokerTest, TellsTheEndOfAnExitThatItsSiblingHasMadeSmaller) {
  connect();
  stage.submit_bracket("a-x-1");
  stage.run();
  stage.exchange.trade_at("SPY", core::Price::whole(99));
  stage.run();
  stage.exchange.trade_at("SPY", core::Price::whole(101), core::Quantity::whole(4));
  stage.run();
  stage.heard();

  stage.exchange.trade_at("SPY", core::Price::whole(98));
  stage.run();

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1-2 fill 6 sum 6", "a-x-1-2 cancelled VENUE_REDUCED",
                                  "a-x-1-1 cancelled VENUE_CANCEL"}));
}

/// Of an order of an earlier run nobody here knows how much it was for.
TEST_F(OrderCancelTest, TellsTheEndAgainToWhoAsksAfterIt) {
  stage.make_broker();
  connect();
  stage.look_up("a-x-1");
  stage.run();
  stage.exchange.trade_at("SPY", core::Price::whole(90));
  stage.run();
  stage.heard();

  stage.cancel("a-x-1");

  EXPECT_EQ(stage.heard(), (Lines{"a-x-1 cancelled ALREADY_FINAL"}));
  EXPECT_EQ(stage.updates.all.back().cumulative_quantity, core::Quantity::whole(10));
}

}  // namespace
}  // namespace st0ck::alpaca::test
