#pragma once

#include "st0ck/core/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace st0ck::alpaca {

/// Reads RFC 3339, `2024-03-01T14:30:00.123456789Z` or with an offset, exactly; nothing for any
/// other text, a date alone included. The common form takes a few nanoseconds and allocates
/// nothing.
std::optional<core::Timestamp> read_time(std::string_view text);

/// Reads `2024-03-01`, or the date part of a time, as the calendar's parameters come in both.
std::optional<core::Date> read_date_part(std::string_view text);

/// RFC 3339 with New York's offset, as the clock writes it: `2024-03-01T09:30:00-05:00`.
std::string new_york_rfc3339(core::Timestamp time);

}  // namespace st0ck::alpaca
