#pragma once

#include "st0ck/core/rate.hpp"
#include "st0ck/core/units.hpp"

namespace st0ck::adapters::sim {

/// `share` of a volume in whole shares, cut off. More than a quantity can say is the most it can.
core::Quantity whole_share(core::Volume volume, core::Rate share);

}  // namespace st0ck::adapters::sim
