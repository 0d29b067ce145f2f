#include "st0ck/net/retry.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/net/rate_headers.hpp"

#include <algorithm>
#include <array>

namespace st0ck::net {
namespace {

constexpr std::array kPassingStatuses{408, 425, 429, 500, 502, 503, 504};

bool may_pass(const HttpResult& result) {
  if (result) return std::ranges::find(kPassingStatuses, result->status) != kPassingStatuses.end();
  return result.error().kind == HttpFailureKind::NotSent ||
         result.error().kind == HttpFailureKind::NoAnswer;
}

core::Duration wait_told(const HttpResult& result, core::Timestamp wall) {
  if (!result) return core::Duration{0};
  const ServerLimits told = read_server_limits(result->headers, wall);
  if (told.retry_in) return *told.retry_in;
  // The reset of a limit that is not used up says nothing about this failure.
  const bool is_used_up = result->status == 429 || told.remaining == 0U;
  return is_used_up ? told.reset_in.value_or(core::Duration{0}) : core::Duration{0};
}

}  // namespace

bool may_repeat(HttpMethod method, bool is_idempotent) {
  switch (method) {
    case HttpMethod::Get:
    case HttpMethod::Head:
    case HttpMethod::Delete: return is_idempotent;
    case HttpMethod::Post:
    case HttpMethod::Put:
    case HttpMethod::Patch: return false;
  }
  ST0CK_ASSERT(false, "a method may be repeated or not");
}

Retry::Retry(const RetrySettings& settings, bool may_repeat, core::Duration now)
    : settings_{settings}, may_repeat_{may_repeat}, deadline_{now + settings.total_max} {}

std::optional<core::Duration> Retry::wait_after(const HttpResult& result, core::Duration now,
                                                core::Timestamp wall, std::mt19937_64& random) {
  ++attempts_;
  if (!may_repeat_ || attempts_ >= settings_.attempts_max || !may_pass(result)) return std::nullopt;
  const core::Duration wait = std::max(back_off(random), wait_told(result, wall));
  if (wait >= time_left(now)) return std::nullopt;
  return wait;
}

core::Duration Retry::time_left(core::Duration now) const {
  return std::max(deadline_ - now, core::Duration{0});
}

core::Duration Retry::back_off(std::mt19937_64& random) const {
  core::Duration wait = std::min(settings_.wait_first, settings_.wait_longest);
  for (int i = 1; i < attempts_ && wait < settings_.wait_longest; ++i) {
    wait = std::min(wait * 2, settings_.wait_longest);
  }
  // By hand: the standard library's distributions differ from one to the next.
  const core::Duration jitter = wait / 100 * settings_.jitter_percent;
  const auto choices = static_cast<std::uint64_t>(2 * jitter.count() + 1);
  return wait - jitter + core::Duration{static_cast<std::int64_t>(random() % choices)};
}

}  // namespace st0ck::net
