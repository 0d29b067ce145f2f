// The exit rules of the sma-anchor data set (shared data README) on bars made by hand: a market
// entry at the next open, then a stop and a target that live from the entry fill on.

#include "adapters/sim/exchange_fixture.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace st0ck::adapters::sim {
namespace {

/// A trader that brackets its entry, as the anchor's strategy does.
class Bracket {
 public:
  Bracket(std::string_view stop, std::string_view target)
      : exchange_{{.limit_fill = LimitFill::Touch, .fees = {.rate = rate("0.0005")}}},
        stop_{stop},
        target_{target} {
    exchange_.enter(buy("entry", 10));
    exchange_.heard();
  }

  /// Plays one bar in steps, acting between them; what filled.
  Lines play(const market::Bar& minute) {
    Lines fills;
    exchange_.clock.set(minute.start);
    exchange_.engine->on_bar_open(minute);
    react(fills);
    exchange_.clock.set(minute.end);
    exchange_.engine->on_bar_stops(minute);
    react(fills);
    exchange_.engine->on_bar_limits(minute);
    react(fills);
    return fills;
  }

  core::Money fee_of_last_fill() const { return fee_; }

 private:
  void react(Lines& fills) {
    for (const std::string& line : exchange_.heard()) {
      if (line.find(" fill ") == std::string::npos) continue;
      fills.push_back(line);
      fee_ = exchange_.last().fee;
      if (line.starts_with("entry")) {
        exchange_.enter(sell("stop", 10).stop(stop_).gtc());
        exchange_.enter(sell("target", 10).limit(target_).gtc());
      } else {
        exchange_.cancel(line.starts_with("stop") ? "target" : "stop");
      }
    }
    exchange_.heard();
  }

  Exchange exchange_;
  std::string_view stop_;
  std::string_view target_;
  core::Money fee_;
};

struct ExitCase {
  std::string_view name;
  BarPrices entry_bar;
  BarPrices next_bar;
  Lines expected;  ///< After the entry.

  friend std::ostream& operator<<(std::ostream& out, const ExitCase& row) {
    return out << row.name;
  }
};

class BracketExit : public testing::TestWithParam<ExitCase> {};

// The signal bar closed at 100: stop 99, target 101.
TEST_P(BracketExit, IsAsComputedByHand) {
  const ExitCase& row = GetParam();
  Bracket bracket{"99.00", "101.00"};

  Lines fills = bracket.play(bar("14:31", row.entry_bar));
  for (const auto& line : bracket.play(bar("14:32", row.next_bar))) fills.push_back(line);

  ASSERT_FALSE(fills.empty());
  fills.erase(fills.begin());
  EXPECT_EQ(fills, row.expected);
}

constexpr BarPrices kQuiet{"100.00", "100.20", "99.80", "100.00"};

INSTANTIATE_TEST_SUITE_P(SmaAnchor, BracketExit,
                         testing::Values(ExitCase{"NothingIsReached", kQuiet, kQuiet, {}},
                                         ExitCase{"OpenOnTheStopFillsAtTheOpen",
                                                  kQuiet,
                                                  {"99.00", "99.50", "98.00", "99.50"},
                                                  {"stop fill 10 @ 99.00 at 14:32"}},
                                         ExitCase{"OpenBelowTheStopFillsAtTheOpen",
                                                  kQuiet,
                                                  {"98.50", "99.50", "98.00", "99.50"},
                                                  {"stop fill 10 @ 98.50 at 14:32"}},
                                         ExitCase{"LowOnTheStopFillsAtTheStop",
                                                  kQuiet,
                                                  {"100.00", "100.50", "99.00", "100.00"},
                                                  {"stop fill 10 @ 99.00 at 14:32"}},
                                         ExitCase{"StopComesBeforeTheTarget",
                                                  kQuiet,
                                                  {"100.00", "102.00", "98.00", "100.00"},
                                                  {"stop fill 10 @ 99.00 at 14:32"}},
                                         ExitCase{"HighOnTheTargetFillsAtTheTarget",
                                                  kQuiet,
                                                  {"100.00", "101.00", "99.50", "100.00"},
                                                  {"target fill 10 @ 101.00 at 14:32"}},
                                         ExitCase{"OpenAboveTheTargetFillsAtTheOpen",
                                                  kQuiet,
                                                  {"101.70", "102.00", "98.00", "100.00"},
                                                  {"target fill 10 @ 101.70 at 14:32"}},
                                         ExitCase{"TheEntryBarMayStopOut",
                                                  {"100.00", "100.20", "98.90", "99.00"},
                                                  kQuiet,
                                                  {"stop fill 10 @ 99.00 at 14:31"}},
                                         ExitCase{"TheEntryBarMayReachTheTarget",
                                                  {"100.00", "101.20", "99.90", "101.00"},
                                                  kQuiet,
                                                  {"target fill 10 @ 101.00 at 14:31"}},
                                         ExitCase{"AnEntryGapBelowTheStopStopsAtTheOpen",
                                                  {"98.00", "99.90", "97.50", "99.00"},
                                                  kQuiet,
                                                  {"stop fill 10 @ 98.00 at 14:31"}},
                                         ExitCase{"AnEntryGapAboveTheTargetLeavesAtTheOpen",
                                                  {"101.50", "102.00", "101.20", "101.30"},
                                                  kQuiet,
                                                  {"target fill 10 @ 101.50 at 14:31"}}),
                         [](const auto& row) { return std::string{row.param.name}; });

TEST(Bracket, PaysItsCommissionOnEachFillsNotional) {
  Bracket bracket{"99.00", "101.00"};

  bracket.play(bar("14:31", kQuiet));
  EXPECT_EQ(bracket.fee_of_last_fill(), money("0.50"));
  bracket.play(bar("14:32", {"100.00", "101.00", "99.50", "100.00"}));

  EXPECT_EQ(bracket.fee_of_last_fill(), money("0.505"));
}

}  // namespace
}  // namespace st0ck::adapters::sim
