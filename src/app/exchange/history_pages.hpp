#pragma once

#include "src/app/exchange/history_request.hpp"
#include "src/app/exchange/market_record.hpp"
#include "st0ck/adapters/alpaca/wire/data/history.hpp"
#include "st0ck/core/result.hpp"

namespace st0ck::app::exchange {

/// Pages of what the market has said, in the order of the symbols and, within one, of time. Rows
/// after `request.end` are not told, and bars only of minutes that are over.
core::Result<alpaca::HistoryPage<alpaca::TapeBar>> bars_page(const MarketRecord& record,
                                                             const HistoryRequest& request,
                                                             const Timeframe& timeframe,
                                                             const Adjustment& adjustment);
core::Result<alpaca::HistoryPage<alpaca::TapeTrade>> trades_page(const MarketRecord& record,
                                                                 const HistoryRequest& request);
core::Result<alpaca::HistoryPage<alpaca::TapeQuote>> quotes_page(const MarketRecord& record,
                                                                 const HistoryRequest& request);

}  // namespace st0ck::app::exchange
