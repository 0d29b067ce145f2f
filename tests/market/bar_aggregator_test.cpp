#include "st0ck/market/bar_aggregator.hpp"

#include "st0ck/core/time_text.hpp"
#include "st0ck/market/csv/csv_bar_folder.hpp"
#include "support/shared_data.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::market {
namespace {

using core::Timestamp;
using std::chrono::minutes;
using std::chrono::seconds;

const auto kCalendar = core::ExchangeCalendar::xnys();
constexpr core::InstrumentId kSpy{4};

Timestamp utc(std::string_view text) { return core::parse_timestamp(text).value(); }
core::Price price(std::string_view text) { return core::Price::parse(text).value(); }
core::Volume shares(std::int64_t count) { return core::Volume::whole(count); }

BarAggregator aggregator(BarInterval interval) { return {kSpy, interval, kCalendar}; }

Trade trade(std::string_view time, std::string_view at, std::int64_t size,
            std::string_view conditions = "@") {
  return {.instrument = kSpy,
          .time = utc(time),
          .price = price(at),
          .size = shares(size),
          .conditions = SaleConditions{conditions},
          .exchange = 'P'};
}

struct Ohlc {
  std::string_view open;
  std::string_view high;
  std::string_view low;
  std::string_view close;
};

Bar bar_at(Timestamp start, const Ohlc& prices, std::int64_t volume) {
  Bar bar;
  bar.instrument = kSpy;
  bar.start = start;
  bar.end = start + minutes{1};
  bar.open = price(prices.open);
  bar.high = price(prices.high);
  bar.low = price(prices.low);
  bar.close = price(prices.close);
  bar.volume = shares(volume);
  return bar;
}

Bar flat_bar(std::string_view start, std::string_view at = "10", std::int64_t volume = 1) {
  return bar_at(utc(start), {at, at, at, at}, volume);
}

/// A bar as one line: `start end open high low close volume`, times of day in UTC.
std::string line_of(const Bar& bar) {
  return fmt::format("{} {} {} {} {} {} {}", core::format_utc(bar.start).substr(11, 8),
                     core::format_utc(bar.end).substr(11, 8), bar.open.to_string(),
                     bar.high.to_string(), bar.low.to_string(), bar.close.to_string(),
                     bar.volume.to_string());
}

/// Feeds bars as the kernel does: each at its end, then the clock.
std::vector<CompletedBar> longer_bars(const std::vector<Bar>& bars, BarInterval interval,
                                      BarAggregator::Counters* counters = nullptr) {
  auto made = aggregator(interval);
  std::vector<CompletedBar> completed;
  const auto keep = [&](const std::optional<CompletedBar>& bar) {
    if (bar) completed.push_back(*bar);
  };
  for (const Bar& bar : bars) {
    keep(made.add(bar));
    keep(made.advance_to(bar.end));
  }
  if (!bars.empty()) keep(made.advance_to(bars.back().end + std::chrono::hours{12}));
  if (counters != nullptr) *counters = made.counters();
  return completed;
}

TEST(BarAggregator, MakesBarsOfTrades) {
  auto made = aggregator(BarInterval::minutes(1));

  EXPECT_FALSE(made.add(trade("2019-02-11T14:30:00Z", "10.00", 100)));
  EXPECT_FALSE(made.add(trade("2019-02-11T14:30:10Z", "10.05", 200)));
  EXPECT_FALSE(made.add(trade("2019-02-11T14:30:20Z", "9.98", 300)));
  EXPECT_FALSE(made.add(trade("2019-02-11T14:30:59.999999999Z", "10.01", 400)));
  const auto first = made.add(trade("2019-02-11T14:31:00Z", "10.02", 50));

  ASSERT_TRUE(first);
  EXPECT_EQ(line_of(first->bar), "14:30:00 14:31:00 10.00 10.05 9.98 10.01 1000");
  EXPECT_EQ(first->bar.instrument, kSpy);
  EXPECT_EQ(first->bar.trade_count, 4U);
  // (10.00 * 100 + 10.05 * 200 + 9.98 * 300 + 10.01 * 400) / 1000
  EXPECT_EQ(first->bar.vwap, price("10.008"));
  EXPECT_EQ(first->uncovered, core::Duration::zero());
}

TEST(BarAggregator, GivesABarOutOnlyWhenItsTimeIsOver) {
  auto made = aggregator(BarInterval::minutes(1));
  made.add(trade("2019-02-11T14:30:00Z", "10", 100));

  EXPECT_FALSE(made.advance_to(utc("2019-02-11T14:30:59.999999999Z")));
  EXPECT_TRUE(made.advance_to(utc("2019-02-11T14:31:00Z")));
  EXPECT_FALSE(made.advance_to(utc("2019-02-11T14:32:00Z")));
}

TEST(BarAggregator, RefusesTradesOfABucketThatIsOver) {
  auto made = aggregator(BarInterval::minutes(1));
  made.add(trade("2019-02-11T14:30:00Z", "10", 100));
  made.add(trade("2019-02-11T14:31:00Z", "11", 100));

  EXPECT_FALSE(made.add(trade("2019-02-11T14:30:59Z", "99", 100)));
  const auto second = made.advance_to(utc("2019-02-11T14:32:00Z"));
  EXPECT_FALSE(made.add(trade("2019-02-11T14:31:59Z", "99", 100)));
  EXPECT_FALSE(made.advance_to(utc("2019-02-11T14:40:00Z")));
  EXPECT_FALSE(made.add(trade("2019-02-11T14:39:59Z", "99", 100)));

  ASSERT_TRUE(second);
  EXPECT_EQ(line_of(second->bar), "14:31:00 14:32:00 11.00 11.00 11.00 11.00 100");
  EXPECT_EQ(made.counters().refused_late, 3U);
  EXPECT_FALSE(made.advance_to(utc("2019-02-11T14:41:00Z")));
}

TEST(BarAggregator, OrdersTradesWithinABucketByTheirOwnTime) {
  auto made = aggregator(BarInterval::minutes(1));
  made.add(trade("2019-02-11T14:30:30Z", "10", 1));
  made.add(trade("2019-02-11T14:30:10Z", "9", 1));
  made.add(trade("2019-02-11T14:30:50Z", "11", 1));
  made.add(trade("2019-02-11T14:30:40Z", "12", 1));
  made.add(trade("2019-02-11T14:30:50Z", "10.5", 1));

  const auto bar = made.advance_to(utc("2019-02-11T14:31:00Z"));

  EXPECT_EQ(line_of(bar->bar), "14:30:00 14:31:00 9.00 12.00 9.00 10.50 5");
}

TEST(BarAggregator, LeavesIneligiblePrintsOutOfThePrices) {
  auto made = aggregator(BarInterval::minutes(1));
  made.add(trade("2019-02-11T14:30:00Z", "12", 10, "M"));   // Nothing, not even volume.
  made.add(trade("2019-02-11T14:30:01Z", "13", 20, "@I"));  // Odd lot: volume only.
  made.add(trade("2019-02-11T14:30:02Z", "10", 100, "@"));
  made.add(trade("2019-02-11T14:30:03Z", "9", 30, "G"));  // High and low, not last.
  made.add(trade("2019-02-11T14:30:04Z", "8", 40, "Z"));  // Volume only.

  const auto bar = made.advance_to(utc("2019-02-11T14:31:00Z"));

  ASSERT_TRUE(bar);
  EXPECT_EQ(line_of(bar->bar), "14:30:00 14:31:00 10.00 10.00 9.00 10.00 190");
  EXPECT_EQ(bar->bar.trade_count, 4U);
  EXPECT_EQ(bar->bar.vwap, price("10"));
  EXPECT_EQ(made.counters().ineligible_trades, 3U);
}

TEST(BarAggregator, GivesNoBarWithoutAPriceButCountsItsVolume) {
  auto made = aggregator(BarInterval::minutes(1));
  made.add(trade("2019-02-11T14:30:00Z", "10", 70, "I"));

  EXPECT_FALSE(made.advance_to(utc("2019-02-11T14:31:00Z")));
  EXPECT_EQ(made.counters().volume_without_price, shares(70));
}

TEST(BarAggregator, RefusesTradesOutsideTheRegularHours) {
  auto made = aggregator(BarInterval::minutes(1));
  for (const auto* time : {"2019-02-11T14:29:59Z", "2019-02-11T21:00:00Z", "2019-02-16T15:00:00Z",
                           "2019-11-29T18:00:00Z"})
    EXPECT_FALSE(made.add(trade(time, "10", 1)));
  EXPECT_EQ(made.counters().refused_outside_hours, 4U);
  EXPECT_FALSE(made.advance_to(utc("2019-11-29T18:30:00Z")));
}

TEST(BarAggregator, RefusesDefectiveInput) {
  auto made = aggregator(BarInterval::minutes(1));
  made.add(trade("2019-02-11T14:30:00Z", "-1", 1));
  Bar bar = flat_bar("2019-02-11T14:30:00Z");
  bar.high = price("9");
  made.add(bar);
  EXPECT_EQ(made.counters().refused_defective, 2U);
}

TEST(BarAggregator, RefusesVolumeThatCannotBeAddedUp) {
  auto made = aggregator(BarInterval::minutes(1));
  Trade huge = trade("2019-02-11T14:30:00Z", "10", 1);
  huge.size = core::Volume::max();
  made.add(huge);
  made.add(trade("2019-02-11T14:30:01Z", "99", 1));

  const auto bar = made.advance_to(utc("2019-02-11T14:31:00Z"));

  EXPECT_EQ(bar->bar.volume, core::Volume::max());
  EXPECT_EQ(bar->bar.high, price("10"));
  EXPECT_EQ(bar->bar.vwap, price("10"));
  EXPECT_EQ(made.counters().refused_defective, 1U);
}

TEST(BarAggregator, MakesFiveMinuteBarsOfMinutes) {
  const auto open = utc("2019-02-11T14:30:00Z");
  const std::vector<Bar> minute_bars{
      bar_at(open, {"10", "10.2", "9.9", "10.1"}, 100),
      bar_at(open + minutes{1}, {"10.1", "10.4", "10.0", "10.3"}, 200),
      bar_at(open + minutes{2}, {"10.3", "10.3", "9.8", "9.9"}, 300),
      bar_at(open + minutes{3}, {"9.9", "10", "9.9", "9.95"}, 400),
      bar_at(open + minutes{4}, {"9.95", "10", "9.9", "10"}, 500),
      bar_at(open + minutes{5}, {"10", "11", "10", "11"}, 600)};

  const auto made = longer_bars(minute_bars, BarInterval::minutes(5));

  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(line_of(made[0].bar), "14:30:00 14:35:00 10.00 10.40 9.80 10.00 1500");
  EXPECT_EQ(line_of(made[1].bar), "14:35:00 14:40:00 10.00 11.00 10.00 11.00 600");
  EXPECT_EQ(made[0].uncovered, core::Duration::zero());
  EXPECT_EQ(made[1].uncovered, minutes{4});
}

TEST(BarAggregator, CompletesABarAtTheEndOfItsLastMinute) {
  auto made = aggregator(BarInterval::minutes(2));
  made.add(flat_bar("2019-02-11T14:30:00Z"));
  EXPECT_FALSE(made.advance_to(utc("2019-02-11T14:31:00Z")));
  EXPECT_FALSE(made.add(flat_bar("2019-02-11T14:31:00Z")));
  EXPECT_TRUE(made.advance_to(utc("2019-02-11T14:32:00Z")));
}

TEST(BarAggregator, NotesMissingMinutesAndEmptyBuckets) {
  const std::vector<Bar> minute_bars{
      flat_bar("2019-02-11T14:31:00Z"), flat_bar("2019-02-11T14:33:00Z"),
      flat_bar("2019-02-11T14:47:00Z"), flat_bar("2019-02-12T14:30:00Z")};
  BarAggregator::Counters counters;

  const auto made = longer_bars(minute_bars, BarInterval::minutes(5), &counters);

  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].uncovered, minutes{3});
  EXPECT_EQ(made[1].uncovered, minutes{4});
  EXPECT_EQ(made[2].uncovered, minutes{4});
  // 14:35 and 14:40 inside, 14:50 to 20:55 to the close.
  EXPECT_EQ(counters.empty_buckets, 2U + 74U);
  EXPECT_EQ(counters.bars, 3U);
}

