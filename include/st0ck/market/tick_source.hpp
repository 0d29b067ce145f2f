#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"

#include <span>
#include <variant>

namespace st0ck::market {

/// One event of a market's tape and the moment it becomes known.
struct TapeEvent {
  core::Timestamp time;
  std::variant<Quote, Trade, TradingStatus, CorporateAction, SessionPhase> what;
};

/// The events of any number of instruments, merged in the order of their time: a generator, a
/// recording. Auctions are prints with the condition `O` (opening), `5` (reopening) or `6`
/// (closing).
class TickSource {
 public:
  virtual ~TickSource() = default;

  /// The next events in their order, never an earlier time than before; none at the end. They are
  /// valid until it is asked again. An error is bad data: where, what was found, what is allowed.
  virtual core::Result<std::span<const TapeEvent>> next_several() = 0;
};

}  // namespace st0ck::market
