#include "engines/st0cka/rules.hpp"

#include "engines/st0cka/settings_of.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "support/kernel_stage.hpp"
#include "support/orders.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

namespace st0ck::engines::st0cka {
namespace {

using test::default_settings;
using test::price;

constexpr core::Duration kBefore = -core::Duration{1};

/// A moment of 2019-02-11 in New York, at the second or a nanosecond before it.
struct Moment {
  std::string_view time;
  core::Duration shift{};
};

struct RulesCase {
  std::string name;
  State state;
  Moment moment;
  std::string_view bid;    ///< Empty: no fresh quote.
  std::string_view entry;  ///< Empty: nothing is held.
  Action expected;
};

void PrintTo(const RulesCase& test_case, std::ostream* stream) { *stream << test_case.name; }

class Rules : public testing::TestWithParam<RulesCase> {};

TEST_P(Rules, GiveTheActionOfTheSpecification) {
  const RulesCase& test_case = GetParam();
  const Settings settings = default_settings();
  const core::Session session = test::session_on("2019-02-11");
  Facts facts;
  facts.state = test_case.state;
  facts.now =
      core::from_new_york(session.date,
                          core::parse_time_of_day(test_case.moment.time).value().since_midnight) +
      test_case.moment.shift;
  if (!test_case.bid.empty()) facts.bid = price(test_case.bid);
  if (!test_case.entry.empty()) facts.entry = price(test_case.entry);

  const Action action = next_action(facts, timetable_of(settings, session), settings);

  EXPECT_EQ(action, test_case.expected);
}

using enum State;

std::vector<RulesCase> with_nothing_held() {
  const auto kBuy = Action::Buy;
  const auto kNone = Action::None;
  return {
      {"IdleWaitsANanosecondBeforeTheOpen", Idle, {"09:30", kBefore}, "271.34", "", kNone},
      {"IdleBuysAtTheOpen", Idle, {"09:30"}, "271.34", "", kBuy},
      {"IdleBuysInTheWindow", Idle, {"10:00"}, "271.34", "", kBuy},
      {"IdleLeavesAMissingQuoteToRisk", Idle, {"10:00"}, "", "", kBuy},
      {"IdleBuysToTheLastNanosecond", Idle, {"10:15", kBefore}, "271.34", "", kBuy},
      {"IdleWaitsFromTheWindowsEnd", Idle, {"10:15"}, "271.34", "", kNone},
      {"IdleWaitsAtEleven", Idle, {"11:00"}, "271.34", "", kNone},
      {"PendingBuyWaitsInTheWindow", BuyPending, {"09:30"}, "271.34", "", kNone},
      {"PendingBuyWaitsAfterTheWindow", BuyPending, {"10:15"}, "271.34", "", kNone},
      {"PendingBuyHasNoTimeExit", BuyPending, {"10:55"}, "271.34", "", kNone},
      {"PendingBuyWaitsBeforeEleven", BuyPending, {"11:00", kBefore}, "", "", kNone},
      {"PendingBuyIsCancelledAtEleven", BuyPending, {"11:00"}, "", "", Action::CancelBuy},
      {"PendingBuyIsCancelledLater", BuyPending, {"15:59"}, "", "", Action::CancelBuy},
      {"PartlyFilledBuyIsStillWatched", BuyPending, {"10:30"}, "200.00", "271.34", kNone},
      {"PartlyFilledBuyIsCancelled", BuyPending, {"11:00"}, "1", "271.34", Action::CancelBuy},
      {"DoneRests", Done, {"09:45"}, "271.34", "", kNone},
      {"DoneRestsAtEleven", Done, {"11:00"}, "200.00", "", kNone},
  };
}

std::vector<RulesCase> with_a_share_held() {
  const auto kNone = Action::None;
  const auto kLimit = Action::PlaceLimit;
  const auto kStop = Action::StopLoss;
  const auto kTime = Action::TimeExit;
  const auto kShut = Action::Shutdown;
  return {
      {"HoldsBeforeTheSellWindow", Holding, {"10:15", kBefore}, "280.00", "271.34", kNone},
      {"OffersAtTheSellWindow", Holding, {"10:15"}, "271.00", "271.34", kLimit},
      {"OffersWithoutAQuote", Holding, {"10:15"}, "", "271.34", kLimit},
      {"OffersBeforeTheTimeExit", Holding, {"10:55", kBefore}, "280.00", "271.34", kLimit},
      {"SellsUnofferedAtTimeExit", Holding, {"10:55"}, "271.34", "271.34", kTime},
      {"OffersALosingShareLate", Holding, {"10:55"}, "271.339999999", "271.34", kLimit},
      {"OffersLateWithoutAQuote", Holding, {"10:55"}, "", "271.34", kLimit},
      {"SellsUnofferedBeforeEleven", Holding, {"11:00", kBefore}, "271.34", "271.34", kTime},
      {"ShutsDownAtEleven", Holding, {"11:00"}, "280.00", "271.34", kShut},
      {"ShutsDownWithoutAQuote", Holding, {"11:00"}, "", "271.34", kShut},
      {"ShutsDownLongAfter", Holding, {"15:00"}, "271.00", "271.34", kShut},
      {"StopsBeforeTheOpen", Holding, {"09:21"}, "266.34", "271.34", kStop},
      {"StopsAtFiveDollars", Holding, {"09:31"}, "266.34", "271.34", kStop},
      {"StopsBelowFiveDollars", Holding, {"09:31"}, "200.00", "271.34", kStop},
      {"HoldsAboveTheStop", Holding, {"09:31"}, "266.340000001", "271.34", kNone},
      {"StopComesBeforeLimit", Holding, {"10:15"}, "266.34", "271.34", kStop},
      {"StopComesBeforeShutdown", Holding, {"11:00"}, "266.34", "271.34", kStop},
      {"HoldsAnUnknownCost", Holding, {"11:00"}, "266.34", "", kNone},

      {"OfferStandsAtTen", SellWorking, {"10:15"}, "280.00", "271.34", kNone},
      {"OfferStandsBeforeTimeExit", SellWorking, {"10:55", kBefore}, "280.00", "271.34", kNone},
      {"OfferYieldsToTimeExit", SellWorking, {"10:55"}, "271.34", "271.34", kTime},
      {"LosingOfferStands", SellWorking, {"10:55"}, "271.339999999", "271.34", kNone},
      {"OfferStandsWithoutAQuote", SellWorking, {"10:59:59"}, "", "271.34", kNone},
      {"OfferYieldsBeforeEleven", SellWorking, {"11:00", kBefore}, "271.34", "271.34", kTime},
      {"LosingOfferStandsToEleven", SellWorking, {"11:00", kBefore}, "271.33", "271.34", kNone},
      {"OfferYieldsToShutdown", SellWorking, {"11:00"}, "271.34", "271.34", kShut},
      {"OfferYieldsToShutdownUnquoted", SellWorking, {"11:00"}, "", "271.34", kShut},
      {"OfferYieldsToStop", SellWorking, {"10:20"}, "266.34", "271.34", kStop},
      {"OfferStandsAboveTheStop", SellWorking, {"10:20"}, "266.340000001", "271.34", kNone},
      {"OfferStopsBeforeShutdown", SellWorking, {"11:00"}, "266.34", "271.34", kStop},

      {"ExitUnderWayIsLeft", ExitPending, {"10:20"}, "200.00", "271.34", kNone},
      {"ExitUnderWayIsLeftAtEleven", ExitPending, {"11:00"}, "280.00", "271.34", kNone},
  };
}

std::string name_of(const testing::TestParamInfo<RulesCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(NothingHeld, Rules, testing::ValuesIn(with_nothing_held()), name_of);
INSTANTIATE_TEST_SUITE_P(ShareHeld, Rules, testing::ValuesIn(with_a_share_held()), name_of);

struct TargetCase {
  std::string_view entry;
  std::string_view target;
};

TEST(Target, IsOneCentMoreBroughtUpToTheCent) {
  const Settings settings = default_settings();
  const core::Price cent = price("0.01");
  const std::vector<TargetCase> cases{
      {"271.34", "271.35"},         // a whole cent stays
      {"271.3405", "271.36"},       // 271.3505 lies between 271.35 and 271.36
      {"271.3401", "271.36"},       // however little it lies above
      {"271.340000001", "271.36"},  // the smallest step above a cent
      {"271.339999999", "271.35"},  // 271.349999999
      {"271.335", "271.35"},        // 271.345: up, not to the nearest even cent
      {"99.999", "100.01"},         // 100.009
      {"0.004", "0.02"},            // 0.014
  };

  for (const auto& [entry, target] : cases)
    EXPECT_EQ(target_of(price(entry), cent, settings), price(target)) << entry;
}

TEST(Target, IsTheSmallestCentThatEarnsTheProfit) {
  const Settings settings = default_settings();
  const core::Price cent = price("0.01");

  EXPECT_TRUE(rc::check([&](const std::uint32_t bits) {
    const auto entry = core::Price::from_raw(1 + std::int64_t{bits} * 997);

    const core::Price target = target_of(entry, cent, settings);

    RC_ASSERT(target.is_multiple_of(cent));
    RC_ASSERT(target - entry >= settings.profit_target);
    RC_ASSERT(target - cent - entry < settings.profit_target);
  }));
}

struct TimetableCase {
  std::string_view date;
  std::string_view buy_from;  ///< UTC.
  std::string_view stop_at;
};

TEST(Timetable, FollowsNewYorksClocksThroughTheChangesOfTheYear) {
  const std::vector<TimetableCase> cases{
      {"2019-02-11", "2019-02-11T14:30:00Z", "2019-02-11T16:00:00Z"},  // winter
      {"2019-03-08", "2019-03-08T14:30:00Z", "2019-03-08T16:00:00Z"},  // Friday before
      {"2019-03-11", "2019-03-11T13:30:00Z", "2019-03-11T15:00:00Z"},  // Monday after
      {"2019-11-01", "2019-11-01T13:30:00Z", "2019-11-01T15:00:00Z"},
      {"2019-11-04", "2019-11-04T14:30:00Z", "2019-11-04T16:00:00Z"},
      {"2019-07-03", "2019-07-03T13:30:00Z", "2019-07-03T15:00:00Z"},  // closes at 13:00
  };

  for (const auto& [date, buy_from, stop_at] : cases) {
    const Timetable timetable = timetable_of(default_settings(), test::session_on(date));
    EXPECT_EQ(timetable.buy_from, test::utc(buy_from)) << date;
    EXPECT_EQ(timetable.stop_at, test::utc(stop_at)) << date;
  }
}

TEST(Timetable, MovesLateTimesBeforeAnEarlyClose) {
  // Spec section 1: on an early-close day times from 15:00 on move to close - 60 min + offset.
  Settings settings = default_settings();
  settings.buy_until = core::parse_time_of_day("11:30").value();       // before 12:00: stays
  settings.sell_from = core::parse_time_of_day("14:00").value();       // waits for the last hour
  settings.time_exit_from = core::parse_time_of_day("15:20").value();  // close - 40 min
  settings.stop_at = core::parse_time_of_day("15:45").value();         // close - 15 min

  const Timetable timetable = timetable_of(settings, test::session_on("2019-07-03"));

  EXPECT_EQ(timetable.buy_until, test::utc("2019-07-03T15:30:00Z"));
  EXPECT_EQ(timetable.sell_from, test::utc("2019-07-03T16:00:00Z"));
  EXPECT_EQ(timetable.time_exit_from, test::utc("2019-07-03T16:20:00Z"));
  EXPECT_EQ(timetable.stop_at, test::utc("2019-07-03T16:45:00Z"));
}

TEST(Timetable, LeavesLateTimesOfAnOrdinaryDay) {
  Settings settings = default_settings();
  settings.time_exit_from = core::parse_time_of_day("15:20").value();
  settings.stop_at = core::parse_time_of_day("16:00").value();

  const Timetable timetable = timetable_of(settings, test::session_on("2019-07-02"));

  EXPECT_EQ(timetable.time_exit_from, test::utc("2019-07-02T19:20:00Z"));
  EXPECT_EQ(timetable.stop_at, test::utc("2019-07-02T20:00:00Z"));
}

TEST(Timetable, KeepsItsOrderOnEverySession) {
  const auto sessions = core::ExchangeCalendar::xnys()
                            .sessions_between(core::parse_date("2019-01-01").value(),
                                              core::parse_date("2019-12-31").value())
                            .value();

  EXPECT_TRUE(rc::check([&] {
    std::vector<int> minutes = *rc::gen::container<std::vector<int>>(5, rc::gen::inRange(570, 961));
    std::sort(minutes.begin(), minutes.end());
    const auto time = [&](std::size_t i) {
      return core::TimeOfDay{std::chrono::minutes{minutes[i]}};
    };
    Settings settings = default_settings();
    settings.buy_from = time(0);
    settings.buy_until = time(1);
    settings.sell_from = time(2);
    settings.time_exit_from = time(3);
    settings.stop_at = time(4);

    const core::Session& session = *rc::gen::elementOf(sessions);
    const Timetable timetable = timetable_of(settings, session);

    RC_ASSERT(timetable.buy_from <= timetable.buy_until);
    RC_ASSERT(timetable.buy_until <= timetable.sell_from);
    RC_ASSERT(timetable.sell_from <= timetable.time_exit_from);
    RC_ASSERT(timetable.time_exit_from <= timetable.stop_at);
    RC_ASSERT(timetable.stop_at <= session.close);
  }));
}

}  // namespace
}  // namespace st0ck::engines::st0cka
