#include "st0ck/adapters/sim/fill_rules.hpp"

#include "adapters/sim/exchange_fixture.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace st0ck::adapters::sim {
namespace {

/// When an order comes, as seen from the bar 14:31-14:32.
enum class Arrival { BeforeOpen, AfterOpen, InMidBar, AtEnd };

/// What one bar does to one order.
struct FillCase {
  std::string_view name;
  OrderBuilder order;
  Arrival arrival;
  BarPrices prices;
  LimitFill limit_fill;
  std::string_view expected;  ///< Price and phase, or empty for no fill.

  friend std::ostream& operator<<(std::ostream& out, const FillCase& row) {
    return out << row.name;
  }
};

class FillInOneBar : public testing::TestWithParam<FillCase> {};

std::string fill_in(Exchange& exchange, std::string_view phase) {
  const auto lines = exchange.heard();
  for (const std::string& line : lines)
    if (line.find("fill") != std::string::npos)
      return fmt::format("{} {}", exchange.last().price.to_string(), phase);
  return "";
}

/// Plays the bar with the order arriving where the case says; where it filled, if it did.
std::string outcome(const FillCase& row) {
  Exchange exchange{{.limit_fill = row.limit_fill}};
  const market::Bar minute = bar("14:31", row.prices);
  if (row.arrival == Arrival::BeforeOpen) exchange.enter(row.order);
  exchange.play_open(minute);
  if (const auto filled = fill_in(exchange, "open"); !filled.empty()) return filled;
  if (row.arrival == Arrival::AfterOpen) exchange.enter(row.order);
  if (row.arrival == Arrival::InMidBar) {
    exchange.clock.set(minute.start + std::chrono::seconds{20});
    exchange.enter(row.order);
  }
  exchange.clock.set(minute.end);
  if (row.arrival == Arrival::AtEnd) exchange.enter(row.order);
  exchange.engine->on_bar_stops(minute);
  if (const auto filled = fill_in(exchange, "stops"); !filled.empty()) return filled;
  exchange.engine->on_bar_limits(minute);
  return fill_in(exchange, "limits");
}

TEST_P(FillInOneBar, IsAsComputedByHand) { EXPECT_EQ(outcome(GetParam()), GetParam().expected); }

constexpr BarPrices kCalm{"100.00", "100.50", "99.50", "100.20"};
constexpr auto kThrough = LimitFill::Through;
constexpr auto kTouch = LimitFill::Touch;
constexpr auto kBefore = Arrival::BeforeOpen;
constexpr auto kAfter = Arrival::AfterOpen;

std::string case_name(const testing::TestParamInfo<FillCase>& info) {
  return std::string{info.param.name};
}

INSTANTIATE_TEST_SUITE_P(Market, FillInOneBar,
                         testing::Values(FillCase{"BuyFillsAtTheNextOpen", buy("a", 10), kBefore,
                                                  kCalm, kThrough, "100.00 open"},
                                         FillCase{"SellFillsAtTheNextOpen", sell("a", 10), kBefore,
                                                  kCalm, kThrough, "100.00 open"},
                                         FillCase{"SentAfterTheOpenWaitsForTheNextBar",
                                                  buy("a", 10), kAfter, kCalm, kThrough, ""},
                                         FillCase{"SentAtTheEndWaitsForTheNextBar", buy("a", 10),
                                                  Arrival::AtEnd, kCalm, kThrough, ""}),
                         case_name);

INSTANTIATE_TEST_SUITE_P(
    Stop, FillInOneBar,
    testing::Values(
        FillCase{"SellFillsAtItsPriceWhenTheLowTouchesIt", sell("a", 10).stop("99.50"), kBefore,
                 kCalm, kThrough, "99.50 stops"},
        FillCase{"SellRestsAboveNothing", sell("a", 10).stop("99.49"), kBefore, kCalm, kThrough,
                 ""},
        FillCase{"BuyFillsAtItsPriceWhenTheHighTouchesIt", buy("a", 10).stop("100.50"), kBefore,
                 kCalm, kThrough, "100.50 stops"},
        FillCase{"BuyRestsAboveTheHigh", buy("a", 10).stop("100.51"), kBefore, kCalm, kThrough, ""},
        FillCase{"SellFillsAtAnOpenBelowIt", sell("a", 10).stop("101.00"), kBefore, kCalm, kThrough,
                 "100.00 open"},
        FillCase{"SellFillsAtAnOpenOnIt", sell("a", 10).stop("100.00"), kBefore, kCalm, kThrough,
                 "100.00 open"},
        FillCase{"BuyFillsAtAnOpenAboveIt", buy("a", 10).stop("99.00"), kBefore, kCalm, kThrough,
                 "100.00 open"},
        FillCase{"SentAfterAnOpenBelowItFillsAtThatOpen", sell("a", 10).stop("101.00"), kAfter,
                 kCalm, kThrough, "100.00 stops"},
        FillCase{"SentInMidBarIsTriggeredByTheWholeBar", sell("a", 10).stop("99.60"),
                 Arrival::InMidBar, kCalm, kThrough, "99.60 stops"},
        FillCase{"SentInMidBarFillsAtNoPriceTheBarDidNotSee", sell("a", 10).stop("101.00"),
                 Arrival::InMidBar, kCalm, kThrough, "100.50 stops"},
        FillCase{"SentAtTheEndWaitsForTheNextBar", sell("a", 10).stop("99.60"), Arrival::AtEnd,
                 kCalm, kThrough, ""}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Limit, FillInOneBar,
    testing::Values(FillCase{"SellFillsWhenTradedThrough", sell("a", 10).limit("100.49"), kBefore,
                             kCalm, kThrough, "100.49 limits"},
                    FillCase{"SellDoesNotFillAtTheHighItself", sell("a", 10).limit("100.50"),
                             kBefore, kCalm, kThrough, ""},
                    FillCase{"SellFillsAtTheHighItselfInTouchMode", sell("a", 10).limit("100.50"),
                             kBefore, kCalm, kTouch, "100.50 limits"},
                    FillCase{"BuyFillsWhenTradedThrough", buy("a", 10).limit("99.51"), kBefore,
                             kCalm, kThrough, "99.51 limits"},
                    FillCase{"BuyDoesNotFillAtTheLowItself", buy("a", 10).limit("99.50"), kBefore,
                             kCalm, kThrough, ""},
                    FillCase{"BuyFillsAtTheLowItselfInTouchMode", buy("a", 10).limit("99.50"),
                             kBefore, kCalm, kTouch, "99.50 limits"},
                    FillCase{"SellGetsABetterOpen", sell("a", 10).limit("99.90"), kBefore, kCalm,
                             kThrough, "100.00 open"},
                    FillCase{"BuyGetsABetterOpen", buy("a", 10).limit("100.10"), kBefore, kCalm,
                             kThrough, "100.00 open"},
                    FillCase{"SellAtTheOpenItselfWaitsToBeTradedThrough",
                             sell("a", 10).limit("100.00"), kBefore, kCalm, kThrough,
                             "100.00 limits"},
                    FillCase{"SellAtTheOpenItselfFillsThereInTouchMode",
                             sell("a", 10).limit("100.00"), kBefore, kCalm, kTouch, "100.00 open"},
                    FillCase{"SellSentAfterABetterOpenGetsThatOpen", sell("a", 10).limit("99.90"),
                             kAfter, kCalm, kThrough, "100.00 limits"},
                    FillCase{"BuySentAfterABetterOpenGetsThatOpen", buy("a", 10).limit("100.10"),
                             kAfter, kCalm, kThrough, "100.00 limits"},
                    FillCase{"SentInMidBarSeesOnlyTheClose", sell("a", 10).limit("100.40"),
                             Arrival::InMidBar, kCalm, kThrough, ""},
                    FillCase{"SentInMidBarFillsWhenTheCloseIsBeyond", sell("a", 10).limit("100.10"),
                             Arrival::InMidBar, kCalm, kThrough, "100.10 limits"},
                    FillCase{"SentAtTheEndWaitsForTheNextBar", sell("a", 10).limit("100.10"),
                             Arrival::AtEnd, kCalm, kThrough, ""}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    StopLimit, FillInOneBar,
    testing::Values(
        FillCase{"SellTriggeredInsideFillsAtTheStopWhenItsLimitAllows",
                 sell("a", 10).stop("99.60").limit("99.55"), kBefore, kCalm, kThrough,
                 "99.60 stops"},
        FillCase{"SellWithStopAndLimitAlikeFillsAtTheStop",
                 sell("a", 10).stop("99.60").limit("99.60"), kBefore, kCalm, kThrough,
                 "99.60 stops"},
        FillCase{"SellTriggeredInsideRestsWhenItsLimitIsAboveTheStop",
                 sell("a", 10).stop("99.60").limit("99.80"), kBefore, kCalm, kThrough, ""},
        FillCase{"SellTriggeredByTheOpenTakesTheOpen", sell("a", 10).stop("100.20").limit("99.90"),
                 kBefore, kCalm, kThrough, "100.00 open"},
        FillCase{"SellTriggeredByAnOpenBelowItsLimitRestsInThatBar",
                 sell("a", 10).stop("100.40").limit("100.30"), kBefore, kCalm, kThrough,
                 "100.30 limits"},
        FillCase{"BuyTriggeredInsideFillsAtTheStopWhenItsLimitAllows",
                 buy("a", 10).stop("100.40").limit("100.45"), kBefore, kCalm, kThrough,
                 "100.40 stops"},
        FillCase{"BuyTriggeredInsideRestsWhenItsLimitIsBelowTheStop",
                 buy("a", 10).stop("100.40").limit("100.10"), kBefore, kCalm, kThrough, ""},
        FillCase{"NotTriggeredDoesNothing", sell("a", 10).stop("99.40").limit("99.00"), kBefore,
                 kCalm, kThrough, ""}),
    case_name);

TEST(FillRules, LetATriggeredStopLimitRestFromTheNextBarOn) {
  Exchange exchange;
  exchange.enter(sell("a", 10).stop("99.60").limit("99.80"));

  exchange.play(bar("14:31", kCalm));
  exchange.play(bar("14:32", {"99.70", "99.85", "99.00", "99.10"}));

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "a fill 10 @ 99.80 at 14:32"}));
}

