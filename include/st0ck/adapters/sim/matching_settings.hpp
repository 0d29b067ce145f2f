#pragma once

#include "st0ck/adapters/sim/fee_model.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"

#include <cstdint>
#include <string_view>

namespace st0ck::adapters::sim {

/// What a resting limit order needs from the tape to fill.
enum class LimitFill : std::uint8_t {
  Through,  ///< A price beyond the limit: at the limit itself others may have been first.
  Touch,    ///< The limit itself is enough.
};

std::string_view name_of(LimitFill limit_fill);

/// Whether brackets, one-cancels-other and one-triggers-other are held by the exchange.
enum class GroupHolding : std::uint8_t {
  Held,        ///< Yes; the exits are live with each part of the entry that fills.
  AfterEntry,  ///< Yes; they are live once the entry has come to its end (Alpaca).
  None,        ///< No: whoever wants groups keeps them.
};

/// How much worse than the bar's price a market or stop order fills.
struct SlippageModel {
  core::Price per_share{};  ///< Dollars.
  core::Rate rate{};        ///< Part of the price; its product is rounded up to 1e-9 dollars.

  /// `price` moved against `side`. A sell stops at 1e-9 dollars: it never becomes zero or less.
  core::Price slipped(trading::Side side, core::Price price) const;

  core::Status validate() const;
};

/// What the simulated broker turns down beyond what no broker takes. Off unless asked for.
struct DoorRules {
  /// `WASH_TRADE`: an order that could trade against one of our own that works, stops included;
  /// the exits of groups are left out.
  bool wash_trades = false;
  /// `QUANTITY_HELD`: a sale of more than is held, less what working sales hold already; a short is
  /// opened from flat or short only, and covered the same way. A group that came as one passes.
  bool held_quantity = false;
  /// `GROUP_TERMS`: a group with an option, a trailing stop, several times in force or another than
  /// DAY and GTC.
  bool unusual_groups = false;
  bool halted = false;  ///< `HALTED`: any order while its instrument is not traded.
  /// `BUYING_POWER`: an order that enlarges the position by more than this many times equity, less
  /// all positions and working entries. 0 asks nobody; 1 is a cash account, 2 overnight margin by
  /// Regulation T, 4 a pattern day trader's.
  std::uint32_t leverage = 0;

  core::Status validate() const;
};

/// How the simulated exchange fills.
struct MatchingSettings {
  LimitFill limit_fill = LimitFill::Through;
  GroupHolding groups = GroupHolding::Held;
  SlippageModel slippage{};
  FeeModel fees{};
  DoorRules refuses{};
  /// Part of a bar's volume, cut off to whole shares, that all our orders together may fill in
  /// one bar; 0 is no bound. With a bound, a bar without volume fills and triggers nothing. On
  /// ticks, the part of a print that resting orders may have, and of an auction.
  core::Rate volume_share_max{};
  /// On ticks: the part of the size shown at its price that stands before a limit order which
  /// comes to rest there. 1 is the end of the queue.
  core::Rate queue_ahead = core::Rate::whole(1);
  /// Working orders at a time; one more is rejected.
  std::uint32_t orders_max = 1000;
  /// Finished orders that are remembered, so that a late cancel hears `ALREADY_FINAL` and a used
  /// client order id is refused. The oldest are forgotten first.
  std::uint32_t finished_orders_max = 16384;

  /// `OutOfRange` with the first setting that is not allowed.
  core::Status validate() const;
};

}  // namespace st0ck::adapters::sim
