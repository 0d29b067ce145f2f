#include "adapters/sim/tick_fixture.hpp"

#include <gtest/gtest.h>

// What the simulated broker turns down.
namespace st0ck::adapters::sim {
namespace {

market::Instrument instrument() {
  market::Instrument instrument;
  instrument.symbol = core::Symbol{"SPY"};
  return instrument;
}

TEST(BrokersDoor, RefusesToSellShortWhatCannotBeBorrowed) {
  market::Instrument hard = instrument();
  hard.is_shortable = false;
  TickExchange exchange{{}, hard};
  exchange.open();
  exchange.enter(buy("a", 10));
  exchange.heard();

  exchange.enter(sell("b", 11));
  exchange.enter(sell("c", 10));

  EXPECT_EQ(exchange.heard(),
            (Lines{"b rejected NOT_SHORTABLE", "c accepted", "c fill 10 @ 99.99 at 14:30"}));
}

TEST(BrokersDoor, RefusesWhatHasExpired) {
  market::Instrument option = instrument();
  option.expiry = core::Date{std::chrono::year{2019} / 2 / 8};
  TickExchange exchange{{}, option};
  exchange.open();

  exchange.enter(buy("a", 1));

  EXPECT_EQ(exchange.heard(), (Lines{"a rejected EXPIRED"}));
}

TEST(BrokersDoor, TakesWhatExpiresToday) {
  market::Instrument option = instrument();
  option.expiry = core::Date{std::chrono::year{2019} / 2 / 11};
  TickExchange exchange{{}, option};
  exchange.open();

  exchange.enter(buy("a", 1));

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "a fill 1 @ 100.01 at 14:30"}));
}

TEST(BrokersDoor, MayRefuseToTradeWithOneself) {
  TickExchange exchange{{.refuses = {.wash_trades = true}}};
  exchange.open();
  exchange.enter(buy("a", 10).limit("99.50"));
  exchange.enter(sell("b", 10).limit("100.50"));
  exchange.enter(buy("c", 10).limit("100.49"));
  exchange.heard();

  exchange.enter(sell("d", 10).limit("99.50"));
  exchange.enter(sell("e", 10).limit("99.51"));
  exchange.enter(sell("f", 10));

  EXPECT_EQ(exchange.heard(), (Lines{"d rejected WASH_TRADE", "e accepted",
                                     "e fill 10 @ 99.99 at 14:30", "f rejected WASH_TRADE"}));
}

TEST(BrokersDoor, TakesAWorkingStopForATradeWithOneself) {
  TickExchange exchange{{.refuses = {.wash_trades = true}}};
  exchange.open();
  exchange.enter(sell("a", 10).stop("99.50"));
  exchange.heard();

  exchange.enter(buy("b", 10).limit("99.00"));

  EXPECT_EQ(exchange.heard(), (Lines{"b rejected WASH_TRADE"}));
}

TEST(BrokersDoor, MayKeepWhatIsHeldForOtherOrders) {
  TickExchange exchange{{.refuses = {.held_quantity = true}}};
  exchange.open();
  exchange.enter(buy("a", 10));
  exchange.enter(sell("b", 6).limit("101.00"));
  exchange.heard();

  exchange.enter(sell("c", 5));
  exchange.enter(sell("d", 4));

  EXPECT_EQ(exchange.heard(),
            (Lines{"c rejected QUANTITY_HELD", "d accepted", "d fill 4 @ 99.99 at 14:30"}));
}

TEST(BrokersDoor, MayRefuseToCrossFromLongToShortInOneOrder) {
  TickExchange exchange{{.refuses = {.held_quantity = true}}};
  exchange.open();
  exchange.enter(sell("a", 10));  // From flat: a short.
  exchange.heard();

  exchange.enter(buy("b", 11));
  exchange.enter(buy("c", 10));

  EXPECT_EQ(exchange.heard(),
            (Lines{"b rejected QUANTITY_HELD", "c accepted", "c fill 10 @ 100.01 at 14:30"}));
}

class WithCash : public testing::Test {
 protected:
  /// A thousand dollars at twice the equity.
  WithCash() {
    exchange.engine.emplace(exchange.clock, exchange.instruments,
                            MatchingSettings{.refuses = {.leverage = 2}}, exchange.updates,
                            money("1000"));
    exchange.engine->follow_ticks();
    exchange.engine->on_session_open(session_of_ticks());
    exchange.open();
  }

  TickExchange exchange;
};

TEST_F(WithCash, TakesNoMoreThanBuyingPower) {
  exchange.enter(buy("a", 20).limit("100.01"));  // 2000.20 of 2000.
  exchange.enter(buy("b", 20).limit("100.00"));  // 2000 of 2000.
  exchange.enter(buy("c", 1).limit("50.00"));

  EXPECT_EQ(exchange.heard(),
            (Lines{"a rejected BUYING_POWER", "b accepted", "c rejected BUYING_POWER"}));
}

TEST_F(WithCash, CountsPositionsAtTheirLastPrice) {
  exchange.enter(buy("a", 10));  // 1000.10, so that 999.90 are left at the ask.
  exchange.print("14:31", "100.00");
  exchange.quote("14:31", "99.99", "100.00");
  exchange.heard();

  exchange.enter(buy("b", 10).limit("100.00"));
  exchange.enter(buy("c", 9).limit("100.00"));

  EXPECT_EQ(exchange.heard(),
            (Lines{"b rejected BUYING_POWER", "c accepted", "c fill 9 @ 100.00 at 14:31"}));
}

TEST_F(WithCash, LetsAPositionBeClosedWhateverItIsWorth) {
  exchange.enter(buy("a", 19));
  exchange.print("14:31", "10.00");
  exchange.quote("14:31", "9.99", "10.01");
  exchange.heard();

  exchange.enter(sell("b", 19));

  EXPECT_EQ(exchange.heard(), (Lines{"b accepted", "b fill 19 @ 9.99 at 14:31"}));
}

TEST_F(WithCash, CountsAShortLikeALong) {
  exchange.enter(sell("a", 21).limit("100.00"));
  exchange.enter(sell("b", 20).limit("100.00"));

  EXPECT_EQ(exchange.heard(), (Lines{"a rejected BUYING_POWER", "b accepted"}));
}

}  // namespace
}  // namespace st0ck::adapters::sim