TEST(FillRules, BoundTheSlippageOfAStopLimitByItsLimit) {
  Exchange exchange{{.slippage = {.per_share = price("0.10")}}};
  exchange.enter(sell("a", 10).stop("99.60").limit("99.55"));
  exchange.enter(buy("b", 10).stop("100.40").limit("101.00"));

  exchange.play(bar("14:31", kCalm));

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "b accepted", "a fill 10 @ 99.55 at 14:31",
                                     "b fill 10 @ 100.50 at 14:31"}));
}

TEST(FillRules, MoveMarketAndStopFillsButNoLimitBySlippage) {
  Exchange exchange{{.slippage = {.per_share = price("0.02"), .rate = rate("0.0001")}}};
  exchange.enter(buy("market-buy", 1));
  exchange.enter(sell("market-sell", 1));
  exchange.enter(sell("stop", 1).stop("99.60"));
  exchange.enter(sell("limit", 1).limit("100.40"));
  exchange.heard();

  exchange.play(bar("14:31", kCalm));

  EXPECT_EQ(exchange.heard(),
            (Lines{"market-buy fill 1 @ 100.03 at 14:31", "market-sell fill 1 @ 99.97 at 14:31",
                   "stop fill 1 @ 99.57004 at 14:31", "limit fill 1 @ 100.40 at 14:31"}));
}

TEST(FillRules, NeverSlipToZero) {
  Exchange exchange{{.slippage = {.per_share = price("5")}}};
  exchange.enter(sell("a", 1));

  exchange.play(bar("14:31", {"1.00", "1.00", "1.00", "1.00"}));

  EXPECT_EQ(exchange.last().price, price("0.000000001"));
}

}  // namespace
}  // namespace st0ck::adapters::sim
