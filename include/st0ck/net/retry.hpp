#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/http_transport.hpp"

#include <chrono>
#include <optional>
#include <random>

namespace st0ck::net {

/// How often and how long a call is tried (spec st0ck 12).
struct RetrySettings {
  int attempts_max = 3;
  /// Waits double from the first to the longest, each more or less by up to the jitter.
  core::Duration wait_first = std::chrono::milliseconds{500};
  core::Duration wait_longest = std::chrono::seconds{10};
  int jitter_percent = 20;
  /// No further attempt begins later than this after the call.
  core::Duration total_max = std::chrono::seconds{30};
};

/// Whether a request may be sent again when nobody knows what became of it. The caller must say
/// that a repetition does no harm; of a POST it may not even say so.
bool may_repeat(HttpMethod method, bool is_idempotent);

/// Decides after each attempt of one call whether another follows, and when. Pure: time and chance
/// are passed in.
class Retry {
 public:
  /// `now` is the time of the call, on a clock that nobody sets.
  Retry(const RetrySettings& settings, bool may_repeat, core::Duration now);

  /// Takes the outcome of an attempt. Returns how long to wait before the next one, or nothing:
  /// then the outcome is the call's.
  ///
  /// Repeated are requests that were not sent or not answered, and those answered by 408, 425, 429,
  /// 500, 502, 503 or 504. A server that names a time is not asked before it; if that is beyond
  /// the call's own time, its answer is final. `wall` is the time that headers are told in.
  std::optional<core::Duration> wait_after(const HttpResult& result, core::Duration now,
                                           core::Timestamp wall, std::mt19937_64& random);

  /// What is left of the call's whole time; not negative.
  core::Duration time_left(core::Duration now) const;

  /// Whether there can be more than one attempt.
  bool may_repeat() const { return may_repeat_; }

  /// Attempts that ended.
  int attempts() const { return attempts_; }

 private:
  core::Duration back_off(std::mt19937_64& random) const;

  RetrySettings settings_;
  bool may_repeat_;
  core::Duration deadline_;
  int attempts_ = 0;
};

}  // namespace st0ck::net
