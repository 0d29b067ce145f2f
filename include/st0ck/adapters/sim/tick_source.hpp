#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"

#include <span>
#include <variant>
#include <vector>

namespace st0ck::adapters::sim {

/// One thing that happens in a market of quotes and prints.
struct Tick {
  core::Timestamp time;  ///< When it is published; never before that of the tick before it.
  std::variant<market::Quote, market::Trade, market::TradingStatus, market::CorporateAction> event;
};

/// Quotes, prints and statuses of any number of instruments in one order of time: a generator, a
/// recording. Auctions are prints with the tape's conditions: `O` opens, `5` reopens, `6` closes.
/// A corporate action comes before anything else of its ex-date's session.
class TickSource {
 public:
  virtual ~TickSource() = default;

  /// The sessions that it covers, in order.
  virtual const std::vector<core::Session>& sessions() const = 0;

  /// The next ticks, or none at the end. A source shows its own memory or fills `scratch`, which is
  /// not empty; the ticks are valid until it is asked again.
  virtual core::Result<std::span<const Tick>> next_several(std::span<Tick> scratch) = 0;
};

}  // namespace st0ck::adapters::sim
