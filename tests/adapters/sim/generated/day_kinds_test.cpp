// Every kind of day does what its name says, whatever the seed.

#include "adapters/sim/generated/day_bars.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace st0ck::adapters::sim::generated {
namespace {

constexpr std::uint64_t kSeeds = 8;

/// A session of a kind, the one before it, and what it would have been on an ordinary day.
struct Days {
  DayBars before;
  DayBars day;
  DayBars plain;
};

/// Two sessions of SPY, the second of this kind.
std::vector<DayBars> two_days(DayKind kind, std::uint64_t seed) {
  TapeSettings settings = calm(seed, 2);
  settings.symbols = {spy()};
  settings.symbols[0].events_per_minute = 100;
  settings.script = {{.session = 2, .kind = kind}};
  return days_of(settings, "SPY");
}

/// The deviation of a day of SPY by the defaults: 0.000252 a minute, 390 minutes.
constexpr double kDeviation = 0.00497;

template <typename Check>
void on_days(DayKind kind, const Check& check) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(fmt::format("{} seed {}", name_of(kind), seed));
    const auto days = two_days(kind, seed);
    ASSERT_EQ(days.size(), 2u);
    check(Days{days[0], days[1], two_days(DayKind::Ordinary, seed)[1]});
  }
}

double move(const DayBars& day, std::size_t from, std::size_t to) {
  return day.minutes[to - 1].close.to_double() / day.minutes[from].open.to_double() - 1;
}

double volume(const DayBars& day, std::size_t from, std::size_t to) {
  double sum = 0;
  for (std::size_t i = from; i < to; ++i) sum += day.minutes[i].volume.to_double();
  return sum / static_cast<double>(to - from);
}

TEST(DayKinds, HaveNamesThatAreRead) {
  for (std::size_t i = 0; i < kDayKinds; ++i) {
    const auto kind = static_cast<DayKind>(i);
    EXPECT_EQ(parse_day_kind(name_of(kind)), kind);
  }
  EXPECT_EQ(name_of(DayKind::GapAndGo), "gap_and_go");
  EXPECT_FALSE(parse_day_kind("gap"));
}

TEST(DayKinds, ATrendClimbsOrFallsSteadily) {
  on_days(DayKind::TrendUp, [](const Days& days) {
    const DayBars& day = days.day;
    EXPECT_GT(day.net(), 0.9 * kDeviation);
    EXPECT_GT(day.efficiency(), 0.35);
    EXPECT_GT((day.close() - day.low()) / (day.high() - day.low()), 0.7);
  });
  on_days(DayKind::TrendDown, [](const Days& days) {
    const DayBars& day = days.day;
    EXPECT_LT(day.net(), -0.9 * kDeviation);
    EXPECT_GT(day.efficiency(), 0.35);
    EXPECT_LT((day.close() - day.low()) / (day.high() - day.low()), 0.3);
  });
}

TEST(DayKinds, ChopGoesNowhere) {
  double efficiency = 0;
  on_days(DayKind::Chop, [&](const Days& days) {
    const DayBars& day = days.day;
    EXPECT_LT(std::abs(day.net()), 0.5 * kDeviation);
    EXPECT_GT(day.range(), 2 * std::abs(day.net()));
    int crossings = 0;
    for (std::size_t i = 1; i < day.minutes.size(); ++i)
      crossings += (day.minutes[i - 1].close < day.minutes[0].open) !=
                   (day.minutes[i].close < day.minutes[0].open);
    EXPECT_GT(crossings, 12);
    efficiency += day.efficiency() / kSeeds;
  });
  EXPECT_LT(efficiency, 0.2);
}

TEST(DayKinds, AnOpenDriveRunsAtOnceAndHolds) {
  on_days(DayKind::OpenDrive, [](const Days& days) {
    const DayBars& day = days.day;
    const double drive = move(day, 0, 45);
    EXPECT_GT(std::abs(drive), kDeviation);
    EXPECT_GT(day.net() / drive, 0.5);
    EXPECT_GT(volume(day, 0, 45), 1.6 * volume(day, 45, 390));
  });
}

