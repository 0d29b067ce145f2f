#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/net/scheduler.hpp"

#include <chrono>

namespace st0ck::net::test {

/// Time on the wall that goes with a scheduler's.
class WallClock : public core::Clock {
 public:
  explicit WallClock(const Scheduler& scheduler) : scheduler_{scheduler} {}

  core::Timestamp now() const override { return kStart + scheduler_.elapsed(); }

  static constexpr core::Timestamp kStart{std::chrono::seconds{1'700'000'000}};

 private:
  const Scheduler& scheduler_;
};

}  // namespace st0ck::net::test
