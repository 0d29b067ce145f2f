#include "src/adapters/sim/generated/day_shape.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace st0ck::adapters::sim::generated {

namespace {

using Minutes = std::span<MinuteShape>;

/// The minutes [from, to) of a session, given in thousandths of it.
Minutes part(DayShape& shape, std::int64_t from, std::int64_t to) {
  const auto count = static_cast<std::int64_t>(shape.minutes.size());
  const std::int64_t begin = std::clamp<std::int64_t>(count * from / kThousand, 0, count - 1);
  const std::int64_t end = std::clamp<std::int64_t>(count * to / kThousand, begin + 1, count);
  return Minutes{shape.minutes}.subspan(static_cast<std::size_t>(begin),
                                        static_cast<std::size_t>(end - begin));
}

/// Spreads a move of `deviations` (thousandths) evenly over the minutes.
void drift(Minutes minutes, std::int64_t deviations) {
  const auto count = static_cast<std::int64_t>(minutes.size());
  for (MinuteShape& minute : minutes)
    minute.drift += static_cast<std::int32_t>(deviations * kThousand / count);
}

/// The same, slow at first and twice as fast as the mean at the end.
void drift_faster(Minutes minutes, std::int64_t deviations) {
  const auto count = static_cast<std::int64_t>(minutes.size());
  for (std::int64_t i = 0; i < count; ++i)
    minutes[static_cast<std::size_t>(i)].drift +=
        static_cast<std::int32_t>(deviations * kThousand * (2 * i + 1) / (count * count));
}

void fall(Minutes minutes, std::int64_t thousandths) {
  for (MinuteShape& minute : minutes)
    minute.fall += fraction_of_thousand(thousandths) / static_cast<std::int64_t>(minutes.size());
}

struct Factors {
  std::int32_t volatility = 1000;
  std::int32_t volume = 1000;
  std::int32_t spread = 1000;
  std::int32_t size = 1000;
};

void set(Minutes minutes, const Factors& factors) {
  for (MinuteShape& minute : minutes) {
    minute.volatility = factors.volatility;
    minute.volume = factors.volume;
    minute.spread = factors.spread;
    minute.size = factors.size;
  }
}

std::int64_t draw_sign(Random& random) { return random.below(2) == 0 ? 1 : -1; }

void trend(DayShape& shape, std::int64_t sign) {
  set(shape.minutes, {.volatility = 450, .volume = 1150});
  drift(shape.minutes, 2500 * sign);
}

void chop(DayShape& shape) {
  set(shape.minutes, {.volatility = 1050, .volume = 900});
  shape.pull = 70;
}

void open_drive(DayShape& shape, Random& random) {
  const std::int64_t sign = draw_sign(random);
  set(shape.minutes, {.volatility = 450, .volume = 850});
  const Minutes drive = part(shape, 0, 115);
  set(drive, {.volatility = 800, .volume = 2200, .spread = 1200});
  drift(drive, 2000 * sign);
  drift(part(shape, 115, 1000), 300 * sign);
}

void squeeze(DayShape& shape, Random& random) {
  const std::int64_t begin = 480 + random.below(120);
  set(part(shape, 0, begin), {.volatility = 280, .volume = 600, .size = 1300});
  const Minutes run = part(shape, begin, begin + 220);
  set(run, {.volatility = 900, .volume = 5000, .spread = 1600, .size = 600});
  drift_faster(run, 3000);
  set(part(shape, begin + 220, 1000), {.volatility = 600, .volume = 1800});
}

void vacuum(DayShape& shape, Random& random) {
  const std::int64_t begin = 250 + random.below(450);
  set(shape.minutes, {.volatility = 700, .volume = 400, .spread = 3500, .size = 250});
  // Of a full session 10 thousandths are four minutes, 60 are 23.
  const Minutes pocket = part(shape, begin, begin + 10);
  set(pocket, {.volatility = 1500, .volume = 2500, .spread = 8000, .size = 120});
  drift(pocket, -3000);
  const Minutes recovery = part(shape, begin + 10, begin + 70);
  set(recovery, {.volatility = 900, .volume = 1500, .spread = 4500, .size = 200});
  drift(recovery, 2300);
}

void gap_and_go(DayShape& shape, Random& random) {
  const std::int64_t sign = draw_sign(random);
  shape.gap = 2200 * sign;
  set(shape.minutes, {.volatility = 550, .volume = 1700, .spread = 1100});
  drift(part(shape, 0, 230), 1200 * sign);
  drift(part(shape, 230, 1000), 500 * sign);
}

/// A slide, then three waves down, each faster than the five minutes that the bands look back over,
/// with a bounce after it; then a part of it back.
void crash(DayShape& shape, Random& random) {
  const std::int64_t begin = 150 + random.below(200);
  set(part(shape, 0, begin), {.volatility = 1300, .volume = 1100});
  drift(part(shape, 0, begin), -500);
  set(part(shape, begin, 1000), {.volatility = 6000, .volume = 4500, .spread = 2500, .size = 500});
  std::int64_t at = begin + 50;
  fall(part(shape, begin, at), -20);
  for (const std::int64_t depth : {-70, -85, -75}) {
    const Minutes wave = part(shape, at, at + 8);
    set(wave, {.volatility = 8000, .volume = 7000, .spread = 5000, .size = 250});
    fall(wave, depth);
    fall(part(shape, at + 8, at + 40), 15);
    at += 60 + random.below(40);
  }
  set(part(shape, at, at + 250), {.volatility = 4500, .volume = 3000, .spread = 2000, .size = 600});
  fall(part(shape, at, at + 60), 25);
  fall(part(shape, at + 60, at + 250), 25);
  set(part(shape, at + 250, 1000), {.volatility = 3000, .volume = 2200, .spread = 1800});
}

}  // namespace

DayShape draw_shape(DayKind kind, std::int64_t minutes, Random& random) {
  DayShape shape;
  shape.minutes.resize(static_cast<std::size_t>(minutes));
  switch (kind) {
    case DayKind::Ordinary: break;
    case DayKind::TrendUp: trend(shape, 1); break;
    case DayKind::TrendDown: trend(shape, -1); break;
    case DayKind::Chop: chop(shape); break;
    case DayKind::OpenDrive: open_drive(shape, random); break;
    case DayKind::Squeeze: squeeze(shape, random); break;
    case DayKind::Vacuum: vacuum(shape, random); break;
    case DayKind::GapAndGo: gap_and_go(shape, random); break;
    case DayKind::Crash: crash(shape, random); break;
  }
  return shape;
}

}  // namespace st0ck::adapters::sim::generated
