#pragma once

#include "st0ck/core/timestamp.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace st0ck::trading {

/// What has no stop at this moment.
struct Unprotected {
  std::uint32_t groups = 0;
  core::Duration longest{};  ///< So far, of one of them.
};

/// How long what groups had filled was without a stop, neither at the broker nor armed here.
class ProtectionMeter {
 public:
  /// `time` is how long one gap lasted; a fill that was protected at once counts as zero.
  void add(core::Duration time);

  std::size_t count() const { return times_.size(); }

  /// The time that `share` (0 to 1) of the gaps did not exceed; zero without any. Sorts a copy.
  core::Duration quantile(double share) const;
  core::Duration max() const { return max_; }

  /// A group was without one for as long as it may be, and is closed at the market.
  void note_closed() { ++closed_; }
  std::uint64_t closed() const { return closed_; }

 private:
  std::vector<core::Duration> times_;  ///< The last `kKept`, a ring once it is full.
  std::size_t next_ = 0;
  core::Duration max_{};
  std::uint64_t closed_ = 0;
};

}  // namespace st0ck::trading
