#pragma once

#include "src/adapters/sim/generated/units.hpp"

#include <algorithm>
#include <cstdint>

namespace st0ck::adapters::sim::generated {

/// The value of a symbol within a minute: a Brownian bridge from where the minute begins to where
/// the day's plan ends it, in as many steps as the symbol has events. Fine prices.
class PricePath {
 public:
  static constexpr std::int64_t kLowest = (kPipsPerDollar / 50) << kFineBits;
  static constexpr std::int64_t kHighest = (1'000'000 * kPipsPerDollar) << kFineBits;

  std::int64_t value() const { return value_; }

  void jump_to(std::int64_t value) {
    value_ = level_ = std::clamp(value, kLowest, kHighest);
    aside_ = 0;
  }

  /// Moves the value and the whole rest of the minute with it.
  void shift_by(std::int64_t change) {
    level_ = std::clamp(level_ + change, kLowest, kHighest);
    value_ = std::clamp(value_ + change, kLowest, kHighest);
  }

  /// `change` over the minute, with the minute's `deviation` on the way.
  void begin_minute(std::int64_t change, std::int64_t deviation, std::int64_t steps) {
    level_ = value_;
    aside_ = 0;
    steps_left_ = std::max<std::int64_t>(steps, 1);
    stride_ = change / steps_left_;
    // Steps add up by their squares.
    const std::int64_t root = square_root((core::Int128{1} << 32) / steps_left_);
    step_deviation_ = static_cast<std::int64_t>((core::Int128{deviation} * root) >> 16);
    if (steps == 0) shift_by(change);
  }

  void step(Random& random) {
    level_ += stride_;
    if (steps_left_ > 1) {
      aside_ -= aside_ / steps_left_;
      aside_ += draw_move(step_deviation_, random);
    } else {
      aside_ = 0;
    }
    --steps_left_;
    level_ = std::clamp(level_, kLowest, kHighest);
    value_ = std::clamp(level_ + aside_, kLowest, kHighest);
  }

 private:
  std::int64_t value_ = 0;
  std::int64_t level_ = 0;
  std::int64_t aside_ = 0;
  std::int64_t stride_ = 0;
  std::int64_t step_deviation_ = 0;
  std::int64_t steps_left_ = 1;
};

}  // namespace st0ck::adapters::sim::generated
