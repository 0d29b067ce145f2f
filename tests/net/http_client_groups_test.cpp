#include "st0ck/net/http_client.hpp"
#include "st0ck/net/memory_http_transport.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "wall_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// Calls of several groups of endpoints: their limits and their figures.
namespace st0ck::net {
namespace {

using namespace std::chrono_literals;
using Kind = HttpFault::Kind;

constexpr RateLimit kTwo{.requests = 2, .reserve_percent = 0, .cancels_percent = 0};

class HttpClientGroups : public ::testing::Test {
 protected:
  HttpCallId call(const std::string& group, core::Duration wait_max = 300s) {
    return client_.call({.request = {.url = "http://memory/" + group},
                         .group = group,
                         .is_idempotent = true,
                         .wait_max = wait_max},
                        [this, group](const HttpResult& result) {
                          answered_.push_back((result ? "" : "no ") + group);
                        });
  }

  CallStats stats_of(const std::string& group) const { return client_.stats().groups.at(group); }

  SimulatedScheduler scheduler_;
  test::WallClock clock_{scheduler_};
  MemoryHttpTransport transport_{scheduler_,
                                 [](const HttpRequest&) { return HttpResponse{.status = 200}; }};
  RateLimiter limiter_{scheduler_,
                       clock_,
                       {.account = {.requests = 100, .reserve_percent = 0, .cancels_percent = 0},
                        .groups = {{"orders", kTwo}}}};
  HttpPool pool_{scheduler_, transport_, {.name = "trading", .connections = 10}};
  HttpClient client_{scheduler_, clock_, limiter_, pool_, RetrySettings{}, 1};
  std::vector<std::string> answered_;
};

TEST_F(HttpClientGroups, HoldUpNobodyOfAnotherGroup) {
  for (const auto* group : {"orders", "orders", "orders", "account"}) call(group);

  scheduler_.run_for(1s);

  EXPECT_EQ(answered_, (std::vector<std::string>{"orders", "orders", "account"}));
  EXPECT_EQ(limiter_.stats().groups.at("orders").used, 2U);
  EXPECT_EQ(limiter_.stats().groups.at("orders").limit, 2U);
  EXPECT_EQ(limiter_.stats().used, 3U);
}

TEST_F(HttpClientGroups, AreToldWithTheTimeOfEachCallThatHasEnded) {
  std::vector<std::string> ended;
  client_.listen([&](std::string_view group, core::Duration latency) {
    ended.push_back(std::string{group} + " " + std::to_string(latency / 1ms));
  });
  transport_.add_fault({.kind = Kind::BadCertificate});
  call("account");
  scheduler_.run_for(1s);
  call("orders");
  scheduler_.run_for(1s);

  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended.front().substr(0, 8), "account ") << "one that failed too";
  EXPECT_EQ(ended.back(), "orders 20");
}

TEST_F(HttpClientGroups, CountARequestThatIsExactlyAWindowOld) {
  call("orders");
  call("orders");
  scheduler_.run_until(20ms);  // There and back.
  ASSERT_EQ(answered_.size(), 2U);
  call("orders");

  scheduler_.run_until(20ms + 60s);
  EXPECT_EQ(stats_of("orders").attempts, 2U);
  scheduler_.run_until(20ms + 60s + 1ns);
  EXPECT_EQ(stats_of("orders").attempts, 3U);
}

TEST_F(HttpClientGroups, HaveFiguresOfTheirOwn) {
  call("account");
  scheduler_.run_for(1s);
  transport_.add_fault({.kind = Kind::Answer, .answer = {.status = 404}});
  call("account");
  scheduler_.run_for(1s);
  transport_.add_fault({.kind = Kind::BadCertificate});
  call("bars");
  scheduler_.run_for(1s);

  const HttpClient::Stats stats = client_.stats();

  EXPECT_EQ(stats.calls, 3U);
  EXPECT_EQ(stats.failures, 1U);
  EXPECT_EQ(stats.groups.size(), 2U);
  EXPECT_EQ(stats.groups.at("account").calls, 2U);
  EXPECT_EQ(stats.groups.at("account").errors, 1U);
  EXPECT_EQ(stats.groups.at("account").failures, 0U);
  EXPECT_EQ(stats.groups.at("account").latency_p99, 20ms);
  EXPECT_EQ(stats.groups.at("bars").failures, 1U);
  EXPECT_EQ(stats.groups.at("bars").latency_p50, std::nullopt);
}

TEST_F(HttpClientGroups, AreTimedWithTheWaitsAndAttemptsOfACall) {
  transport_.add_fault(
      {.kind = Kind::Answer, .answer = {.status = 429, .headers = {{"Retry-After", "12"}}}});

  call("account");
  scheduler_.run_for(1min);

  const CallStats stats = stats_of("account");
  EXPECT_EQ(stats.calls, 1U);
  EXPECT_EQ(stats.retries, 1U);
  EXPECT_EQ(stats.rate_limited, 1U);
  EXPECT_EQ(stats.errors, 1U) << "the answer that was followed by another attempt";
  EXPECT_GE(stats.latency_p50.value(), 12s);
}

TEST_F(HttpClientGroups, CountWhatTheLimiterRefusedButNotWhatWasCancelled) {
  call("orders");
  call("orders");
  call("orders", 5s);
  client_.cancel(call("orders"));

  scheduler_.run_for(10s);

  EXPECT_EQ(stats_of("orders").failures, 2U);
  EXPECT_EQ(stats_of("orders").rate_limited, 1U);
}

}  // namespace
}  // namespace st0ck::net
