#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/trading/order.hpp"

namespace st0ck::trading {

/// What a bot asks for; the desk adds whose it is and its client order id.
struct OrderRequest {
  core::InstrumentId instrument;
  Side side = Side::Buy;
  OrderType type = OrderType::Market;
  TimeInForce time_in_force = TimeInForce::Day;
  Purpose purpose = Purpose::Entry;
  OrderTerms terms;
  core::Code reason;
};

}  // namespace st0ck::trading
