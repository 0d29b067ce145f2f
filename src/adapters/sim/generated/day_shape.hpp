#pragma once

#include "src/adapters/sim/generated/units.hpp"
#include "st0ck/adapters/sim/generated/day_kind.hpp"

#include <cstdint>
#include <vector>

namespace st0ck::adapters::sim::generated {

/// What the kind of a day makes of one minute; factors in thousandths of an ordinary day's.
struct MinuteShape {
  std::int32_t volatility = 1000;
  std::int32_t volume = 1000;
  std::int32_t spread = 1000;
  std::int32_t size = 1000;
  std::int32_t drift = 0;  ///< In millionths of a day's deviation.
  Fraction fall = 0;       ///< A part of the price, whatever the symbol's deviation.
};

/// The course of a session of one kind, the same for every symbol that has it.
struct DayShape {
  std::vector<MinuteShape> minutes;
  std::int64_t gap = 0;   ///< In thousandths of a day's deviation.
  std::int64_t pull = 0;  ///< Thousandths of the way back to the open, each minute.
};

/// Draws the course of a session of so many minutes.
DayShape draw_shape(DayKind kind, std::int64_t minutes, Random& random);

}  // namespace st0ck::adapters::sim::generated