TEST(BarAggregator, RefusesBarsThatOverlapOrStraddle) {
  auto made = aggregator(BarInterval::minutes(5));
  made.add(flat_bar("2019-02-11T14:31:00Z"));
  made.add(flat_bar("2019-02-11T14:31:00Z"));
  made.add(flat_bar("2019-02-11T14:30:00Z"));
  Bar straddling = flat_bar("2019-02-11T14:34:00Z");
  straddling.end = straddling.start + minutes{2};
  made.add(straddling);

  EXPECT_EQ(made.counters().refused_late, 2U);
  EXPECT_EQ(made.counters().refused_straddling, 1U);
  EXPECT_EQ(made.advance_to(utc("2019-02-11T14:35:00Z"))->bar.volume, shares(1));
}

TEST(BarAggregator, NeverCrossesASession) {
  // 2019-11-29 closes at 13:00 New York, 18:00 UTC; the next session is on Monday.
  const std::vector<Bar> minute_bars{flat_bar("2019-11-29T17:29:00Z", "10"),
                                     flat_bar("2019-11-29T17:45:00Z", "11"),
                                     flat_bar("2019-12-02T14:30:00Z", "12")};

  const auto made = longer_bars(minute_bars, BarInterval::minutes(60));

  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(line_of(made[0].bar), "16:30:00 17:30:00 10.00 10.00 10.00 10.00 1");
  EXPECT_EQ(line_of(made[1].bar), "17:30:00 18:00:00 11.00 11.00 11.00 11.00 1");
  EXPECT_EQ(line_of(made[2].bar), "14:30:00 15:30:00 12.00 12.00 12.00 12.00 1");
}

