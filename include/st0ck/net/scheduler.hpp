#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/timestamp.hpp"

#include <cstdint>
#include <functional>

namespace st0ck::net {

/// Names a task that was not run yet; 0 names none.
enum class TaskId : std::uint64_t {};

/// Runs tasks later, on the thread that everything of its owner runs on: by Asio in a program, by
/// simulated time in tests and campaigns. What waits for a network (deadlines, back-off, rate
/// limits) waits here, so that a day of faults can be run without sockets and without waiting.
///
/// These waits are not events of the kernel: nothing that decides may hang on them. For that there
/// is core::Timers.
class Scheduler {
 public:
  virtual ~Scheduler() = default;

  /// Time by a clock that nobody sets: differences count, its zero means nothing.
  virtual core::Duration elapsed() const = 0;

  /// Runs `task` once that long from now, never inside this call; at once when not positive.
  /// Tasks that are due together run in the order in which they were given.
  virtual TaskId call_after(core::Duration wait, std::function<void()> task) = 0;

  /// Does nothing for a task that has run or was cancelled.
  virtual void cancel(TaskId task) = 0;
};

}  // namespace st0ck::net
