#include "st0ck/adapters/sim/generated/tape.hpp"

#include "adapters/sim/generated/tape_fixture.hpp"
#include "st0ck/adapters/sim/simulated_sessions.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <tuple>

namespace st0ck::adapters::sim::generated {
namespace {

using market::Phase;

// The golden value: whatever computes another one has changed every recorded day and hash.
TEST(GeneratedTape, IsTheSameForEver) {
  TapeSettings settings;
  settings.seed = 42;
  settings.sessions = 2;
  settings.symbols = {spy()};

  EXPECT_EQ(hash_of(settings, "SPY"),
            "0cce4328881852b157285a8059c9ba2abd1668a75cedfc9aed06d50954e0148f");
}

TEST(GeneratedTape, DependsOnSeedAndSymbol) {
  TapeSettings settings = calm(1);
  settings.symbols = {stock("AAA"), stock("BBB")};
  const std::string first = hash_of(settings, "AAA");

  EXPECT_EQ(hash_of(settings, "AAA"), first);
  EXPECT_NE(hash_of(settings, "BBB"), first);
  settings.seed = 2;
  EXPECT_NE(hash_of(settings, "AAA"), first);
}

TEST(GeneratedTape, GivesASymbolTheSameEventsWhateverElseIsTraded) {
  TapeSettings alone;
  alone.seed = 7;
  alone.sessions = 2;
  alone.halt_one_in = 2;
  alone.dividend_one_in = 2;
  alone.symbols = {stock("XYZ", 3)};
  TapeSettings crowd = alone;
  crowd.made_up_symbols = 50;
  TapeSettings among = crowd;
  among.symbols = {stock("AAA"), stock("XYZ", 3), spy()};

  const std::string expected = hash_of(alone, "XYZ");
  EXPECT_EQ(hash_of(crowd, "XYZ"), expected);
  EXPECT_EQ(hash_of(among, "XYZ"), expected);
}

TEST(GeneratedTape, NeverGoesBackInTimeAndOrdersEqualTimesByInstrument) {
  TapeSettings settings;
  settings.seed = 3;
  settings.sessions = 2;
  settings.made_up_symbols = 60;
  using Place = std::tuple<core::Timestamp, std::int64_t>;
  Place last{core::Timestamp::min(), -1};
  std::size_t events = 0;

  play(settings, [&](const market::TapeEvent& event) {
    const auto instrument = instrument_of(event);
    const Place place{event.time, instrument ? std::int64_t{instrument->value()} : -1};
    ASSERT_LE(last, place) << text_of(event);
    last = place;
    ++events;
  });

  EXPECT_GT(events, 500'000u);
}

TEST(GeneratedTape, TellsThePhasesOfTheCalendarsSessions) {
  // 2024-07-03 closes at 13:00, the 4th is a holiday.
  TapeSettings settings = calm(1, 2);
  settings.from = core::Date{std::chrono::year{2024} / 7 / 3};
  settings.symbols = {spy()};
  std::vector<std::string> phases;

  play(settings, [&](const market::TapeEvent& event) {
    if (const auto* phase = std::get_if<market::SessionPhase>(&event.what))
      phases.push_back(
          fmt::format("{} {}", core::format_utc(event.time), market::name_of(phase->phase)));
  });

  EXPECT_EQ(phases,
            (std::vector<std::string>{"2024-07-03T13:20:00Z prepare", "2024-07-03T13:30:00Z open",
                                      "2024-07-03T17:00:00Z close", "2024-07-05T13:20:00Z prepare",
                                      "2024-07-05T13:30:00Z open", "2024-07-05T20:00:00Z close"}));
}

TEST(GeneratedTape, BeginsThePremarketAtFour) {
  TapeSettings settings = calm(1);
  settings.has_premarket = true;
  settings.symbols = {spy()};
  const core::Session session =
      first_sessions(settings.from, settings.sessions, core::ExchangeCalendar::xnys())
          .value()
          .front();
  core::Timestamp first_quote = core::Timestamp::max();
  int early_prints = 0;

  play(settings, [&](const market::TapeEvent& event) {
    if (std::holds_alternative<market::Quote>(event.what))
      first_quote = std::min(first_quote, event.time);
    const auto* trade = std::get_if<market::Trade>(&event.what);
    if (trade == nullptr) return;
    const bool is_extended = trade->conditions.view().find('T') != std::string_view::npos;
    EXPECT_EQ(is_extended, event.time < session.open) << text_of(event);
    early_prints += is_extended;
  });

  EXPECT_GE(first_quote, session.pre_market_open());
  EXPECT_LT(first_quote, session.pre_market_open() + std::chrono::minutes{5});
  EXPECT_GT(early_prints, 100);
}

TEST(GeneratedTape, BeginsAtPrepareWithoutAPremarket) {
  TapeSettings settings = calm(1);
  settings.symbols = {spy()};
  std::vector<market::TapeEvent> events;

  play(settings, [&](const market::TapeEvent& event) { events.push_back(event); });

  ASSERT_GT(events.size(), 4u);
  const auto& prepare = std::get<market::SessionPhase>(events[0].what);
  EXPECT_EQ(prepare.phase, Phase::Prepare);
  EXPECT_TRUE(std::holds_alternative<market::TradingStatus>(events[1].what));
  EXPECT_EQ(events[0].time, prepare.session.open - std::chrono::minutes{10});
  EXPECT_EQ(events[1].time, events[0].time);
}

TEST(GeneratedTape, NamesASettingOutOfRange) {
  const auto message_of = [](const auto& change) {
    TapeSettings settings = calm(1);
    settings.symbols = {spy()};
    change(settings);
    return settings.validate().error().message;
  };

  EXPECT_EQ(message_of([](auto& s) { s.sessions = 0; }), "sessions: found 0, allowed 1 to 10000");
  EXPECT_EQ(message_of([](auto& s) { s.symbols.clear(); }), "symbols: found 0, allowed 1 to 5000");
  EXPECT_EQ(message_of([](auto& s) { s.made_up_symbols = 5000; }),
            "symbols: found 5001, allowed 1 to 5000");
  EXPECT_EQ(message_of([](auto& s) { s.symbols.push_back(spy()); }),
            "symbols: found SPY twice, allowed once");
  EXPECT_EQ(message_of([](auto& s) { s.symbols[0].sector = 11; }),
            "symbols.SPY: sector: found 11, allowed 0 to 10");
  EXPECT_EQ(message_of([](auto& s) { s.symbols[0].start_price = price("0.01"); }),
            "symbols.SPY: start_price: found 0.01, allowed 0.05 to 100000.00");
  EXPECT_EQ(message_of([](auto& s) { s.market_volatility = rate("0.02"); }),
            "market_volatility: found 0.02, allowed 0 to 0.01");
  EXPECT_EQ(message_of([](auto& s) { s.off_exchange_share = rate("1.1"); }),
            "off_exchange_share: found 1.1, allowed 0 to 1");
  EXPECT_EQ(message_of([](auto& s) { s.script = {{.session = 2}}; }),
            "script.session: found 2, allowed 1 to 1");
  EXPECT_EQ(message_of([](auto& s) { s.script = {{.symbol = core::Symbol{"QQQ"}}}; }),
            "script.symbol: found QQQ, allowed are the market's symbols");
}

TEST(GeneratedTape, RefusesASymbolThatIsNotInTheTable) {
  TapeSettings settings = calm(1);
  settings.symbols = {spy()};

  const auto tape = make_tape(settings, core::ExchangeCalendar::xnys(), market::InstrumentTable{});

  ASSERT_FALSE(tape);
  EXPECT_EQ(tape.error().message, "symbols: found SPY, which is not in the instrument table");
}

TEST(GeneratedTape, ACopyBetweenSessionsPlaysTheSameFromThere) {
  TapeSettings settings = calm(1, 3);
  settings.symbols = {spy()};
  const auto tape =
      make_session_tape(settings, core::ExchangeCalendar::xnys(), table_of(settings)).value();
  do {
    ASSERT_FALSE(tape->next_several().value().empty());
  } while (!tape->is_between_sessions());
  const auto copy = tape->copy();

  std::vector<std::pair<core::Timestamp, std::size_t>> first;
  play(*tape, [&](const auto& event) { first.emplace_back(event.time, event.what.index()); });
  std::vector<std::pair<core::Timestamp, std::size_t>> second;
  play(*copy, [&](const auto& event) { second.emplace_back(event.time, event.what.index()); });

  EXPECT_GT(first.size(), 1000u);
  EXPECT_EQ(first, second);
}

TEST(GeneratedTape, RefusesAPeriodBeyondTheCalendar) {
  TapeSettings settings = calm(1, 50);
  settings.symbols = {spy()};
  settings.from = core::Date{std::chrono::year{2100} / 12 / 30};

  EXPECT_FALSE(make_tape(settings, core::ExchangeCalendar::xnys(), table_of(settings)));
}

TEST(GeneratedTape, MakesUpSymbolsOfTheirOwn) {
  TapeSettings few = calm(1);
  few.made_up_symbols = 2;
  TapeSettings many = few;
  many.made_up_symbols = 5000;

  const auto all = all_symbols(many);

  EXPECT_TRUE(many.validate());
  EXPECT_EQ(all[0].symbol.view(), "AAAA");
  EXPECT_EQ(all[27].symbol.view(), "AABB");
  EXPECT_EQ(all_symbols(few)[1].start_price, all[1].start_price);
}

}  // namespace
}  // namespace st0ck::adapters::sim::generated
