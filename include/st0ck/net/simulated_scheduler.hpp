#pragma once

#include "st0ck/net/scheduler.hpp"

#include <map>
#include <optional>
#include <utility>

namespace st0ck::net {

/// A scheduler whose time stands still until it is told to go on.
class SimulatedScheduler : public Scheduler {
 public:
  core::Duration elapsed() const override { return elapsed_; }
  TaskId call_after(core::Duration wait, std::function<void()> task) override;
  void cancel(TaskId task) override;

  /// When the next task is due, in elapsed time; nothing without any.
  std::optional<core::Duration> next_due() const;

  /// Goes on to the next task and runs it; false without any.
  bool run_one();

  /// Runs all that is due up to `until`, also what those tasks add, and stands there then.
  void run_until(core::Duration until);
  void run_for(core::Duration span) { run_until(elapsed_ + span); }

 private:
  using Key = std::pair<core::Duration, TaskId>;  // The id counts up: first given, first run.

  std::map<Key, std::function<void()>> tasks_;
  std::map<TaskId, core::Duration> due_;
  core::Duration elapsed_{};
  std::uint64_t last_id_ = 0;
};

}  // namespace st0ck::net
