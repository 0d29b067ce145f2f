#pragma once

#include <cstdint>
#include <string_view>

namespace st0ck::alpaca {

/// Endpoints that are counted together: their calls share a line in the metrics and, where
/// request_limits.hpp says so, a rate limit.
enum class EndpointGroup : std::uint8_t {
  // Of the trading host.
  Orders,     ///< New, replaced, cancelled, looked up, listed.
  Account,    ///< The account, its positions; clock and calendar.
  Assets,     ///< What can be traded.
  Contracts,  ///< Which options are listed.
  // Of the data host.
  Quotes,
  Trades,
  Bars,
  Snapshots,  ///< Of stocks.
  Options,    ///< Chains with their prices and greeks.
  Screener,
  CorporateActions,
};

/// Its name in rate limits and metrics, for example `orders`.
std::string_view name_of(EndpointGroup group);

}  // namespace st0ck::alpaca
