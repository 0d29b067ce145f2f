#include "st0ck/adapters/alpaca/feed_watch.hpp"

#include "st0ck/core/new_york_time.hpp"

#include <algorithm>

namespace st0ck::alpaca {

namespace {

/// A clock on the wall may be set: a wait for the open is never trusted for longer.
constexpr core::Duration kTrustedWait = std::chrono::minutes{1};
constexpr core::Duration kShortest = std::chrono::milliseconds{1};

core::Duration until_open(const core::ExchangeCalendar& calendar, core::Timestamp wall) {
  const auto session = calendar.session_on(core::to_new_york(wall).date);
  if (!session || session->open <= wall) return kTrustedWait;
  return std::clamp<core::Duration>(session->open - wall, kShortest, kTrustedWait);
}

}  // namespace

FeedWatch::Reading FeedWatch::look(core::Duration now, core::Timestamp wall, bool is_expected) {
  const auto session = calendar_.session_at(wall);
  if (!session || !is_expected) {
    was_expected_ = false;
    return {State::Quiet, session ? settings_.stale_after : until_open(calendar_, wall)};
  }
  if (!was_expected_) {
    was_expected_ = true;
    expected_since_ = now;
  }
  const core::Duration silence = now - std::max(heard_at_, expected_since_);
  // At the close nothing is expected any more: that ends a staleness too.
  const auto to_close = std::max<core::Duration>(session->close - wall, kShortest);
  const auto again = [&](core::Duration bound) { return std::min(bound - silence, to_close); };
  if (silence < settings_.stale_after) return {State::Fresh, again(settings_.stale_after)};
  if (silence < settings_.silent_after) return {State::Stale, again(settings_.silent_after)};
  return {State::Silent, to_close};
}

}  // namespace st0ck::alpaca
