#pragma once

#include "src/app/faults/day_figures.hpp"
#include "src/app/faults/schedule.hpp"

#include <functional>
#include <set>
#include <string>

namespace st0ck::app::faults {

/// The least of a schedule that still breaks the same rule.
struct Shrunk {
  Schedule schedule;
  std::set<std::string> kept;  ///< Its pieces.
  Violation violation;
  std::uint64_t tries = 0;  ///< Days that were played for it.
};

using PlayDay = std::function<DayFigures(const Schedule&)>;

/// Takes pieces out as long as the day still breaks `rule`, then brings the end of its entries
/// forward. `schedule` breaks it. At most `tries_max` days are played.
Shrunk shrink(const Schedule& schedule, const Violation& violation, const PlayDay& play,
              std::uint64_t tries_max = 120);

}  // namespace st0ck::app::faults
