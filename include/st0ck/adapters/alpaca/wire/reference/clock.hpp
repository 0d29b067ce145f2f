#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// What the broker's clock shows; written with New York's offset.
struct MarketClock {
  core::Timestamp time;
  bool is_open = false;
  core::Timestamp next_open;
  core::Timestamp next_close;

  friend bool operator==(const MarketClock&, const MarketClock&) = default;
};

core::Result<MarketClock> read_clock(std::string_view body);
std::string to_json(const MarketClock& clock);

/// A trading day; the times are what clocks in New York show.
struct CalendarDay {
  core::Date date{};
  core::Duration open{};                         ///< Since midnight.
  core::Duration close{};                        ///< Earlier on half days.
  std::optional<core::Duration> session_open{};  ///< Of the extended hours.
  std::optional<core::Duration> session_close{};
  std::optional<core::Date> settlement_date{};

  friend bool operator==(const CalendarDay&, const CalendarDay&) = default;
};

core::Result<std::vector<CalendarDay>> read_calendar(std::string_view body);
std::string to_json(const std::vector<CalendarDay>& days);

}  // namespace st0ck::alpaca
