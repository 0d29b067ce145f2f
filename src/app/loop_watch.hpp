#pragma once

#include "src/app/slow_operations.hpp"
#include "st0ck/net/scheduler.hpp"

#include <chrono>

namespace st0ck::app {

/// Tells how long the core thread did not get to what was due: a task that it is to run every 100
/// ms comes late by as much as something else held it up. Core thread only.
class LoopWatch {
 public:
  /// Both outlive it.
  LoopWatch(net::Scheduler& scheduler, SlowOperations& slow);
  ~LoopWatch() { scheduler_.cancel(task_); }
  LoopWatch(const LoopWatch&) = delete;
  LoopWatch& operator=(const LoopWatch&) = delete;

  core::Duration delay_max() const { return delay_max_; }

 private:
  void wait();
  void look();

  net::Scheduler& scheduler_;
  SlowOperations& slow_;
  core::Duration due_{};
  core::Duration delay_max_{};
  net::TaskId task_{};
};

}  // namespace st0ck::app
