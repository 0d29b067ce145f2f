#include "st0ck/adapters/sim/matching_engine.hpp"

#include "adapters/sim/exchange_fixture.hpp"

#include <gtest/gtest.h>

namespace st0ck::adapters::sim {
namespace {

using trading::OrderUpdateKind;

constexpr BarPrices kCalm{"100.00", "100.50", "99.50", "100.20"};
constexpr BarPrices kFlat{"100.00", "100.00", "100.00", "100.00"};

TEST(MatchingEngine, ReportsAFillAtTheOpenWithItsCumulativeFigures) {
  Exchange exchange{{.fees = {.rate = rate("0.0005")}}};
  exchange.enter(buy("a", 10));

  exchange.play(bar("14:31", kCalm));

  const auto& fill = exchange.last();
  EXPECT_EQ(fill.kind, OrderUpdateKind::Fill);
  EXPECT_EQ(fill.time, at("14:31"));
  EXPECT_EQ(fill.execution.view(), "sim-1");
  EXPECT_EQ(fill.quantity, shares(10));
  EXPECT_EQ(fill.price, price("100"));
  EXPECT_EQ(fill.fee, money("0.50"));
  EXPECT_EQ(fill.cumulative_quantity, shares(10));
  EXPECT_EQ(fill.cumulative_notional, money("1000"));
  EXPECT_EQ(fill.cumulative_fee, money("0.50"));
}

TEST(MatchingEngine, CountsAnOptionContractAHundredfold) {
  Exchange exchange;
  market::Instrument option;
  option.symbol = core::Symbol{"SPY190215C00277000"};
  option.multiplier = core::Multiplier{100};
  auto order = buy("a", 2);
  order.intent().legs.front().instrument = exchange.instruments.define(option).id;
  exchange.enter(order);
  market::Bar minute = bar("14:31", {"1.25", "1.25", "1.25", "1.25"});
  minute.instrument = order.intent().leg().instrument;

  exchange.play(minute);

  EXPECT_EQ(exchange.last().cumulative_notional, money("250"));
}

TEST(MatchingEngine, FillsByArrivalAndNumbersExecutions) {
  Exchange exchange;
  exchange.enter(buy("a", 1));
  exchange.enter(sell("b", 1));
  exchange.heard();

  exchange.play(bar("14:31", kCalm));

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 1 @ 100.00 at 14:31", "b fill 1 @ 100.00 at 14:31"}));
  EXPECT_EQ(exchange.last().execution.view(), "sim-2");
}

TEST(MatchingEngine, FillsTheStopBeforeTheTargetOfOneBar) {
  Exchange exchange;
  exchange.enter(sell("target", 10).limit("100.40"));
  exchange.enter(sell("stop", 10).stop("99.60"));
  const market::Bar wide = bar("14:31", kCalm);
  exchange.play_open(wide);
  exchange.heard();

  exchange.clock.set(wide.end);
  exchange.engine->on_bar_stops(wide);
  EXPECT_EQ(exchange.heard(), (Lines{"stop fill 10 @ 99.60 at 14:31"}));
  exchange.cancel("target");
  exchange.engine->on_bar_limits(wide);

  EXPECT_EQ(exchange.heard(), (Lines{"target cancelled CANCEL_REQUEST"}));
  EXPECT_EQ(exchange.engine->working_orders(), 0u);
}

TEST(MatchingEngine, LeavesOrdersOfOtherInstrumentsAlone) {
  Exchange exchange;
  market::Instrument other;
  other.symbol = core::Symbol{"QQQ"};
  auto order = buy("a", 1);
  order.intent().legs.front().instrument = exchange.instruments.define(other).id;
  exchange.enter(order);
  exchange.heard();

  exchange.play(bar("14:31", kCalm));

  EXPECT_TRUE(exchange.heard().empty());
  EXPECT_FALSE(exchange.engine->has_working_orders(core::InstrumentId{0}));
  EXPECT_TRUE(exchange.engine->has_working_orders(core::InstrumentId{1}));
}

TEST(MatchingEngine, IsTheBrokerOfApprovedOrders) {
  Exchange exchange;
  trading::Broker& broker = *exchange.engine;

  broker.submit(test::approved(buy("a", 1)));
  broker.cancel(core::ClientOrderId{"a"});

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "a cancelled CANCEL_REQUEST"}));
}

// Time in force.

