// What SymbolTape plans at the beginning of a minute.
#include "src/adapters/sim/generated/session_curve.hpp"
#include "src/adapters/sim/generated/symbol_tape.hpp"

#include <algorithm>

namespace st0ck::adapters::sim::generated {

namespace {

/// Fewer shares than this in a mean print would be odd lots only: then there are fewer prints.
constexpr std::int64_t kMeanPrintMin = 250;
/// What is left of a minute's volume for plain prints beside sweeps' further ones and averages,
/// and to make good that minutes are livelier than the mean more than they are duller.
constexpr std::int64_t kPlainVolume = 800;
/// A minute swings less on its way than a free walk would, in thousandths: prices bounce.
constexpr std::int64_t kSwing = 780;
/// Before the open: events and volume as parts of the regular ones, in thousandths.
constexpr std::int64_t kEarlyActivity = 60;
constexpr std::int64_t kEarlyVolume = 8;
constexpr std::int64_t kEarlySpread = 4000;
constexpr std::int64_t kActivityMax = 8000;

/// How much busier than planned a minute is, in thousandths around 1,000: half to one and a half
/// times, and one in 40 up to six times, when somebody large comes by.
std::int64_t draw_bustle(Random& random) {
  const std::int64_t plain = 430 + (random.below(1001) + random.below(1001)) / 2;
  return random.below(40) == 0 ? plain + 1000 + random.below(4001) : plain;
}

}  // namespace

void SymbolTape::begin_minute() {
  static constexpr MinuteShape kPlain{};
  const std::int64_t regular = minute_ - day_->early_minutes();
  const bool is_early = regular < 0;
  const MinuteShape& shape = is_early ? kPlain : shape_->minutes[static_cast<std::size_t>(regular)];
  minute_begin_ = minute_ * kMinuteUs;
  past_values_[static_cast<std::size_t>(minute_) % past_values_.size()] = path_.value();
  excitement_ -= excitement_ / 12;
  plan_activity(shape, regular);
  plan_price(shape);
}

/// How many steps the minute has, how many shares a print, how wide the book is.
void SymbolTape::plan_activity(const MinuteShape& shape, std::int64_t regular) {
  const bool is_early = regular < 0;
  const std::int64_t liveliness = day_->liveliness(static_cast<std::size_t>(minute_));
  const std::int64_t excited = kThousand + excitement_;
  const std::int64_t noise = draw_bustle(random_);
  const std::int64_t course =
      is_early ? kEarlyVolume : usual_volume(regular, day_->regular_minutes());
  const std::int64_t busy = in_thousandths(
      in_thousandths(in_thousandths(in_thousandths(course, liveliness), shape.volume), excited),
      noise);
  const std::int64_t volume = in_thousandths(in_thousandths(minute_volume_, busy), kPlainVolume);
  // Events follow volume, less steeply: in a rush prints grow as well.
  const std::int64_t activity =
      is_early ? kEarlyActivity : std::min(400 + busy * 6 / 10, kActivityMax);
  const std::int64_t wanted = in_thousandths(steps_per_minute_, activity);
  steps_ = (wanted + static_cast<std::int64_t>(random_.next() & 0xffff)) >> 16;
  step_ = 0;
  step_width_ = steps_ == 0 ? kMinuteUs : kMinuteUs / steps_;
  const std::int64_t prints_wanted = std::max<std::int64_t>(wanted * kPrintsOfSteps / kThousand, 1);
  const std::int64_t prints =
      std::clamp<std::int64_t>((volume << 16) / kMeanPrintMin, 1, prints_wanted);
  print_chance_ =
      static_cast<std::int64_t>((core::Int128{prints} << 16) / std::max<std::int64_t>(wanted, 1));
  const std::size_t before = static_cast<std::size_t>(minute_ + 3) % past_values_.size();
  prints_.begin_minute((volume << 16) / prints, average_value_, past_values_[before]);

  const std::int64_t spread_course =
      is_early ? kEarlySpread : usual_spread(regular, day_->regular_minutes());
  const std::int64_t width = in_thousandths(in_thousandths(spread_course, shape.spread),
                                            (2000 + liveliness + excitement_) / 3);
  books_.begin_minute(path_.value(), part_of(path_.value(), in_thousandths(spread_, width)),
                      in_thousandths(traits_.quote_size.raw() / core::Volume::kOne, shape.size));
}

/// Where the minute goes: with the market and the sector, on its own, and as the day's kind says.
void SymbolTape::plan_price(const MinuteShape& shape) {
  const auto minute = static_cast<std::size_t>(minute_);
  const std::int64_t volatility = in_thousandths(day_->volatility(minute), shape.volatility);
  const std::int64_t value = path_.value();
  const Fraction own = draw_move(in_thousandths(own_deviation_, day_->volatility(minute)), random_);
  const Fraction chance =
      in_thousandths(part_of(day_->market_move(minute), market_beta_) +
                         part_of(day_->sector_move(traits_.sector, minute), sector_beta_) + own,
                     shape.volatility);
  const Fraction drift = day_deviation_ * shape.drift / 1'000'000 + shape.fall;
  const Fraction move = std::clamp(chance + drift, -kMoveMax, kMoveMax);
  const bool is_regular = minute_ >= day_->early_minutes();
  const std::int64_t pull = is_regular ? in_thousandths(open_value_ - value, shape_->pull) : 0;
  path_.begin_minute(part_of(value, move) + pull,
                     part_of(value, in_thousandths(in_thousandths(deviation_, volatility), kSwing)),
                     steps_);
}

}  // namespace st0ck::adapters::sim::generated
