#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/trading/order.hpp"

#include <optional>

namespace st0ck::trading {

/// The stop of a pair, which the broker has under its target.
struct PairStop {
  core::ClientOrderId client_order_id;
  OrderType type = OrderType::Stop;
  TimeInForce time_in_force = TimeInForce::Day;
  OrderTerms terms;

  friend bool operator==(const PairStop&, const PairStop&) = default;
};

/// An exit of ours that the broker has and our books do not: it did not wait for a journal that was
/// late, and its record was lost with the power or the process (ADR 34). The event that the desk
/// takes it into its books by, under the id that the broker knows it by.
struct LostExit {
  core::ClientOrderId client_order_id;
  core::BotId bot;
  core::InstrumentId instrument;
  Side side = Side::Sell;
  OrderType type = OrderType::Market;
  TimeInForce time_in_force = TimeInForce::Day;
  OrderTerms terms;  ///< As the broker tells them; what has filled of it is not taken off.
  std::optional<PairStop> pair_stop{};  ///< Where it is the target of a pair.

  friend bool operator==(const LostExit&, const LostExit&) = default;
};

}  // namespace st0ck::trading
