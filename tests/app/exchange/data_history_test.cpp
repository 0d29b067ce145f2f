// History by REST: bars against the prints they are made of, pages against the whole.

#include "app/exchange/exchange_stage.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/market/sale_conditions.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

namespace st0ck::app::exchange::test {
namespace {

using core::Timestamp;

/// Played once: the sessions of 2025-01-02 to 08 are over, that of the 10th is at noon. (The
/// exchange was closed on the 9th.)
Stage& played() {
  static Stage stage;
  static const bool is_played = [] {
    stage.play_until(at("2025-01-10T17:00:00Z"));
    return true;
  }();
  EXPECT_TRUE(is_played);
  return stage;
}

const std::string kWhole = "start=2025-01-01&end=2025-01-11&limit=10000";

/// All rows of a question, page by page.
std::map<std::string, std::vector<Json>> all_pages(Stage& stage, const std::string& rows,
                                                   const std::string& target,
                                                   int* pages = nullptr) {
  std::map<std::string, std::vector<Json>> found;
  std::string token;
  do {
    const Json page = stage.get(target + (token.empty() ? "" : "&page_token=" + token));
    for (const auto& [symbol, list] : page[rows].items())
      found[symbol].insert(found[symbol].end(), list.begin(), list.end());
    if (pages != nullptr) ++*pages;
    token = page["next_page_token"].is_null() ? "" : page["next_page_token"].get<std::string>();
  } while (!token.empty());
  return found;
}

struct OracleBar {
  double open = 0;
  double high = 0;
  double low = 0;
  double close = 0;
  double volume = 0;
  int count = 0;
};

/// Bars from the prints, by nothing that the exchange uses but the table of sale conditions.
std::map<Timestamp, OracleBar> oracle(const Stage& stage, std::uint32_t instrument,
                                      const std::function<Timestamp(Timestamp)>& start_of) {
  struct Minute {
    std::optional<OracleBar> prices;
    double volume = 0;
    int count = 0;
  };
  std::map<Timestamp, Minute> minutes;
  for (const auto& print :
       ticks_of<market::Trade>(stage, instrument, at("2025-01-01"), at("2025-01-11"))) {
    const auto start = Timestamp{std::chrono::floor<std::chrono::minutes>(print.time)};
    if (start + std::chrono::minutes{1} > stage.clock.now()) continue;
    const auto effect = market::effect_of(print.conditions);
    Minute& minute = minutes[start];
    if (effect.volume) minute.volume += print.size.to_double();
    if (effect.volume) ++minute.count;
    if (!effect.last) continue;
    const double price = print.price.to_double();
    if (!minute.prices) minute.prices = OracleBar{price, price, price, price};
    minute.prices->high = std::max(minute.prices->high, price);
    minute.prices->low = std::min(minute.prices->low, price);
    minute.prices->close = price;
  }
  std::map<Timestamp, OracleBar> bars;
  for (const auto& [start, minute] : minutes) {
    if (!minute.prices) continue;
    auto [place, is_new] = bars.try_emplace(start_of(start), *minute.prices);
    OracleBar& bar = place->second;
    if (!is_new) {
      bar.high = std::max(bar.high, minute.prices->high);
      bar.low = std::min(bar.low, minute.prices->low);
      bar.close = minute.prices->close;
    }
    bar.volume += minute.volume;
    bar.count += minute.count;
  }
  return bars;
}

struct TimeframeCase {
  std::string name;
  std::function<Timestamp(Timestamp)> start_of;
};

Timestamp midnight_in_new_york(Timestamp time) {
  // January: five hours behind.
  const auto local = time - std::chrono::hours{5};
  return Timestamp{std::chrono::floor<std::chrono::days>(local)} + std::chrono::hours{5};
}

TEST(DataHistory, BarsOfEveryTimeframeAreThoseOfThePrints) {
  const auto minutes = [](int count) {
    return [count](Timestamp time) {
      const Timestamp midnight = midnight_in_new_york(time);
      const auto length = std::chrono::minutes{count};
      return midnight + (time - midnight) / length * length;
    };
  };
  // The weeks begin on the 30th of December and the 6th of January, Mondays.
  const auto week = [](Timestamp time) {
    return time < at("2025-01-06T05:00:00Z") ? at("2024-12-30T05:00:00Z")
                                             : at("2025-01-06T05:00:00Z");
  };
  const auto month = [](Timestamp) { return at("2025-01-01T05:00:00Z"); };
  const std::vector<TimeframeCase> cases{{"1Min", minutes(1)},
                                         {"5Min", minutes(5)},
                                         {"7T", minutes(7)},
                                         {"59Min", minutes(59)},
                                         {"1Hour", minutes(60)},
                                         {"4H", minutes(240)},
                                         {"1Day", midnight_in_new_york},
                                         {"1Week", week},
                                         {"1Month", month},
                                         {"12M", month}};
  Stage& stage = played();
  for (const auto& each : cases) {
    const auto rows = all_pages(
        stage, "bars",
        "/v2/stocks/bars?symbols=AAA,BBB&start=2024-12-01&end=2025-01-11&limit=10000&timeframe=" +
            each.name);
    for (const auto& [symbol, instrument] : {std::pair{"AAA", 0U}, std::pair{"BBB", 1U}}) {
      const auto expected = oracle(stage, instrument, each.start_of);
      const auto& found = rows.at(symbol);
      ASSERT_EQ(found.size(), expected.size()) << each.name;
      std::size_t place = 0;
      for (const auto& [start, bar] : expected) {
        const Json& row = found[place++];
        ASSERT_EQ(row["t"], core::format_utc(start)) << each.name;
        ASSERT_EQ(row["o"], bar.open) << each.name;
        ASSERT_EQ(row["h"], bar.high);
        ASSERT_EQ(row["l"], bar.low);
        ASSERT_EQ(row["c"], bar.close);
        ASSERT_EQ(row["v"], bar.volume);
        ASSERT_EQ(row["n"], bar.count);
        ASSERT_GE(row["vw"], bar.low);
        ASSERT_LE(row["vw"], bar.high);
      }
    }
  }
}

TEST(DataHistory, PagesOfAnyLengthGiveEachRowOnceInItsOrder) {
  Stage& stage = played();
  const std::string range = "&start=2025-01-08T20:57:00Z&end=2025-01-10T14:33:00Z";
  for (const std::string rows : {"bars?timeframe=1Min&", "trades?", "quotes?"}) {
    const std::string name = rows.substr(0, rows.find('?'));
    for (const std::string sort : {"asc", "desc"}) {
      const std::string target =
          "/v2/stocks/" + rows + "symbols=BBB,AAA&sort=" + sort + range + "&limit=";
      const auto whole = all_pages(stage, name, target + "10000");
      ASSERT_GE(whole.at("AAA").size(), 5u) << rows;
      for (const std::size_t limit : {1U, 3U, 7U}) {
        int pages = 0;
        EXPECT_EQ(all_pages(stage, name, target + std::to_string(limit), &pages), whole) << rows;
        const std::size_t count = whole.at("AAA").size() + whole.at("BBB").size();
        EXPECT_EQ(static_cast<std::size_t>(pages), (count + limit - 1) / limit);
      }
    }
  }
}

TEST(DataHistory, TicksOfPastDaysAreThoseThatWereTold) {
  Stage& stage = played();
  const auto rows = all_pages(stage, "trades", "/v2/stocks/trades?symbols=AAA,BBB&" + kWhole);
  for (const auto& [symbol, instrument] : {std::pair{"AAA", 0U}, std::pair{"BBB", 1U}}) {
    const auto told =
        ticks_of<market::Trade>(stage, instrument, at("2025-01-01"), at("2025-01-11"));
    const auto& found = rows.at(symbol);
    ASSERT_EQ(found.size(), told.size());
    for (std::size_t i = 0; i < told.size(); ++i) {
      ASSERT_EQ(found[i]["t"], core::format_utc(told[i].time));
      ASSERT_EQ(found[i]["p"], told[i].price.to_double());
      ASSERT_EQ(found[i]["s"], told[i].size.to_double());
      ASSERT_EQ(found[i]["x"], std::string(1, told[i].exchange));
      ASSERT_EQ(found[i]["z"], instrument == 0 ? "A" : "C");
    }
  }
}

TEST(DataHistory, TradeNumbersOfADayAreTheSameWhileItRunsAndLater) {
  Stage stage;
  const std::string target =
      "/v2/stocks/AAA/trades?start=2025-01-02T15:00:00Z&end=2025-01-02T16:00:00Z&limit=10000";
  stage.play_until(at("2025-01-02T17:00:00Z"));
  const Json running = stage.get(target);
  stage.play_until(at("2025-01-03T15:00:00Z"));

  EXPECT_EQ(stage.get(target), running);
  EXPECT_GT(running["trades"].size(), 10u);
}

RC_GTEST_PROP(DataHistory, AnyRangeGivesTheRowsInItEndsIncluded, ()) {
  Stage& stage = played();
  const auto all = ticks_of<market::Quote>(stage, 0, at("2025-01-01"), at("2025-01-11"));
  const auto first = *rc::gen::inRange<std::size_t>(0, all.size());
  const auto last = std::min(first + *rc::gen::inRange<std::size_t>(0, 200), all.size() - 1);
  // At a quote, or a microsecond beside it.
  const auto beside = [] { return core::Duration{*rc::gen::inRange(-1, 2) * 1000}; };
  const Timestamp start = all[first].time + beside();
  const Timestamp end = std::max(start, all[last].time + beside());
  const auto limit = *rc::gen::inRange(20, 300);

  const auto rows = all_pages(stage, "quotes",
                              fmt::format("/v2/stocks/quotes?symbols=AAA&start={}&end={}&limit={}",
                                          core::format_utc(start), core::format_utc(end), limit));
  const auto expected = ticks_of<market::Quote>(stage, 0, start, end);
  const auto found = rows.contains("AAA") ? rows.at("AAA") : std::vector<Json>{};
  RC_ASSERT(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    RC_ASSERT(found[i]["t"].get<std::string>() == core::format_utc(expected[i].time));
}

TEST(DataHistory, ADateAsEndIsTheWholeDayAndNothingIsToldOfTheFuture) {
  Stage& stage = played();
  const Json days = stage.get("/v2/stocks/AAA/bars?timeframe=1Day&start=2025-01-07&end=2025-01-08");
  ASSERT_EQ(days["bars"].size(), 2u);
  EXPECT_EQ(days["symbol"], "AAA");
  EXPECT_EQ(days["bars"][1]["t"], "2025-01-08T05:00:00Z");

  const Json today = stage.get("/v2/stocks/AAA/bars?timeframe=1Min&end=2030-01-01&sort=desc");
  EXPECT_EQ(today["bars"][0]["t"], "2025-01-10T16:59:00Z");
  EXPECT_EQ(today["bars"].back()["t"], "2025-01-10T14:30:00Z") << "without a start, the day";
}

TEST(DataHistory, SplitsAndDividendsBringThePastToTodaysShares) {
  Stage& stage = played();
  const std::string target = "/v2/stocks/AAA/bars?timeframe=1Day&" + kWhole + "&adjustment=";
  const Json raw = stage.get(target + "raw")["bars"];
  const Json split = stage.get(target + "split")["bars"];
  const Json all = stage.get(target + "all")["bars"];
  EXPECT_EQ(all, stage.get(target + "split,dividend,spin-off")["bars"]);

  // Backwards, by the definitions, in plain floating point.
  double price_split = 1;
  double volume_split = 1;
  double dividend = 1;
  int actions = 0;
  for (std::size_t i = raw.size(); i-- > 0;) {
    EXPECT_NEAR(split[i]["c"], raw[i]["c"].get<double>() * price_split, 1e-6);
    EXPECT_NEAR(split[i]["v"], raw[i]["v"].get<double>() * volume_split, 0.001);
    EXPECT_NEAR(all[i]["o"], raw[i]["o"].get<double>() * price_split * dividend, 1e-6);
    const std::string date = raw[i]["t"].get<std::string>().substr(0, 10);
    for (const auto& event : stage.events) {
      const auto* action = std::get_if<market::CorporateAction>(&event.what);
      if (action == nullptr || action->instrument.value() != 0 ||
          core::format_date(action->ex_date) != date || i == 0)
        continue;
      ++actions;
      if (action->kind == market::CorporateActionKind::Split) {
        price_split *= double(action->denominator) / double(action->numerator);
        volume_split *= double(action->numerator) / double(action->denominator);
      } else {
        const double close = raw[i - 1]["c"];
        dividend *= (close - action->amount.to_double()) / close;
      }
    }
  }
  EXPECT_GT(actions, 1) << "the seed no longer makes any: choose another";
}

TEST(DataHistory, KeepsAFewPastDaysInMemoryOnly) {
  Stage stage{{}, {.sessions_max = 2, .days_in_memory = 1}};
  stage.play_until(at("2025-01-08T16:00:00Z"));

  ASSERT_EQ(stage.history.days().size(), 2u);
  const auto first = stage.history.ticks(0).value();
  EXPECT_EQ(stage.history.ticks(0).value(), first);
  EXPECT_NE(stage.history.ticks(1).value(), first);
  EXPECT_NE(stage.history.ticks(0).value(), first);
  EXPECT_EQ(stage.history.ticks(0).value()->at(0).quotes.size(), first->at(0).quotes.size());
}

TEST(DataHistory, ARecordedMarketIsPlayedFromItsBeginningAgain) {
  Stage stage;
  stage.play_until(at("2025-01-07T16:00:00Z"));
  int opened = 0;
  History again{HistorySettings{}, [&] {
                  ++opened;
                  return adapters::sim::generated::make_tape(small_market(), stage.calendar,
                                                             stage.instruments);
                }};
  for (const DayRecord& day : stage.history.days()) again.append(day);

  const auto expected = stage.history.ticks(2).value();
  const auto found = again.ticks(2).value();
  ASSERT_EQ(found->at(1).trades.size(), expected->at(1).trades.size());
  EXPECT_EQ(found->at(1).trades.back().trade.time, expected->at(1).trades.back().trade.time);
  EXPECT_EQ(opened, 1);
}

}  // namespace
}  // namespace st0ck::app::exchange::test
