#include "adapters/sim/exchange_fixture.hpp"

#include <gtest/gtest.h>

// Trailing stops, fill-or-kill, orders for the auctions and look-ups, on bars made by hand.
namespace st0ck::adapters::sim {
namespace {

using trading::OrderIntent;
using trading::OrderType;
using trading::TimeInForce;

constexpr BarPrices kFlat{"100.00", "100.00", "100.00", "100.00"};

OrderIntent trailing(OrderBuilder order, std::string_view distance) {
  OrderIntent intent = order.gtc().intent();
  intent.type = OrderType::TrailingStop;
  intent.terms.trail = price(distance);
  return intent;
}

OrderIntent in_force(OrderBuilder order, TimeInForce time_in_force) {
  OrderIntent intent = order.intent();
  intent.time_in_force = time_in_force;
  return intent;
}

core::Session session() {
  return {core::Date{std::chrono::year{2019} / 2 / 11}, at("14:30"), at("21:00")};
}

TEST(TrailingStop, FollowsTheHighsAndNeverComesBack) {
  Exchange exchange;
  exchange.enter(trailing(sell("a", 10), "1.00"));
  exchange.heard();

  exchange.play(bar("14:31", {"100.00", "101.00", "99.50", "100.50"}));  // Then it stands at 100.
  EXPECT_EQ(exchange.heard(), Lines{}) << "its own high came to stand after the bar only";
  exchange.play(bar("14:32", {"100.50", "102.00", "100.20", "101.80"}));  // Then at 101.
  EXPECT_EQ(exchange.heard(), Lines{});
  exchange.play(bar("14:33", {"101.50", "101.60", "100.80", "101.00"}));

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 101.00 at 14:33"}));
}

TEST(TrailingStop, FillsAtAnOpenThatHasJumpedIt) {
  Exchange exchange;
  exchange.enter(trailing(buy("a", 10), "1.00"));
  exchange.play(bar("14:31", kFlat));  // Then it stands at 101.
  exchange.heard();

  exchange.play(bar("14:32", {"103.00", "103.00", "103.00", "103.00"}));

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 103.00 at 14:32"}));
}

TEST(TrailingStop, FollowsByAPartOfThePrice) {
  Exchange exchange;
  OrderIntent intent = trailing(sell("a", 10), "1.00");
  intent.terms.trail.reset();
  intent.terms.trail_rate = rate("0.02");
  exchange.enter(intent);
  exchange.play(bar("14:31", {"100.00", "110.00", "100.00", "110.00"}));  // Then at 107.80.
  exchange.heard();

  exchange.play(bar("14:32", {"109.00", "109.00", "107.00", "107.00"}));

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 107.80 at 14:32"}));
}

TEST(TrailingStop, IsRejectedWithoutOneDistance) {
  Exchange exchange;
  OrderIntent both = trailing(sell("a", 10), "1.00");
  both.terms.trail_rate = rate("0.02");
  exchange.enter(both);
  OrderIntent none = trailing(sell("b", 10), "1.00");
  none.terms.trail.reset();
  exchange.enter(none);

  EXPECT_EQ(exchange.heard(), (Lines{"a rejected BAD_ORDER", "b rejected BAD_ORDER"}));
}

TEST(FillOrKill, FillsWholeOrNotAtAll) {
  Exchange exchange{{.volume_share_max = rate("0.1")}};
  exchange.enter(in_force(buy("a", 10), TimeInForce::Fok));
  exchange.enter(in_force(buy("b", 4), TimeInForce::Fok));
  exchange.heard();

  exchange.play(bar("14:31", kFlat, 50));  // Five are there.

  EXPECT_EQ(exchange.heard(), (Lines{"a cancelled FOK", "b fill 4 @ 100.00 at 14:31"}));
}

TEST(OnOpen, FillsAtTheSessionsFirstOpenOnly) {
  Exchange exchange;
  exchange.clock.set(at("14:20"));
  exchange.enter(in_force(buy("a", 10), TimeInForce::Opg));
  exchange.enter(in_force(buy("b", 10).limit("99.00"), TimeInForce::Opg));
  exchange.engine->on_session_open(session());
  exchange.heard();

  exchange.play(bar("14:30", kFlat));
  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 100.00 at 14:30", "b cancelled OPG"}));

  exchange.enter(in_force(buy("c", 10), TimeInForce::Opg));
  exchange.play(bar("14:32", kFlat));
  exchange.engine->on_session_close(at("21:00"));
  EXPECT_EQ(exchange.heard(), (Lines{"c accepted"})) << "for the next session's open";
}

TEST(OnClose, FillsAtTheLastBarsClose) {
  Exchange exchange;
  exchange.engine->on_session_open(session());
  exchange.enter(in_force(sell("a", 10), TimeInForce::Cls));
  exchange.enter(in_force(sell("b", 10).limit("101.00"), TimeInForce::Cls));
  exchange.play(bar("14:31", {"100.00", "105.00", "95.00", "100.00"}));
  exchange.heard();

  exchange.play(bar("20:59", {"100.00", "102.00", "99.00", "100.50"}));

  EXPECT_EQ(exchange.heard(), (Lines{"a fill 10 @ 100.50 at 20:59", "b cancelled CLS"}));
}

TEST(OnClose, ComesTooLateInTheLastTenMinutes) {
  Exchange exchange;
  exchange.engine->on_session_open(session());
  exchange.clock.set(at("20:49"));
  exchange.enter(in_force(sell("a", 10), TimeInForce::Cls));
  exchange.clock.set(at("20:50"));
  exchange.enter(in_force(sell("b", 10), TimeInForce::Cls));

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "b rejected TOO_LATE"}));
}

TEST(LookUp, TellsHowAnOrderStandsOrEnded) {
  Exchange exchange;
  const auto look_up = [&](std::string_view id) {
    exchange.engine->look_up(core::ClientOrderId{id});
  };
  exchange.enter(buy("a", 10));
  exchange.enter(buy("b", 10).limit("90.00"));
  exchange.enter(buy("c", 10).limit("91.00"));
  exchange.play(bar("14:31", kFlat));
  exchange.cancel("c");
  exchange.heard();

  for (const std::string_view id : {"a", "b", "c", "d"}) look_up(id);

  EXPECT_EQ(exchange.heard(),
            (Lines{"a fill 0 @ 0.00 at 14:32", "a replace_rejected LOOK_UP", "b accepted",
                   "c cancelled LOOK_UP", "d proven_absent NOT_FOUND"}));
  EXPECT_EQ(exchange.updates.all[exchange.updates.all.size() - 5].cumulative_quantity, shares(10));
}

}  // namespace
}  // namespace st0ck::adapters::sim
