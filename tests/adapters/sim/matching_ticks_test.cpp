#include "adapters/sim/tick_fixture.hpp"

#include <gtest/gtest.h>

// How quotes and prints fill orders, by tables computed by hand.
namespace st0ck::adapters::sim {
namespace {

using trading::OrderIntent;
using trading::OrderType;
using trading::TimeInForce;

OrderIntent in_force(OrderBuilder order, TimeInForce time_in_force) {
  OrderIntent intent = order.intent();
  intent.time_in_force = time_in_force;
  return intent;
}

TEST(TickMatching, AMarketOrderTakesTheQuoteWhenItArrives) {
  TickExchange exchange;
  exchange.open();

  exchange.enter(buy("a", 100));
  exchange.enter(sell("b", 100));

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "a fill 100 @ 100.01 at 14:30", "b accepted",
                                     "b fill 100 @ 99.99 at 14:30"}));
}

TEST(TickMatching, MoreThanIsShownPaysATickALevel) {
  TickExchange exchange;
  exchange.open();

  exchange.enter(buy("a", 700));

  EXPECT_EQ(exchange.heard(),
            (Lines{"a accepted", "a fill 300 @ 100.01 at 14:30", "a fill 300 @ 100.02 at 14:30",
                   "a fill 100 @ 100.03 at 14:30"}));
}

TEST(TickMatching, BelowADollarALevelIsAHundredthOfACent) {
  TickExchange exchange;
  exchange.print("14:30", "0.80", 50'000, "O");
  exchange.quote("14:30", "0.8000", "0.8001");
  exchange.heard();

  exchange.enter(buy("a", 400));

  EXPECT_EQ(exchange.heard(),
            (Lines{"a accepted", "a fill 300 @ 0.8001 at 14:30", "a fill 100 @ 0.8002 at 14:30"}));
}

TEST(TickMatching, WhatOneOrderTookTheNextDoesNotFind) {
  TickExchange exchange;
  exchange.open();

  exchange.enter(buy("a", 200));
  exchange.enter(buy("b", 200));

  EXPECT_EQ(exchange.heard(),
            (Lines{"a accepted", "a fill 200 @ 100.01 at 14:30", "b accepted",
                   "b fill 100 @ 100.01 at 14:30", "b fill 100 @ 100.02 at 14:30"}));
}

TEST(TickMatching, ANewQuoteBringsNewShares) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(buy("a", 300));
  exchange.heard();

  exchange.quote("14:31", "99.98", "100.01");  // The ask has not changed: it stays taken.
  exchange.enter(buy("b", 100));
  EXPECT_EQ(exchange.heard(), (Lines{"b accepted", "b fill 100 @ 100.02 at 14:31"}));
  exchange.quote("14:32", "99.98", "100.01", 300, 400);
  exchange.enter(buy("c", 100));

  EXPECT_EQ(exchange.heard(), (Lines{"c accepted", "c fill 100 @ 100.01 at 14:32"}));
}

TEST(TickMatching, BeyondTenLevelsAMarketOrderWaitsForTheNextQuote) {
  TickExchange exchange;
  exchange.open();
  exchange.quote("14:31", "99.99", "100.01", 300, 10);

  exchange.enter(buy("a", 105));
  EXPECT_EQ(exchange.heard().size(), 11u) << "accepted, ten levels of ten";
  exchange.quote("14:32", "100.00", "100.05");

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 5 @ 100.05 at 14:32"}));
}

TEST(TickMatching, ALimitTakesWhatItAllowsAndRests) {
  TickExchange exchange;
  exchange.open();

  exchange.enter(buy("a", 700).limit("100.02"));

  EXPECT_EQ(exchange.heard(),
            (Lines{"a accepted", "a fill 300 @ 100.01 at 14:30", "a fill 300 @ 100.02 at 14:30"}));
  exchange.quote("14:31", "99.99", "100.01", 300, 200);
  EXPECT_EQ(exchange.heard(), (Lines{"a fill 100 @ 100.02 at 14:31"}))
      << "it rested at its price, and who came sold there";
}

TEST(TickMatching, ALimitAtTheBestPriceStandsBehindWhatIsShown) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(buy("a", 100).limit("99.99"));  // Behind 300 shares.
  exchange.heard();

  exchange.print("14:31", "99.99", 200);
  EXPECT_EQ(exchange.heard(), Lines{});
  exchange.print("14:32", "99.99", 150);  // A hundred go to those before it.

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 50 @ 99.99 at 14:32"}));
}

TEST(TickMatching, ThoseBeforeALimitAreNeverMoreThanAreShown) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(buy("a", 100).limit("99.99"));
  exchange.heard();
  exchange.quote("14:31", "99.99", "100.01", 100);  // Two hundred were withdrawn.

  exchange.print("14:32", "99.99", 200);

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 100 @ 99.99 at 14:32"}));
}

