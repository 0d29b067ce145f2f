#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/kernel/kernel.hpp"

#include <functional>
#include <memory>

namespace st0ck::kernel {

/// Runs a kernel on the live clock: whatever was posted, in the order of posting, and timers as
/// they come due. One thread runs it; `post` and `stop` may be called from any.
class LiveLoop {
 public:
  LiveLoop(const core::Clock& clock, Kernel& kernel);
  ~LiveLoop();

  /// Stops on SIGINT and SIGTERM from now on, until destroyed.
  void stop_on_signals();

  /// Has `handler` called on the loop's thread.
  void post(std::function<void()> handler);

  /// Ends `run` after the handler under way.
  void stop();

  /// Returns once stopped.
  void run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace st0ck::kernel
