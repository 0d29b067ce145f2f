#pragma once

#include "st0ck/core/timers.hpp"
#include "support/orders.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace st0ck::test {

/// Timers that come due as the test lets time pass.
class HandTimers final : public core::Timers {
 public:
  core::TimerId set_timer(core::Timestamp deadline, std::uint32_t topic) override {
    const core::TimerId id{++last_id_};
    pending_.push_back({deadline, id, topic});
    return id;
  }
  void cancel_timer(core::TimerId id) override {
    std::erase_if(pending_, [&](const Pending& timer) { return timer.id == id; });
  }

  /// Moves the clock to `time`, firing what comes due on the way, in its order.
  void go(HandClock& clock, core::Timestamp time, const std::function<void(std::uint32_t)>& fire) {
    for (;;) {
      const auto next = std::min_element(
          pending_.begin(), pending_.end(), [](const Pending& a, const Pending& b) {
            return a.deadline != b.deadline ? a.deadline < b.deadline : a.id < b.id;
          });
      if (next == pending_.end() || next->deadline > time) break;
      const Pending due = *next;
      pending_.erase(next);
      if (due.deadline > clock.now()) clock.set(due.deadline);
      fire(due.topic);
    }
    clock.set(time);
  }

 private:
  struct Pending {
    core::Timestamp deadline;
    core::TimerId id;
    std::uint32_t topic = 0;
  };

  std::vector<Pending> pending_;
  std::uint64_t last_id_ = 0;
};

}  // namespace st0ck::test
