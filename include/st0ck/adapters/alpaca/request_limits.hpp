#pragma once

#include "st0ck/net/rate_limiter.hpp"

#include <cstdint>

namespace st0ck::alpaca {

/// Requests that may be sent to the trading host within any 60 s (spec st0ck 12).
struct TradingRequestLimits {
  /// Of all groups together: the broker's limit of an account. A fifth is kept for exits and
  /// cancels, of `orders` as well.
  std::uint32_t requests = 200;
  std::uint32_t orders = 200;
  std::uint32_t account = 100;
};

/// What the plans allow of the data host within a minute.
inline constexpr std::uint32_t kFreePlanRequests = 200;
inline constexpr std::uint32_t kPaidPlanRequests = 10'000;

/// Requests that may be sent to the data host within any 60 s (spec st0ck 12).
struct DataRequestLimits {
  std::uint32_t requests = kFreePlanRequests;  ///< Of all groups together: the plan's limit.
  std::uint32_t quotes = 200;
  std::uint32_t trades = 200;
  std::uint32_t options = 100;
};

/// The same by EndpointGroup, for the limiter of the host. Groups that are not named here are
/// limited by what they share with the others.
net::RateLimiterSettings rate_limits_of(const TradingRequestLimits& limits);
net::RateLimiterSettings rate_limits_of(const DataRequestLimits& limits);

}  // namespace st0ck::alpaca
