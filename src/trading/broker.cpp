#include "st0ck/trading/broker.hpp"

#include "st0ck/core/assert.hpp"

namespace st0ck::trading {

bool BrokerAbilities::may_hold(market::AssetClass asset_class, OrderType type,
                               TimeInForce time_in_force, TimeInForce first) const {
  if (!groups_are_plain) return holds_groups;
  return holds_groups && asset_class == market::AssetClass::Equity &&
         type != OrderType::TrailingStop && time_in_force == first &&
         (first == TimeInForce::Day || first == TimeInForce::Gtc);
}

void Broker::submit_group(std::span<const Approved<OrderIntent>>) {
  ST0CK_ASSERT(false, "a group goes whole only to a broker that holds groups");
}

void Broker::look_up(const core::ClientOrderId&) {}

}  // namespace st0ck::trading
