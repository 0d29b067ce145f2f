#include "st0ck/adapters/alpaca/request_limits.hpp"

#include "st0ck/adapters/alpaca/endpoint_group.hpp"

#include <initializer_list>
#include <string>
#include <utility>

namespace st0ck::alpaca {

namespace {

/// Where all requests are of one kind there is nobody to keep a reserve for.
net::RateLimit without_reserve(std::uint32_t requests) {
  return {.requests = requests, .reserve_percent = 0, .cancels_percent = 0};
}

net::RateLimiterSettings limits_of(
    net::RateLimit all, std::initializer_list<std::pair<EndpointGroup, net::RateLimit>> groups) {
  net::RateLimiterSettings settings;
  settings.account = all;
  for (const auto& [group, limit] : groups)
    settings.groups.emplace(std::string{name_of(group)}, limit);
  return settings;
}

}  // namespace

net::RateLimiterSettings rate_limits_of(const TradingRequestLimits& limits) {
  return limits_of({.requests = limits.requests},
                   {{EndpointGroup::Orders, {.requests = limits.orders}},
                    {EndpointGroup::Account, without_reserve(limits.account)}});
}

net::RateLimiterSettings rate_limits_of(const DataRequestLimits& limits) {
  return limits_of(without_reserve(limits.requests),
                   {{EndpointGroup::Quotes, without_reserve(limits.quotes)},
                    {EndpointGroup::Trades, without_reserve(limits.trades)},
                    {EndpointGroup::Options, without_reserve(limits.options)}});
}

}  // namespace st0ck::alpaca
