#include "st0ck/adapters/sim/bar_market.hpp"

#include "adapters/sim/exchange_fixture.hpp"
#include "st0ck/adapters/sim/bars_in_memory.hpp"
#include "st0ck/market/null_event_sink.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>

namespace st0ck::adapters::sim {
namespace {

using namespace std::chrono_literals;

std::string clock_text(core::Timestamp time) { return core::format_utc(time).substr(11, 5); }

/// Writes down what it hears, one line each, with the clock's time in front.
class EventLog : public market::EventSink {
 public:
  explicit EventLog(const core::Clock& clock) : clock_{clock} {}

  void on_quote(const market::Quote& quote) override {
    add(fmt::format("quote {} {}/{}", quote.instrument.value(), quote.bid.to_string(),
                    quote.ask.to_string()));
    last_quote = quote;
  }
  void on_trade(const market::Trade&) override { add("trade"); }
  void on_bar(const market::Bar& bar) override {
    add(fmt::format("bar {}", bar.instrument.value()));
    if (at_bar) at_bar(bar);
  }
  void on_session_phase(const market::SessionPhase& phase) override {
    add(std::string{name_of(phase.phase)});
  }
  void on_provider_status(const market::ProviderStatus& status) override {
    add(fmt::format("{} {} {}", status.provider, name_of(status.state), status.reason));
  }

  void add(std::string_view what) {
    lines.push_back(fmt::format("{} {}", clock_text(clock_.now()), what));
  }

  Lines lines;
  market::Quote last_quote;
  std::function<void(const market::Bar&)> at_bar;

 private:
  const core::Clock& clock_;
};

class NothingThere final : public market::BarSource {
 public:
  core::Result<std::optional<market::Bar>> next() override {
    return core::fail(core::Errc::BadInput, "spy.csv line 7: torn");
  }
};

/// A bar market over bars made by hand on 2019-02-11 (14:30 to 21:00 UTC), run to its end.
class Play {
 public:
  explicit Play(const MatchingSettings& matching = {}) : exchange{matching}, log{exchange.clock} {
    settings.from = core::Date{std::chrono::year{2019} / 2 / 11};
    settings.to = settings.from;
    exchange.clock.set({});
  }

  void add(std::vector<market::Bar> bars, bool derive_quotes = false) {
    if (instruments_ > 0) {
      market::Instrument other;
      other.symbol = core::Symbol{fmt::format("X{}", instruments_)};
      exchange.instruments.define(other);
    }
    const core::InstrumentId id{instruments_++};
    for (market::Bar& each : bars) each.instrument = id;
    held_.push_back(std::make_unique<std::vector<market::Bar>>(std::move(bars)));
    feeds.push_back({id, std::make_unique<BarsInMemory>(*held_.back()), derive_quotes});
  }

  core::Result<std::unique_ptr<BarMarket>> open() {
    return BarMarket::open(settings, core::ExchangeCalendar::xnys(), exchange.instruments,
                           *exchange.engine, std::move(feeds));
  }

  /// Plays everything, handling order updates after each event and each step; what was heard.
  Lines run() {
    auto market = open();
    EXPECT_TRUE(market) << market.error().message;
    if (market) error_ = run(**market);
    return log.lines;
  }

  const std::string& error() const { return error_; }

  Exchange exchange;
  BarMarketSettings settings;
  std::vector<BarFeed> feeds;
  EventLog log;
  std::function<void()> after_step;

 private:
  std::string run(BarMarket& market) {
    while (const auto time = market.next_time()) {
      EXPECT_LE(exchange.clock.now(), *time) << "time never goes back";
      exchange.clock.set(*time);
      auto status = market.step(log);
      for (const std::string& line : exchange.heard()) log.add(line);
      if (!status) return status.error().message;
      if (after_step) after_step();
    }
    return "";
  }

