#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <optional>

namespace st0ck::trading {

/// An account at a moment. What needs the mark of a position that has none is absent.
struct EquityMark {
  core::Timestamp time;
  core::Money cash;                        ///< Traded: every fill counts at once.
  core::Money settled_cash;                ///< What has settled by that day.
  std::optional<core::Money> long_value;   ///< Market value of long positions.
  std::optional<core::Money> short_value;  ///< Of short ones, not positive.
  std::optional<core::Money> equity;       ///< Cash and both values.
};

}  // namespace st0ck::trading
