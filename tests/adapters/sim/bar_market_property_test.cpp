// The bar market against a plain twin that makes a list of everything that can happen, sorts it
// and plays every phase of every bar as a step of its own.

#include "adapters/sim/exchange_fixture.hpp"
#include "st0ck/adapters/sim/bar_market.hpp"
#include "st0ck/adapters/sim/bars_in_memory.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <functional>
#include <tuple>

namespace st0ck::adapters::sim {
namespace {

using Bars = std::vector<market::Bar>;

constexpr std::uint32_t kInstruments = 3;

core::Price cents(int count) { return core::Price::from_raw(count * 10'000'000LL); }

market::Bar some_bar(core::InstrumentId instrument, core::Timestamp start) {
  const auto prices = *rc::gen::container<std::vector<int>>(4, rc::gen::inRange(9990, 10010));
  market::Bar bar;
  bar.instrument = instrument;
  bar.start = start;
  bar.end = start + std::chrono::minutes{*rc::gen::inRange(1, 3)};
  bar.open = cents(prices[0]);
  bar.close = cents(prices[1]);
  bar.high = cents(*std::max_element(prices.begin(), prices.end()));
  bar.low = cents(*std::min_element(prices.begin(), prices.end()));
  bar.volume = core::Volume::whole(1000);
  return bar;
}

/// Bars of the last minutes of one session, with gaps.
Bars some_bars(core::InstrumentId instrument) {
  Bars bars;
  core::Timestamp time = at("20:45");
  while (time < at("20:58")) {
    if (*rc::gen::inRange(0, 4) == 0) time += std::chrono::minutes{1};
    time = bars.emplace_back(some_bar(instrument, time)).end;
  }
  return bars;
}

/// A trader that acts on every third thing it hears, the same way for the same history.
class Trader : public market::EventSink {
 public:
  explicit Trader(std::uint32_t seed) : state_{seed} {}

  void on_quote(const market::Quote& quote) override {
    hear(fmt::format("quote {}", quote.bid.to_string()));
  }
  void on_trade(const market::Trade&) override {}
  void on_bar(const market::Bar& bar) override {
    hear(fmt::format("bar {}", bar.instrument.value()));
  }
  void on_session_phase(const market::SessionPhase& phase) override { hear(name_of(phase.phase)); }
  void on_provider_status(const market::ProviderStatus&) override {}

  /// What the kernel does after each event and each step.
  void drain() {
    while (read_ < exchange.updates.all.size()) {
      const auto update = exchange.updates.all[read_++];
      hear(fmt::format("{} {} {} {}", update.client_order_id, name_of(update.kind),
                       update.price.to_string(), core::format_utc(update.time)));
    }
  }

  Exchange exchange;
  Lines lines;

 private:
  void hear(std::string_view what) {
    lines.push_back(fmt::format("{} {}", core::format_utc(exchange.clock.now()), what));
    if (orders_ < 40) act();
    if (!is_draining_) {
      is_draining_ = true;
      drain();
      is_draining_ = false;
    }
  }

  void act() {
    if (random(3) != 0) return;
    const auto id = fmt::format("o{}", random(static_cast<std::uint32_t>(orders_ + 1)));
    switch (random(3)) {
      case 0: return exchange.cancel(id);
      default: return exchange.enter(some_order());
    }
  }

  trading::OrderIntent some_order() {
    const auto side = random(2) == 0 ? trading::Side::Buy : trading::Side::Sell;
    OrderBuilder order{side, fmt::format("o{}", orders_++), 1};
    order.intent().legs.front().instrument = core::InstrumentId{random(kInstruments)};
    const auto near = cents(static_cast<int>(9990 + random(20))).to_string();
    switch (random(4)) {
      case 0: order.limit(near); break;
      case 1: order.stop(near); break;
      case 2: order.ioc(); break;
      default: break;
    }
    if (random(3) == 0) order.gtc();
    return order;
  }

