#include "st0ck/net/sliding_window.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>

namespace st0ck::net {

SlidingWindow::SlidingWindow(const RateLimit& limit) : limit_{limit} {
  ST0CK_ASSERT(limit.requests > 0, "a rate limit allows something");
  ST0CK_ASSERT(limit.reserve_percent < 100, "a rate limit leaves something for data");
  ST0CK_ASSERT(limit.cancels_percent <= limit.reserve_percent,
               "the cancels' part is in the reserve");
  ST0CK_ASSERT(limit.window > core::Duration::zero(), "a rate limit's window has a length");
}

std::size_t SlidingWindow::requests() const {
  return std::min(limit_.requests, limit_told_.value_or(limit_.requests));
}

std::size_t SlidingWindow::room_of(HttpPriority priority) const {
  // Rounded down: one request at least is left for data.
  const auto part = [&](std::size_t percent) { return requests() * percent / 100; };
  switch (priority) {
    case HttpPriority::Cancel: return requests();
    case HttpPriority::Exit: return requests() - part(limit_.cancels_percent);
    case HttpPriority::ExitLookUp:
      return requests() - part((limit_.cancels_percent + limit_.reserve_percent) / 2);
    case HttpPriority::LookUp:
    case HttpPriority::Entry:
    case HttpPriority::Data: return requests() - part(limit_.reserve_percent);
  }
  ST0CK_ASSERT(false, "a priority has its room");
}

void SlidingWindow::forget_old(core::Duration now) {
  while (!ended_.empty() && now - ended_.front() > limit_.window) ended_.pop_front();
  if (told_until_ && now >= *told_until_) told_until_.reset();
}

std::size_t SlidingWindow::used(core::Duration now) {
  forget_old(now);
  const std::size_t ours = in_flight_ + ended_.size();
  return told_until_ ? std::max(ours, used_told_) : ours;
}

bool SlidingWindow::has_room(HttpPriority priority, core::Duration now) {
  const bool is_urgent = priority <= HttpPriority::LookUp;
  const bool is_old = now - told_at_ >= kToldToUrgentFor;
  const std::size_t all = used(now);
  return (is_urgent && is_old ? in_flight_ + ended_.size() : all) < room_of(priority);
}

void SlidingWindow::begin() {
  ++in_flight_;
  ++used_told_;
}

void SlidingWindow::end(bool is_counted, core::Duration now) {
  ST0CK_ASSERT(in_flight_ > 0, "a request ends once");
  --in_flight_;
  if (is_counted) {
    ended_.push_back(now);
  } else if (used_told_ > 0) {
    --used_told_;
  }
}

void SlidingWindow::learn(const ServerLimits& told, core::Duration now) {
  if (told.limit) limit_told_ = *told.limit;
  const core::Duration reset_in = std::min(told.reset_in.value_or(limit_.window), limit_.window);
  if (!told.remaining || reset_in <= core::Duration::zero()) return;
  // What is still on its way may have been counted already or not; the safe side is that it was
  // not. The next answers put that right.
  const std::size_t remaining = *told.remaining;
  used_told_ = requests() - std::min(requests(), remaining) + in_flight_;
  told_until_ = now + reset_in;
  told_at_ = now;
}

std::optional<core::Duration> SlidingWindow::next_change(core::Duration now) {
  forget_old(now);
  std::optional<core::Duration> next = told_until_;
  if (next && told_at_ + kToldToUrgentFor > now)
    next = std::min(*next, told_at_ + kToldToUrgentFor);
  if (!ended_.empty()) {
    const core::Duration forgotten = ended_.front() + limit_.window + core::Duration{1};
    next = std::min(next.value_or(forgotten), forgotten);
  }
  return next;
}

}  // namespace st0ck::net