TEST(MatchingEngine, CancelsWhatAnIocDoesNotGetAtTheNextOpen) {
  Exchange exchange;
  exchange.enter(buy("away", 10).limit("99.90").ioc());
  exchange.enter(buy("near", 10).limit("100.10").ioc());
  exchange.enter(buy("market", 10).ioc());
  exchange.heard();

  exchange.play(bar("14:31", kCalm));

  EXPECT_EQ(exchange.heard(), (Lines{"away cancelled IOC", "near fill 10 @ 100.00 at 14:31",
                                     "market fill 10 @ 100.00 at 14:31"}));
}

TEST(MatchingEngine, KeepsThePartAnIocGot) {
  Exchange exchange{{.volume_share_max = rate("0.1")}};
  exchange.enter(buy("a", 10).ioc());
  exchange.heard();

  exchange.play(bar("14:31", kCalm, 40));

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 4 @ 100.00 at 14:31", "a cancelled IOC"}));
  EXPECT_EQ(exchange.last().cumulative_quantity, shares(4));
}

TEST(MatchingEngine, LetsNoIocFillInsideABar) {
  Exchange exchange;
  const market::Bar minute = bar("14:31", kCalm);
  exchange.play_open(minute);
  exchange.enter(buy("a", 10).limit("99.90").ioc());
  exchange.heard();

  exchange.play_inside(minute);

  EXPECT_TRUE(exchange.heard().empty());
}

TEST(MatchingEngine, ExpiresDayOrdersAtTheCloseAndKeepsGtcOrders) {
  Exchange exchange;
  exchange.enter(sell("day", 10).limit("101"));
  exchange.enter(sell("gtc", 10).limit("101").gtc());
  exchange.enter(buy("ioc", 10).ioc());
  exchange.heard();
  exchange.clock.set(at("21:00"));

  exchange.engine->on_session_close(at("21:00"));

  EXPECT_EQ(exchange.heard(), (Lines{"day expired DAY_END", "ioc cancelled IOC"}));
  EXPECT_EQ(exchange.engine->working_orders(), 1u);
}

TEST(MatchingEngine, CountsADayOrderSentAtTheCloseToTheNextSession) {
  Exchange exchange;
  exchange.clock.set(at("21:00"));
  exchange.enter(buy("a", 10));
  exchange.heard();

  exchange.engine->on_session_close(at("21:00"));
  EXPECT_TRUE(exchange.heard().empty());
  exchange.engine->on_session_close(at("21:00") + std::chrono::hours{24});

  EXPECT_EQ(exchange.heard(), (Lines{"a expired DAY_END"}));
}

// Volume share.

TEST(MatchingEngine, FillsNoMoreThanItsShareOfEachBar) {
  Exchange exchange{{.volume_share_max = rate("0.05")}};
  exchange.enter(buy("a", 12));
  exchange.heard();

  exchange.play(bar("14:31", kFlat, 119));
  exchange.play(bar("14:32", kFlat, 100));
  exchange.play(bar("14:33", kFlat, 100));

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 5 @ 100.00 at 14:31", "a fill 5 @ 100.00 at 14:32",
                                     "a fill 2 @ 100.00 at 14:33"}));
  EXPECT_EQ(exchange.last().cumulative_quantity, shares(12));
  EXPECT_EQ(exchange.last().cumulative_notional, money("1200"));
}

TEST(MatchingEngine, SharesOneBarAmongAllOrdersAndPhases) {
  Exchange exchange{{.volume_share_max = rate("0.1")}};
  exchange.enter(buy("a", 4));
  exchange.enter(buy("b", 4));
  exchange.enter(sell("c", 4).limit("100.40"));
  exchange.enter(sell("d", 4).stop("99.60"));
  exchange.heard();

  exchange.play(bar("14:31", kCalm, 100));

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 4 @ 100.00 at 14:31", "b fill 4 @ 100.00 at 14:31",
                                     "d fill 2 @ 99.60 at 14:31"}));
}

TEST(MatchingEngine, SellsTheRestOfATriggeredStopAtTheNextOpen) {
  Exchange exchange{{.volume_share_max = rate("0.1")}};
  exchange.enter(sell("a", 10).stop("99.60"));
  exchange.heard();

  exchange.play(bar("14:31", kCalm, 60));
  exchange.play(bar("14:32", {"105.00", "105.00", "104.00", "104.00"}, 60));

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 6 @ 99.60 at 14:31", "a fill 4 @ 105.00 at 14:32"}));
}

TEST(MatchingEngine, FillsAndTriggersNothingInABarWithoutVolume) {
  Exchange exchange{{.volume_share_max = rate("0.1")}};
  exchange.enter(buy("market", 1));
  exchange.enter(sell("stop", 1).stop("99.60"));
  exchange.enter(buy("ioc", 1).ioc());
  exchange.heard();

  exchange.play(bar("14:31", kCalm, 0));
  EXPECT_EQ(exchange.heard(), (Lines{"ioc cancelled IOC"}));
  exchange.play(bar("14:32", kFlat));

  EXPECT_EQ(exchange.heard(), (Lines{"market fill 1 @ 100.00 at 14:32"}));
}

