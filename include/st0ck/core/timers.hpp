#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"

#include <cstdint>

namespace st0ck::core {

/// Wakes its user at deadlines, by the same clock that decisions are made by. A timer that comes
/// due is an event like any other: recorded, and given again by a replay.
class Timers {
 public:
  virtual ~Timers() = default;

  /// The topic comes back with the timer; a deadline in the past comes after this handler.
  virtual TimerId set_timer(Timestamp deadline, std::uint32_t topic) = 0;

  /// Does nothing for a timer that has fired or was cancelled.
  virtual void cancel_timer(TimerId timer) = 0;
};

}  // namespace st0ck::core
