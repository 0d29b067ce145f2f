#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::adapters::sim::generated {

/// The character of a made-up session. Sizes are in day's deviations of the symbol: its deviation
/// of a minute times the square root of 390.
enum class DayKind : std::uint8_t {
  Ordinary,   ///< Chance alone, livelier or quieter from day to day.
  TrendUp,    ///< Climbs two and a half deviations, steadily, on half the usual noise.
  TrendDown,  ///< The same downwards.
  Chop,       ///< Swings around its open and is pulled back to it: a lively day that goes nowhere.
  OpenDrive,  ///< Runs two deviations in the first 45 minutes, up or down, and holds what it won.
  Squeeze,    ///< Coils in a quarter of the usual noise, then runs three deviations up, faster and
              ///< faster, on five times the volume.
  Vacuum,     ///< A thin book: wide spreads, small sizes; once the bid falls away three deviations
              ///< within four minutes, and most of it comes back.
  GapAndGo,   ///< Opens with a large gap and runs on in its direction; the gap stays open.
  Crash,      ///< Falls about a fifth of its price in waves, sets off Limit Up-Limit Down and
              ///< Rule 201, and wins a part back.
};

inline constexpr std::size_t kDayKinds = 9;

/// `ordinary`, `trend_up`, `trend_down`, `chop`, `open_drive`, `squeeze`, `vacuum`, `gap_and_go`,
/// `crash`.
std::string_view name_of(DayKind kind);

/// The kind of that name; nothing for any other text.
std::optional<DayKind> parse_day_kind(std::string_view name);

}  // namespace st0ck::adapters::sim::generated