TEST(TickMatching, ASettingPlacesALimitAtTheFrontOfTheQueue) {
  TickExchange exchange{{.queue_ahead = rate("0")}};
  exchange.open();
  exchange.enter(buy("a", 100).limit("99.99"));
  exchange.heard();

  exchange.print("14:31", "99.99", 60);

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 60 @ 99.99 at 14:31"}));
}

TEST(TickMatching, ALimitThatImprovesThePriceStandsFirst) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(buy("a", 100).limit("100.00"));
  exchange.heard();

  exchange.print("14:31", "100.00", 40);

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 40 @ 100.00 at 14:31"}));
}

TEST(TickMatching, ALimitBehindTheMarketDoesNotFillAtItsPriceBeforeTheMarketHasBeenThere) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(buy("a", 100).limit("99.90"));
  exchange.heard();

  exchange.print("14:31", "99.90", 100);
  EXPECT_EQ(exchange.heard(), Lines{});
  exchange.print("14:32", "99.89", 100);

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 100 @ 99.90 at 14:32"})) << "but where it is passed";
}

TEST(TickMatching, PrintsOffTheExchangeDoNotFillWhatRests) {
  TickExchange exchange{{.queue_ahead = rate("0")}};
  exchange.open();
  exchange.enter(buy("a", 100).limit("99.99"));
  exchange.heard();

  exchange.print("14:31", "99.98", 100, "", 'D');

  EXPECT_EQ(exchange.heard(), Lines{});
}

TEST(TickMatching, APrintIsSharedByWhatRests) {
  TickExchange exchange{{.queue_ahead = rate("0")}};
  exchange.open();
  exchange.enter(buy("a", 100).limit("99.99"));
  exchange.enter(buy("b", 100).limit("99.99"));
  exchange.heard();

  exchange.print("14:31", "99.99", 150);

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 100 @ 99.99 at 14:31", "b fill 50 @ 99.99 at 14:31"}));
}

TEST(TickMatching, ABoundOfVolumeHoldsForAPrint) {
  TickExchange exchange{{.volume_share_max = rate("0.1"), .queue_ahead = rate("0")}};
  exchange.open();
  exchange.enter(buy("a", 100).limit("99.99"));
  exchange.heard();

  exchange.print("14:31", "99.99", 250);

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 25 @ 99.99 at 14:31"}));
}

TEST(TickMatching, AStopIsReachedByASaleAndTakesTheQuote) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(sell("a", 100).stop("99.95"));
  exchange.quote("14:31", "99.90", "99.96");
  EXPECT_EQ(exchange.heard(), (Lines{"a accepted"})) << "a quote alone reaches no stop";

  exchange.print("14:31", "99.95");

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 100 @ 99.90 at 14:31"}));
}

TEST(TickMatching, PrintsThatAreNoLastSaleReachNoStop) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(sell("a", 100).stop("99.95"));
  exchange.heard();

  for (const std::string_view conditions : {"B", "W", "4", "Z", "I", "T", "U"})
    exchange.print("14:31", "99.00", 100, conditions);

  EXPECT_EQ(exchange.heard(), Lines{});
}

TEST(TickMatching, ATriggeredStopLimitRestsWhereTheMarketHasRunAway) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(sell("a", 100).stop("99.95").limit("99.90"));
  exchange.quote("14:31", "99.80", "99.95");
  exchange.heard();

  exchange.print("14:31", "99.94");
  EXPECT_EQ(exchange.heard(), Lines{});
  exchange.quote("14:32", "99.91", "99.95");

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 100 @ 99.90 at 14:32"}));
}

TEST(TickMatching, ATrailingStopFollowsSales) {
  TickExchange exchange;
  exchange.open();
  OrderIntent order = sell("a", 100).gtc().intent();
  order.type = OrderType::TrailingStop;
  order.terms.trail = price("0.50");
  exchange.enter(order);
  exchange.print("14:31", "101.00");
  exchange.print("14:32", "100.60");
  exchange.quote("14:33", "100.45", "100.55");
  EXPECT_EQ(exchange.heard(), (Lines{"a accepted"}));

  exchange.print("14:33", "100.50");

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 100 @ 100.45 at 14:33"}));
}

TEST(TickMatching, ImmediateOrCancelTakesWhatIsThere) {
  TickExchange exchange;
  exchange.open();

  exchange.enter(buy("a", 500).limit("100.01").ioc());

  EXPECT_EQ(exchange.heard(),
            (Lines{"a accepted", "a fill 300 @ 100.01 at 14:30", "a cancelled IOC"}));
}

