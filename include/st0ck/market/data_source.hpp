#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"

#include <optional>
#include <span>
#include <utility>

namespace st0ck::market {

/// Takes market events in their order; the kernel implements it. Each call returns when the
/// event and everything that it caused have been handled.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void on_quote(const Quote& quote) = 0;
  virtual void on_trade(const Trade& trade) = 0;
  virtual void on_bar(const Bar& bar) = 0;
  virtual void on_session_phase(const SessionPhase& phase) = 0;
  virtual void on_provider_status(const ProviderStatus& status) = 0;
  virtual void on_trading_status(const TradingStatus&) {}
  virtual void on_corporate_action(const CorporateAction&) {}
};

/// A market whose next moment is known before it comes (recorded, generated), stepped by
/// simulated time. Core thread only.
class DataSource {
 public:
  virtual ~DataSource() = default;

  /// When the next step happens; nothing at the end of the data. Never goes back.
  virtual std::optional<core::Timestamp> next_time() const = 0;

  /// Performs that step. The clock stands at `next_time()`. An error is bad data (file, line,
  /// found, allowed) and ends the run.
  virtual core::Status step(EventSink& sink) = 0;
};

/// Bars of one instrument in the order of their start: a file, a store, a generator.
class BarSource {
 public:
  virtual ~BarSource() = default;

  /// The next bar, nothing at the end, or what is wrong with the data and where.
  virtual core::Result<std::optional<Bar>> next() = 0;

  /// Several of the next bars at once, in order, or none at the end. A source shows its own memory
  /// or fills `scratch`, which is not empty; the bars are valid until it is asked again. For
  /// sources that hold many bars: one at a time costs a backtest as much as all the rest of it.
  virtual core::Result<std::span<const Bar>> next_several(std::span<Bar> scratch) {
    auto bar = next();
    if (!bar) return tl::unexpected<core::Error>(std::move(bar.error()));
    if (!*bar) return std::span<const Bar>{};
    scratch.front() = **bar;
    return std::span<const Bar>{scratch.first(1)};
  }
};

}  // namespace st0ck::market
