// What a made-up market has in common with a real one: figures over many days, against figures
// written down by hand or taken from recorded minutes.

#include "adapters/sim/generated/day_bars.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"
#include "support/shared_data.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace st0ck::adapters::sim::generated {
namespace {

TEST(TapeStatistics, VolumeAndSpreadsAreUShaped) {
  TapeSettings settings = calm(21, 6);
  settings.symbols = {stock("AAA")};
  std::array<double, 13> share{};
  double total = 0;

  for (const DayBars& day : days_of(settings, "AAA"))
    for (const market::Bar& bar : day.minutes) {
      const auto half_hour = (bar.start - day.session.open) / std::chrono::minutes{30};
      share[static_cast<std::size_t>(half_hour)] += bar.volume.to_double();
      total += bar.volume.to_double();
    }

  for (double& each : share) each /= total;
  // Of an even day each half hour would have 0.077.
  EXPECT_GT(share[0], 0.12);
  EXPECT_GT(share[12], 0.15);
  for (std::size_t i = 4; i < 10; ++i) EXPECT_LT(share[i], 0.07) << i;
  for (std::size_t i = 0; i < 5; ++i) EXPECT_GT(share[i], 0.8 * share[i + 1]) << i;
  for (std::size_t i = 8; i < 12; ++i) EXPECT_LT(0.8 * share[i], share[i + 1]) << i;
}

TEST(TapeStatistics, SymbolsMoveTogetherAndMostWithinASector) {
  TapeSettings settings = calm(22, 5);
  settings.symbols = {stock("AAA", 1), stock("BBB", 1), stock("CCC", 2)};
  const auto days = bars_of(settings);
  double same = 0;
  double different = 0;

  for (std::size_t i = 0; i < 5; ++i) {
    const auto a = days.at("AAA")[i].returns();
    same += correlation(a, days.at("BBB")[i].returns()) / 5;
    different += correlation(a, days.at("CCC")[i].returns()) / 5;
  }

  // By the variances: market 0.0625, sector 0.04, own 0.09 of 0.1925: 0.53 and 0.32, less what
  // the bounce between bid and ask takes.
  EXPECT_NEAR(same, 0.50, 0.12);
  EXPECT_NEAR(different, 0.29, 0.12);
  EXPECT_GT(same, different + 0.08);
}

TEST(TapeStatistics, AMinuteMovesAsMuchAsAsked) {
  TapeSettings settings = calm(29, 40);
  settings.market_volatility = {};
  settings.symbols = {stock("AAA")};
  settings.symbols[0].sector_beta = {};
  settings.symbols[0].own_volatility = rate("0.001");
  settings.symbols[0].events_per_minute = 20;
  double squares = 0;

  for (const DayBars& day : days_of(settings, "AAA"))
    squares += deviation(day.returns()) * deviation(day.returns()) / 40;

  EXPECT_NEAR(std::sqrt(squares), 0.001, 0.0001);
}

TEST(TapeStatistics, GapsAreCorrelatedToo) {
  TapeSettings settings = calm(23, 60);
  settings.symbols = {stock("AAA", 1), stock("BBB", 1)};
  for (SymbolTraits& traits : settings.symbols) traits.events_per_minute = 10;
  const auto days = bars_of(settings);
  std::vector<double> a;
  std::vector<double> b;

  for (std::size_t i = 1; i < 60; ++i) {
    a.push_back(days.at("AAA")[i].open() / days.at("AAA")[i - 1].close() - 1);
    b.push_back(days.at("BBB")[i].open() / days.at("BBB")[i - 1].close() - 1);
  }

  EXPECT_GT(correlation(a, b), 0.4);
  EXPECT_GT(deviation(a), 0.003);
  EXPECT_LT(deviation(a), 0.009);
}

TEST(TapeStatistics, OffExchangeSharePrintsAndLettersAreAsAsked) {
  TapeSettings settings = calm(24, 2);
  settings.symbols = {spy()};
  std::map<std::string, double> by_letters;
  std::map<char, double> by_venue;
  double prints = 0;
  double sub_penny = 0;

  play(settings, [&](const market::TapeEvent& event) {
    const auto* trade = std::get_if<market::Trade>(&event.what);
    if (trade == nullptr) return;
    ++prints;
    ++by_letters[trade->conditions.str()];
    ++by_venue[trade->exchange];
    if (trade->price.is_multiple_of(price("0.01"))) return;
    ++sub_penny;
    EXPECT_EQ(trade->exchange, 'D') << "only off exchange may be finer than a cent";
  });

  // Sweeps print on exchanges more than once, which takes a little from the share.
  EXPECT_NEAR(by_venue['D'] / prints, 0.42, 0.05);
  EXPECT_GT(sub_penny / prints, 0.1);
  EXPECT_GT(by_letters["F"] / prints, 0.05);
  EXPECT_GT((by_letters["I"] + by_letters["FI"]) / prints, 0.2);
  for (const char* letters : {"B", "W", "4", "Z"}) {
    EXPECT_GT(by_letters[letters], 0) << letters;
    EXPECT_LT(by_letters[letters] / prints, 0.01) << letters;
  }
  for (const char venue : {'N', 'P', 'Q', 'Z', 'K', 'V'}) EXPECT_GT(by_venue[venue], 100) << venue;
}

TEST(TapeStatistics, IntensityGivesMoreEventsOfTheSameVolume) {
  TapeSettings settings = calm(25, 3);
  settings.symbols = {spy()};
  const auto count = [](const TapeSettings& of) {
    std::size_t events = 0;
    play(of, [&](const market::TapeEvent&) { ++events; });
    return static_cast<double>(events);
  };
  const double events = count(settings);
  double volume = 0;
  for (const DayBars& day : days_of(settings, "SPY")) volume += day.volume();

  settings.intensity = rate("3");

  double busy_volume = 0;
  for (const DayBars& day : days_of(settings, "SPY")) busy_volume += day.volume();
  EXPECT_NEAR(events / 3 / 390, 300, 60);
  EXPECT_NEAR(count(settings) / events, 3, 0.2);
  EXPECT_NEAR(busy_volume / volume, 1, 0.1);
  EXPECT_NEAR(volume / 3 / 390 / 1.06, 150'000, 40'000);
}

/// Prints out of line and auctions: bars honour the letters.
TEST(TapeStatistics, BarsOfTheTapeAreSaneAndOpenAndCloseWithTheAuctions) {
  TapeSettings settings = calm(26, 3);
  settings.symbols = {spy(), stock("AAA")};
  std::map<std::string, std::vector<std::pair<core::Price, core::Price>>> auctions;
  const auto table = table_of(settings);
  play(settings, [&](const market::TapeEvent& event) {
    const auto* trade = std::get_if<market::Trade>(&event.what);
    if (trade == nullptr) return;
    auto& days = auctions[table[trade->instrument].symbol.str()];
    if (trade->conditions.view() == "O") days.emplace_back(trade->price, trade->price);
    if (trade->conditions.view() == "6") days.back().second = trade->price;
  });

  for (const auto& [symbol, days] : bars_of(settings)) {
    ASSERT_EQ(days.size(), 3u);
    for (std::size_t i = 0; i < days.size(); ++i) {
      EXPECT_EQ(days[i].minutes.size(), 390u);
      EXPECT_EQ(days[i].minutes.front().open, auctions[symbol][i].first) << symbol;
      EXPECT_EQ(days[i].minutes.back().close, auctions[symbol][i].second) << symbol;
      for (const market::Bar& bar : days[i].minutes) {
        ASSERT_FALSE(defect_of(bar));
        // A calm minute: a print out of line that counted would show.
        ASSERT_LT((bar.high - bar.low).to_double(), 0.006 * bar.open.to_double()) << symbol;
      }
    }
  }
}

TEST(TapeStatistics, DividendsAndSplitsMoveTheOpenExactly) {
  TapeSettings settings = calm(27, 6);
  settings.dividend_one_in = 1;
  settings.split_one_in = 1;
  settings.market_volatility = settings.sector_volatility = settings.gap_volatility = {};
  settings.symbols = {stock("AAA"), stock("BBB"), stock("CCC")};
  settings.symbols[1].start_price = price("640");
  settings.symbols[2].start_price = price("4.25");
  for (SymbolTraits& traits : settings.symbols) traits.own_volatility = {};
  const auto table = table_of(settings);
  std::map<std::uint32_t, core::Price> expected;
  std::map<std::uint32_t, core::Date> ex_dates;
  int dividends = 0;
  int splits = 0;
  int opens = 0;

  play(settings, [&](const market::TapeEvent& event) {
    if (const auto* action = std::get_if<market::CorporateAction>(&event.what)) {
      ASSERT_FALSE(defect_of(*action));
      core::Price& close = expected.at(action->instrument.value());
      if (action->kind == market::CorporateActionKind::CashDividend) {
        close -= action->amount;
        ++dividends;
        EXPECT_TRUE(action->amount.is_multiple_of(price("0.01")));
      } else {
        close = core::Price::from_raw(close.raw() * action->denominator / action->numerator);
        ++splits;
      }
    }
    const auto* trade = std::get_if<market::Trade>(&event.what);
    if (trade == nullptr) return;
    if (trade->conditions.view() == "6") expected[trade->instrument.value()] = trade->price;
    if (trade->conditions.view() == "O" && expected.contains(trade->instrument.value())) {
      ++opens;
      const core::Price adjusted = expected.at(trade->instrument.value());
      const core::Price tick = adjusted >= price("1") ? price("0.01") : price("0.0001");
      EXPECT_LE((trade->price - adjusted).abs().raw() * 2, tick.raw() + 4)
          << trade->price.to_string() << " against " << adjusted.to_string();
    }
  });

  EXPECT_EQ(opens, 15);
  EXPECT_EQ(splits, 15);
  EXPECT_GE(dividends, 8);
}

using Minutes = std::vector<market::Bar>;

/// Five days of SPY's minutes: 2019-02-11 to 15.
std::vector<Minutes> recorded_spy() {
  const auto reader =
      market::CsvBarReader::open(test::shared_data("us-equity-minute-2019/1min/SPY.csv.gz"),
                                 market::kMinute2019Csv, {})
          .value();
  std::vector<Minutes> days;
  while (const auto bar = reader->next().value()) {
    if (days.empty() || days.back().back().end != bar->start) days.emplace_back();
    days.back().push_back(*bar);
  }
  return days;
}

struct Figures {
  double range = 0;  ///< Of a day, as a part of the open.
  double minute_deviation = 0;
  double minute_range = 0;
  double autocorrelation = 0;  ///< Of a minute's return with the next's.
  double first_hour = 0;       ///< Share of the day's volume.
  double middle = 0;           ///< Of the two hours around 12:45.
  double last_hour = 0;
};

/// Means over days.
Figures figures_of(const std::vector<Minutes>& days) {
  Figures mean;
  const auto part = 1.0 / static_cast<double>(days.size());
  for (const Minutes& minutes : days) {
    const DayBars day{{}, minutes, {}, 0};
    const std::vector<double> returns = day.returns();
    const std::vector<double> next(returns.begin() + 1, returns.end());
    double ranges = 0;
    double first = 0;
    double middle = 0;
    double last = 0;
    for (std::size_t i = 0; i < minutes.size(); ++i) {
      const double volume = minutes[i].volume.to_double();
      ranges += (minutes[i].high - minutes[i].low).to_double() / minutes[i].open.to_double();
      first += i < 60 ? volume : 0;
      middle += i >= 135 && i < 255 ? volume : 0;
      last += i >= 330 ? volume : 0;
    }
    mean.range += day.range() * part;
    mean.minute_deviation += deviation(returns) * part;
    mean.minute_range += ranges / static_cast<double>(minutes.size()) * part;
    mean.autocorrelation += correlation(returns, next) * part;
    mean.first_hour += first / day.volume() * part;
    mean.middle += middle / day.volume() * part;
    mean.last_hour += last / day.volume() * part;
  }
  return mean;
}

TEST(TapeStatistics, OrdinaryDaysLookLikeRecordedOnesOfSpy) {
  ST0CK_NEED_SHARED_DATA("us-equity-minute-2019");
  const Figures recorded = figures_of(recorded_spy());
  TapeSettings settings = calm(28, 30);
  settings.from = core::Date{std::chrono::year{2019} / 1 / 7};
  settings.symbols = {spy()};
  std::vector<Minutes> days;
  for (const DayBars& day : days_of(settings, "SPY")) days.push_back(day.minutes);

  const Figures made = figures_of(days);

  // The week was a calm one; days of a range of 0.5 to 1.0 per cent.
  EXPECT_NEAR(made.range / recorded.range, 1.1, 0.25);
  EXPECT_NEAR(made.minute_deviation / recorded.minute_deviation, 1, 0.15);
  EXPECT_NEAR(made.minute_range / recorded.minute_range, 1, 0.2);
  EXPECT_NEAR(made.autocorrelation, 0, 0.03);
  EXPECT_NEAR(recorded.autocorrelation, 0, 0.1);
  EXPECT_NEAR(made.first_hour, recorded.first_hour, 0.05);
  EXPECT_NEAR(made.middle, recorded.middle, 0.05);
  EXPECT_NEAR(made.last_hour, recorded.last_hour, 0.07);
}

}  // namespace
}  // namespace st0ck::adapters::sim::generated
