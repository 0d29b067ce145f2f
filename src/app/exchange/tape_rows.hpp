#pragma once

#include "src/app/exchange/day_record.hpp"
#include "st0ck/adapters/alpaca/wire/data/tape.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"

#include <optional>

namespace st0ck::app::exchange {

/// Where a stock is listed, as rows of the tape tell it.
struct TapeListing {
  char exchange = 'P';
  char tape = 'B';
};

/// Tape A is the New York Stock Exchange's, C Nasdaq's, B that of all others. Where no auction has
/// told the exchange yet, Arca.
TapeListing tape_listing(std::optional<char> exchange);

alpaca::TapeTrade tape_row(const NumberedTrade& trade, const TapeListing& listing);

/// The made-up quote names no venue: both sides are the listing exchange's.
alpaca::TapeQuote tape_row(const market::Quote& quote, const TapeListing& listing);

/// Averages are told to a millionth of a dollar, rounded half to even.
alpaca::TapeBar tape_row(const market::Bar& bar, core::Timestamp start);

alpaca::TapeStatus tape_status(const market::TradingStatus& status, const TapeListing& listing);

/// The status must have both bands.
alpaca::TapeBands tape_bands(const market::TradingStatus& status, const TapeListing& listing);

}  // namespace st0ck::app::exchange
