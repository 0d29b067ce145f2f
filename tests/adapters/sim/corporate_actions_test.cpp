#include "adapters/sim/exchange_fixture.hpp"

#include <gtest/gtest.h>

// What the simulated broker does to resting orders on an ex-date.
namespace st0ck::adapters::sim {
namespace {

using trading::OrderUpdateKind;

// The exchange's day is 2019-02-11, which opens at 14:30.
const core::Date kToday{std::chrono::year{2019} / 2 / 11};

market::CorporateAction split(std::uint32_t numerator, std::uint32_t denominator) {
  market::CorporateAction action;
  action.ex_date = kToday;
  action.kind = market::CorporateActionKind::Split;
  action.numerator = numerator;
  action.denominator = denominator;
  return action;
}

market::CorporateAction dividend(std::string_view amount) {
  market::CorporateAction action;
  action.ex_date = kToday;
  action.amount = price(amount);
  return action;
}

/// An exchange before its day's open.
struct Early : Exchange {
  explicit Early(const MatchingSettings& settings = {}) : Exchange{settings} {
    clock.set(at("14:20"));
  }
};

TEST(SimulatedCorporateAction, ASplitAdjustsWhatRestsAndSaysSo) {
  Early exchange;
  exchange.enter(sell("a", 10).limit("400.00").gtc());
  exchange.heard();

  exchange.engine->on_corporate_action(split(4, 1));

  EXPECT_EQ(exchange.last().kind, OrderUpdateKind::Replaced);
  EXPECT_EQ(exchange.last().reason.view(), "SPLIT");
  EXPECT_EQ(exchange.last().terms.quantity, shares(40));
  EXPECT_EQ(exchange.last().terms.limit, price("100.00"));
  exchange.play(bar("14:31", {"100.50", "100.50", "100.50", "100.50"}));
  EXPECT_EQ(exchange.last().cumulative_quantity, shares(40));
}

TEST(SimulatedCorporateAction, ASplitCountsOnFromWhatHasFilled) {
  Early exchange{{.volume_share_max = rate("0.1")}};
  exchange.enter(sell("a", 10).limit("400.00").gtc());
  exchange.play(bar("14:31", {"401", "401", "401", "401"}, 40));
  ASSERT_EQ(exchange.last().cumulative_quantity, shares(4));
  exchange.clock.set(at("14:20"));  // As if of the next day.

  exchange.engine->on_corporate_action(split(2, 1));

  EXPECT_EQ(exchange.last().terms.quantity, shares(4 + 12));
  exchange.play(bar("14:32", {"201", "201", "201", "201"}));
  EXPECT_EQ(exchange.last().cumulative_quantity, shares(16));
}

TEST(SimulatedCorporateAction, AReverseSplitCancels) {
  Early exchange;
  exchange.enter(sell("a", 10).limit("4.00").gtc());
  exchange.enter(buy("b", 10).limit("1.00").gtc());

  exchange.engine->on_corporate_action(split(1, 10));

  EXPECT_EQ(exchange.last().kind, OrderUpdateKind::Cancelled);
  EXPECT_EQ(exchange.last().reason.view(), "REVERSE_SPLIT");
  EXPECT_EQ(exchange.engine->working_orders(), 0U);
}

TEST(SimulatedCorporateAction, ADividendLowersLimitsToBuyAndStopsToSell) {
  Early exchange;
  exchange.enter(buy("buy", 1).limit("99.00").gtc());
  exchange.enter(sell("stop", 1).stop("98.00").gtc());
  exchange.enter(sell("sell", 1).limit("101.00").gtc());
  exchange.heard();

  exchange.engine->on_corporate_action(dividend("0.50"));

  const auto& all = exchange.updates.all;
  ASSERT_EQ(all.size(), 5U) << "three accepted, two replaced";
  EXPECT_EQ(all[3].terms.limit, price("98.50"));
  EXPECT_EQ(all[4].terms.stop, price("97.50"));
  EXPECT_EQ(all[4].reason.view(), "EX_DIVIDEND");
  exchange.play(bar("14:31", {"97.80", "97.90", "97.60", "97.80"}));
  EXPECT_EQ(exchange.last().client_order_id.view(), "buy") << "the stop waits for 97.50";
}

TEST(SimulatedCorporateAction, OneAnnouncedAheadWaitsForItsSession) {
  Early exchange;
  exchange.enter(sell("a", 10).limit("400.00").gtc());
  exchange.heard();
  market::CorporateAction tomorrow = split(4, 1);
  tomorrow.ex_date = core::Date{std::chrono::year{2019} / 2 / 12};

  exchange.engine->on_corporate_action(tomorrow);
  EXPECT_TRUE(exchange.heard().empty());
  exchange.engine->on_session_prepare(
      core::ExchangeCalendar::xnys().session_on(tomorrow.ex_date).value());

  EXPECT_EQ(exchange.last().terms.quantity, shares(40));
}

TEST(SimulatedCorporateAction, LeavesOtherInstrumentsAlone) {
  Early exchange;
  exchange.enter(buy("a", 1).limit("99.00").gtc());
  exchange.heard();
  market::CorporateAction other = split(2, 1);
  other.instrument = core::InstrumentId{7};

  exchange.engine->on_corporate_action(other);

  EXPECT_TRUE(exchange.heard().empty());
}

}  // namespace
}  // namespace st0ck::adapters::sim
