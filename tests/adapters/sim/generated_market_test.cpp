#include "st0ck/adapters/sim/generated_market.hpp"

#include "adapters/sim/exchange_fixture.hpp"
#include "st0ck/core/hash.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <span>

namespace st0ck::adapters::sim {
namespace {

using Bars = std::vector<market::Bar>;

market::Instrument instrument(std::string_view symbol) {
  market::Instrument made;
  made.symbol = core::Symbol{symbol};
  return made;
}

GeneratedMarket market_of(const GeneratedMarketSettings& settings) {
  return GeneratedMarket::create(settings, core::ExchangeCalendar::xnys()).value();
}

Bars bars_of(const GeneratedMarketSettings& settings, std::string_view symbol = "SPY") {
  const auto source = market_of(settings).bars_of(instrument(symbol));
  Bars bars;
  while (const auto bar = source->next().value()) bars.push_back(*bar);
  return bars;
}

std::string checksum(const Bars& bars) {
  core::Sha256 hash;
  for (const market::Bar& bar : bars)
    hash.update(fmt::format("{},{},{},{},{},{}\n", core::format_utc(bar.start),
                            bar.open.to_string(), bar.high.to_string(), bar.low.to_string(),
                            bar.close.to_string(), bar.volume.to_string()));
  return hash.hex();
}

/// The bars cut where one does not begin at the end of the one before.
std::vector<std::span<const market::Bar>> sessions_of(const Bars& bars) {
  std::vector<std::span<const market::Bar>> sessions;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= bars.size(); ++i) {
    if (i < bars.size() && bars[i].start == bars[i - 1].end) continue;
    sessions.push_back(std::span{bars}.subspan(begin, i - begin));
    begin = i;
  }
  return sessions;
}

// The golden value: whatever computes another one has changed every recorded day and hash.
TEST(GeneratedMarket, IsTheSameForEver) {
  EXPECT_EQ(checksum(bars_of({.seed = 42, .sessions = 10})),
            "9209fad206b6925c141fd894547549536382b676835512a66b6da828e05a12ac");
}

TEST(GeneratedMarket, DependsOnSeedAndSymbol) {
  const auto spy = checksum(bars_of({.sessions = 1}));

  EXPECT_EQ(checksum(bars_of({.sessions = 1})), spy);
  EXPECT_NE(checksum(bars_of({.seed = 2, .sessions = 1})), spy);
  EXPECT_NE(checksum(bars_of({.sessions = 1}, "QQQ")), spy);
}

TEST(GeneratedMarket, GivesTheSameBarsSeveralAtATime) {
  const auto source = market_of({.sessions = 2}).bars_of(instrument("SPY"));
  Bars bars;
  Bars scratch(64);

  while (true) {
    const auto some = source->next_several(scratch).value();
    if (some.empty()) break;
    bars.insert(bars.end(), some.begin(), some.end());
  }

  EXPECT_EQ(checksum(bars), checksum(bars_of({.sessions = 2})));
}

TEST(GeneratedMarket, FillsTheSessionsOfTheCalendar) {
  // 2024-07-03 closes at 13:00, the 4th is a holiday.
  const GeneratedMarketSettings settings{.from = core::Date{std::chrono::year{2024} / 7 / 3},
                                         .sessions = 2};
  const GeneratedMarket market = market_of(settings);
  const Bars bars = bars_of(settings);

  EXPECT_EQ(core::format_date(market.first_date()), "2024-07-03");
  EXPECT_EQ(core::format_date(market.last_date()), "2024-07-05");
  ASSERT_EQ(bars.size(), 210u + 390u);
  EXPECT_EQ(bars[0].start, market.sessions()[0].open);
  EXPECT_EQ(bars[209].end, market.sessions()[0].close);
  EXPECT_EQ(bars[210].start, market.sessions()[1].open);
  EXPECT_EQ(bars.back().end, market.sessions()[1].close);
}

TEST(GeneratedMarket, BeginsAtTheFirstSessionOnOrAfterItsDate) {
  const GeneratedMarket market =
      market_of({.from = core::Date{std::chrono::year{2025} / 1 / 1}, .sessions = 1});

  EXPECT_EQ(core::format_date(market.first_date()), "2025-01-02");
}

TEST(GeneratedMarket, MakesValidContiguousBarsInCents) {
  EXPECT_TRUE(rc::check([] {
    GeneratedMarketSettings settings{.seed = *rc::gen::arbitrary<std::uint64_t>(), .sessions = 2};
    settings.start_price = core::Price::whole(*rc::gen::element(1, 2, 277, 100'000));
    settings.minute_volatility = *rc::gen::element(rate("0"), rate("0.0004"), rate("0.01"));
    settings.stormy_one_in = *rc::gen::element(1u, 10u);
    const Bars bars = bars_of(settings);

    for (std::size_t i = 0; i < bars.size(); ++i) {
      RC_ASSERT(!defect_of(bars[i]).has_value());
      for (const core::Price& each : {bars[i].open, bars[i].high, bars[i].low, bars[i].close})
        RC_ASSERT(each.is_multiple_of(price("0.01")));
      RC_ASSERT(bars[i].volume.is_multiple_of(core::Volume::whole(1)));
      if (i % 390 != 0) RC_ASSERT(bars[i].start == bars[i - 1].end);
    }
  }));
}

// Means of 100 sessions: noise of a few per cent against differences of a factor of two.
TEST(GeneratedMarket, MovesAndTradesMostAtTheEndsOfTheDay) {
  const Bars bars = bars_of({.from = core::Date{std::chrono::year{2023} / 1 / 3}, .sessions = 100});
  double range_ends = 0;
  double range_middle = 0;
  double volume_ends = 0;
  double volume_middle = 0;

  for (const market::Bar& bar : bars) {
    const auto session = core::ExchangeCalendar::xnys().session_at(bar.start).value();
    const bool is_end = bar.start < session.open + std::chrono::minutes{30} ||
                        bar.end > session.close - std::chrono::minutes{30};
    const auto from_middle =
        std::chrono::abs(bar.start - session.open - (session.close - session.open) / 2);
    const bool is_middle = from_middle <= std::chrono::minutes{30};
    const double range = (bar.high - bar.low).to_double();
    const double volume = bar.volume.to_double();
    range_ends += is_end ? range : 0;
    volume_ends += is_end ? volume : 0;
    range_middle += is_middle ? range : 0;
    volume_middle += is_middle ? volume : 0;
  }

  EXPECT_GT(range_ends, 1.7 * range_middle);
  EXPECT_GT(volume_ends, 2.0 * volume_middle);
}

TEST(GeneratedMarket, JumpsBetweenSessions) {
  const Bars bars = bars_of({.sessions = 20});
  const auto sessions = sessions_of(bars);
  int gaps = 0;

  for (std::size_t i = 1; i < sessions.size(); ++i)
    gaps += (sessions[i].front().open - sessions[i - 1].back().close).abs() > price("0.25");

  EXPECT_GT(gaps, 12);
}

TEST(GeneratedMarket, StaysWhereItIsWithoutVolatility) {
  const Bars bars =
      bars_of({.sessions = 2, .minute_volatility = rate("0"), .gap_volatility = rate("0")});

  for (const market::Bar& bar : bars) {
    ASSERT_EQ(bar.high, price("277"));
    ASSERT_EQ(bar.low, price("277"));
  }
}

/// How ST0CKA's simple mode would leave a position bought at the session's first open (spec 3.1,
/// seen bar by bar).
std::string_view exit_of(std::span<const market::Bar> session) {
  const core::Price entry = session.front().open;
  for (std::size_t minute = 0; minute < 90; ++minute) {
    const market::Bar& bar = session[minute];
    const core::Price bid = bar.close - price("0.005");
    if (minute >= 45 && bar.high > entry + price("0.01")) return "LIMIT_FILL";
    if (bid <= entry - price("5")) return "STOP_LOSS";
    if (minute >= 84 && minute < 89 && bid >= entry) return "TIME_EXIT";
  }
  return "SHUTDOWN";
}

TEST(GeneratedMarket, ShowsEveryWayThatSt0ckaLeaves) {
  std::map<std::string_view, int> exits;

  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Bars bars = bars_of({.seed = seed, .sessions = 250});
    for (const auto& session : sessions_of(bars)) ++exits[exit_of(session)];
  }

  EXPECT_GT(exits["LIMIT_FILL"], 500);
  EXPECT_GT(exits["SHUTDOWN"], 150);
  EXPECT_GT(exits["STOP_LOSS"], 10);
  EXPECT_GT(exits["TIME_EXIT"], 0);
}

TEST(GeneratedMarket, NamesASettingOutOfRange) {
  const auto message_of = [](const GeneratedMarketSettings& settings) {
    return GeneratedMarket::create(settings, core::ExchangeCalendar::xnys()).error().message;
  };

  EXPECT_EQ(message_of({.sessions = 0}), "sessions: found 0, allowed 1 to 10000");
  EXPECT_EQ(message_of({.start_price = price("0.50")}),
            "start_price: found 0.50, allowed 1.00 to 100000.00");
  EXPECT_EQ(message_of({.minute_volatility = rate("0.02")}),
            "minute_volatility: found 0.02, allowed 0 to 0.01");
  EXPECT_EQ(message_of({.gap_volatility = rate("-1")}),
            "gap_volatility: found -1, allowed 0 to 0.1");
  EXPECT_EQ(message_of({.stormy_one_in = 0}), "stormy_one_in: found 0, allowed 1 to 10000");
}

TEST(GeneratedMarket, RefusesAPeriodBeyondTheCalendar) {
  const GeneratedMarketSettings settings{.from = core::Date{std::chrono::year{2100} / 12 / 30},
                                         .sessions = 50};

  EXPECT_FALSE(GeneratedMarket::create(settings, core::ExchangeCalendar::xnys()));
}

}  // namespace
}  // namespace st0ck::adapters::sim
