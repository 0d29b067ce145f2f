#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"

namespace st0ck::trading {

/// A part of one of our orders that was executed and counted once. Where messages were lost it
/// stands for all executions since the last one that was heard, at their average price.
struct Fill {
  core::AccountId account;
  core::BotId bot;
  core::EngineName engine;
  core::InstrumentId instrument;
  core::ClientOrderId client_order_id;
  core::ExecutionId execution;
  core::Timestamp time;
  Side side = Side::Buy;
  core::Quantity quantity;  ///< Positive.
  core::Price price;
  core::Money notional;  ///< price x quantity x multiplier, exact where the price is an average.
  core::Money fee;
  core::Code reason;  ///< The order's reason.
};

}  // namespace st0ck::trading
