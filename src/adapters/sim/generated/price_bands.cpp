#include "src/adapters/sim/generated/price_bands.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace st0ck::adapters::sim::generated {

namespace {

constexpr std::int64_t kCent = 100;
constexpr std::int64_t kFirstMinutes = 15 * kMinuteUs;
constexpr std::int64_t kLastMinutes = 25 * kMinuteUs;
constexpr core::Date kAmendment18 = core::Date{std::chrono::year{2020} / 2 / 24};

std::int64_t to_cent(std::int64_t pips) { return (pips + kCent / 2) / kCent * kCent; }

}  // namespace

void PriceBands::begin_day(const core::Session& session, std::int64_t open_us,
                           std::int64_t close_us, std::uint32_t tier, std::int64_t previous_close) {
  is_in_force_ = false;
  open_us_ = open_us;
  close_us_ = close_us;
  const bool is_above_three = previous_close > 3 * kPipsPerDollar;
  const bool is_above_075 = previous_close >= kPipsPerDollar * 3 / 4;
  thousandths_ = is_above_three ? (tier == 1 ? 50 : 100) : is_above_075 ? 200 : 750;
  width_max_ = is_above_075 ? std::numeric_limits<std::int64_t>::max() : kPipsPerDollar * 15 / 100;
  doubles_open_ = session.date < kAmendment18;
  doubles_close_ = doubles_open_ || tier == 1 || !is_above_three;
}

void PriceBands::start(std::int64_t now, std::int64_t price) {
  is_in_force_ = true;
  reference_ = price;
  sums_.fill(0);
  counts_.fill(0);
  slot_number_ = now / kSlotUs;
  slot_ = static_cast<std::size_t>(slot_number_ % std::int64_t{kSlots});
  add_print(price);
  set_bands(now);
}

bool PriceBands::look(std::int64_t now) {
  turn_slots(now);
  set_reference();
  return set_bands(now);
}

void PriceBands::turn_slots(std::int64_t now) {
  const std::int64_t number = now / kSlotUs;
  while (slot_number_ < number) {
    slot_ = static_cast<std::size_t>(++slot_number_ % std::int64_t{kSlots});
    sums_[slot_] = counts_[slot_] = 0;
  }
}

void PriceBands::set_reference() {
  std::int64_t sum = 0;
  std::int64_t count = 0;
  for (std::size_t i = 0; i < kSlots; ++i) {
    sum += sums_[i];
    count += counts_[i];
  }
  if (count == 0) return;
  const std::int64_t mean = sum / count;
  if (std::abs(mean - reference_) * 100 >= reference_) reference_ = mean;
}

bool PriceBands::set_bands(std::int64_t now) {
  const std::int64_t width =
      std::min(reference_ * thousandths_ / kThousand, width_max_) * (is_doubled(now) ? 2 : 1);
  const std::int64_t low = std::max(to_cent(std::max<std::int64_t>(reference_ - width, 0)), kCent);
  const std::int64_t high = std::max(to_cent(reference_ + width), low + kCent);
  const bool has_changed = low != low_ || high != high_;
  low_ = low;
  high_ = high;
  next_look_ = (now / kSlotUs + 1) * kSlotUs;
  return has_changed;
}

bool PriceBands::is_doubled(std::int64_t now) const {
  return (doubles_open_ && now < open_us_ + kFirstMinutes) ||
         (doubles_close_ && now >= close_us_ - kLastMinutes);
}

}  // namespace st0ck::adapters::sim::generated
