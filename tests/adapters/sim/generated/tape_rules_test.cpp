// What every made-up day keeps, checked event by event over quiet, wild and cheap symbols.

#include "adapters/sim/generated/tape_fixture.hpp"
#include "st0ck/adapters/sim/random.hpp"
#include "st0ck/adapters/sim/simulated_sessions.hpp"
#include "st0ck/market/sale_conditions.hpp"
#include "support/effort.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>

namespace st0ck::adapters::sim::generated {
namespace {

using market::TradingState;

/// Watches one symbol's events and fails on the first that a real tape could not have.
class RuleWatch {
 public:
  RuleWatch(std::string name, std::uint64_t seed) : where_{fmt::format("{} seed {}", name, seed)} {}

  void on(const core::Session& session, const market::TapeEvent& event) {
    session_ = &session;
    std::visit([&](const auto& what) { check(event, what); }, event.what);
  }

  void on_close() {
    EXPECT_EQ(openings_, 1) << where_;
    EXPECT_EQ(closings_, 1) << where_;
    EXPECT_FALSE(status_.band_low) << where_ << ": bands after the close";
    openings_ = closings_ = 0;
  }

  int pauses() const { return pauses_; }
  int halts() const { return halts_; }
  int reopenings() const { return reopenings_; }
  int limit_quotes() const { return limit_quotes_; }

 private:
  void check(const market::TapeEvent& event, const market::Quote& quote) {
    ASSERT_FALSE(defect_of(quote)) << where_ << text_of(event);
    ASSERT_LT(quote.bid, quote.ask) << where_ << text_of(event);
    for (const core::Price side : {quote.bid, quote.ask}) {
      const core::Price tick = side >= price("1") ? price("0.01") : price("0.0001");
      ASSERT_TRUE(side.is_multiple_of(tick)) << where_ << text_of(event);
    }
    ASSERT_TRUE(quote.bid_size.is_multiple_of(core::Volume::whole(100)));
    ASSERT_TRUE(quote.ask_size.is_multiple_of(core::Volume::whole(100)));
    ASSERT_EQ(status_.state, TradingState::Trading) << where_ << text_of(event);
    ASSERT_LT(event.time, session_->close);
    if (!status_.band_low) return;
    // In a limit state the near side stands at the band, the far side beyond it.
    ASSERT_GE(quote.ask, *status_.band_low) << where_ << text_of(event);
    ASSERT_LE(quote.bid, *status_.band_high) << where_ << text_of(event);
    limit_quotes_ += quote.ask == *status_.band_low || quote.bid == *status_.band_high;
  }

  void check(const market::TapeEvent& event, const market::Trade& trade) {
    ASSERT_FALSE(defect_of(trade)) << where_ << text_of(event);
    ASSERT_EQ(status_.state, TradingState::Trading) << where_ << text_of(event);
    ASSERT_LT(event.time, session_->close) << where_;
    const std::string_view letters = trade.conditions.view();
    const bool is_regular = event.time >= session_->open;
    ASSERT_EQ(letters.find('T') == std::string_view::npos, is_regular) << where_ << text_of(event);
    const bool is_plain = letters.find_first_of("BWO56") == std::string_view::npos;
    const bool is_odd = trade.size < core::Volume::whole(100);
    ASSERT_TRUE(!is_plain || is_odd == (letters.find('I') != std::string_view::npos))
        << where_ << text_of(event);
    if (!is_regular) return;
    if (letters == "O") ++openings_;
    ASSERT_EQ(openings_, 1) << where_ << ": the opening print comes first " << text_of(event);
    ASSERT_EQ(closings_, 0) << where_ << ": the closing print comes last " << text_of(event);
    if (letters == "6") ++closings_;
    if (letters == "5") ++reopenings_;
    if (!status_.band_low) return;
    ASSERT_GE(trade.price, *status_.band_low) << where_ << text_of(event);
    ASSERT_LE(trade.price, *status_.band_high) << where_ << text_of(event);
  }

