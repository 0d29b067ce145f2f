#pragma once

#include "st0ck/core/units.hpp"
#include "st0ck/trading/fill.hpp"

#include <optional>

namespace st0ck::engines::st0cka {

/// What one lot holds and cost, from the fills of its own orders: the broker and the ledger know
/// only the sum of all lots.
class LotBook {
 public:
  /// A fill of one of the lot's orders, or its part in one that nobody here has sent.
  void apply(trading::Side side, core::Quantity quantity, core::Money notional, core::Money fee);

  /// `numerator` new shares for `denominator` old ones.
  void split(std::uint32_t numerator, std::uint32_t denominator);

  core::Quantity held() const { return held_; }

  /// Average price of what was bought, absent while nothing is held.
  std::optional<core::Price> entry(core::Multiplier multiplier) const;

  /// What the last round from flat to flat has earned, fees included; told once.
  std::optional<core::Money> take_result();

 private:
  core::Quantity held_;
  core::Quantity bought_;
  core::Money cost_;
  core::Money cash_;
  std::optional<core::Money> result_;
};

}  // namespace st0ck::engines::st0cka
