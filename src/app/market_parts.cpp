#include "src/app/market_parts.hpp"

#include "st0ck/market/csv/csv_bar_folder.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"

#include <utility>
#include <vector>

namespace st0ck::app {

namespace {

using adapters::sim::BarFeed;
using adapters::sim::BarMarket;
using adapters::sim::BarMarketSettings;

core::Result<std::vector<BarFeed>> recorded_feeds(const RecordedMarketSettings& settings,
                                                  const core::ExchangeCalendar& calendar,
                                                  const market::InstrumentTable& instruments) {
  const auto folder = market::CsvBarFolder::open(settings.path);
  if (!folder) return core::at("market.path", folder.error());
  std::vector<BarFeed> feeds;
  for (const market::Instrument& instrument : instruments) {
    market::CsvBarReader::Settings reading;
    reading.instrument = instrument.id;
    reading.calendar = calendar;
    auto bars = folder->bars_of(instrument.symbol, reading);
    if (!bars) return tl::unexpected(bars.error());
    feeds.push_back({instrument.id, std::move(*bars), true});
  }
  return feeds;
}

}  // namespace

core::Result<std::unique_ptr<BarMarket>> open_market(const MarketSettings& settings,
                                                     const core::ExchangeCalendar& calendar,
                                                     const market::InstrumentTable& instruments,
                                                     adapters::sim::MatchingEngine& engine) {
  BarMarketSettings playing;
  playing.half_spread = settings.tape.half_spread;
  playing.from = settings.recorded.from;
  playing.to = settings.recorded.to;
  playing.provider = core::Code{"recorded"};
  auto feeds = recorded_feeds(settings.recorded, calendar, instruments);
  if (!feeds) return tl::unexpected(feeds.error());
  return BarMarket::open(playing, calendar, instruments, engine, std::move(*feeds));
}

}  // namespace st0ck::app
