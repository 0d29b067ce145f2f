#pragma once

#include "src/app/faults/day_figures.hpp"
#include "src/app/faults/schedule.hpp"
#include "src/app/faults/timeline.hpp"

#include <cstdint>

namespace st0ck::app::faults {

/// What lies between trader and exchange.
enum class Wires : std::uint8_t {
  Memory,   ///< Nothing outside is touched, and the day of a schedule is the same each time.
  Sockets,  ///< The real transports over sockets of this machine; time is simulated all the same.
};

/// Plays the day of a schedule and holds its books against the exchange's. `timeline` may be null;
/// the day goes the same way with one and without. One thread.
DayFigures play_day(const Schedule& schedule, Timeline* timeline = nullptr,
                    Wires wires = Wires::Memory);

}  // namespace st0ck::app::faults
