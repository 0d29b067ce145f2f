#include "src/app/net_metrics.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>

namespace st0ck::app {

namespace {

using Json = nlohmann::ordered_json;

Json microseconds(const std::optional<core::Duration>& time) {
  if (!time) return nullptr;
  return std::chrono::duration<double, std::micro>{*time}.count();
}

double seconds(core::Duration time) { return std::chrono::duration<double>{time}.count(); }

}  // namespace

Json pool_json(const net::HttpPool& of) {
  const net::HttpPoolStats pool = of.stats();
  const std::size_t most = of.settings().connections;
  return {{"connections", most},
          {"available", most > pool.in_use ? most - pool.in_use : 0},
          {"in_use", pool.in_use},
          {"open", pool.open},
          {"idle", pool.idle},
          {"waiting", pool.waiting},
          {"requests", pool.requests},
          {"failures", pool.failures},
          {"timeouts", pool.timeouts},
          {"acquire_timeouts", pool.acquire_timeouts},
          {"refused", pool.refused},
          {"reused", pool.reused},
          {"latency_us_p50", microseconds(pool.latency_p50)},
          {"latency_us_p99", microseconds(pool.latency_p99)}};
}

Json limit_json(const net::RateLimiter::Stats& limiter) {
  Json json{{"used", limiter.used},
            {"limit", limiter.limit},
            {"window_s", seconds(limiter.window)},
            {"waiting", limiter.waiting},
            {"permitted", limiter.permitted},
            {"refused", limiter.refused},
            {"pauses", limiter.pauses}};
  for (const auto& [name, group] : limiter.groups)
    json["groups"][name] = {
        {"used", group.used}, {"limit", group.limit}, {"window_s", seconds(group.window)}};
  return json;
}

void add_endpoints(Json& endpoints, const net::HttpClient::Stats& client) {
  for (const auto& [name, group] : client.groups)
    endpoints[name] = {{"calls", group.calls},
                       {"attempts", group.attempts},
                       {"retries", group.retries},
                       {"failures", group.failures},
                       {"errors", group.errors},
                       {"rate_limited", group.rate_limited},
                       {"latency_us_p50", microseconds(group.latency_p50)},
                       {"latency_us_p95", microseconds(group.latency_p95)},
                       {"latency_us_p99", microseconds(group.latency_p99)}};
}

}  // namespace st0ck::app
