#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/new_york_time.hpp"

// What an execution costs beside its price.
namespace st0ck::adapters::sim {

/// The order's cumulative fee once an execution of `quantity` for `notional` is part of it.
core::Money MatchingEngine::fee_of(WorkingOrder& order, core::Quantity quantity,
                                   core::Money notional, core::Timestamp time) const {
  const FeeModel& fees = settings_.fees;
  core::Money fee = fees.of_order(order.filled, order.notional);
  if (!fees.regulatory.enabled) return fee;
  fees.regulatory.add(order.regulatory, core::to_new_york(time).date, order.side,
                      instruments_[order.instrument].asset_class, quantity, notional);
  return fee + order.regulatory.charged();
}

}  // namespace st0ck::adapters::sim
