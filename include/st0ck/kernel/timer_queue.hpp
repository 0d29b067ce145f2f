#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/engine.hpp"
#include "st0ck/market/market_data.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace st0ck::kernel {

/// Deadlines of all bots in one total order: by time, then by the order in which they were set.
class TimerQueue {
 public:
  struct Timer {
    core::Timestamp deadline;
    core::TimerId id;
    market::Subscriber bot = 0;
    TimerTopic topic = 0;
  };

  core::TimerId set(core::Timestamp deadline, market::Subscriber bot, TimerTopic topic);

  /// Does nothing for a timer that has fired or was cancelled.
  void cancel(core::TimerId id);

  /// When the next timer is due; nothing without any.
  std::optional<core::Timestamp> next_deadline() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().deadline;
  }

  /// Takes the next timer if it is due at `now`.
  std::optional<Timer> pop_due(core::Timestamp now);

  std::size_t size() const { return heap_.size(); }

 private:
  std::vector<Timer> heap_;
  std::uint64_t last_id_ = 0;
};

}  // namespace st0ck::kernel
