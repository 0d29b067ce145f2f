#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/timestamp.hpp"

#include <optional>

namespace st0ck::market {

/// Finds the session of one moment after the other, fast while they stay on one date.
class SessionCursor {
 public:
  explicit SessionCursor(core::ExchangeCalendar calendar) : calendar_{calendar} {}

  /// The session on the New York date of `time`, before the open and after the close too; null
  /// when the exchange is closed on that date. Valid until the next call.
  const core::Session* on_date_of(core::Timestamp time) {
    if (time >= day_begin_ && time < day_end_) return &session_;
    return find(time);
  }

  const core::ExchangeCalendar& calendar() const { return calendar_; }

 private:
  const core::Session* find(core::Timestamp time);

  core::ExchangeCalendar calendar_;
  core::Session session_{};
  core::Timestamp day_begin_{};
  core::Timestamp day_end_{};
};

/// Whether `time` is in the session's regular hours.
inline bool is_regular_hours(const core::Session& session, core::Timestamp time) {
  return time >= session.open && time < session.close;
}

}  // namespace st0ck::market
