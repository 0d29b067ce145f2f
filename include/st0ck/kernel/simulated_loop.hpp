#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/market/data_source.hpp"

#include <functional>
#include <memory>

namespace st0ck::kernel {

/// Runs a kernel over data whose times are known: the clock jumps from event to event, at full
/// speed or at a multiple of real time. At equal times data come before timers.
class SimulatedLoop {
 public:
  struct Options {
    /// Simulated seconds per real second; 0 is full speed.
    double speed = 0;

    /// Waits longer than this of simulated time are skipped when paced: closed hours cost nothing.
    core::Duration gap_skipped = std::chrono::minutes{10};

    /// Whether to go at full speed now whatever `speed` says (while a run is made again). May be
    /// empty.
    std::function<bool()> is_hurrying;

    /// Called before every step with the clock where the last one left it; may be empty. Where a
    /// run is made again this is how inputs come in that only its journal knows.
    std::function<void()> before_step;

    /// Called between steps, now and then, where inputs from outside may come in; may be empty. The
    /// last step has left a record, as a run that is made again finds the place by the records.
    std::function<void()> take_inputs;

    /// Looked at between steps: an error ends the run (a journal that can't be written). May be
    /// empty.
    std::function<core::Status()> health;
  };

  /// How a run without an error ended.
  enum class Ending : std::uint8_t { EndOfData, Stopped };

  SimulatedLoop(SimulatedClock& clock, market::DataSource& source, Kernel& kernel, Options options);
  ~SimulatedLoop();

  /// Stops on SIGINT, SIGTERM and SIGHUP from now on, until destroyed.
  void stop_on_signals();

  /// Ends `run` after the step under way.
  void stop();

  core::Result<Ending> run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace st0ck::kernel
