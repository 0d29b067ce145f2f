#pragma once

#include "st0ck/adapters/sim/generated_market.hpp"
#include "st0ck/adapters/sim/random.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <string_view>

namespace st0ck::adapters::sim {

/// Prices and volume of one made-up minute.
struct GeneratedMinute {
  core::Price open;
  core::Price high;
  core::Price low;
  core::Price close;
  core::Volume volume;
};

/// The random walk of one symbol, minute by minute (see GeneratedMarket). All figures are integers:
/// prices in 1e-9 dollars, factors in thousandths.
class GeneratedWalk {
 public:
  GeneratedWalk(const GeneratedMarketSettings& settings, std::string_view symbol);

  /// Draws the character of a session of so many minutes, and jumps to where it opens.
  void begin_session(int minutes);

  /// The next minute of the session.
  GeneratedMinute next_minute();

 private:
  /// How the price moves for a while.
  struct Stretch {
    std::int64_t direction = 0;  ///< Up 1, down -1; 0 swings around `middle`.
    std::int64_t middle = 0;
    std::int64_t minutes_left = 0;
  };

  void begin_stretch();
  void take_step(std::int64_t deviation, std::int64_t drift);
  std::int64_t this_minutes_deviation() const;
  std::int64_t bulge() const;
  core::Volume draw_volume();

  GeneratedMarketSettings settings_;
  Random random_;
  std::int64_t price_;
  std::int64_t volatility_factor_ = 1000;
  std::int64_t volume_factor_ = 1000;
  std::int64_t minute_ = 0;
  std::int64_t minutes_ = 0;
  bool has_begun_ = false;
  Stretch stretch_;
};

}  // namespace st0ck::adapters::sim
