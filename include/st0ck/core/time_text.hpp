#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <string>
#include <string_view>

namespace st0ck::core {

/// Parses a moment in one of three forms, years 1900 to 2200:
/// - ISO 8601 with a zone: `2019-02-11T14:30:00Z`, a fraction of one to nine digits, and `+hh:mm`
///   or `-hh:mm` in place of `Z`;
/// - a date, `2019-02-11`, meaning its midnight in UTC;
/// - nanoseconds since 1970: 18 or 19 digits, that is from 1973 on, so that no time in seconds,
///   milliseconds or microseconds passes for one.
///
/// A time without a zone, a leap second and 24:00 are refused. Allocates nothing on success.
Result<Timestamp> parse_timestamp(std::string_view text);

/// Parses `YYYY-MM-DD`, a date that exists, years 1900 to 2200.
Result<Date> parse_date(std::string_view text);

/// `2019-02-11T14:30:00Z`; where the time is not in whole seconds, with 3, 6 or 9 decimals, as
/// few as tell it exactly.
std::string format_utc(Timestamp time);

/// New York time for people, with its offset: `2019-02-11 09:30:00 -05:00`; milliseconds are
/// shown where they are not zero, anything finer is cut off.
std::string format_new_york(Timestamp time);

/// `2019-02-11`.
std::string format_date(Date date);

/// `20190211`, the form in client order ids and file names.
std::string format_date_compact(Date date);

}  // namespace st0ck::core
