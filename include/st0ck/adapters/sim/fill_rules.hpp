#pragma once

#include "st0ck/adapters/sim/matching_settings.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/trading/order.hpp"

#include <optional>

namespace st0ck::adapters::sim {

/// An order as the simulated exchange holds it.
struct WorkingOrder {
  core::ClientOrderId client_order_id;
  core::InstrumentId instrument;
  trading::Side side = trading::Side::Buy;
  trading::OrderType type = trading::OrderType::Market;
  /// What it works as now: a triggered stop is a market order, a triggered stop-limit a limit.
  trading::OrderType acts_as = trading::OrderType::Market;
  trading::TimeInForce time_in_force = trading::TimeInForce::Day;
  trading::OrderTerms terms;
  core::Timestamp accepted;   ///< Decides which session a DAY order belongs to.
  core::Timestamp live_from;  ///< Since when it stands as it is: accepted, replaced or triggered.
  core::Quantity filled;
  core::Money notional;  ///< Cumulative, not negative.
  core::Money fee;       ///< Cumulative.
  bool is_finished = false;

  core::Quantity remaining() const { return terms.quantity - filled; }
};

/// What a price does to an order.
struct Match {
  bool triggered = false;  ///< Its stop was reached.
  /// Where it fills, slippage included, as far as volume allows.
  std::optional<core::Price> price{};
};

/// The rules by which a bar fills orders (design section 6): pure functions of order and bar. They
/// look at prices only; how much fills is the engine's business.
struct FillRules {
  LimitFill limit_fill = LimitFill::Through;
  SlippageModel slippage{};

  /// The open of a bar is a known price: market orders fill there, so do stops it has jumped and
  /// limits it is beyond (the better price is theirs). A stop-limit that it triggers takes the
  /// open if its limit allows, and rests otherwise.
  Match at_open(const WorkingOrder& order, core::Price open) const;

  /// Inside a bar a stop fills at its stop price once low or high has touched it. One that came
  /// after the open of this very bar, with the open already beyond it, fills at the open.
  Match stop_inside(const WorkingOrder& order, const market::Bar& bar) const;

  /// Inside a bar a limit fills at its own price; one that came right after the open of this bar
  /// and would have filled there gets the open.
  Match limit_inside(const WorkingOrder& order, const market::Bar& bar) const;
};

}  // namespace st0ck::adapters::sim
