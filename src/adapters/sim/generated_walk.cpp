#include "st0ck/adapters/sim/generated_walk.hpp"

#include <algorithm>

namespace st0ck::adapters::sim {

namespace {

constexpr std::int64_t kSteps = 12;
/// One over the square root of twelve, in millionths: steps add up to a minute by their squares.
constexpr std::int64_t kStepPart = 288'675;
constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kThousand = 1000;

constexpr std::int64_t kPriceMin = core::Price::whole(1).raw();
constexpr std::int64_t kPriceMax = core::Price::whole(1'000'000).raw();
constexpr core::Price kCent = core::Price::from_raw(10'000'000);

/// A rising or falling stretch adds this part of a minute's deviation to each minute.
constexpr std::int64_t kDrift = 120;
/// A swinging stretch loses this part of its distance from the middle each minute.
constexpr std::int64_t kPull = 40;

core::Price in_cents(std::int64_t price) {
  return core::Price::from_raw(price).rounded_to(kCent, core::Rounding::HalfEven);
}

/// `amount` x `factor` / `unit`, cut off.
std::int64_t part_of(std::int64_t amount, std::int64_t factor, std::int64_t unit) {
  return static_cast<std::int64_t>(core::Int128{amount} * factor / unit);
}

}  // namespace

GeneratedWalk::GeneratedWalk(const GeneratedMarketSettings& settings, std::string_view symbol)
    : settings_{settings},
      random_{Random::for_name(settings.seed, symbol)},
      price_{settings.start_price.raw()} {}

void GeneratedWalk::begin_session(int minutes) {
  minutes_ = minutes;
  minute_ = 0;
  const std::int64_t gap = part_of(price_, settings_.gap_volatility.raw(), core::Rate::kOne);
  const std::int64_t jump = part_of(gap, random_.bell(), Random::kBellDeviation);
  if (has_begun_) price_ = std::clamp(price_ + jump, kPriceMin, kPriceMax);
  has_begun_ = true;

  // Every session draws the same count of numbers, whatever it becomes.
  const bool is_stormy = random_.below(settings_.stormy_one_in) == 0;
  const bool is_quiet = random_.below(settings_.quiet_one_in) == 0;
  const std::int64_t mood = 700 + random_.below(601);
  volatility_factor_ = is_stormy ? 3500 : is_quiet ? 50 : mood;
  volume_factor_ = is_stormy ? 3000 : is_quiet ? 500 : mood;
  begin_stretch();
}

void GeneratedWalk::begin_stretch() {
  const std::int64_t kind = random_.below(4);
  stretch_.direction = kind == 0 ? 1 : kind == 1 ? -1 : 0;
  stretch_.middle = price_;
  stretch_.minutes_left = 15 + random_.below(46);
}

GeneratedMinute GeneratedWalk::next_minute() {
  if (stretch_.minutes_left == 0) begin_stretch();
  --stretch_.minutes_left;
  const std::int64_t minute_deviation = this_minutes_deviation();
  const std::int64_t deviation = part_of(minute_deviation, kStepPart, kMillion);
  const std::int64_t drift =
      part_of(minute_deviation, stretch_.direction * kDrift, kThousand) / kSteps;
  take_step(deviation, drift);
  GeneratedMinute made;
  made.open = made.high = made.low = in_cents(price_);
  for (std::int64_t step = 1; step < kSteps; ++step) {
    take_step(deviation, drift);
    made.high = std::max(made.high, in_cents(price_));
    made.low = std::min(made.low, in_cents(price_));
  }
  made.close = in_cents(price_);
  made.volume = draw_volume();
  ++minute_;
  return made;
}

/// One step of the walk: chance, and where the stretch goes.
void GeneratedWalk::take_step(std::int64_t deviation, std::int64_t drift) {
  const std::int64_t chance = deviation * random_.bell() / Random::kBellDeviation;
  const std::int64_t pull =
      stretch_.direction == 0 ? (stretch_.middle - price_) / kThousand * kPull / kSteps : 0;
  price_ = std::clamp(price_ + chance + drift + pull, kPriceMin, kPriceMax);
}

/// Standard deviation of this minute's change, in 1e-9 dollars.
std::int64_t GeneratedWalk::this_minutes_deviation() const {
  const std::int64_t even = part_of(price_, settings_.minute_volatility.raw(), core::Rate::kOne);
  const std::int64_t of_session = part_of(even, volatility_factor_, kThousand);
  // 0.7 in the middle of the day, 1.6 at its ends, 1 on average.
  return part_of(of_session, 700 + 900 * bulge() / kThousand, kThousand);
}

/// The square of the distance from the middle of the session, 0 there and 1000 at its ends.
std::int64_t GeneratedWalk::bulge() const {
  const std::int64_t span = std::max<std::int64_t>(minutes_ - 1, 1);
  const std::int64_t distance = 2 * minute_ - span;
  return distance * distance * kThousand / (span * span);
}

/// Whole shares, half to one and a half times what the minute usually has.
core::Volume GeneratedWalk::draw_volume() {
  const std::int64_t whole = settings_.minute_volume.raw() / core::Volume::kOne;
  const std::int64_t of_session = part_of(whole, volume_factor_, kThousand);
  // 0.55 in the middle of the day, 1.9 at its ends, 1 on average.
  const std::int64_t of_minute = part_of(of_session, 550 + 1350 * bulge() / kThousand, kThousand);
  return core::Volume::whole(part_of(of_minute, 500 + random_.below(1001), kThousand));
}

}  // namespace st0ck::adapters::sim
