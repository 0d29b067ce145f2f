#include "benchmarks/bench_support.hpp"
#include "benchmarks/sma_anchor.hpp"
#include "st0ck/core/assert.hpp"

#include <benchmark/benchmark.h>

#include <filesystem>
namespace st0ck::benchmarks {
namespace {

/// The exact figures of `sma-anchor/expected.json`: a backtest that is fast and wrong is neither.
void check(const SmaAnchorResult& result) {
  ST0CK_ASSERT(result.figures.trades == 696, "the anchor has 696 closed trades");
  ST0CK_ASSERT(result.figures.fees.to_string() == "523.5199085", "the anchor's fees are exact");
  ST0CK_ASSERT(result.equity.to_string() == "9999275.4940915", "the anchor's equity is exact");
  ST0CK_ASSERT(result.open_position == core::Quantity::whole(10), "the anchor ends holding 10");
}

/// How many bars a second does a whole backtest take, with risk checks, matching and fees?
void minute_bars(benchmark::State& state) {
  const auto bars = sma_anchor_bars();
  if (bars.empty()) return state.SkipWithError("the shared data set sma-anchor is not there");
  for (auto _ : state) check(run_sma_anchor(bars, std::nullopt));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bars.size()));
}
BENCHMARK(minute_bars)->Name("backtest/minute_bars");

/// The same with every event and order in a journal, closed and complete at the end.
void minute_bars_journal(benchmark::State& state) {
  const auto bars = sma_anchor_bars();
  if (bars.empty()) return state.SkipWithError("the shared data set sma-anchor is not there");
  const BenchFolder folder;
  WallRate rate{state, static_cast<double>(bars.size())};
  for (auto _ : state) {
    check(run_sma_anchor(bars, folder / "journal"));
    rate.pause();
    std::filesystem::remove_all(folder / "journal");
    rate.resume();
  }
}
BENCHMARK(minute_bars_journal)->Name("backtest/minute_bars_journal");

}  // namespace
}  // namespace st0ck::benchmarks
