#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/kernel/simulated_clock.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <array>
#include <string>

namespace st0ck::adapters::sim {
namespace {

class DeafSink final : public trading::OrderUpdateSink {
 public:
  void on_order_update(const trading::OrderUpdate& update) override {
    benchmark::DoNotOptimize(update);
  }
};

/// A session under way in one stock.
struct OpenExchange {
  OpenExchange() {
    market::Instrument definition;
    definition.symbol = core::Symbol{"SPY"};
    instruments.define(definition);
    const core::Timestamp open{std::chrono::hours{24 * 18'000}};
    clock.advance_to(open);
    engine.follow_ticks();
    engine.on_session_open({{}, open, open + std::chrono::hours{24}});
    market::Trade opening;
    opening.time = open;
    opening.price = core::Price::whole(100);
    opening.size = core::Volume::whole(1000);
    opening.conditions = market::SaleConditions{"O"};
    engine.on_trade(opening);
  }

  void enter(int number, trading::Side side, core::Price limit) {
    trading::OrderIntent intent;
    intent.client_order_id = core::ClientOrderId{fmt::format("bench-{}", number)};
    intent.legs.push_back({core::InstrumentId{}, side, 1});
    intent.type = trading::OrderType::Limit;
    intent.time_in_force = trading::TimeInForce::Gtc;
    intent.terms.quantity = core::Quantity::whole(100);
    intent.terms.limit = limit;
    engine.enter(intent);
  }

  kernel::SimulatedClock clock;
  market::InstrumentTable instruments;
  DeafSink sink;
  MatchingEngine engine{clock, instruments, {}, sink};
};

/// What does the matching of a quote cost, with so many limit orders resting around the market? The
/// quote moves among four prices and reaches none of them.
void match_quote(benchmark::State& state) {
  OpenExchange exchange;
  const core::Price cent = core::Price::from_raw(10'000'000);
  std::array<market::Quote, 4> quotes;
  for (std::size_t i = 0; i < quotes.size(); ++i) {
    quotes[i].bid = core::Price::whole(100) + core::Price::from_raw(cent.raw() * std::int64_t(i));
    quotes[i].ask = quotes[i].bid + cent;
    quotes[i].bid_size = quotes[i].ask_size = core::Volume::whole(300);
  }
  exchange.engine.on_quote(quotes[0]);
  for (int i = 0; i < state.range(0); ++i) {
    const core::Price away = core::Price::from_raw(cent.raw() * (10 + i));
    const bool buys = i % 2 == 0;
    exchange.enter(i, buys ? trading::Side::Buy : trading::Side::Sell,
                   buys ? core::Price::whole(100) - away : core::Price::whole(100) + away);
  }
  std::size_t next = 0;
  for (auto _ : state) {
    exchange.engine.on_quote(quotes[next]);
    next = (next + 1) % quotes.size();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(match_quote)->Name("sim/match_quote")->ArgName("resting")->Arg(0)->Arg(2)->Arg(20);

}  // namespace
}  // namespace st0ck::adapters::sim
