#include "engines/st0cka/lot_book.hpp"
#include "engines/st0cka/rules.hpp"
#include "engines/st0cka/settings_of.hpp"
#include "engines/st0cka/st0cka_day.hpp"
#include "support/orders.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>

namespace st0ck::engines::st0cka {
namespace {

using test::money;
using test::price;
using test::shares;
using trading::Side;

// --- When another lot may be bought (spec 3.2).

struct LotCase {
  std::string name;
  std::string time;  ///< Of 2019-02-11, in New York.
  std::string last_buy;
  std::int64_t open_lots;
  std::int64_t losses_in_row;
  std::string realized;
  std::string lot_risk;
  std::string code;  ///< Empty: it may.
};

void PrintTo(const LotCase& test, std::ostream* out) { *out << test.name; }

class WhyNoLot : public testing::TestWithParam<LotCase> {};

core::Timestamp new_york(std::string_view time) {
  return core::from_new_york(test::session_on("2019-02-11").date,
                             core::parse_time_of_day(time).value().since_midnight);
}

TEST_P(WhyNoLot, NamesTheFirstRuleThatForbidsIt) {
  const LotCase& test = GetParam();
  const Settings settings = test::default_settings("mode: advanced");
  LotFacts facts;
  facts.now = new_york(test.time);
  if (!test.last_buy.empty()) facts.last_buy = new_york(test.last_buy);
  facts.open_lots = test.open_lots;
  facts.losses_in_row = test.losses_in_row;
  facts.realized = money(test.realized);
  facts.lot_risk = money(test.lot_risk);

  const auto code =
      why_no_lot(facts, timetable_of(settings, test::session_on("2019-02-11")), settings);

  EXPECT_EQ(code.value_or(core::Code{}), core::Code{test.code});
}

const LotCase kLotCases[] = {
    {"FirstLot", "09:30", "", 0, 0, "0", "5", ""},
    {"BeforeTheWindow", "09:29:59", "", 0, 0, "0", "5", "OUTSIDE_WINDOW"},
    {"LastMoment", "10:14:59", "", 0, 0, "0", "5", ""},
    {"AfterTheWindow", "10:15", "", 0, 0, "0", "5", "OUTSIDE_WINDOW"},
    // With the stop at $5.00 two lots fit into the budget of $10, a third does not.
    {"SecondLotOfFiveDollars", "09:31", "09:30", 1, 0, "0", "5", ""},
    {"ThirdLotOfFiveDollars", "09:31", "09:30", 2, 0, "0", "5", "LOSS_BUDGET"},
    {"SecondLotAfterACentIsLost", "09:31", "09:30", 1, 0, "-0.01", "5", "LOSS_BUDGET"},
    {"FirstLotAfterFiveDollarsAreLost", "09:31", "09:30", 0, 1, "-5", "5", ""},
    {"FirstLotAfterMoreIsLost", "09:31", "09:30", 0, 1, "-5.01", "5", "LOSS_BUDGET"},
    {"AGainBuysNoLot", "09:31", "09:30", 2, 0, "100", "5", "LOSS_BUDGET"},
    // Five lots need a stop of $2.00 or less.
    {"FifthLotOfTwoDollars", "09:31", "09:30", 4, 0, "0", "2", ""},
    {"FifthLotOfAbitMore", "09:31", "09:30", 4, 0, "0", "2.01", "LOSS_BUDGET"},
    {"SixthLot", "09:31", "09:30", 5, 0, "0", "0.10", "LOTS_MAX"},
    {"AlmostHalfAMinute", "09:30:29", "09:30", 1, 0, "0", "5", "BUY_PAUSE"},
    {"HalfAMinute", "09:30:30", "09:30", 1, 0, "0", "5", ""},
    {"AfterTwoLosses", "09:31", "09:30", 0, 2, "-0.02", "5", ""},
    {"AfterThreeLosses", "09:31", "09:30", 0, 3, "-0.03", "5", "LOSSES_IN_ROW"},
};

INSTANTIATE_TEST_SUITE_P(Rules, WhyNoLot, testing::ValuesIn(kLotCases),
                         [](const auto& test) { return test.param.name; });

// --- What a lot holds.

TEST(LotBook, HoldsWhatItsOrdersBought) {
  LotBook book;
  book.apply(Side::Buy, test::quantity("0.4"), money("40.00"), money("0.01"));
  book.apply(Side::Buy, test::quantity("0.6"), money("60.60"), money("0.01"));

  EXPECT_EQ(book.held(), shares(1));
  EXPECT_EQ(book.entry(core::kUnitMultiplier), price("100.60"));
  EXPECT_EQ(book.take_result(), std::nullopt);
}

TEST(LotBook, TellsItsResultOnceWithTheFees) {
  LotBook book;
  book.apply(Side::Buy, shares(1), money("100.00"), money("0.01"));
  book.apply(Side::Sell, shares(1), money("100.50"), money("0.02"));

  EXPECT_EQ(book.take_result(), money("0.47"));
  EXPECT_EQ(book.take_result(), std::nullopt);
  EXPECT_EQ(book.entry(core::kUnitMultiplier), std::nullopt);
}

TEST(LotBook, CountsEachRoundByItself) {
  LotBook book;
  book.apply(Side::Buy, shares(1), money("100.00"), {});
  book.apply(Side::Sell, shares(1), money("90.00"), {});
  book.take_result();
  book.apply(Side::Buy, shares(1), money("80.00"), {});

  EXPECT_EQ(book.entry(core::kUnitMultiplier), price("80.00"));
  book.apply(Side::Sell, shares(1), money("81.00"), {});
  EXPECT_EQ(book.take_result(), money("1.00"));
}

TEST(LotBook, KeepsItsCostThroughASplit) {
  LotBook book;
  book.apply(Side::Buy, shares(1), money("100.00"), {});

  book.split(4, 1);

  EXPECT_EQ(book.held(), shares(4));
  EXPECT_EQ(book.entry(core::kUnitMultiplier), price("25.00"));
}

TEST(AdvancedRiskDefaults, AreThoseOfTheSpecification) {
  const auto simple = test::st0cka_limits();
  const auto advanced = test::st0cka_limits("mode: advanced");

  EXPECT_EQ(simple.trades_per_day_max, 1U);
  EXPECT_EQ(simple.position_quantity_max, shares(1));
  EXPECT_EQ(advanced.trades_per_day_max, 20U);
  EXPECT_EQ(advanced.position_quantity_max, shares(5));
  EXPECT_EQ(advanced.daily_loss_max, money("10"));
}

}  // namespace
}  // namespace st0ck::engines::st0cka