TEST(MatchingEngine, FillsInABarWithoutVolumeWhenNoShareIsSet) {
  Exchange exchange;
  exchange.enter(buy("a", 1));

  exchange.play(bar("14:31", kCalm, 0));

  EXPECT_EQ(exchange.last().kind, OrderUpdateKind::Fill);
}

// Cancel and replace.

TEST(MatchingEngine, CancelsAWorkingOrderWithWhatItGot) {
  Exchange exchange{{.volume_share_max = rate("0.1")}};
  exchange.enter(buy("a", 10));
  exchange.play(bar("14:31", kFlat, 30));
  exchange.heard();

  exchange.cancel("a");
  exchange.play(bar("14:32", kFlat, 30));

  EXPECT_EQ(exchange.heard(), (Lines{"a cancelled CANCEL_REQUEST"}));
  EXPECT_EQ(exchange.last().cumulative_quantity, shares(3));
  EXPECT_EQ(exchange.last().cumulative_notional, money("300"));
}

TEST(MatchingEngine, RejectsACancelThatLostTheRace) {
  Exchange exchange;
  exchange.enter(buy("a", 10));
  exchange.play(bar("14:31", kFlat));
  exchange.heard();

  exchange.cancel("a");
  exchange.cancel("never-sent");

  EXPECT_EQ(exchange.heard(),
            (Lines{"a cancel_rejected ALREADY_FINAL", "never-sent cancel_rejected NOT_FOUND"}));
}

TEST(MatchingEngine, RejectsAReplaceThatLostTheRace) {
  Exchange exchange;
  exchange.enter(buy("filled", 10));
  exchange.enter(buy("cancelled", 10).limit("90"));
  exchange.play(bar("14:31", kFlat));
  exchange.cancel("cancelled");
  exchange.heard();

  exchange.amend("filled", buy("", 20));
  exchange.amend("cancelled", buy("", 20).limit("90"));
  exchange.amend("never-sent", buy("", 20));

  EXPECT_EQ(exchange.heard(), (Lines{"filled replace_rejected ALREADY_FINAL",
                                     "cancelled replace_rejected ALREADY_FINAL",
                                     "never-sent replace_rejected NOT_FOUND"}));
}

TEST(MatchingEngine, FillsAtTheReplacedTerms) {
  Exchange exchange;
  exchange.enter(sell("a", 10).limit("101"));
  exchange.amend("a", sell("", 5).limit("100.30"));
  EXPECT_EQ(exchange.last().kind, OrderUpdateKind::Replaced);
  EXPECT_EQ(exchange.last().terms.limit, price("100.30"));
  exchange.heard();

  exchange.play(bar("14:31", kCalm));

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 5 @ 100.30 at 14:31"}));
  EXPECT_EQ(exchange.engine->working_orders(), 0u);
}

TEST(MatchingEngine, LetsAReplacedOrderLoseItsPlace) {
  Exchange exchange{{.volume_share_max = rate("0.1")}};
  exchange.enter(buy("a", 6).limit("101"));
  exchange.enter(buy("b", 6).limit("101"));
  exchange.amend("a", buy("", 5).limit("101"));
  exchange.heard();

  exchange.play(bar("14:31", kFlat, 80));

  EXPECT_EQ(exchange.heard(), (Lines{"b fill 6 @ 100.00 at 14:31", "a fill 2 @ 100.00 at 14:31"}));
}

TEST(MatchingEngine, CountsReplacedTermsAsNewInsideABar) {
  Exchange exchange;
  exchange.enter(sell("a", 10).limit("101"));
  const market::Bar minute = bar("14:31", kCalm);
  exchange.play_open(minute);
  exchange.clock.set(minute.end);
  exchange.amend("a", sell("", 10).limit("100.30"));
  exchange.heard();

  exchange.play_inside(minute);

  EXPECT_TRUE(exchange.heard().empty());
}

TEST(MatchingEngine, KeepsAReplacedDayOrderInItsSession) {
  Exchange exchange;
  exchange.enter(sell("a", 10).limit("101"));
  exchange.clock.set(at("21:00"));
  exchange.amend("a", sell("", 10).limit("102"));
  exchange.heard();

  exchange.engine->on_session_close(at("21:00"));

  EXPECT_EQ(exchange.heard(), (Lines{"a expired DAY_END"}));
}

