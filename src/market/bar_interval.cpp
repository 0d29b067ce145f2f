#include "st0ck/market/bar_interval.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::market {

using namespace std::chrono_literals;

BarInterval::Bucket BarInterval::bucket_at(const core::Session& session,
                                           core::Timestamp time) const {
  ST0CK_ASSERT(time >= session.open && time < session.close, "a bar's time is in its session");
  if (is_session()) return {session.open, session.close};
  const core::Timestamp start = time - (time - session.open) % length_;
  // Written this way round, because start + length may overflow for an absurd length.
  const core::Timestamp end = session.close - start > length_ ? start + length_ : session.close;
  return {start, end};
}

std::int64_t BarInterval::count_in(core::Timestamp start, core::Timestamp end) const {
  if (end <= start) return 0;
  if (is_session()) return 1;
  return 1 + (end - start - core::Duration{1}) / length_;
}

std::string BarInterval::to_string() const {
  if (is_session()) return "session";
  if (length_ % 1min == 0min) return fmt::format("{} min", length_ / 1min);
  if (length_ % 1s == 0s) return fmt::format("{} s", length_ / 1s);
  return fmt::format("{} ns", length_.count());
}

}  // namespace st0ck::market
