#include "benchmarks/sma_anchor.hpp"
#include "st0ck/core/assert.hpp"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <unistd.h>

namespace st0ck::benchmarks {
namespace {

/// The exact figures of `sma-anchor/expected.json`: a backtest that is fast and wrong is neither.
void check(const SmaAnchorResult& result) {
  ST0CK_ASSERT(result.figures.trades == 696, "the anchor has 696 closed trades");
  ST0CK_ASSERT(result.figures.fees.to_string() == "523.5199085", "the anchor's fees are exact");
  ST0CK_ASSERT(result.equity.to_string() == "9999275.4940915", "the anchor's equity is exact");
  ST0CK_ASSERT(result.open_position == core::Quantity::whole(10), "the anchor ends holding 10");
}

std::filesystem::path scratch_directory() {
  return std::filesystem::temp_directory_path() /
         ("st0ck-bench-journal-" + std::to_string(::getpid()));
}

/// How many bars a second does a whole backtest take, with risk checks, matching and fees?
void minute_bars(benchmark::State& state, bool with_journal) {
  const auto bars = sma_anchor_bars();
  if (bars.empty()) return state.SkipWithError("the shared data set sma-anchor is not there");
  const auto directory = scratch_directory();
  for (auto _ : state) {
    state.PauseTiming();
    std::filesystem::remove_all(directory);
    state.ResumeTiming();
    const auto result = run_sma_anchor(
        bars, with_journal ? std::optional{directory} : std::optional<std::filesystem::path>{});
    check(result);
  }
  std::filesystem::remove_all(directory);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bars.size()));
}

BENCHMARK_CAPTURE(minute_bars, plain, false)->Name("backtest/minute_bars");
BENCHMARK_CAPTURE(minute_bars, journal, true)->Name("backtest/minute_bars_journal")->UseRealTime();

}  // namespace
}  // namespace st0ck::benchmarks
