#pragma once

#include "st0ck/net/http_transport.hpp"
#include "st0ck/net/latency_window.hpp"

#include <cstdint>
#include <optional>

namespace st0ck::net {

/// What became of calls, counted since the start.
struct CallStats {
  std::uint64_t calls = 0;
  std::uint64_t attempts = 0;  ///< That the rate limiter let go.
  std::uint64_t retries = 0;
  std::uint64_t failures = 0;      ///< Calls without an answer.
  std::uint64_t errors = 0;        ///< Answers of 400 or above, of attempts that are repeated too.
  std::uint64_t rate_limited = 0;  ///< Attempts that the limiter refused or the server, by a 429.
  /// Of the last minutes' calls that were answered, from the call to its answer: waits for the rate
  /// limit and for a connection, and all attempts, are in it.
  std::optional<core::Duration> latency_p50;
  std::optional<core::Duration> latency_p95;
  std::optional<core::Duration> latency_p99;
};

/// Counts and times the calls of one group of endpoints.
class CallMeter {
 public:
  void on_call() { ++counted_.calls; }
  void on_attempt(bool is_retry);

  /// The rate limiter refused an attempt.
  void on_refusal() { ++counted_.rate_limited; }

  /// An attempt ended so.
  void on_result(const HttpResult& result);

  /// A call ended so, `latency` after it was made.
  void on_end(const HttpResult& result, core::Duration latency, core::Duration now);

  /// Takes time linear in the calls of the last minutes.
  CallStats stats(core::Duration now) const;

 private:
  CallStats counted_;
  LatencyWindow latencies_;
};

}  // namespace st0ck::net
