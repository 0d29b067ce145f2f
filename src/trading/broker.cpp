#include "st0ck/trading/broker.hpp"

#include "st0ck/core/assert.hpp"

namespace st0ck::trading {

void Broker::submit_group(std::span<const Approved<OrderIntent>>) {
  ST0CK_ASSERT(false, "a group goes whole only to a broker that holds groups");
}

void Broker::look_up(const core::ClientOrderId&) {}

}  // namespace st0ck::trading
