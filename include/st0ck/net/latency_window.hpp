#pragma once

#include "st0ck/core/timestamp.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace st0ck::net {

/// The latencies of the last minutes, at most so many of them.
class LatencyWindow {
 public:
  explicit LatencyWindow(core::Duration span = std::chrono::minutes{5},
                         std::size_t samples_max = 1000)
      : span_{span}, samples_max_{samples_max} {}

  void add(core::Duration latency, core::Duration now);

  /// The latency that `per_cent` of the samples do not exceed (nearest rank, above 0 to 100);
  /// nothing without samples. Takes time linear in the samples.
  std::optional<core::Duration> percentile(std::size_t per_cent, core::Duration now) const;

 private:
  core::Duration span_;
  std::size_t samples_max_;
  std::deque<std::pair<core::Duration, core::Duration>> samples_;  // When, and how long.
};

}  // namespace st0ck::net
