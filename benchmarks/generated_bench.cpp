#include "st0ck/adapters/sim/generated/tape.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

namespace st0ck::adapters::sim::generated {
namespace {

/// One large fund, or a market of made-up symbols from penny stocks to giants.
TapeSettings market_of(std::int64_t symbols) {
  TapeSettings settings;
  settings.sessions = 10'000;
  if (symbols == 1)
    settings.symbols.emplace_back().symbol = core::Symbol{"SPY"};
  else
    settings.made_up_symbols = static_cast<std::uint32_t>(symbols);
  settings.has_premarket = false;
  return settings;
}

/// How many events a second does a made-up market give, merged over its symbols in the order of
/// time? Creating it and the first minutes of its first day are not counted.
void events_per_second(benchmark::State& state) {
  const TapeSettings settings = market_of(state.range(0));
  market::InstrumentTable instruments;
  for (const SymbolTraits& traits : all_symbols(settings)) {
    market::Instrument instrument;
    instrument.symbol = traits.symbol;
    instruments.define(instrument);
  }
  auto tape = make_tape(settings, core::ExchangeCalendar::xnys(), instruments);
  if (!tape) return state.SkipWithError(tape.error().message.c_str());
  const auto take = [&] { return (*tape)->next_several().value().size(); };
  const std::size_t warm_up = std::getenv("ST0CK_BENCH_SMOKE") == nullptr ? 100'000 : 100;
  for (std::size_t taken = 0; taken < warm_up;) taken += take();

  std::size_t events = 0;
  for (auto _ : state) {
    const std::size_t some = take();
    if (some == 0) return state.SkipWithError("the market has ended");
    events += some;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}
BENCHMARK(events_per_second)
    ->Name("generated/events_per_second")
    ->ArgName("symbols")
    ->Arg(1)
    ->Arg(100)
    ->Arg(5000);

}  // namespace
}  // namespace st0ck::adapters::sim::generated
