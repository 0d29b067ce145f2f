#include "st0ck/net/call_meter.hpp"

namespace st0ck::net {
namespace {

constexpr int kFirstError = 400;
constexpr int kTooManyRequests = 429;

}  // namespace

void CallMeter::on_attempt(bool is_retry) {
  ++counted_.attempts;
  if (is_retry) ++counted_.retries;
}

void CallMeter::on_result(const HttpResult& result) {
  if (!result) return;
  if (result->status >= kFirstError) ++counted_.errors;
  if (result->status == kTooManyRequests) ++counted_.rate_limited;
}

void CallMeter::on_end(const HttpResult& result, core::Duration latency, core::Duration now) {
  if (!result) {
    ++counted_.failures;
    return;
  }
  latencies_.add(latency, now);
}

CallStats CallMeter::stats(core::Duration now) const {
  CallStats stats = counted_;
  stats.latency_p50 = latencies_.percentile(50, now);
  stats.latency_p95 = latencies_.percentile(95, now);
  stats.latency_p99 = latencies_.percentile(99, now);
  return stats;
}

}  // namespace st0ck::net