  /// A linear congruential generator is enough here.
  std::uint32_t random(std::uint32_t below) {
    state_ = state_ * 1664525u + 1013904223u;
    return (state_ >> 16) % below;
  }

  std::uint32_t state_;
  std::size_t read_ = 0;
  int orders_ = 0;
  bool is_draining_ = false;
};

void define_instruments(Exchange& exchange) {
  for (std::uint32_t i = 1; i < kInstruments; ++i) {
    market::Instrument other;
    other.symbol = core::Symbol{fmt::format("X{}", i)};
    exchange.instruments.define(other);
  }
}

Lines played_by_market(const std::vector<Bars>& bars, std::uint32_t seed) {
  Trader trader{seed};
  define_instruments(trader.exchange);
  std::vector<BarFeed> feeds;
  for (std::uint32_t i = 0; i < kInstruments; ++i)
    feeds.push_back({core::InstrumentId{i}, std::make_unique<BarsInMemory>(bars[i]), false});
  BarMarketSettings settings;
  settings.from = core::Date{std::chrono::year{2019} / 2 / 11};
  settings.to = settings.from;
  auto market =
      BarMarket::open(settings, core::ExchangeCalendar::xnys(), trader.exchange.instruments,
                      *trader.exchange.engine, std::move(feeds));
  RC_ASSERT(market.has_value());
  while (const auto time = (*market)->next_time()) {
    trader.exchange.clock.set(*time);
    RC_ASSERT((*market)->step(trader).has_value());
    trader.drain();
  }
  return trader.lines;
}

/// Something that happens, and where it stands in the order of its moment.
struct Happening {
  core::Timestamp time;
  int part = 0;
  std::uint32_t instrument = 0;
  int phase = 0;
  std::function<void()> play;

  auto rank() const { return std::tuple{time, part, instrument, phase}; }
};

Lines played_plainly(const std::vector<Bars>& bars, std::uint32_t seed) {
  Trader trader{seed};
  define_instruments(trader.exchange);
  MatchingEngine& engine = *trader.exchange.engine;
  std::vector<Happening> happenings;
  for (std::uint32_t i = 0; i < kInstruments; ++i) {
    for (const market::Bar& bar : bars[i]) {
      happenings.push_back({bar.end, 0, i, 0, [&] { engine.on_bar_stops(bar); }});
      happenings.push_back({bar.end, 0, i, 1, [&] { engine.on_bar_limits(bar); }});
      happenings.push_back({bar.end, 0, i, 2, [&] { trader.on_bar(bar); }});
      happenings.push_back({bar.start, 2, i, 0, [&] { engine.on_bar_open(bar); }});
    }
  }
  const auto session = core::ExchangeCalendar::xnys().session_at(at("20:00")).value();
  using market::Phase;
  happenings.push_back({session.open - std::chrono::minutes{10}, 1, 0, 0,
                        [&] { trader.on_session_phase({Phase::Prepare, session}); }});
  happenings.push_back(
      {session.open, 1, 0, 0, [&] { trader.on_session_phase({Phase::Open, session}); }});
  happenings.push_back({session.close, 1, 0, 0, [&] { engine.on_session_close(session.close); }});
  happenings.push_back(
      {session.close, 1, 0, 1, [&] { trader.on_session_phase({Phase::Close, session}); }});
  std::sort(happenings.begin(), happenings.end(),
            [](const Happening& a, const Happening& b) { return a.rank() < b.rank(); });
  for (const Happening& happening : happenings) {
    trader.exchange.clock.set(happening.time);
    happening.play();
    trader.drain();
  }
  return trader.lines;
}

TEST(BarMarketProperty, SaysAndFillsWhatItsPlainTwinDoes) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Bars> bars;
    for (std::uint32_t i = 0; i < kInstruments; ++i)
      bars.push_back(some_bars(core::InstrumentId{i}));
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();

    RC_ASSERT(played_by_market(bars, seed) == played_plainly(bars, seed));
  }));
}

}  // namespace
}  // namespace st0ck::adapters::sim
