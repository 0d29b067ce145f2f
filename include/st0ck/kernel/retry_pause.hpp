#pragma once

#include "st0ck/core/timestamp.hpp"

#include <algorithm>

namespace st0ck::kernel {

/// How long an engine waits before it sends again what was turned down: each time twice as long as
/// the time before, up to a bound, so that a broker that goes on saying no is not asked every few
/// seconds all day. What went well for as long as that bound begins anew.
class RetryPause {
 public:
  RetryPause(core::Duration first, core::Duration max) : first_{first}, max_{max}, next_{first} {}

  /// Waits from `now` on; returns until when.
  core::Timestamp begin(core::Timestamp now) {
    if (now > until_ + max_) next_ = first_;
    until_ = now + next_;
    next_ = std::min(2 * next_, max_);
    return until_;
  }

  bool is_under_way(core::Timestamp now) const { return now < until_; }

  /// Ends the wait; the next one is as short as the first.
  void reset() {
    until_ = {};
    next_ = first_;
  }

 private:
  core::Duration first_;
  core::Duration max_;
  core::Duration next_;
  core::Timestamp until_{};
};

}  // namespace st0ck::kernel
