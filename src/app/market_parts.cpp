#include "src/app/market_parts.hpp"

#include "st0ck/adapters/sim/generated_market.hpp"
#include "st0ck/market/csv/csv_bar_folder.hpp"

#include <utility>
#include <vector>

namespace st0ck::app {

namespace {

using adapters::sim::BarFeed;
using adapters::sim::BarMarket;
using adapters::sim::BarMarketSettings;
using adapters::sim::GeneratedMarket;
using adapters::sim::GeneratedMarketSettings;

// Quotes are derived whether or not an engine asks for them: every entry needs a fresh one.
constexpr bool kDeriveQuotes = true;

/// What both kinds of market need.
struct Surroundings {
  const core::ExchangeCalendar& calendar;
  const market::InstrumentTable& instruments;
  adapters::sim::MatchingEngine& engine;
  core::Price half_spread;
};

core::Result<MarketParts> play(BarMarketSettings playing, std::vector<BarFeed> feeds,
                               const Surroundings& surroundings) {
  playing.half_spread = surroundings.half_spread;
  auto source = BarMarket::open(playing, surroundings.calendar, surroundings.instruments,
                                surroundings.engine, std::move(feeds));
  if (!source) return tl::unexpected(source.error());
  return MarketParts{std::move(*source), {}};
}

core::Result<MarketParts> open_recorded(const RecordedMarketSettings& settings,
                                        const Surroundings& surroundings) {
  const auto folder = market::CsvBarFolder::open(settings.path);
  if (!folder) return core::at("market.path", folder.error());
  std::vector<BarFeed> feeds;
  std::vector<const market::CsvBarReader*> readers;
  for (const market::Instrument& instrument : surroundings.instruments) {
    market::CsvBarReader::Settings reading;
    reading.instrument = instrument.id;
    reading.calendar = surroundings.calendar;
    auto bars = folder->bars_of(instrument.symbol, reading);
    if (!bars) return tl::unexpected(bars.error());
    readers.push_back(bars->get());
    feeds.push_back({instrument.id, std::move(*bars), kDeriveQuotes});
  }
  BarMarketSettings playing;
  playing.from = settings.from;
  playing.to = settings.to;
  playing.provider = core::Code{"recorded"};
  auto parts = play(playing, std::move(feeds), surroundings);
  if (parts) parts->readers = std::move(readers);
  return parts;
}

core::Result<MarketParts> open_generated(const app::GeneratedMarketSettings& settings,
                                         const Surroundings& surroundings) {
  GeneratedMarketSettings making;
  making.seed = static_cast<std::uint64_t>(settings.seed);
  making.from = settings.from;
  making.sessions = static_cast<std::uint32_t>(settings.days);
  making.start_price = settings.start_price;
  const auto generated = GeneratedMarket::create(making, surroundings.calendar);
  if (!generated) return core::at("market", generated.error());
  std::vector<BarFeed> feeds;
  for (const market::Instrument& instrument : surroundings.instruments)
    feeds.push_back({instrument.id, generated->bars_of(instrument), kDeriveQuotes});
  BarMarketSettings playing;
  playing.from = generated->first_date();
  playing.to = generated->last_date();
  playing.provider = core::Code{"generated"};
  return play(playing, std::move(feeds), surroundings);
}

}  // namespace

void MarketParts::log_data_quality(const core::Logger& log) const {
  for (const market::CsvBarReader* reader : readers) {
    const market::CsvBarReader::Counters& counters = reader->counters();
    if (counters.skipped_outside_hours > 0)
      log.info("ROWS_OUTSIDE_HOURS", "rows outside regular hours were skipped",
               {{"rows", counters.skipped_outside_hours}});
    if (counters.missing_bars > 0 || counters.missing_sessions > 0)
      log.warn("BARS_MISSING", "the recording has gaps",
               {{"bars", counters.missing_bars},
                {"gaps", counters.gaps},
                {"sessions", counters.missing_sessions}});
  }
}

core::Result<MarketParts> open_market(const MarketSettings& settings,
                                      const core::ExchangeCalendar& calendar,
                                      const market::InstrumentTable& instruments,
                                      adapters::sim::MatchingEngine& engine) {
  const Surroundings surroundings{calendar, instruments, engine, settings.tape.half_spread};
  return settings.kind == MarketKind::Recorded ? open_recorded(settings.recorded, surroundings)
                                               : open_generated(settings.generated, surroundings);
}

}  // namespace st0ck::app