TEST(BarAggregator, MakesSessionBarsInTheWeeksOfTheClockChange) {
  // The clocks go forward on 2019-03-10 and back on 2019-11-03.
  const std::vector<Bar> minute_bars{
      flat_bar("2019-03-08T14:30:00Z", "10", 1), flat_bar("2019-03-08T20:59:00Z", "11", 2),
      flat_bar("2019-03-11T13:30:00Z", "12", 3), flat_bar("2019-03-11T19:59:00Z", "13", 4),
      flat_bar("2019-11-01T13:30:00Z", "14", 5), flat_bar("2019-11-04T14:30:00Z", "15", 6)};

  const auto made = longer_bars(minute_bars, BarInterval::session());

  ASSERT_EQ(made.size(), 4U);
  EXPECT_EQ(line_of(made[0].bar), "14:30:00 21:00:00 10.00 11.00 10.00 11.00 3");
  EXPECT_EQ(line_of(made[1].bar), "13:30:00 20:00:00 12.00 13.00 12.00 13.00 7");
  EXPECT_EQ(line_of(made[2].bar), "13:30:00 20:00:00 14.00 14.00 14.00 14.00 5");
  EXPECT_EQ(line_of(made[3].bar), "14:30:00 21:00:00 15.00 15.00 15.00 15.00 6");
  EXPECT_EQ(made[0].uncovered, minutes{388});
}