TEST(MatchingEngine, RejectsAReplaceBelowWhatHasFilled) {
  Exchange exchange{{.volume_share_max = rate("0.1")}};
  exchange.enter(buy("a", 10));
  exchange.play(bar("14:31", kFlat, 40));
  exchange.heard();

  exchange.amend("a", buy("", 4));
  EXPECT_EQ(exchange.last().cumulative_quantity, shares(4));
  exchange.amend("a", buy("", 5));
  exchange.play(bar("14:32", kFlat, 40));

  EXPECT_EQ(exchange.heard(), (Lines{"a replace_rejected QUANTITY_FILLED", "a replaced TEST",
                                     "a fill 1 @ 100.00 at 14:32"}));
}

TEST(MatchingEngine, RejectsAReplaceThatDoesNotFitTheOrderType) {
  Exchange exchange;
  exchange.enter(buy("a", 10).limit("99"));
  exchange.heard();

  exchange.amend("a", buy("", 10));
  exchange.amend("a", buy("", 10).limit("99.005"));

  EXPECT_EQ(exchange.heard(),
            (Lines{"a replace_rejected BAD_ORDER", "a replace_rejected BAD_ORDER"}));
}

// Rejections.

TEST(MatchingEngine, TurnsDownAClientOrderIdUsedBefore) {
  Exchange exchange;
  exchange.enter(buy("a", 10));
  exchange.enter(buy("a", 10));
  exchange.play(bar("14:31", kFlat));
  exchange.enter(buy("a", 10));

  EXPECT_EQ(exchange.heard(),
            (Lines{"a accepted", "a duplicate_id DUPLICATE_ORDER", "a fill 10 @ 100.00 at 14:31",
                   "a duplicate_id DUPLICATE_ORDER"}));
}

TEST(MatchingEngine, RejectsOneOrderMoreThanItHolds) {
  Exchange exchange{{.orders_max = 1}};
  exchange.enter(buy("a", 10));
  exchange.enter(buy("b", 10));
  exchange.cancel("a");
  exchange.enter(buy("c", 10));

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "b rejected TOO_MANY_ORDERS",
                                     "a cancelled CANCEL_REQUEST", "c accepted"}));
}

TEST(MatchingEngine, RejectsOrdersItCannotHold) {
  Exchange exchange;
  auto unknown = buy("unknown", 10);
  unknown.intent().legs.front().instrument = core::InstrumentId{99};
  auto spread = buy("spread", 10);
  spread.intent().legs.push_back(spread.intent().leg());

  exchange.enter(unknown);
  exchange.enter(spread);
  exchange.enter(buy("large", 1'000'000'001));
  exchange.enter(buy("empty", 0));
  exchange.enter(buy("off-tick", 1).limit("99.005"));

  EXPECT_EQ(exchange.heard(),
            (Lines{"unknown rejected UNKNOWN_INSTRUMENT", "spread rejected LEGS_UNSUPPORTED",
                   "large rejected QUANTITY_TOO_LARGE", "empty rejected BAD_ORDER",
                   "off-tick rejected BAD_ORDER"}));
}

TEST(MatchingEngine, CancelsAnOrderWhoseNotionalHasNoBound) {
  Exchange exchange;
  exchange.enter(buy("a", 1'000'000'000));

  exchange.play(bar("14:31", kFlat));

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "a cancelled AMOUNT_OUT_OF_RANGE"}));
}

TEST(MatchingEngine, KnowsWhetherABarCanMatter) {
  Exchange exchange;
  exchange.enter(sell("target", 1).limit("101").gtc());
  exchange.enter(sell("stop", 1).stop("99").gtc());

  EXPECT_FALSE(exchange.engine->may_react_to_open(bar("14:31", kCalm)));
  EXPECT_FALSE(exchange.engine->may_react_inside(bar("14:31", kCalm)));
  EXPECT_TRUE(exchange.engine->may_react_inside(bar("14:31", {"100", "101", "100", "100"})));
  EXPECT_TRUE(exchange.engine->may_react_inside(bar("14:31", {"100", "100", "99", "100"})));
  EXPECT_TRUE(exchange.engine->may_react_to_open(bar("14:31", {"99", "99", "99", "99"})));
  exchange.enter(buy("market", 1));
  EXPECT_TRUE(exchange.engine->may_react_to_open(bar("14:31", kCalm)));
  exchange.cancel("market");
  EXPECT_FALSE(exchange.engine->may_react_to_open(bar("14:31", kCalm)));
}

}  // namespace
}  // namespace st0ck::adapters::sim
