#include "src/app/net_metrics.hpp"

#include "st0ck/net/memory_http_transport.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

/// The limiter reads it to understand what servers say of time; these say nothing.
struct FixedClock final : core::Clock {
  core::Timestamp now() const override { return {}; }
};

class NetMetrics : public testing::Test {
 protected:
  void call(const std::string& group) {
    client_.call({.request = {.url = "http://memory/"}, .group = group},
                 [](const net::HttpResult&) {});
    scheduler_.run_for(1s);
  }

  net::SimulatedScheduler scheduler_;
  FixedClock clock_;
  net::MemoryHttpTransport transport_{
      scheduler_, [](const net::HttpRequest&) { return net::HttpResponse{.status = 200}; }};
  net::RateLimiter limiter_{scheduler_, clock_, {.groups = {{"orders", {.requests = 50}}}}};
  net::HttpPool pool_{scheduler_, transport_, {}};
  net::HttpClient client_{scheduler_, clock_, limiter_, pool_, {}, 1};
};

TEST_F(NetMetrics, ShowWhatWasCalledAndHowLongItTook) {
  call("orders");
  call("orders");
  transport_.add_fault({.kind = net::HttpFault::Kind::BadCertificate});
  call("bars");

  Json endpoints = Json::object();
  add_endpoints(endpoints, client_.stats());

  EXPECT_EQ(endpoints, Json::parse(R"({
    "bars": {"calls": 1, "attempts": 1, "retries": 0, "failures": 1, "errors": 0,
             "rate_limited": 0,
             "latency_us_p50": null, "latency_us_p95": null, "latency_us_p99": null},
    "orders": {"calls": 2, "attempts": 2, "retries": 0, "failures": 0, "errors": 0,
               "rate_limited": 0,
               "latency_us_p50": 20000.0, "latency_us_p95": 20000.0, "latency_us_p99": 20000.0}
  })"));
}

TEST_F(NetMetrics, ShowTheWindowsOfTheAccountAndOfItsGroups) {
  call("orders");
  call("bars");

  const Json limit = limit_json(limiter_.stats());

  EXPECT_EQ(limit["limit"], 200);
  EXPECT_EQ(limit["used"], 2);
  EXPECT_EQ(limit["window_s"], 60.0);
  EXPECT_EQ(limit["groups"],
            Json::parse(R"({"orders": {"used": 1, "limit": 50, "window_s": 60.0}})"));
}

TEST_F(NetMetrics, ShowHowManyConnectionsArePermittedAndFree) {
  const Json before = pool_json(pool_);
  client_.call({.request = {.url = "http://memory/"}, .group = "bars"},
               [](const net::HttpResult&) {});
  scheduler_.run_for(1ms);

  const Json during = pool_json(pool_);

  EXPECT_EQ(before["connections"], 3);
  EXPECT_EQ(before["available"], 3);
  EXPECT_EQ(during["in_use"], 1);
  EXPECT_EQ(during["available"], 2);
  EXPECT_EQ(during["acquire_timeouts"], 0);
}

}  // namespace
}  // namespace st0ck::app
