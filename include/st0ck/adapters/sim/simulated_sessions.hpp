#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <cstdint>
#include <vector>

namespace st0ck::adapters::sim {

/// The first `count` sessions on or after a date; `OutOfRange` for a period beyond the calendar.
core::Result<std::vector<core::Session>> first_sessions(core::Date from, std::uint32_t count,
                                                        const core::ExchangeCalendar& calendar);

}  // namespace st0ck::adapters::sim
