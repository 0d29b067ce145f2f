#pragma once

#include "st0ck/kernel/live_clock.hpp"
#include "st0ck/kernel/simulated_clock.hpp"

#include <utility>

namespace st0ck::kernel {

/// The clock of a live run: while its journal is executed again it stands where the records say,
/// from `go_live` on it is the machine's, and never before what was recorded.
class StagedClock : public core::Clock {
 public:
  explicit StagedClock(LiveClock live) : live_{std::move(live)} {}

  core::Timestamp now() const override {
    if (is_live_) recorded_.advance_to(live_.now());
    return recorded_.now();
  }

  /// The clock of the records.
  SimulatedClock& recorded() { return recorded_; }

  void go_live() { is_live_ = true; }

  /// The same on another clock than the machine's.
  void go_live(LiveClock other) {
    live_ = std::move(other);
    is_live_ = true;
  }
  bool is_live() const { return is_live_; }

 private:
  LiveClock live_;
  mutable SimulatedClock recorded_;
  bool is_live_ = false;
};

}  // namespace st0ck::kernel
