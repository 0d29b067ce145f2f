#pragma once

#include "st0ck/adapters/sim/regulatory_fees.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/units.hpp"

#include <optional>

namespace st0ck::adapters::sim {

/// What a broker charges for an order. Every part may be zero; none may be negative.
struct FeeModel {
  core::Money per_order{};  ///< Once, with the first execution.
  core::Price per_share{};  ///< Dollars per share or contract, at most 1.
  core::Rate rate{};        ///< Part of the notional, at most 1.
  core::Money minimum{};    ///< Of an order that has filled at all.
  std::optional<core::Money> maximum{};
  /// What authorities take, on top and beyond the maximum; the matching engine adds it up.
  RegulatoryFees regulatory{};

  /// What an order has cost once `quantity` for `notional` has filled: the sum of the parts,
  /// brought between minimum and maximum. It is a function of the cumulative figures, so that an
  /// execution costs the difference between after and before, and a minimum is charged once however
  /// many executions an order takes. Each part is rounded half away from zero to 1e-9 dollars.
  core::Money of_order(core::Quantity quantity, core::Money notional) const;

  /// `OutOfRange` with the first setting that is not allowed.
  core::Status validate() const;
};

}  // namespace st0ck::adapters::sim
