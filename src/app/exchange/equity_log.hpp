#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstddef>
#include <deque>

namespace st0ck::app::exchange {

/// An account's equity over time: by the minute of the last sessions, by the day before.
class EquityLog {
 public:
  struct Point {
    core::Timestamp time;
    core::Money equity;
  };

  void add_minute(core::Timestamp time, core::Money equity) { add(minutes_, {time, equity}); }
  void add_day(core::Timestamp time, core::Money equity) { add(days_, {time, equity}); }

  const std::deque<Point>& minutes() const { return minutes_; }
  const std::deque<Point>& days() const { return days_; }

 private:
  static constexpr std::size_t kPointsMax = 390 * 30;

  static void add(std::deque<Point>& points, Point point) {
    if (!points.empty() && points.back().time == point.time) points.pop_back();
    if (points.size() == kPointsMax) points.pop_front();
    points.push_back(point);
  }

  std::deque<Point> minutes_;
  std::deque<Point> days_;
};

}  // namespace st0ck::app::exchange
