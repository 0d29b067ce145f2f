#pragma once

#include "src/adapters/sim/generated/units.hpp"
#include "st0ck/core/calendar.hpp"

#include <array>
#include <cstdint>

namespace st0ck::adapters::sim::generated {

/// The bands of Limit Up-Limit Down around the mean of the last five minutes' prints.
///
/// By the plan: 5 % (tier 1) or 10 % (tier 2) above 3 dollars, 20 % from 0.75, below that the
/// lesser of 75 % and 15 cents, by the previous close; twice that in the last 25 minutes for tier 1
/// and for prices up to 3 dollars. Before Amendment 18 (2020-02-24) tier 2 was doubled there as
/// well, and all in the first 15 minutes. The reference moves only when the mean differs from it by
/// 1 % or more, and is looked at every 30 seconds. Prices in pips, times in us.
class PriceBands {
 public:
  void begin_day(const core::Session& session, std::int64_t open_us, std::int64_t close_us,
                 std::uint32_t tier, std::int64_t previous_close);

  /// Puts bands in force around an auction's price.
  void start(std::int64_t now, std::int64_t price);
  void stop() { is_in_force_ = false; }

  bool is_in_force() const { return is_in_force_; }
  std::int64_t low() const { return low_; }
  std::int64_t high() const { return high_; }

  void add_print(std::int64_t price) {
    sums_[slot_] += price;
    ++counts_[slot_];
  }

  /// Whether `now` asks for `look`.
  bool is_due(std::int64_t now) const { return is_in_force_ && now >= next_look_; }
  /// Sets the bands for `now`; true when they have changed.
  bool look(std::int64_t now);

 private:
  static constexpr std::size_t kSlots = 10;
  static constexpr std::int64_t kSlotUs = 30'000'000;

  void turn_slots(std::int64_t now);
  void set_reference();
  bool set_bands(std::int64_t now);
  bool is_doubled(std::int64_t now) const;

  bool is_in_force_ = false;
  bool doubles_open_ = false;
  bool doubles_close_ = false;
  std::int64_t open_us_ = 0;
  std::int64_t close_us_ = 0;
  std::int64_t thousandths_ = 50;
  std::int64_t width_max_ = 0;
  std::int64_t reference_ = 0;
  std::int64_t low_ = 0;
  std::int64_t high_ = 0;
  std::int64_t next_look_ = 0;
  std::int64_t slot_number_ = 0;
  std::size_t slot_ = 0;
  std::array<std::int64_t, kSlots> sums_{};
  std::array<std::int64_t, kSlots> counts_{};
};

}  // namespace st0ck::adapters::sim::generated
