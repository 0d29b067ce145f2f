#include "st0ck/kernel/timer_queue.hpp"

#include <algorithm>

namespace st0ck::kernel {

namespace {

/// Puts the earliest timer, and of those the one set first, on top of the heap.
bool is_later(const TimerQueue::Timer& a, const TimerQueue::Timer& b) {
  return a.deadline != b.deadline ? a.deadline > b.deadline : a.id > b.id;
}

}  // namespace

core::TimerId TimerQueue::set(core::Timestamp deadline, market::Subscriber bot, TimerTopic topic) {
  const core::TimerId id{++last_id_};
  heap_.push_back({deadline, id, bot, topic});
  std::push_heap(heap_.begin(), heap_.end(), is_later);
  return id;
}

void TimerQueue::cancel(core::TimerId id) {
  const auto erased = std::erase_if(heap_, [id](const Timer& timer) { return timer.id == id; });
  if (erased > 0) std::make_heap(heap_.begin(), heap_.end(), is_later);
}

std::optional<TimerQueue::Timer> TimerQueue::pop_due(core::Timestamp now) {
  if (heap_.empty() || heap_.front().deadline > now) return std::nullopt;
  std::pop_heap(heap_.begin(), heap_.end(), is_later);
  const Timer timer = heap_.back();
  heap_.pop_back();
  return timer;
}

}  // namespace st0ck::kernel
