#pragma once

#include "src/app/exchange/faults/fault_plan.hpp"
#include "st0ck/core/timestamp.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace st0ck::app::exchange {

/// Takes one line for each fault that was applied.
using FaultLog = std::function<void(const std::string& line)>;

/// `fault 2019-02-12 09:31:00.250 -05:00 lost_acks lose_reply submit #3 POST /v2/orders`: when by
/// the exchange's clock, which rule, what, where, which message of that place, and what it was.
std::string fault_note(core::Timestamp now, const FaultVerdict& verdict, FaultPoint point,
                       std::string_view message);

/// The same of what is no message: a restart, a piece of a fill.
std::string fault_note(core::Timestamp now, const FaultRule& rule, std::string_view what);

}  // namespace st0ck::app::exchange
