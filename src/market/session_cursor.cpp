#include "st0ck/market/session_cursor.hpp"

#include "st0ck/core/new_york_time.hpp"

namespace st0ck::market {

using namespace std::chrono_literals;

const core::Session* SessionCursor::find(core::Timestamp time) {
  const auto local = core::to_new_york(time);
  const auto session = calendar_.session_on(local.date);
  if (!session) return nullptr;
  session_ = *session;
  // The clocks change on Sundays only, so that the day of a session has 24 hours.
  day_begin_ = time - local.time_of_day;
  day_end_ = day_begin_ + 24h;
  return &session_;
}

}  // namespace st0ck::market
