#pragma once

#include "src/app/exchange/bar_fold.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/market/events.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace st0ck::app::exchange {

/// A print and its number on the tape of its instrument and day, counted from 1.
struct NumberedTrade {
  market::Trade trade;
  std::uint64_t number = 0;
};

/// Every quote and print of an instrument on one day, in the order of their time.
struct InstrumentTicks {
  std::vector<market::Quote> quotes;
  std::vector<NumberedTrade> trades;
};

/// By instrument.
using DayTicks = std::vector<InstrumentTicks>;

/// What is kept of an instrument's day for good.
struct InstrumentDay {
  std::vector<market::Bar> minutes;  ///< Of the regular hours, by their start.
  BarFold session;                   ///< Of those minutes.
  std::vector<NumberedTrade> auctions;
  std::vector<market::CorporateAction> actions;  ///< Ex on this day.

  void add(const market::Bar& minute) {
    minutes.push_back(minute);
    session.add(minute);
  }
};

/// A session, over or running.
struct DayRecord {
  core::Session session;
  std::vector<InstrumentDay> instruments;  ///< By instrument.

  DayRecord(const core::Session& of, std::size_t instrument_count)
      : session{of}, instruments(instrument_count) {}
};

/// Whether the print is an opening, reopening or closing auction.
inline bool is_auction(const market::Trade& trade) {
  return trade.conditions.view().find_first_of("O56") != std::string_view::npos;
}

}  // namespace st0ck::app::exchange
