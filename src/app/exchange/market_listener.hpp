#pragma once

#include "src/app/exchange/day_record.hpp"
#include "st0ck/market/events.hpp"

namespace st0ck::app::exchange {

/// Hears what the market of the exchange says, after it was recorded; it may not change the record
/// from inside a call.
class MarketListener {
 public:
  virtual ~MarketListener() = default;
  virtual void on_quote(const market::Quote&) {}
  virtual void on_trade(const NumberedTrade&) {}
  virtual void on_bar(const market::Bar&) {}
  /// A minute that was told before, as late prints have changed it.
  virtual void on_updated_bar(const market::Bar&) {}
  /// The session so far; after each of its minutes.
  virtual void on_daily_bar(const market::Bar&) {}
  /// Trading was halted, paused or resumed, or short sales were restricted.
  virtual void on_status(const market::TradingStatus&) {}
  /// Limit Up-Limit Down has new bands; they are there.
  virtual void on_bands(const market::TradingStatus&) {}
  virtual void on_session_phase(const market::SessionPhase&) {}
};

}  // namespace st0ck::app::exchange
