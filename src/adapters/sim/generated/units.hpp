#pragma once

#include "st0ck/adapters/sim/random.hpp"
#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>

/// The integers that a made-up market is computed in. A *pip* is 0.0001 dollars, the finest step
/// of a quote; a *fine* price counts 2^-16 pips; a *fraction* counts 2^-32; a *chance* is a random
/// number around 0 with the deviation 2^16; *us* are microseconds since the day's tape begins.
namespace st0ck::adapters::sim::generated {

using Fraction = std::int64_t;

inline constexpr std::int64_t kPipRaw = 100'000;  ///< In 1e-9 dollars.
inline constexpr int kFineBits = 16;
inline constexpr std::int64_t kPipsPerDollar = 10'000;
inline constexpr std::int64_t kMinuteUs = 60'000'000;
inline constexpr std::int64_t kThousand = 1000;

inline std::int64_t part_of(std::int64_t amount, Fraction fraction) {
  return static_cast<std::int64_t>((core::Int128{amount} * fraction) >> 32);
}

inline std::int64_t in_thousandths(std::int64_t amount, std::int64_t factor) {
  return amount * factor / kThousand;
}

inline Fraction fraction_of(core::Rate rate) {
  return static_cast<Fraction>(core::Int128{rate.raw()} * (std::int64_t{1} << 32) /
                               core::Rate::kOne);
}

/// `parts` of a thousand as a fraction.
constexpr Fraction fraction_of_thousand(std::int64_t parts) {
  return parts * (std::int64_t{1} << 32) / kThousand;
}

inline std::int64_t draw_chance(Random& random) {
  constexpr std::int64_t kScale = (std::int64_t{1} << 32) / Random::kBellDeviation;
  return random.bell() * kScale >> 16;
}

/// `deviation` times a chance.
inline std::int64_t draw_move(std::int64_t deviation, Random& random) {
  return static_cast<std::int64_t>((core::Int128{deviation} * draw_chance(random)) >> 16);
}

inline std::int64_t fine_of(core::Price price) {
  return static_cast<std::int64_t>((core::Int128{price.raw()} << kFineBits) / kPipRaw);
}

constexpr core::Price price_of_pips(std::int64_t pips) {
  return core::Price::from_raw(pips * kPipRaw);
}

/// Rule 612: a cent at and above a dollar, 0.0001 dollars below.
constexpr std::int64_t tick_at(std::int64_t pips) { return pips >= kPipsPerDollar ? 100 : 1; }

/// The largest price on the grid that is not above `fine`, in pips.
constexpr std::int64_t on_grid(std::int64_t fine) {
  const std::int64_t pips = fine >> kFineBits;
  return pips >= kPipsPerDollar ? pips / 100 * 100 : pips;
}

/// The nearest price on the grid, in pips.
constexpr std::int64_t nearest_on_grid(std::int64_t fine) {
  return on_grid(fine + (tick_at(fine >> kFineBits) << (kFineBits - 1)));
}

/// The integer part of a square root.
constexpr std::int64_t square_root(core::Int128 square) {
  core::Int128 root = 0;
  for (core::Int128 bit = core::Int128{1} << 62; bit != 0; bit >>= 1)
    if ((root + bit) * (root + bit) <= square) root += bit;
  return static_cast<std::int64_t>(root);
}

}  // namespace st0ck::adapters::sim::generated
