#pragma once

#include "src/app/market_settings.hpp"
#include "st0ck/adapters/sim/bar_market.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/instrument.hpp"

#include <memory>

namespace st0ck::app {

/// Opens the market that the settings choose, with bars of every instrument. `engine` fills the
/// orders as the bars go by; the references outlive the market.
core::Result<std::unique_ptr<adapters::sim::BarMarket>> open_market(
    const MarketSettings& settings, const core::ExchangeCalendar& calendar,
    const market::InstrumentTable& instruments, adapters::sim::MatchingEngine& engine);

}  // namespace st0ck::app
