#include "src/adapters/sim/generated/session_curve.hpp"

#include <algorithm>
#include <array>

namespace st0ck::adapters::sim::generated {

namespace {

/// Values at the ends of 13 equal parts of the session (half hours of a full one).
using Knots = std::array<std::int64_t, 14>;

constexpr Knots kVolatility{1900, 1500, 1350, 1180, 1000, 880, 760,
                            690,  660,  680,  740,  850,  970, 1120};
constexpr Knots kVolume{2300, 1500, 1250, 1000, 820, 730, 600, 540, 600, 700, 760, 950, 1300, 2800};
constexpr Knots kSpread{2600, 1500, 1250, 1100, 1000, 1000, 1000,
                        1000, 1000, 1000, 1000, 1050, 1100, 1400};

std::int64_t between(const Knots& knots, std::int64_t minute, std::int64_t minutes) {
  constexpr auto kParts = static_cast<std::int64_t>(Knots{}.size()) - 1;
  // The middle of the minute, in 1 / (2 x minutes) of the session.
  const std::int64_t place = std::clamp<std::int64_t>(2 * minute + 1, 0, 2 * minutes - 1) * kParts;
  const std::int64_t part = place / (2 * minutes);
  const std::int64_t rest = place % (2 * minutes);
  const std::int64_t low = knots[static_cast<std::size_t>(part)];
  const std::int64_t high = knots[static_cast<std::size_t>(part) + 1];
  return low + (high - low) * rest / (2 * minutes);
}

}  // namespace

std::int64_t usual_volatility(std::int64_t minute, std::int64_t minutes) {
  return between(kVolatility, minute, minutes);
}

std::int64_t usual_volume(std::int64_t minute, std::int64_t minutes) {
  return between(kVolume, minute, minutes);
}

std::int64_t usual_spread(std::int64_t minute, std::int64_t minutes) {
  return between(kSpread, minute, minutes);
}

}  // namespace st0ck::adapters::sim::generated
