#include "src/app/loop_watch.hpp"

#include <algorithm>

namespace st0ck::app {

namespace {

constexpr core::Duration kPause = std::chrono::milliseconds{100};

}  // namespace

LoopWatch::LoopWatch(net::Scheduler& scheduler, SlowOperations& slow)
    : scheduler_{scheduler}, slow_{slow} {
  wait();
}

void LoopWatch::wait() {
  due_ = scheduler_.elapsed() + kPause;
  task_ = scheduler_.call_after(kPause, [this] { look(); });
}

void LoopWatch::look() {
  const core::Duration delay = scheduler_.elapsed() - due_;
  delay_max_ = std::max(delay_max_, delay);
  slow_.note("core_loop", "", delay);
  wait();
}

}  // namespace st0ck::app
