#pragma once

#include "st0ck/core/clock.hpp"

#include <cstdint>
#include <functional>

namespace st0ck::kernel {

/// The machine's clock, except that it never goes back: while the machine's is behind the latest
/// time told, that time is told again, and the step is counted. Core thread only.
class LiveClock : public core::Clock {
 public:
  /// Where the time comes from: the system's clock, or in tests a scripted one.
  using Source = std::function<core::Timestamp()>;

  LiveClock();
  explicit LiveClock(Source source);

  core::Timestamp now() const override;

  /// How often the machine's clock was seen to step back.
  std::uint64_t steps_back() const { return steps_back_; }

 private:
  Source source_;
  mutable core::Timestamp latest_{};
  mutable bool is_behind_ = false;
  mutable std::uint64_t steps_back_ = 0;
};

}  // namespace st0ck::kernel
