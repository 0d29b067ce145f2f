#pragma once

#include "src/app/faults/schedule.hpp"
#include "st0ck/adapters/sim/random.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace st0ck::app::faults {

/// A whole number of milliseconds in [least, most].
inline core::Duration between(adapters::sim::Random& random, core::Duration least,
                              core::Duration most) {
  constexpr std::chrono::milliseconds kStep{1};
  return least + kStep * random.below((most - least) / kStep + 1);
}

/// One of the stretches in which something may go wrong.
inline Stretch stretch_of(const Schedule& schedule, adapters::sim::Random& random) {
  const auto& stretches = schedule.stretches;
  if (stretches.size() == 1) return stretches.front();
  return stretches[static_cast<std::size_t>(
      random.below(static_cast<std::int64_t>(stretches.size())))];
}

}  // namespace st0ck::app::faults
