#pragma once

#include "src/app/faults/schedule.hpp"

#include <set>
#include <string>
#include <vector>

namespace st0ck::app::faults {

/// What a schedule is made of, by name: its fault rules by theirs, `crash1`, `command1`,
/// `somebody1` and on, and the bots.
std::vector<std::string> pieces_of(const Schedule& schedule);

/// The schedule with these pieces alone. A bot that is left out is configured and does nothing; the
/// rest goes on as before, since each piece draws for itself.
Schedule with_only(const Schedule& schedule, const std::set<std::string>& kept);

}  // namespace st0ck::app::faults
