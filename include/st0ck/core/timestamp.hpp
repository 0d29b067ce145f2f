#pragma once

#include <chrono>
#include <cstdint>

namespace st0ck::core {

using Duration = std::chrono::nanoseconds;

/// A moment in UTC, in nanoseconds since 1970. Exchange-local time exists only in the calendar
/// and on screens.
using Timestamp = std::chrono::sys_time<Duration>;

/// A calendar date; which zone's, its user says.
using Date = std::chrono::year_month_day;

constexpr Timestamp timestamp_from_ns(std::int64_t nanoseconds) {
  return Timestamp{Duration{nanoseconds}};
}

constexpr std::int64_t to_ns(Timestamp time) { return time.time_since_epoch().count(); }

}  // namespace st0ck::core
