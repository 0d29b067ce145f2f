#include "st0ck/core/time_text.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"
#include "st0ck/market/csv/csv_writer.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace st0ck::benchmarks {
namespace {

/// Minute bars of whole sessions as our CSV.
std::string some_bars(std::int64_t sessions_max) {
  const auto calendar = core::ExchangeCalendar::xnys();
  std::string text = market::bar_csv_header(market::BarColumns::Basic);
  core::Date date{std::chrono::year{2018} / 1 / 1};
  for (std::int64_t i = 0; i < sessions_max; ++i) {
    const auto session = calendar.next_session(date).value();
    date = session.date;
    for (auto start = session.open; start < session.close; start += std::chrono::minutes{1}) {
      const auto cents = core::to_ns(start) / 60'000'000'000 % 997;
      market::Bar bar;
      bar.start = start;
      bar.open = core::Price::from_raw(250'000'000'000 + cents * 10'000'000);
      bar.close = bar.open + core::Price::from_raw(12'300'000);
      bar.high = bar.close + core::Price::from_raw(10'000'000);
      bar.low = bar.open;
      bar.volume = core::Volume::whole(100'000 + cents);
      market::append_csv(text, bar, market::BarColumns::Basic);
    }
  }
  return text;
}

/// How fast are plain CSV bars read, checked and placed in their sessions?
void csv_read_bars(benchmark::State& state) {
  const std::string text = some_bars(std::getenv("ST0CK_BENCH_SMOKE") == nullptr ? 250 : 2);
  std::int64_t bars = 0;
  core::Volume volume;
  for (auto _ : state) {
    const auto reader = market::CsvBarReader::over("bench", text, market::kBarCsv, {}).value();
    volume = {};
    while (const auto bar = reader->next().value()) volume += bar->volume;
    bars += static_cast<std::int64_t>(reader->counters().bars);
  }
  state.SetItemsProcessed(bars);
  state.counters["checksum"] = volume.to_double();
}
BENCHMARK(csv_read_bars)->Name("csv/read_bars")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace st0ck::benchmarks
