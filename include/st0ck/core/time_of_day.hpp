#pragma once

#include "st0ck/core/timestamp.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::core {

/// A time on the exchange's wall clock, as time since local midnight, below 24 hours; whole
/// seconds. Which day and which zone, its user says.
struct TimeOfDay {
  Duration since_midnight{};

  friend constexpr auto operator<=>(TimeOfDay, TimeOfDay) = default;
};

/// Reads `09:30` or `09:30:15`; nothing for any other text.
std::optional<TimeOfDay> parse_time_of_day(std::string_view text);

/// Writes `09:30`, or `09:30:15` where there are seconds.
std::string to_string(TimeOfDay time);

}  // namespace st0ck::core
