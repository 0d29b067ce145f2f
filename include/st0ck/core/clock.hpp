#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"

#include <cstdint>

namespace st0ck::core {

/// Tells the time that decisions are made by: real in live and paper trading, simulated elsewhere.
class Clock {
 public:
  virtual ~Clock() = default;

  /// Never goes back within a run.
  virtual Timestamp now() const = 0;
};

/// Says which of its own timers an owner is told about; chosen by the owner.
using TimerTopic = std::uint32_t;

/// Calls back at deadlines. A deadline in the past fires at once, after the running handler.
class Timers {
 public:
  virtual ~Timers() = default;
  virtual TimerId set(Timestamp deadline, TimerTopic topic) = 0;

  /// Does nothing for a timer that has fired already.
  virtual void cancel(TimerId timer) = 0;
};

}  // namespace st0ck::core
