#pragma once

#include "src/app/market_settings.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/adapters/sim/order_line.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/instrument.hpp"

#include <memory>
#include <vector>

namespace st0ck::app {

/// A market that is ready to be played, and the readers behind it.
struct MarketParts {
  std::unique_ptr<market::DataSource> source;
  std::vector<const market::CsvBarReader*> readers;  ///< Of a recorded market; owned by `source`.

  /// Tells what the files lacked: rows outside regular hours, minutes and sessions without a bar.
  void log_data_quality(const core::Logger& log) const;
};

/// What a market is played against. The references outlive it.
struct MarketSurroundings {
  const core::Clock& clock;
  const market::InstrumentTable& instruments;
  adapters::sim::MatchingEngine& engine;
  adapters::sim::OrderLine& line;
};

/// Opens the market that the settings choose, with every instrument in it. `engine` fills the
/// orders as it goes by.
core::Result<MarketParts> open_market(const MarketSettings& settings,
                                      const core::ExchangeCalendar& calendar,
                                      const MarketSurroundings& surroundings);

}  // namespace st0ck::app
