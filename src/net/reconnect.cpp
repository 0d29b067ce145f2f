#include "st0ck/net/reconnect.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::net {
namespace {

constexpr core::Duration kMinute = std::chrono::minutes{1};

}  // namespace

bool is_final(const WebSocketClosed& closed) {
  if (closed.end == WebSocketEnd::BadRequest) return true;
  // Another page than expected may be gone in a minute.
  return closed.end == WebSocketEnd::Refused &&
         (closed.http_status == 401 || closed.http_status == 403);
}

Reconnect::Reconnect(const ReconnectSettings& settings, RandomSource random)
    : settings_{settings}, random_{std::move(random)} {
  ST0CK_ASSERT(settings.delay_first.count() > 0 && settings.delay_first <= settings.delay_max,
               "the first delay is above zero and not above the longest");
  ST0CK_ASSERT(settings.jitter_percent >= 0 && settings.jitter_percent <= 100,
               "jitter is 0 to 100 per cent");
  ST0CK_ASSERT(settings.attempts_per_minute_max > 0, "at least one attempt a minute is allowed");
}

std::optional<core::Duration> Reconnect::wait_before_attempt(core::Duration now) const {
  if (phase_ != Phase::Waiting) return std::nullopt;
  core::Duration begin = std::max(now, not_before_);
  // The oldest of as many as a minute may have must be a minute old.
  if (attempts_.size() == settings_.attempts_per_minute_max) {
    begin = std::max(begin, attempts_.front() + kMinute);
  }
  return begin - now;
}

void Reconnect::attempt_begins(core::Duration now) {
  ST0CK_ASSERT(wait_before_attempt(now) == core::Duration{0}, "an attempt begins when it may");
  if (attempts_.size() == settings_.attempts_per_minute_max) attempts_.pop_front();
  attempts_.push_back(now);
  phase_ = Phase::Connecting;
}

void Reconnect::opened(core::Duration now) {
  ST0CK_ASSERT(phase_ == Phase::Connecting, "what opens was being connected");
  phase_ = Phase::Open;
  opened_at_ = now;
}

void Reconnect::ended(core::Duration now, bool is_final_end) {
  ST0CK_ASSERT(phase_ == Phase::Connecting || phase_ == Phase::Open, "what ends had begun");
  const bool was_good = phase_ == Phase::Open && now - opened_at_ >= settings_.held_for;
  failures_ = was_good ? 1 : failures_ + 1;
  phase_ = is_final_end ? Phase::GivenUp : Phase::Waiting;
  if (!is_final_end) not_before_ = now + next_delay();
}

core::Duration Reconnect::next_delay() {
  core::Duration delay = settings_.delay_first;
  for (std::uint32_t i = 1; i < failures_ && delay < settings_.delay_max; ++i) {
    // Doubling that could not overflow: compared before it is done.
    delay = delay > settings_.delay_max / 2 ? settings_.delay_max : delay * 2;
  }
  const core::Duration span = delay / 100 * settings_.jitter_percent;
  const auto range = static_cast<std::uint64_t>(span.count()) + 1;
  return delay - core::Duration{static_cast<std::int64_t>(random_() % range)};
}

}  // namespace st0ck::net
