#pragma once

#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/adapters/sim/order_line.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/bar_aggregator.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/tick_source.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace st0ck::adapters::sim {

/// Plays ticks as a market, against a matching engine behind an order line, and makes one-minute
/// bars of the prints.
///
/// At one moment things happen in this order: messages of the line arrive; bars that end are
/// published, by instrument; then the events of the tape, one by one. Each event meets the orders
/// first and is published after what it caused has been handled: a print that fills an order is
/// seen after the fill. The last event is Finished.
class TickMarket final : public market::DataSource {
 public:
  struct Parts {
    const core::Clock& clock;
    const market::InstrumentTable& instruments;
    MatchingEngine& engine;
    OrderLine& line;
  };

  /// Reads the first events. The parts outlive the market.
  static core::Result<std::unique_ptr<TickMarket>> open(std::unique_ptr<market::TickSource> ticks,
                                                        const core::ExchangeCalendar& calendar,
                                                        core::Code provider, const Parts& parts);

  /// An order that is sent between two steps is under way as well.
  std::optional<core::Timestamp> next_time() const override;

  /// Errors: whatever the tape says, and an event from before the last one.
  core::Status step(market::EventSink& sink) override;

  std::uint64_t events_played() const { return events_played_; }

 private:
  TickMarket(std::unique_ptr<market::TickSource> ticks, const core::ExchangeCalendar& calendar,
             core::Code provider, const Parts& parts);

  core::Status read_ahead();
  bool meet_orders(const market::TapeEvent& event);
  void publish(const market::TapeEvent& event, market::EventSink& sink);
  void publish_bars(market::EventSink& sink);
  bool has_spoken(std::uint64_t updates_before) const {
    return parts_.engine.updates_sent() != updates_before;
  }

  std::unique_ptr<market::TickSource> ticks_;
  core::Code provider_;
  Parts parts_;
  std::vector<market::BarAggregator> bars_;  ///< By instrument.
  std::span<const market::TapeEvent> ahead_;
  /// End of the minute that prints have fallen into; absent while no bar is under way.
  std::optional<core::Timestamp> bars_due_;
  core::Timestamp played_until_ = core::Timestamp::min();
  bool has_met_orders_ = false;  ///< The next event of the tape has; it is yet to be published.
  bool has_finished_ = false;
  std::uint64_t events_played_ = 0;
};

}  // namespace st0ck::adapters::sim
