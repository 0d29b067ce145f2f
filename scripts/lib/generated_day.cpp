// Writes the minutes of one made-up SPY-like session as CSV: what scripts/plot-generated-day draws.
// Usage: generated_day SEED DATE KIND
#include "st0ck/adapters/sim/generated/tape.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/market/bar_aggregator.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <variant>

namespace {

namespace core = st0ck::core;
namespace market = st0ck::market;
namespace generated = st0ck::adapters::sim::generated;

/// Sum and count of the spreads quoted in a minute, in cents.
struct Spreads {
  double sum = 0;
  int count = 0;
};

int run(std::uint64_t seed, core::Date date, generated::DayKind kind) {
  generated::TapeSettings settings;
  settings.seed = seed;
  settings.from = date;
  settings.sessions = 1;
  settings.symbols.emplace_back().symbol = core::Symbol{"SPY"};
  settings.symbols.back().start_price = core::Price::whole(272);
  settings.symbols.back().events_per_minute = 3000;
  settings.halt_one_in = 0;
  settings.script = {{.session = 1, .kind = kind}};
  market::InstrumentTable instruments;
  market::Instrument instrument;
  instrument.symbol = core::Symbol{"SPY"};
  const auto id = instruments.define(instrument).id;
  const auto calendar = core::ExchangeCalendar::xnys();
  auto tape = generated::make_tape(settings, calendar, instruments);
  if (!tape) {
    fmt::print(stderr, "{}\n", tape.error().message);
    return 2;
  }
  market::BarAggregator bars{id, market::BarInterval::minutes(1), calendar};
  std::map<core::Timestamp, Spreads> spreads;
  fmt::print("start,open,high,low,close,volume,spread_cents\n");
  const auto write = [&](const std::optional<market::CompletedBar>& done) {
    if (!done) return;
    const market::Bar& bar = done->bar;
    const Spreads& spread = spreads[bar.start];
    fmt::print("{},{},{},{},{},{},{:.3f}\n", core::format_utc(bar.start), bar.open.to_string(),
               bar.high.to_string(), bar.low.to_string(), bar.close.to_string(),
               bar.volume.to_string(), spread.count == 0 ? 0.0 : spread.sum / spread.count);
  };
  while (true) {
    const auto events = (*tape)->next_several();
    if (!events || events->empty()) return events ? 0 : 2;
    for (const market::TapeEvent& event : *events) {
      if (const auto* trade = std::get_if<market::Trade>(&event.what)) write(bars.add(*trade));
      if (const auto* phase = std::get_if<market::SessionPhase>(&event.what);
          phase != nullptr && phase->phase == market::Phase::Close)
        write(bars.advance_to(event.time));
      if (const auto* quote = std::get_if<market::Quote>(&event.what)) {
        Spreads& spread = spreads[std::chrono::floor<std::chrono::minutes>(event.time)];
        spread.sum += (quote->ask - quote->bid).to_double() * 100;
        ++spread.count;
      }
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const auto date = core::parse_date(arguments[2]);
  const auto kind = generated::parse_day_kind(arguments[3]);
  if (!date || !kind) return 2;
  return run(std::strtoull(arguments[1], nullptr, 10), *date, *kind);
}