  std::vector<std::unique_ptr<std::vector<market::Bar>>> held_;
  std::uint32_t instruments_ = 0;
  std::string error_;
};

constexpr BarPrices kCalm{"100.00", "100.50", "99.50", "100.20"};

/// Lines without the phases of the session and the end.
Lines only(const Lines& lines, std::string_view what) {
  Lines found;
  for (const std::string& line : lines)
    if (line.find(what) != std::string::npos) found.push_back(line);
  return found;
}

TEST(BarMarket, PlaysASessionInItsOrder) {
  Play play;
  play.add({bar("14:30", kCalm), bar("14:31", kCalm)}, true);
  play.add({bar("14:31", kCalm)});

  EXPECT_EQ(play.run(), (Lines{"14:20 prepare", "14:30 open", "14:31 quote 0 100.195/100.205",
                               "14:31 bar 0", "14:32 quote 0 100.195/100.205", "14:32 bar 0",
                               "14:32 bar 1", "21:00 close", "21:00 bars finished END_OF_DATA"}));
}

TEST(BarMarket, PublishesTheLastBarBeforeTheClose) {
  Play play;
  play.add({bar("20:59", kCalm)});

  EXPECT_EQ(play.run(), (Lines{"14:20 prepare", "14:30 open", "21:00 bar 0", "21:00 close",
                               "21:00 bars finished END_OF_DATA"}));
}

TEST(BarMarket, KnowsTheTimesOfAnEarlyClose) {
  Play play;
  play.settings.from = core::Date{std::chrono::year{2018} / 12 / 24};
  play.settings.to = play.settings.from;

  EXPECT_EQ(play.run(), (Lines{"14:20 prepare", "14:30 open", "18:00 bars degraded NO_DATA",
                               "18:00 close", "18:00 bars finished END_OF_DATA"}));
}

TEST(BarMarket, GoesOnAfterASessionWithoutBars) {
  Play play;
  auto tuesday = bar("14:30", kCalm);
  tuesday.start += 24h;
  tuesday.end += 24h;
  play.add({tuesday});
  play.settings.to = core::Date{std::chrono::year{2019} / 2 / 12};

  EXPECT_EQ(play.run(),
            (Lines{"14:20 prepare", "14:30 open", "21:00 bars degraded NO_DATA", "21:00 close",
                   "14:20 bars connected NEXT_SESSION", "14:20 prepare", "14:30 open",
                   "14:31 bar 0", "21:00 close", "21:00 bars finished END_OF_DATA"}));
}

TEST(BarMarket, NamesTheInstrumentWithoutBars) {
  Play play;
  play.add({bar("14:30", kCalm)});
  play.add({bar("13:00", kCalm)});

  EXPECT_EQ(only(play.run(), "degraded"), (Lines{"21:00 bars degraded NO_DATA_X1"}));
}

TEST(BarMarket, SkipsBarsOutsideThePeriod) {
  Play play;
  auto before = bar("14:30", kCalm);
  before.start -= 24h;
  before.end -= 24h;
  auto after = before;
  after.start += 48h;
  after.end += 48h;
  play.add({before, bar("14:30", kCalm), after});

  EXPECT_EQ(only(play.run(), "bar 0"), (Lines{"14:31 bar 0"}));
}

TEST(BarMarket, PlaysBarsBeforeTheOpenOfTheFirstDate) {
  Play play;
  play.add({bar("09:00", kCalm), bar("14:30", kCalm)});

  EXPECT_EQ(only(play.run(), "bar 0"), (Lines{"09:01 bar 0", "14:31 bar 0"}));
}

TEST(BarMarket, DerivesAQuoteThatStaysFreshUntilTheNextBarIsDue) {
  Play play;
  play.settings.half_spread = price("0.02");
  play.add({bar("14:30", {"0.03", "0.03", "0.03", "0.03"})}, true);

  play.run();

  EXPECT_EQ(play.log.last_quote.time, at("14:31"));
  EXPECT_EQ(play.log.last_quote.derived_fresh_until, at("14:32"));
  EXPECT_EQ(play.log.last_quote.bid, price("0.01"));
  EXPECT_EQ(play.log.last_quote.ask, price("0.05"));
  EXPECT_EQ(play.log.last_quote.bid_size, core::Volume::whole(100));
}

TEST(BarMarket, DerivesNoBidOfZero) {
  Play play;
  play.settings.half_spread = price("0.05");
  play.add({bar("14:30", {"0.03", "0.03", "0.03", "0.03"})}, true);

  play.run();

  EXPECT_EQ(play.log.last_quote.bid, price("0.01"));
}

// Orders.

TEST(BarMarket, FillsWhatABarCausesAtTheNextOpen) {
  Play play;
  play.add({bar("14:30", kCalm), bar("14:31", {"101", "101", "101", "101"})});
  play.log.at_bar = [&](const market::Bar& seen) {
    if (seen.start == at("14:30")) play.exchange.enter(buy("a", 1));
  };

  const Lines lines = play.run();

  EXPECT_EQ(only(lines, "a "), (Lines{"14:31 a accepted", "14:31 a fill 1 @ 101.00 at 14:31"}));
}

TEST(BarMarket, FillsWhatABarCausesAtTheNextOpenAfterAGap) {
  Play play;
  play.add({bar("14:30", kCalm), bar("14:40", {"101", "101", "101", "101"})});
  play.log.at_bar = [&](const market::Bar& seen) {
    if (seen.start == at("14:30")) play.exchange.enter(buy("a", 1));
  };

  EXPECT_EQ(only(play.run(), "a fill"), (Lines{"14:40 a fill 1 @ 101.00 at 14:40"}));
}

TEST(BarMarket, LetsAnOrderOfAnotherInstrumentsBarTakePartInTheOpen) {
  Play play;
  play.add({bar("14:30", kCalm), bar("14:31", kCalm)});
  play.add({bar("14:30", kCalm)});
  play.log.at_bar = [&](const market::Bar& seen) {
    if (seen.instrument.value() == 1) play.exchange.enter(buy("a", 1));
  };

  EXPECT_EQ(only(play.run(), "a fill"), (Lines{"14:31 a fill 1 @ 100.00 at 14:31"}));
}

// A timer at 14:31 comes after the data of 14:31, so that its order has missed the open of 14:31,
// whether or not another order made that open a step of its own.
class OrderOfATimer : public testing::TestWithParam<bool> {};

TEST_P(OrderOfATimer, WaitsForTheNextOpen) {
  Play play;
  play.add({bar("14:30", kCalm), bar("14:31", kCalm), bar("14:32", kCalm)});
  if (GetParam()) play.exchange.enter(sell("other", 1).stop("1.00"));
  play.after_step = [&, sent = false]() mutable {
    if (sent || play.exchange.clock.now() != at("14:31")) return;
    sent = true;
    play.exchange.enter(buy("a", 1));
  };

  EXPECT_EQ(only(play.run(), "a fill"), (Lines{"14:32 a fill 1 @ 100.00 at 14:32"}));
}

INSTANTIATE_TEST_SUITE_P(BarMarket, OrderOfATimer, testing::Bool());

TEST(BarMarket, StopsAfterAStopHasFilledSoThatTheTargetCanBeCancelled) {
  Play play;
  play.add({bar("14:30", kCalm)});
  play.exchange.enter(sell("stop", 1).stop("99.60"));
  play.exchange.enter(sell("target", 1).limit("100.40"));
  play.exchange.heard();
  play.after_step = [&, cancelled = false]() mutable {
    if (cancelled || play.exchange.updates.all.size() < 3) return;
    cancelled = true;
    play.exchange.cancel("target");
  };

  const Lines lines = play.run();

  EXPECT_EQ(only(lines, "fill"), (Lines{"14:31 stop fill 1 @ 99.60 at 14:30"}));
  EXPECT_EQ(only(lines, "14:31"), (Lines{"14:31 stop fill 1 @ 99.60 at 14:30", "14:31 bar 0",
                                         "14:31 target cancelled CANCEL_REQUEST"}));
}

TEST(BarMarket, ExpiresDayOrdersBeforeItTellsTheClose) {
  Play play;
  play.add({bar("14:30", kCalm)});
  play.exchange.enter(sell("a", 1).limit("200"));
  play.exchange.heard();

  EXPECT_EQ(only(play.run(), "21:00"),
            (Lines{"21:00 a expired DAY_END", "21:00 close", "21:00 bars finished END_OF_DATA"}));
}

TEST(BarMarket, AllocatesNothingWhileItPlays) {
  Play play;
  std::vector<market::Bar> bars;
  for (int minute = 10; minute < 60; ++minute)
    bars.push_back(bar(fmt::format("15:{}", minute), kCalm));
  play.add(bars, true);
  play.exchange.enter(sell("stop", 1).stop("90").gtc());
  play.exchange.enter(sell("target", 1).limit("110").gtc());
  auto market = play.open().value();
  market::NullEventSink deaf;

  const auto before = test::allocations_of_this_thread();
  while (const auto time = market->next_time()) {
    play.exchange.clock.set(*time);
    if (!market->step(deaf)) break;
  }

  EXPECT_EQ(test::allocations_of_this_thread(), before);
  EXPECT_EQ(market->bars_played(), 50u);
}

// Bad data.

TEST(BarMarket, RefusesADuplicateBar) {
  Play play;
  play.add({bar("14:30", kCalm), bar("14:30", kCalm)});

  play.run();

  EXPECT_EQ(play.error(),
            "bar of SPY at 2019-02-11T14:30:00Z: found a start before 2019-02-11T14:31:00Z, where "
            "the bar before it ends; bars come in their order and do not overlap");
}

TEST(BarMarket, RefusesADefectiveBar) {
  Play play;
  play.add({bar("14:30", {"100", "99", "98", "98.50"})});

  EXPECT_EQ(play.open().error().message,
            "bar of SPY at 2019-02-11T14:30:00Z: high is below open or close");
}

TEST(BarMarket, RefusesABarOfAnotherInstrument) {
  Play play;
  const std::vector<market::Bar> bars{bar("14:30", kCalm)};
  market::Instrument other;
  other.symbol = core::Symbol{"QQQ"};
  play.feeds.push_back(
      {play.exchange.instruments.define(other).id, std::make_unique<BarsInMemory>(bars), false});

  EXPECT_EQ(play.open().error().message,
            "bar of QQQ at 2019-02-11T14:30:00Z: found a bar of another instrument, allowed are "
            "bars of this one");
}

TEST(BarMarket, PassesOnWhatASourceSays) {
  Play play;
  play.feeds.push_back({core::InstrumentId{}, std::make_unique<NothingThere>(), false});

  EXPECT_EQ(play.open().error().message, "spy.csv line 7: torn");
}

TEST(BarMarket, RefusesAPeriodWithoutASession) {
  Play play;
  play.settings.from = core::Date{std::chrono::year{2019} / 2 / 16};
  play.settings.to = core::Date{std::chrono::year{2019} / 2 / 18};

  EXPECT_EQ(play.open().error().message,
            "from 2019-02-16 to 2019-02-18: no session of the exchange, at least one is needed");
}

TEST(BarMarket, RefusesSettingsOutOfRange) {
  Play play;
  play.settings.half_spread = price("-0.01");
  EXPECT_EQ(play.open().error().message, "half_spread: found -0.01, allowed 0.00 to 1000000.00");

  play.settings.half_spread = price("0");
  play.settings.quote_size = core::Volume{};
  EXPECT_EQ(play.open().error().message, "quote_size: found 0, allowed above 0");
}

}  // namespace
}  // namespace st0ck::adapters::sim
