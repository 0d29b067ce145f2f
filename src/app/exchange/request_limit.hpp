#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/header_field.hpp"
#include "st0ck/net/scheduler.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <string>

namespace st0ck::app::exchange {

/// Counts the requests of each key in a sliding minute. Holds one moment for each request that it
/// counts; the keys are bounded by whoever knows them.
class RequestLimit {
 public:
  /// `wall` tells the time of day, for clients that compute with the moment of the reset. Both
  /// outlive this.
  RequestLimit(std::size_t per_minute, const net::Scheduler& scheduler, const core::Clock& wall)
      : per_minute_{per_minute}, scheduler_{scheduler}, wall_{wall} {}

  struct Verdict {
    bool is_allowed = false;
    net::HeaderFields headers;  ///< `X-RateLimit-*`, for every answer.
  };

  /// What is above the limit does not count.
  Verdict count(const std::string& key);

 private:
  std::size_t per_minute_;
  const net::Scheduler& scheduler_;
  const core::Clock& wall_;
  std::map<std::string, std::deque<core::Duration>, std::less<>> times_;  ///< Of the last minute.
};

}  // namespace st0ck::app::exchange
