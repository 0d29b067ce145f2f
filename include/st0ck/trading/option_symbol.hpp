#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <optional>

namespace st0ck::trading {

/// What the 21 characters of an OCC option symbol say, `SPY190211C00270000`.
struct OptionSymbol {
  core::Symbol underlying;
  core::Date expiry{};
  bool is_call = true;
  core::Price strike;

  /// What exercising one unit is worth at `underlying_price`; zero out of the money.
  core::Price intrinsic(core::Price underlying_price) const;
};

/// Root, blanks up to six characters or none, yymmdd, C or P, and the strike in thousandths of a
/// dollar with eight digits; nothing for any other symbol.
std::optional<OptionSymbol> parse_option_symbol(const core::Symbol& symbol);

}  // namespace st0ck::trading
