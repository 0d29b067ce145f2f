#pragma once

#include "st0ck/core/timestamp.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace st0ck::app {

/// The latest times that something took, and against a target all of them.
///
/// The memory is taken at the start: adding allocates nothing. What is older than the kept ones
/// counts in the totals alone.
class LatencySamples {
 public:
  explicit LatencySamples(std::optional<core::Duration> target = std::nullopt,
                          std::size_t kept_max = 1024);

  void add(core::Duration time);

  /// All that were added.
  std::uint64_t count() const { return count_; }

  /// Those of all that took longer than the target; zero without one.
  std::uint64_t over_target() const { return over_target_; }
  const std::optional<core::Duration>& target() const { return target_; }

  /// The time that `per_cent` of those kept do not exceed (nearest rank, above 0 to 100); nothing
  /// without any. Looks at a copy.
  std::optional<core::Duration> percentile(std::size_t per_cent) const;

  /// The longest of all; nothing without any.
  std::optional<core::Duration> max() const { return max_; }

 private:
  std::optional<core::Duration> target_;
  std::size_t kept_max_;
  std::vector<core::Duration> kept_;  ///< A ring once it is full.
  std::size_t next_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t over_target_ = 0;
  std::optional<core::Duration> max_;
};

}  // namespace st0ck::app
