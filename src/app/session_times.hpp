#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/timestamp.hpp"

#include <optional>
#include <span>

namespace st0ck::app {

/// The session of the exchange that is under way at `now`, or else the next one; nothing at the
/// calendar's end.
std::optional<core::Session> session_under_way_or_next(core::Timestamp now);

/// The first session on a date or after it; nothing at the calendar's end.
std::optional<core::Session> session_on_or_after(core::Date date);

/// The first moment after `now` that lies one of `times_ahead` before the open of a session.
std::optional<core::Timestamp> next_before_open(core::Timestamp now,
                                                std::span<const core::Duration> times_ahead);

}  // namespace st0ck::app
