#include "src/adapters/sim/generated/day_factors.hpp"

#include "src/adapters/sim/generated/session_curve.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/market/session_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace st0ck::adapters::sim::generated {

namespace {

/// Before the open a minute moves by this part of a regular one, in thousandths.
constexpr std::int64_t kEarlyVolatility = 220;

/// Makes good that clusters lift the mean and squares weigh lively minutes more, in thousandths: so
/// the deviation over many days is the one that was asked for.
constexpr std::int64_t kCalm = 855;

std::int64_t minutes_between(core::Timestamp from, core::Timestamp to) {
  return (to - from) / std::chrono::minutes{1};
}

}  // namespace

Random stream_of(std::uint64_t seed, std::string_view name, core::Date date) {
  return Random::for_name(seed, fmt::format("{} {}", name, core::format_date(date)));
}

DayFactors::DayFactors(const TapeSettings& settings, const core::Session& session,
                       std::uint32_t number)
    : session_{session},
      number_{number},
      seed_{settings.seed},
      begin_{settings.has_premarket ? session.pre_market_open()
                                    : session.open - market::kPrepareAhead},
      early_minutes_{minutes_between(begin_, session.open)},
      regular_minutes_{minutes_between(session.open, session.close)} {
  Random random = stream_of(seed_, "*market", session.date);
  draw_kind(settings);
  draw_liveliness(random);
  market_gap_ = draw_move(fraction_of(settings.gap_volatility), random);
  const Fraction market_deviation = fraction_of(settings.market_volatility);
  for (const std::int64_t factor : volatility_)
    market_.push_back(draw_move(in_thousandths(market_deviation, factor), random));
  const Fraction sector_deviation = fraction_of(settings.sector_volatility);
  for (std::size_t sector = 0; sector < kSectors; ++sector) {
    Random own = stream_of(seed_, fmt::format("*sector {}", sector), session.date);
    sector_gaps_[sector] = draw_move(fraction_of(settings.gap_volatility) / 2, own);
    for (const std::int64_t factor : volatility_)
      sectors_[sector].push_back(draw_move(in_thousandths(sector_deviation, factor), own));
  }
}

void DayFactors::draw_kind(const TapeSettings& settings) {
  Random random = stream_of(seed_, "*kind", session_.date);
  const std::int64_t one_in = settings.special_day_one_in;
  const bool is_special = one_in > 0 && random.below(one_in) == 0;
  // Every kind between Ordinary and Crash.
  const auto kind = static_cast<DayKind>(1 + random.below(kDayKinds - 2));
  if (is_special) kind_ = kind;
  for (const ScriptedDay& day : settings.script)
    if (day.session == number_ && !day.symbol) kind_ = day.kind;
}

void DayFactors::draw_liveliness(Random& random) {
  // The mean of two: days of 0.65 to 1.35 of the mean, most of them near it.
  const std::int64_t mood = 650 + (random.below(701) + random.below(701)) / 2;
  std::int64_t cluster = 1000;
  for (std::int64_t minute = 0; minute < early_minutes_ + regular_minutes_; ++minute) {
    cluster += (950 - cluster) / 16 + draw_move(60, random);
    if (random.below(120) == 0) cluster += 500 + random.below(900);
    cluster = std::clamp<std::int64_t>(cluster, 500, 3500);
    const std::int64_t lively = in_thousandths(mood, cluster);
    const std::int64_t regular = minute - early_minutes_;
    liveliness_.push_back(lively);
    const std::int64_t course =
        regular < 0 ? kEarlyVolatility : usual_volatility(regular, regular_minutes_);
    volatility_.push_back(in_thousandths(in_thousandths(lively, course), kCalm));
  }
}

const DayShape& DayFactors::shape(DayKind kind) {
  std::optional<DayShape>& shape = shapes_[static_cast<std::size_t>(kind)];
  if (!shape) {
    Random random = stream_of(seed_, fmt::format("*{}", name_of(kind)), session_.date);
    shape = draw_shape(kind, regular_minutes_, random);
  }
  return *shape;
}

}  // namespace st0ck::adapters::sim::generated
