#pragma once

#include "src/app/exchange/scenario.hpp"
#include "src/app/faults/schedule.hpp"
#include "st0ck/adapters/sim/random.hpp"

#include <cstdint>

namespace st0ck::app::faults {

/// A fault of any kind at any place, which comes within the stretches of the schedule.
exchange::FaultRule draw_fault_rule(std::int64_t number, const Schedule& schedule,
                                    adapters::sim::Random& random);

}  // namespace st0ck::app::faults
