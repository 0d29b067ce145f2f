#pragma once

#include "st0ck/net/http_client.hpp"
#include "st0ck/net/http_pool.hpp"
#include "st0ck/net/rate_limiter.hpp"

#include <nlohmann/json_fwd.hpp>

namespace st0ck::app {

/// The figures of a run's connections as `st0ck metrics` shows them (spec st0ck 15); times are
/// microseconds, null where nothing was timed in the last minutes.
nlohmann::ordered_json pool_json(const net::HttpPool& pool);

/// Windows of the account and of the groups that have one.
nlohmann::ordered_json limit_json(const net::RateLimiter::Stats& limiter);

/// Adds the groups of endpoints that a client has called, each under its name.
void add_endpoints(nlohmann::ordered_json& endpoints, const net::HttpClient::Stats& client);

}  // namespace st0ck::app