TEST(DayKinds, ASqueezeCoilsAndRunsUp) {
  on_days(DayKind::Squeeze, [](const Days& days) {
    const DayBars& day = days.day;
    double high = 0, low = 1e9;
    for (std::size_t i = 0; i < 180; ++i) {
      high = std::max(high, day.minutes[i].high.to_double());
      low = std::min(low, day.minutes[i].low.to_double());
    }
    EXPECT_LT((high - low) / low, 1.4 * kDeviation);
    EXPECT_GT(day.close(), high);
    EXPECT_GT(move(day, 180, 390), 1.8 * kDeviation);
    EXPECT_GT(volume(day, 250, 320), 2 * volume(day, 60, 180));
  });
}

TEST(DayKinds, AVacuumIsThinAndDropsIntoAPocket) {
  on_days(DayKind::Vacuum, [](const Days& days) {
    const DayBars& day = days.day;
    EXPECT_GT(day.mean_spread(), 2 * days.plain.mean_spread());
    EXPECT_LT(day.mean_size(), 0.5 * days.plain.mean_size());
    EXPECT_LT(day.volume(), 0.8 * days.plain.volume());
    double drop = 0;
    double back = 0;
    for (std::size_t i = 90; i + 35 < day.minutes.size(); ++i) {
      const double fall = move(day, i, i + 5);
      if (fall < drop) back = move(day, i + 5, i + 35);
      drop = std::min(drop, fall);
    }
    EXPECT_LT(drop, -1.8 * kDeviation);
    EXPECT_GT(back, 0.3 * -drop);
  });
}

TEST(DayKinds, AGapGoesOn) {
  on_days(DayKind::GapAndGo, [](const Days& days) {
    const DayBars& day = days.day;
    const double gap = day.open() / days.before.close() - 1;
    EXPECT_GT(std::abs(gap), 1.5 * kDeviation);
    EXPECT_GT(day.net() / gap, 0);
    // It stays open.
    if (gap > 0)
      EXPECT_GT(day.low(), days.before.close());
    else
      EXPECT_LT(day.high(), days.before.close());
  });
}

TEST(DayKinds, ACrashFallsFarAndWinsAPartBack) {
  on_days(DayKind::Crash, [](const Days& days) {
    const DayBars& day = days.day;
    EXPECT_LT(day.low() / days.before.close() - 1, -0.15);
    EXPECT_GT(day.close(), day.low());
    EXPECT_LT(day.net(), -0.08);
    EXPECT_GT(day.volume(), 1.3 * days.plain.volume());
  });
}

TEST(DayKinds, AScriptForOneSymbolLeavesTheOthersAlone) {
  TapeSettings settings = calm(5);
  settings.symbols = {stock("AAA"), stock("BBB")};
  settings.script = {{.session = 1, .kind = DayKind::TrendDown},
                     {.session = 1, .kind = DayKind::TrendUp, .symbol = core::Symbol{"AAA"}}};

  const auto days = bars_of(settings);

  EXPECT_GT(days.at("AAA")[0].net(), 0.004);
  EXPECT_LT(days.at("BBB")[0].net(), -0.004);
}

TEST(DayKinds, ComeByChanceAsOftenAsAsked) {
  TapeSettings settings = calm(5, 60);
  settings.symbols = {spy()};
  settings.symbols[0].events_per_minute = 20;
  const auto plain = days_of(settings, "SPY");
  settings.special_day_one_in = 3;
  const auto mixed = days_of(settings, "SPY");
  int changed = 0;

  for (std::size_t i = 0; i < plain.size(); ++i) changed += plain[i].volume() != mixed[i].volume();

  EXPECT_GT(changed, 10);
  EXPECT_LT(changed, 32);
}

}  // namespace
}  // namespace st0ck::adapters::sim::generated
