#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/market/data_source.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace st0ck::kernel {

/// Runs a kernel on the live clock and on the io_context that streams and brokers live on: after
/// each handler of theirs it handles what they caused and fires the timers that have come due. One
/// thread runs it; `post` and `stop` may be called from any.
class LiveLoop {
 public:
  struct Options {
    /// Looks for work without sleeping: costs a processor, saves a wake-up (20 to 45 us in a
    /// virtual machine) per event.
    bool spins = false;

    /// How fast the clock goes, in its seconds per real one: a drill's may go faster.
    double speed = 1;

    /// Whether sources and timers may go on yet; handlers of the context run meanwhile. Empty is
    /// always.
    std::function<bool()> is_ready{};

    /// What has its own times beside the streams: the calendar's sessions, a simulated broker's
    /// line. Stepped once the clock is there; data before timers. They outlive the loop.
    std::vector<market::DataSource*> sources{};

    /// Called between handlers, at least once a second; may be empty. An error ends the run.
    std::function<core::Status()> health{};
  };

  /// Everything outlives the loop.
  LiveLoop(boost::asio::io_context& io, const core::Clock& clock, Kernel& kernel, Options options);
  ~LiveLoop();

  /// Stops on SIGINT, SIGTERM and SIGHUP from now on, until destroyed.
  void stop_on_signals();

  /// Has `handler` called on the loop's thread.
  void post(std::function<void()> handler);

  /// Ends `run` after the handler under way.
  void stop();

  /// Returns once stopped, or with what `health` has found.
  core::Status run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace st0ck::kernel
