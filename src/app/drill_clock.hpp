#pragma once

#include "st0ck/core/logging.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/scheduler.hpp"

#include <chrono>
#include <functional>

namespace st0ck::app {

/// What a clock at the other end of a network said.
struct TimeReport {
  core::Timestamp told;      ///< By that clock.
  core::Timestamp answered;  ///< By ours, when the answer came.
};

/// Asks such a clock; answers once, never inside the call.
using TimeSource = std::function<void(std::function<void(const core::Result<TimeReport>&)> done)>;

/// Keeps a drill at the time of the exchange that it is held at, where orders are simulated here
/// and no account is read that would tell the time.
///
/// The exchange leaves out closed hours: its clock is asked again and again, and followed where it
/// has leaped ahead. Smaller differences are left alone, as time would not go on evenly otherwise.
class DrillClock {
 public:
  struct Settings {
    core::Duration pause = std::chrono::seconds{5};
    core::Duration leap_min = std::chrono::minutes{1};
    core::Duration pause_of_tries = std::chrono::seconds{2};
    int tries = 5;  ///< For the first answer.
  };
  struct Parts {
    TimeSource ask;
    net::Scheduler& scheduler;
    core::Logger log;
    std::function<void(const TimeReport&)> set;  ///< Sets our clock.
  };

  explicit DrillClock(Parts parts) : DrillClock{std::move(parts), Settings{}} {}
  DrillClock(Parts parts, const Settings& settings);
  ~DrillClock();
  DrillClock(const DrillClock&) = delete;
  DrillClock& operator=(const DrillClock&) = delete;

  /// Sets our clock for the first time, then tells `done`; an error once it was tried often enough
  /// or where asking again would be no help.
  void begin(std::function<void(const core::Status&)> done);

 private:
  void on_first(const core::Result<TimeReport>& report);
  void look_later();
  void on_report(const core::Result<TimeReport>& report);

  Parts parts_;
  Settings settings_;
  std::function<void(const core::Status&)> done_;
  int tries_ = 0;
  net::TaskId next_{};
  net::CallbackGuard guard_;
};

}  // namespace st0ck::app