TEST(TickMatching, FillOrKillTakesAllOrNothing) {
  TickExchange exchange;
  exchange.open();

  exchange.enter(in_force(buy("a", 301).limit("100.01"), TimeInForce::Fok));
  exchange.enter(in_force(buy("b", 300).limit("100.01"), TimeInForce::Fok));

  EXPECT_EQ(exchange.heard(),
            (Lines{"a accepted", "a cancelled FOK", "b accepted", "b fill 300 @ 100.01 at 14:30"}));
}

TEST(TickMatching, BeforeTheOpeningPrintNothingTrades) {
  TickExchange exchange;
  exchange.quote("14:25", "99.90", "100.10");
  exchange.enter(buy("a", 10));
  exchange.enter(buy("b", 10).limit("100.05"));
  exchange.enter(in_force(buy("c", 10), TimeInForce::Opg));
  exchange.enter(in_force(buy("d", 10).limit("99.00"), TimeInForce::Opg));
  exchange.enter(sell("e", 10).stop("100.02"));
  exchange.quote("14:29", "99.95", "100.05");
  exchange.print("14:29", "100.30", 100, "T");
  EXPECT_EQ(exchange.heard(),
            (Lines{"a accepted", "b accepted", "c accepted", "d accepted", "e accepted"}));

  exchange.print("14:30", "100.02", 50'000, "O");

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 100.02 at 14:30", "b fill 10 @ 100.02 at 14:30",
                                     "c fill 10 @ 100.02 at 14:30", "d cancelled OPG",
                                     "e fill 10 @ 100.02 at 14:30"}));
}

TEST(TickMatching, AnAuctionFillsNoMoreThanItsShare) {
  TickExchange exchange{{.volume_share_max = rate("0.01")}};
  exchange.enter(in_force(buy("a", 600), TimeInForce::Opg));
  exchange.heard();

  exchange.print("14:30", "100.00", 50'000, "O");

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 500 @ 100.00 at 14:30", "a cancelled OPG"}));
}

TEST(TickMatching, OrdersOnCloseFillAtTheClosingPrint) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(in_force(sell("a", 10), TimeInForce::Cls));
  exchange.enter(in_force(sell("b", 10).limit("101.00"), TimeInForce::Cls));
  exchange.print("15:00", "102.00");
  exchange.clock.set(moment("20:50"));
  exchange.enter(in_force(sell("c", 10), TimeInForce::Cls));
  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "b accepted", "c rejected TOO_LATE"}));

  exchange.print("21:00", "100.50", 80'000, "6");

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 100.50 at 21:00", "b cancelled CLS"}));
}

TEST(TickMatching, NothingTradesWhileHalted) {
  TickExchange exchange;
  exchange.open();
  exchange.halt("15:00");
  exchange.enter(buy("a", 10));
  exchange.enter(buy("b", 10).ioc());
  exchange.enter(sell("c", 10).stop("99.50"));
  exchange.quote("15:01", "98.00", "98.02");
  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "b rejected HALTED", "c accepted"}));

  exchange.print("15:05", "99.00", 10'000, "5");  // It opens again.

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 99.00 at 15:05", "c fill 10 @ 99.00 at 15:05"}));
}

TEST(TickMatching, ABrokerMayRefuseWhatIsHalted) {
  TickExchange exchange{{.refuses = {.halted = true}}};
  exchange.open();
  exchange.halt("15:00");

  exchange.enter(buy("a", 10));

  EXPECT_EQ(exchange.heard(), (Lines{"a rejected HALTED"}));
}

TEST(TickMatching, NothingTradesOutsideThePriceBands) {
  TickExchange exchange;
  exchange.open();
  market::TradingStatus bands;
  bands.band_low = price("95.00");
  bands.band_high = price("100.02");
  exchange.status("15:00", bands);

  exchange.enter(buy("a", 1000));
  EXPECT_EQ(exchange.heard(),
            (Lines{"a accepted", "a fill 300 @ 100.01 at 15:00", "a fill 300 @ 100.02 at 15:00"}));
  bands.band_high = price("106.00");
  exchange.status("15:01", bands);
  exchange.quote("15:01", "100.02", "100.04", 300, 1000);

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 400 @ 100.04 at 15:01"}));
}

market::TradingStatus restricted() {
  market::TradingStatus status;
  status.is_short_sale_restricted = true;
  return status;
}

