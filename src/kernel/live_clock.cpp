#include "st0ck/kernel/live_clock.hpp"

#include <chrono>

namespace st0ck::kernel {

LiveClock::LiveClock()
    : LiveClock{[] {
        return std::chrono::time_point_cast<core::Duration>(std::chrono::system_clock::now());
      }} {}

LiveClock::LiveClock(Source source) : source_{std::move(source)} {}

core::Timestamp LiveClock::now() const {
  const core::Timestamp time = source_();
  if (time >= latest_) {
    latest_ = time;
    is_behind_ = false;
  } else if (!is_behind_) {
    is_behind_ = true;
    ++steps_back_;
  }
  return latest_;
}

}  // namespace st0ck::kernel
