#pragma once

#include "st0ck/adapters/alpaca/wire/trading/order.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"

#include <cstdint>
#include <vector>

namespace st0ck::app::exchange {

/// An order of an account, from its acceptance on.
struct OrderRecord {
  std::uint64_t number = 0;  ///< Counts up: the order in which they came.
  alpaca::Order told;        ///< As clients are told it, but for its legs.
  core::InstrumentId instrument;
  core::Quantity target;          ///< In shares; of an order by notional, what its money is for.
  core::Quantity filled_before;   ///< By the orders that it replaces.
  core::Quantity engine_filled;   ///< Of what the matching engine has under `engine_id`.
  core::Int128 filled_value = 0;  ///< Sum of price and quantity of its fills, both raw: exact.
  core::Price estimate;           ///< What a share is reserved at.
  trading::GroupRole role = trading::GroupRole::Single;

  // A group: the order that was sent, and what came with it. Of a bracket the legs are the two
  // exits, of an OCO the parent is the target and the leg the stop.
  OrderRecord* parent = nullptr;
  std::vector<OrderRecord*> legs;

  core::ClientOrderId engine_id;  ///< What the matching engine knows it by; empty before.
  bool is_working = false;        ///< At the matching engine.
  bool waits = false;             ///< A leg whose entry has not filled.
  bool has_new_trail = false;     ///< A trailing stop whose distance was replaced.
  bool is_triggered = false;      ///< Such a one that goes on as a market order.

  trading::Side side() const { return *told.side; }
  bool buys() const { return side() == trading::Side::Buy; }
  bool is_open() const { return !alpaca::is_final(told.status); }
  bool is_exit() const {
    return role == trading::GroupRole::Target || role == trading::GroupRole::Stop;
  }
  /// Whether it was entered to close a position, which it must not turn round.
  bool closes() const {
    return told.position_intent == alpaca::PositionIntent::BuyToClose ||
           told.position_intent == alpaca::PositionIntent::SellToClose;
  }
  core::Quantity remaining() const { return target - told.filled_quantity; }

  /// The order that its group began with; itself where it has none.
  OrderRecord& head() { return parent ? *parent : *this; }
};

}  // namespace st0ck::app::exchange
