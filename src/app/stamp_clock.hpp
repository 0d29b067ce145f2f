#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/kernel/live_clock.hpp"
#include "st0ck/kernel/staged_clock.hpp"

#include <utility>

namespace st0ck::app {

/// What a live run stamps its log and its figures with: the run's time where that is known, the
/// machine's until then.
///
/// A run's clock begins in 1970. It is told the time by the journal that is executed again, else by
/// going live; in a drill not before its exchange has answered. What is journalled is later than
/// that, so nothing that decides needs this clock. Where a drill is held in the past it goes back,
/// once, when the exchange has told its time.
class StampClock final : public core::Clock {
 public:
  /// `run` outlives it.
  StampClock(const kernel::StagedClock& run, kernel::LiveClock machine)
      : run_{run}, machine_{std::move(machine)} {}

  core::Timestamp now() const override {
    const bool is_executing_again = !run_.is_live() && run_.now() > core::Timestamp{};
    return is_run_known_ || is_executing_again ? run_.now() : machine_.now();
  }

  /// From now on the run's clock tells what time it is.
  void follow_run() { is_run_known_ = true; }

 private:
  const kernel::StagedClock& run_;
  kernel::LiveClock machine_;
  bool is_run_known_ = false;
};

}  // namespace st0ck::app
