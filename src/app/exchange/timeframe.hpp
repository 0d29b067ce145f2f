#pragma once

#include "st0ck/core/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::app::exchange {

/// How long the bars are that a client asks for.
class Timeframe {
 public:
  /// `5Min`, `15T`, `1Hour`, `1H`, `1Day`, `1Week`, `3Month` and their like; nothing for another
  /// text or a number that is not allowed: 1-59 minutes, 1-23 hours, 1 day, 1 week, 1, 2, 3, 4, 6
  /// or 12 months.
  static std::optional<Timeframe> parse(std::string_view text);

  /// When the bar begins that `time` belongs to. Minutes and hours are counted from midnight in New
  /// York, months from January; days, weeks (from Monday) and months begin at that midnight.
  core::Timestamp start_of(core::Timestamp time) const;

 private:
  enum class Unit : std::uint8_t { Minute, Hour, Day, Week, Month };

  Timeframe(Unit unit, int count) : unit_{unit}, count_{count} {}

  Unit unit_;
  int count_;
};

}  // namespace st0ck::app::exchange
