#include "st0ck/net/call_meter.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace st0ck::net {
namespace {

using namespace std::chrono_literals;

HttpResult answered(int status) { return HttpResponse{.status = status}; }

HttpResult not_answered() { return tl::unexpected(HttpFailure{.kind = HttpFailureKind::NoAnswer}); }

TEST(CallMeter, TellsFailuresErrorsAndWhatTheLimitTurnedAwayApart) {
  CallMeter meter;
  for (int i = 0; i < 4; ++i) meter.on_call();
  for (const bool is_retry : {false, false, false, true}) meter.on_attempt(is_retry);
  meter.on_refusal();
  for (const HttpResult& result : {answered(200), answered(399), answered(400), not_answered()}) {
    meter.on_result(result);
    meter.on_end(result, 1ms, 1s);
  }

  const CallStats stats = meter.stats(1s);

  EXPECT_EQ(stats.calls, 4U);
  EXPECT_EQ(stats.attempts, 4U);
  EXPECT_EQ(stats.retries, 1U);
  EXPECT_EQ(stats.failures, 1U);
  EXPECT_EQ(stats.errors, 1U);
  EXPECT_EQ(stats.rate_limited, 1U);
}

TEST(CallMeter, CountsAnswersOfAttemptsThatAreRepeatedAsErrorsToo) {
  CallMeter meter;
  meter.on_call();
  for (const int status : {503, 429, 200}) {
    meter.on_attempt(meter.stats(1s).attempts > 0);
    meter.on_result(answered(status));
  }
  meter.on_end(answered(200), 1ms, 1s);

  const CallStats stats = meter.stats(1s);

  EXPECT_EQ(stats.errors, 2U);
  EXPECT_EQ(stats.rate_limited, 1U);
  EXPECT_EQ(stats.failures, 0U);
}

TEST(CallMeter, TimesAnswersOfTheLastMinutesOnly) {
  CallMeter meter;
  for (int i = 1; i <= 100; ++i) meter.on_end(answered(200), std::chrono::milliseconds{i}, 1s);
  meter.on_end(not_answered(), 1h, 1s);

  EXPECT_EQ(meter.stats(1s).latency_p50, 50ms);
  EXPECT_EQ(meter.stats(1s).latency_p95, 95ms);
  EXPECT_EQ(meter.stats(1s).latency_p99, 99ms);
  EXPECT_EQ(meter.stats(1s + 5min).latency_p50, std::nullopt);
}

}  // namespace
}  // namespace st0ck::net
