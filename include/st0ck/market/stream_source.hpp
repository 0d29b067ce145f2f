#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/market_data.hpp"

#include <span>

namespace st0ck::market {

/// A market that speaks when something happens: a provider's stream. Core thread only.
///
/// It mends its own breaks: each is told as Degraded or Down, and as Connected once exactly the
/// same subscriptions stand again and what was missed of bars has been told.
class StreamSource {
 public:
  virtual ~StreamSource() = default;

  /// Refused where it can give nothing of what is needed: for a start-up.
  virtual core::Status check(std::span<const DataNeed> needs) const = 0;

  /// Connects and tells the sink from now on what is needed, never inside this call. What the feed
  /// can never give stays unavailable.
  virtual void start(std::span<const DataNeed> needs, EventSink& sink) = 0;

  /// Tells nothing any more.
  virtual void stop() = 0;
};

}  // namespace st0ck::market
