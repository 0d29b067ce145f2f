#pragma once

#include "st0ck/adapters/alpaca/wire/reference/clock.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <string>
#include <vector>

namespace st0ck::alpaca {

/// Where the venue's trading days differ from our calendar in a period, both ends included: one
/// sentence for each day. Empty where they agree.
core::Result<std::vector<std::string>> calendar_differences(const std::vector<CalendarDay>& days,
                                                            core::Date from, core::Date to);

}  // namespace st0ck::alpaca