TEST(BarAggregator, AddsUpAveragePriceAndTradesWhereAllAreKnown) {
  auto first = flat_bar("2019-02-11T14:30:00Z", "10", 100);
  auto second = flat_bar("2019-02-11T14:31:00Z", "11", 300);
  first.vwap = price("10");
  second.vwap = price("11");
  first.trade_count = 2;
  second.trade_count = 5;

  const auto known = longer_bars({first, second}, BarInterval::minutes(2));
  second.vwap.reset();
  second.trade_count.reset();
  const auto unknown = longer_bars({first, second}, BarInterval::minutes(2));

  EXPECT_EQ(known.at(0).bar.vwap, price("10.75"));
  EXPECT_EQ(known.at(0).bar.trade_count, 7U);
  EXPECT_FALSE(unknown.at(0).bar.vwap.has_value());
  EXPECT_FALSE(unknown.at(0).bar.trade_count.has_value());
}

/// Some minutes of some sessions, an early close among them, with any prices and volumes.
std::vector<Bar> random_minutes() {
  std::vector<Bar> bars;
  for (const auto* date : {"2019-11-27", "2019-11-29", "2019-12-02"}) {
    const auto session = kCalendar.session_on(core::parse_date(date).value()).value();
    for (auto start = session.open; start < session.close; start += minutes{1}) {
      if (*rc::gen::inRange(0, 4) == 0) continue;
      const auto prices = *rc::gen::container<std::vector<std::int64_t>>(
          4, rc::gen::inRange<std::int64_t>(1, 1'000'000));
      Bar bar;
      bar.start = start;
      bar.end = start + minutes{1};
      bar.open = core::Price::from_raw(prices[0]);
      bar.close = core::Price::from_raw(prices[1]);
      bar.high = core::Price::from_raw(*std::ranges::max_element(prices));
      bar.low = core::Price::from_raw(*std::ranges::min_element(prices));
      bar.volume = shares(*rc::gen::inRange(0, 1000));
      bars.push_back(bar);
    }
  }
  return bars;
}

std::vector<Bar> bars_of(const std::vector<CompletedBar>& completed) {
  std::vector<Bar> bars;
  bars.reserve(completed.size());
  for (const CompletedBar& one : completed) bars.push_back(one.bar);
  return bars;
}

std::vector<std::string> lines_of(const std::vector<CompletedBar>& completed) {
  std::vector<std::string> lines;
  lines.reserve(completed.size());
  for (const CompletedBar& one : completed) lines.push_back(line_of(one.bar));
  return lines;
}

core::Volume volume_of(const std::vector<Bar>& bars) {
  core::Volume sum;
  for (const Bar& bar : bars) sum += bar.volume;
  return sum;
}

