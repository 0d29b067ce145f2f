#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/tick_source.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace st0ck::adapters::sim::generated {

/// Takes the events of a slice of time; keeps its memory from slice to slice.
class EventBuffer {
 public:
  /// Where the microseconds of a day are counted from.
  void begin_day(core::Timestamp begin) { begin_ = begin; }
  core::Timestamp at(std::int64_t us) const { return begin_ + std::chrono::microseconds{us}; }

  template <typename Event>
  void add(core::Timestamp time, const Event& event) {
    events_.push_back({time, event});
  }

  void clear() { events_.clear(); }
  std::vector<market::TapeEvent>& events() { return events_; }

 private:
  core::Timestamp begin_{};
  std::vector<market::TapeEvent> events_;
};

}  // namespace st0ck::adapters::sim::generated
