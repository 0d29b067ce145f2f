#pragma once

#include "src/app/faults/day_figures.hpp"
#include "src/app/faults/schedule.hpp"
#include "src/app/faults/timeline.hpp"

namespace st0ck::app::faults {

/// Plays the day of a schedule and holds its books against the exchange's. `timeline` may be null;
/// the day goes the same way with one and without. One thread; touches nothing outside.
DayFigures play_day(const Schedule& schedule, Timeline* timeline = nullptr);

}  // namespace st0ck::app::faults
