#pragma once

#include "src/app/exchange/scenario.hpp"

#include <string>

namespace st0ck::app::faults {

/// A scenario as its file, so that it can be given to st0ck-exchange and st0ck-faults again.
std::string text_of(const exchange::Scenario& scenario);

}  // namespace st0ck::app::faults