TEST(TickMatching, UnderRule201NothingIsSoldShortAtTheBid) {
  TickExchange exchange{{.queue_ahead = rate("0")}};
  exchange.open();
  exchange.status("15:00", restricted());

  exchange.enter(sell("a", 10));                  // At the market: it slides to 100.00.
  exchange.enter(sell("b", 10).limit("99.99"));   // At the bid: the same.
  exchange.enter(sell("c", 10).limit("100.01"));  // It makes the offer.
  exchange.enter(sell("d", 10).ioc());
  EXPECT_EQ(exchange.heard(),
            (Lines{"a accepted", "b accepted", "c accepted", "d rejected SHORT_SALE_RESTRICTED"}));
  exchange.print("15:01", "100.00", 15);
  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 100.00 at 15:01", "b fill 5 @ 100.00 at 15:01"}));
  exchange.quote("15:02", "100.00", "100.02");  // It slides on.
  exchange.print("15:03", "100.01", 100);

  EXPECT_EQ(exchange.heard(), (Lines{"b fill 5 @ 100.01 at 15:03", "c fill 10 @ 100.01 at 15:03"}));
}

TEST(TickMatching, AfterRule201AMarketOrderThatSlidTakesTheBid) {
  TickExchange exchange;
  exchange.open();
  exchange.status("15:00", restricted());
  exchange.enter(sell("a", 10));
  exchange.heard();

  exchange.status("15:01", {});
  exchange.quote("15:02", "99.95", "99.97");

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 99.95 at 15:02"}));
}

TEST(TickMatching, UnderRule201WhatIsHeldIsSoldAsEver) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(buy("a", 50));
  exchange.status("15:00", restricted());
  exchange.heard();

  exchange.enter(sell("b", 50).limit("99.99"));

  EXPECT_EQ(exchange.heard(), (Lines{"b accepted", "b fill 50 @ 99.99 at 15:00"}));
}

TEST(TickMatching, AStopThatSellsShortUnderRule201SlidesAboveTheBid) {
  TickExchange exchange{{.queue_ahead = rate("0")}};
  exchange.open();
  exchange.status("15:00", restricted());
  exchange.enter(sell("a", 50).stop("99.95"));
  exchange.quote("15:01", "99.94", "99.96");
  exchange.heard();

  exchange.print("15:01", "99.95");
  EXPECT_EQ(exchange.heard(), Lines{}) << "the print that reached it does not fill it";
  exchange.print("15:02", "99.95");

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 50 @ 99.95 at 15:02"}));
}

TEST(TickMatching, ADefectiveQuoteLeavesNothingToTradeAgainst) {
  TickExchange exchange;
  exchange.open();
  exchange.quote("14:31", "100.02", "100.01");  // Crossed.
  exchange.enter(buy("a", 10));
  EXPECT_EQ(exchange.heard(), (Lines{"a accepted"}));

  exchange.quote("14:32", "100.00", "100.02");

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 100.02 at 14:32"}));
}

TEST(TickMatching, DayOrdersEndWithTheSessionAndOthersMeetTheNextOpening) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(buy("a", 10).limit("99.00"));
  exchange.enter(buy("b", 10).limit("99.00").gtc());
  exchange.heard();
  exchange.clock.set(moment("21:00"));
  exchange.engine->on_session_close(moment("21:00"));
  exchange.quote("21:05", "98.00", "98.10");
  EXPECT_EQ(exchange.heard(), (Lines{"a expired DAY_END"})) << "after the close nothing trades";

  core::Session next = session_of_ticks();
  next.open += std::chrono::hours{24};
  next.close += std::chrono::hours{24};
  exchange.engine->on_session_open(next);
  market::Trade opening;
  opening.time = next.open;
  opening.price = price("98.50");
  opening.size = core::Volume::whole(1000);
  opening.conditions = market::SaleConditions{"O"};
  exchange.clock.set(next.open);
  exchange.engine->on_trade(opening);

  EXPECT_EQ(exchange.heard(), (Lines{"b fill 10 @ 98.50 at 14:30"}));
}

TEST(TickMatching, AReplacedOrderMeetsTheMarketAnew) {
  TickExchange exchange;
  exchange.open();
  exchange.enter(buy("a", 10).limit("99.00"));
  exchange.heard();

  exchange.amend("a", buy("a", 10).limit("100.05"));

  EXPECT_EQ(exchange.heard(), (Lines{"a replaced TEST", "a fill 10 @ 100.01 at 14:30"}));
}

TEST(TickMatching, ASlippageMovesMarketOrdersOnly) {
  TickExchange exchange{{.slippage = {.per_share = price("0.02")}}};
  exchange.open();

  exchange.enter(buy("a", 10));
  exchange.enter(buy("b", 10).limit("100.05"));

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "a fill 10 @ 100.03 at 14:30", "b accepted",
                                     "b fill 10 @ 100.01 at 14:30"}));
}

}  // namespace
}  // namespace st0ck::adapters::sim
