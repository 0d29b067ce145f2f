#pragma once

#include "st0ck/core/timestamp.hpp"

#include <string>

namespace st0ck::app {

/// `later` in New York time; only the time of day where it stands beside `earlier` of the same
/// day.
std::string time_beside(core::Timestamp earlier, core::Timestamp later);

}  // namespace st0ck::app
