#pragma once

#include <cstdint>

namespace st0ck::adapters::sim::generated {

/// The usual course of an ordinary session, in thousandths of its mean: taken from the minutes of
/// SPY in February 2019, smoothed. `minute` of `minutes` is stretched to a session of any length.
std::int64_t usual_volatility(std::int64_t minute, std::int64_t minutes);
std::int64_t usual_volume(std::int64_t minute, std::int64_t minutes);
/// Relative to midday.
std::int64_t usual_spread(std::int64_t minute, std::int64_t minutes);

}  // namespace st0ck::adapters::sim::generated