  void check(const market::TapeEvent& event, const market::TradingStatus& status) {
    ASSERT_FALSE(defect_of(status)) << where_ << text_of(event);
    if (status.state != TradingState::Trading) {
      ASSERT_FALSE(status.band_low) << where_ << text_of(event);
      ASSERT_EQ(status.reason.view(), status.state == TradingState::Paused ? "LUDP" : "T1");
    }
    if (status_.state == TradingState::Trading) {
      pauses_ += status.state == TradingState::Paused;
      halts_ += status.state == TradingState::Halted;
      stopped_at_ = event.time;
    } else if (status_.state == TradingState::Paused && status.state == TradingState::Trading) {
      const bool is_at_close = event.time == session_->close - std::chrono::microseconds{1};
      ASSERT_TRUE(is_at_close || event.time == stopped_at_ + std::chrono::minutes{5})
          << where_ << text_of(event);
    }
    status_ = status;
  }

  void check(const market::TapeEvent&, const market::CorporateAction&) {}
  void check(const market::TapeEvent&, const market::SessionPhase&) {}

  std::string where_;
  const core::Session* session_ = nullptr;
  market::TradingStatus status_{};
  core::Timestamp stopped_at_{};
  int openings_ = 0;
  int closings_ = 0;
  int pauses_ = 0;
  int halts_ = 0;
  int reopenings_ = 0;
  int limit_quotes_ = 0;
};

using Watches = std::map<core::InstrumentId, RuleWatch>;

Watches watch(const TapeSettings& settings) {
  Watches watches;
  for (const market::Instrument& instrument : table_of(settings))
    watches.emplace(instrument.id, RuleWatch{instrument.symbol.str(), settings.seed});
  const auto sessions =
      first_sessions(settings.from, settings.sessions, core::ExchangeCalendar::xnys()).value();
  std::size_t session = 0;
  play(settings, [&](const market::TapeEvent& event) {
    while (event.time > sessions[session].close) {
      for (auto& [id, each] : watches) each.on_close();
      ++session;
    }
    if (const auto id = instrument_of(event)) watches.at(*id).on(sessions[session], event);
  });
  for (auto& [id, each] : watches) each.on_close();
  return watches;
}

TEST(GeneratedTapeRules, HoldOnOrdinaryDays) {
  TapeSettings settings;
  settings.seed = 11;
  settings.sessions = 3;
  settings.symbols = {spy()};
  settings.made_up_symbols = 25;

  watch(settings);
}

TEST(GeneratedTapeRules, HoldThroughHaltsSplitsAndDividends) {
  TapeSettings settings;
  settings.seed = 12;
  settings.sessions = 4;
  settings.made_up_symbols = 20;
  settings.halt_one_in = 1;
  settings.dividend_one_in = 1;
  settings.split_one_in = 1;
  int halts = 0;
  int reopenings = 0;

  for (const auto& [id, each] : watch(settings)) {
    halts += each.halts();
    reopenings += each.reopenings();
  }

  EXPECT_GT(halts, 70);
  EXPECT_GE(reopenings, halts);
}

TEST(GeneratedTapeRules, HoldOnEveryKindOfDay) {
  TapeSettings settings = calm(13, kDayKinds);
  settings.symbols = {spy(), stock("AAA", 1), stock("BBB", 2)};
  settings.made_up_symbols = 6;
  for (std::uint32_t kind = 0; kind < kDayKinds; ++kind)
    settings.script.push_back({.session = kind + 1, .kind = static_cast<DayKind>(kind)});

  watch(settings);
}

TEST(GeneratedTapeRules, HoldBeforeAmendment18AndForPennyStocks) {
  TapeSettings settings = calm(14, 2);
  settings.from = core::Date{std::chrono::year{2019} / 2 / 11};
  settings.script = {{.session = 1, .kind = DayKind::Crash}};
  for (const char* start : {"0.06", "0.30", "0.80", "1.01", "2.99", "3.05", "9000"}) {
    SymbolTraits traits = stock(fmt::format("P{}", settings.symbols.size()));
    traits.start_price = price(start);
    traits.own_volatility = rate("0.002");
    traits.luld_tier = 1 + settings.symbols.size() % 2;
    settings.symbols.push_back(traits);
  }

  watch(settings);
}

TEST(GeneratedTapeRules, ACrashPausesAndReopens) {
  TapeSettings settings = calm(15);
  settings.symbols = {spy(), stock("AAA", 1), stock("BBB", 2)};
  settings.script = {{.session = 1, .kind = DayKind::Crash}};

  for (const auto& [id, each] : watch(settings)) {
    EXPECT_GE(each.pauses(), 1);
    EXPECT_EQ(each.pauses(), each.reopenings());
    EXPECT_GT(each.limit_quotes(), 0);
  }
}

/// A 5 % band around the opening print, whatever the seed: the plan's arithmetic by hand.
TEST(GeneratedTapeRules, TheFirstBandsStandAroundTheOpeningPrint) {
  struct Case {
    const char* date;
    const char* start;
    std::uint32_t tier;
    const char* low;
    const char* high;
  };
  const Case cases[] = {
      {"2025-01-02", "100", 1, "95", "105"},           {"2025-01-02", "100", 2, "90", "110"},
      {"2019-02-11", "100", 1, "90", "110"},           {"2025-01-02", "2", 1, "1.60", "2.40"},
      {"2025-01-02", "0.50", 2, "0.35", "0.65"},       {"2025-01-02", "0.10", 2, "0.03", "0.18"},
      {"2025-01-02", "277.77", 1, "263.88", "291.66"},
  };
  for (const Case& each : cases) {
    TapeSettings settings = calm(1);
    settings.from = core::parse_date(each.date).value();
    settings.market_volatility = settings.sector_volatility = settings.gap_volatility = {};
    SymbolTraits traits = stock("AAA");
    traits.own_volatility = {};
    traits.start_price = price(each.start);
    traits.luld_tier = each.tier;
    settings.symbols = {traits};
    std::optional<market::TradingStatus> first;

    play(settings, [&](const market::TapeEvent& event) {
      const auto* status = std::get_if<market::TradingStatus>(&event.what);
      if (status != nullptr && status->band_low && !first) first = *status;
    });

    ASSERT_TRUE(first) << each.start;
    EXPECT_EQ(first->band_low, price(each.low)) << each.start << " tier " << each.tier;
    EXPECT_EQ(first->band_high, price(each.high)) << each.start << " tier " << each.tier;
  }
}

TEST(GeneratedTapeRules, BandsDoubleForTheLast25Minutes) {
  TapeSettings settings = calm(1);
  settings.market_volatility = settings.sector_volatility = settings.gap_volatility = {};
  SymbolTraits traits = stock("AAA");
  traits.own_volatility = {};
  settings.symbols = {traits};
  const auto session =
      first_sessions(settings.from, settings.sessions, core::ExchangeCalendar::xnys())
          .value()
          .front();
  std::map<core::Price, core::Timestamp> since;

  play(settings, [&](const market::TapeEvent& event) {
    const auto* status = std::get_if<market::TradingStatus>(&event.what);
    if (status != nullptr && status->band_low) since.emplace(*status->band_low, event.time);
  });

  ASSERT_EQ(since.size(), 2u);
  EXPECT_LT(since.at(price("95")), session.open + std::chrono::seconds{1});
  const auto doubled = since.at(price("90")) - (session.close - std::chrono::minutes{25});
  EXPECT_GE(doubled, core::Duration{});
  EXPECT_LT(doubled, std::chrono::seconds{5});
}

TEST(GeneratedTapeRules, Rule201LastsThisSessionAndTheNext) {
  TapeSettings settings = calm(16, 4);
  settings.symbols = {stock("AAA")};
  settings.script = {{.session = 2, .kind = DayKind::Crash}};
  core::Price close;
  std::optional<core::Timestamp> fell_at;
  std::optional<core::Timestamp> told_at;
  bool is_restricted = false;
  std::vector<bool> at_open;
  std::vector<bool> at_close;

  play(settings, [&](const market::TapeEvent& event) {
    if (const auto* status = std::get_if<market::TradingStatus>(&event.what)) {
      is_restricted = status->is_short_sale_restricted;
      if (is_restricted && !told_at) told_at = event.time;
    }
    if (const auto* trade = std::get_if<market::Trade>(&event.what)) {
      // 90 % of the last close, by prints that tell a price.
      const bool is_low = !close.is_zero() && trade->price.raw() * 10 <= close.raw() * 9;
      if (is_low && effect_of(trade->conditions).last && !fell_at) fell_at = event.time;
      if (trade->conditions.view() == "6") close = trade->price;
    }
    if (const auto* phase = std::get_if<market::SessionPhase>(&event.what)) {
      if (phase->phase == market::Phase::Open) at_open.push_back(is_restricted);
      if (phase->phase == market::Phase::Close) at_close.push_back(is_restricted);
    }
  });

  ASSERT_TRUE(fell_at);
  EXPECT_EQ(told_at, fell_at);
  EXPECT_EQ(at_open, (std::vector<bool>{false, false, true, false}));
  EXPECT_EQ(at_close, (std::vector<bool>{false, true, true, false}));
}

/// Traits from the ends of what is allowed.
SymbolTraits extreme(std::string_view symbol, Random& random) {
  const auto either = [&](auto low, auto usual, auto high) {
    const std::int64_t which = random.below(3);
    return which == 0 ? low : which == 1 ? usual : high;
  };
  SymbolTraits traits = stock(symbol, static_cast<std::uint32_t>(random.below(11)));
  traits.start_price = either(price("0.05"), price("1.00"), price("100000"));
  traits.own_volatility = either(rate("0"), rate("0.0005"), rate("0.01"));
  traits.market_beta = either(rate("-5"), rate("1"), rate("5"));
  traits.sector_beta = either(rate("-5"), rate("0"), rate("5"));
  traits.minute_volume = core::Volume::whole(either(1, 10'000, 100'000'000));
  traits.events_per_minute = either(1u, 30u, 300u);
  traits.spread = either(rate("0"), rate("0.001"), rate("0.05"));
  traits.quote_size = core::Volume::whole(either(100, 500, 1'000'000));
  traits.luld_tier = 1 + static_cast<std::uint32_t>(random.below(2));
  return traits;
}

TEST(GeneratedTapeRules, HoldAtTheEndsOfWhatIsAllowed) {
  Random random{17};
  for (int round = 0; round < st0ck::test::effort(6, 2); ++round) {
    TapeSettings settings;
    settings.seed = random.next();
    settings.sessions = 3;
    settings.from = core::Date{std::chrono::year{2019 + 3 * (round % 2)} / 11 / 27};
    settings.market_volatility = round % 3 == 0 ? rate("0.01") : rate("0.0003");
    settings.sector_volatility = round % 3 == 1 ? rate("0.01") : rate("0.0002");
    settings.gap_volatility = round % 2 == 0 ? rate("0.1") : rate("0");
    settings.has_premarket = round % 2 == 0;
    settings.off_exchange_share = round % 3 == 0 ? rate("0") : rate("1");
    settings.halt_one_in = settings.dividend_one_in = settings.split_one_in = 2;
    settings.special_day_one_in = 1;
    settings.script = {{.session = 2, .kind = DayKind::Crash}};
    for (int i = 0; i < 8; ++i) settings.symbols.push_back(extreme(fmt::format("X{}", i), random));
    ASSERT_TRUE(settings.validate()) << settings.validate().error().message;

    watch(settings);
  }
}

}  // namespace
}  // namespace st0ck::adapters::sim::generated
