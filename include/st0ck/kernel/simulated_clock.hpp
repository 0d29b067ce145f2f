#pragma once

#include "st0ck/core/clock.hpp"

namespace st0ck::kernel {

/// Time that stands still until it is moved.
class SimulatedClock : public core::Clock {
 public:
  core::Timestamp now() const override { return now_; }

  /// Moves to `time`; a time before now leaves the clock where it is.
  void advance_to(core::Timestamp time) {
    if (time > now_) now_ = time;
  }

 private:
  core::Timestamp now_{};
};

}  // namespace st0ck::kernel
