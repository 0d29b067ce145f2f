#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <limits>

namespace st0ck::app {

/// Lets a finite number from `min` to `max` pass. CLI::Range lets one pass that is none (`nan`).
CLI::Validator number_from(double min, double max);

/// Lets a whole number from `min` to `max` pass, written in digits alone. CLI11 takes one that does
/// not fit its type for the largest that does.
CLI::Validator whole_number_from(std::uint64_t min,
                                 std::uint64_t max = std::numeric_limits<std::uint64_t>::max());

/// Lets what is not empty pass, of printable characters without a space: what a header can carry.
CLI::Validator word();

/// Lets any text but an empty one pass, where an empty one would stand for the option's absence.
CLI::Validator not_empty();

}  // namespace st0ck::app
