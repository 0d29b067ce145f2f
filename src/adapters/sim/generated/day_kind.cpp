#include "st0ck/adapters/sim/generated/day_kind.hpp"

#include <algorithm>

namespace st0ck::adapters::sim::generated {

namespace {

constexpr std::array<std::string_view, kDayKinds> kNames{"ordinary", "trend_up",   "trend_down",
                                                         "chop",     "open_drive", "squeeze",
                                                         "vacuum",   "gap_and_go", "crash"};

}  // namespace

std::string_view name_of(DayKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<DayKind> parse_day_kind(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<DayKind>(found - kNames.begin());
}

}  // namespace st0ck::adapters::sim::generated