TEST(BarAggregator, GivesTheSameByOneStepAsByTwo) {
  const bool holds = rc::check("minutes to 5 to 30 equal minutes to 30", [] {
    const auto minute_bars = random_minutes();
    const auto five = longer_bars(minute_bars, BarInterval::minutes(5));
    const auto by_two = longer_bars(bars_of(five), BarInterval::minutes(30));
    const auto by_one = longer_bars(minute_bars, BarInterval::minutes(30));
    const auto whole = longer_bars(minute_bars, BarInterval::session());
    RC_ASSERT(lines_of(by_two) == lines_of(by_one));
    RC_ASSERT(volume_of(bars_of(five)) == volume_of(minute_bars));
    RC_ASSERT(volume_of(bars_of(by_one)) == volume_of(minute_bars));
    RC_ASSERT(lines_of(whole) == lines_of(longer_bars(bars_of(by_one), BarInterval::session())));
  });
  EXPECT_TRUE(holds);
}

TEST(BarAggregator, ConservesTheVolumeOfTrades) {
  const bool holds = rc::check("every share is in a bar, refused, or counted", [] {
    auto made = aggregator(BarInterval::minutes(1));
    const auto open = utc("2019-11-29T14:00:00Z");
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-30, 600));
    core::Volume taken;
    core::Volume in_bars;
    Timestamp time = open;
    const auto keep = [&](const std::optional<CompletedBar>& bar) {
      if (bar) in_bars += bar->bar.volume;
    };
    for (const int step : steps) {
      time += seconds{step};
      const auto refused = made.counters().refused_late + made.counters().refused_outside_hours;
      Trade one = trade("2019-11-29T14:30:00Z", "10", *rc::gen::inRange(1, 100),
                        *rc::gen::elementOf(std::vector<std::string_view>{"@", "I", "G"}));
      one.time = time;
      keep(made.add(one));
      const auto after = made.counters().refused_late + made.counters().refused_outside_hours;
      if (after == refused) taken += one.size;
    }
    keep(made.advance_to(time + std::chrono::hours{24}));
    RC_ASSERT(in_bars + made.counters().volume_without_price == taken);
  });
  EXPECT_TRUE(holds);
}

/// The plain twin: groups by the minute of the day as text says it, knowing no session.
std::map<std::string, std::string> plain_five_minute_bars(const std::vector<Bar>& minute_bars) {
  std::map<std::string, Bar> groups;
  for (const Bar& bar : minute_bars) {
    const auto since_epoch = bar.start.time_since_epoch();
    const Timestamp start{since_epoch - since_epoch % minutes{5}};
    auto [place, is_new] = groups.try_emplace(core::format_utc(start), bar);
    Bar& group = place->second;
    if (is_new) {
      group.start = start;
      group.end = start + minutes{5};
      continue;
    }
    group.high = std::max(group.high, bar.high);
    group.low = std::min(group.low, bar.low);
    group.close = bar.close;
    group.volume += bar.volume;
  }
  std::map<std::string, std::string> lines;
  for (const auto& [start, bar] : groups) lines[start] = line_of(bar);
  return lines;
}

TEST(BarAggregator, MakesTheRecordedMinutesOfSpyIntoFiveMinuteBars) {
  ST0CK_NEED_SHARED_DATA("us-equity-minute-2019");
  const auto folder = CsvBarFolder::open(test::shared_data("us-equity-minute-2019")).value();
  const auto reader = folder.bars_of(core::Symbol{"SPY"}, {}).value();
  std::vector<Bar> minute_bars;
  while (const auto bar = reader->next().value()) minute_bars.push_back(*bar);

  const auto made = longer_bars(minute_bars, BarInterval::minutes(5));
  const auto daily = longer_bars(minute_bars, BarInterval::session());

  const auto plain = plain_five_minute_bars(minute_bars);
  ASSERT_EQ(made.size(), 5U * 78U);
  ASSERT_EQ(plain.size(), made.size());
  for (const CompletedBar& one : made) {
    EXPECT_EQ(line_of(one.bar), plain.at(core::format_utc(one.bar.start)));
    EXPECT_EQ(one.uncovered, core::Duration::zero());
  }
  EXPECT_EQ(volume_of(bars_of(made)), volume_of(minute_bars));
  ASSERT_EQ(daily.size(), 5U);
  // The last minute's close; the official one is 277.37, as the data's README says.
  EXPECT_EQ(daily[4].bar.close, price("277.39"));
}

}  // namespace
}  // namespace st0ck::market
