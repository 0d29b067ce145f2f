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
  meter.on_result(answered(429));
  meter.on_refusal();
  meter.on_end(answered(200), 1ms, 1s);
  meter.on_end(answered(399), 1ms, 1s);
  meter.on_end(answered(400), 1ms, 1s);
  meter.on_end(not_answered(), 1ms, 1s);

  const CallStats stats = meter.stats(1s);

  EXPECT_EQ(stats.calls, 4U);
  EXPECT_EQ(stats.attempts, 4U);
  EXPECT_EQ(stats.retries, 1U);
  EXPECT_EQ(stats.failures, 1U);
  EXPECT_EQ(stats.errors, 1U);
  EXPECT_EQ(stats.rate_limited, 2U);
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
