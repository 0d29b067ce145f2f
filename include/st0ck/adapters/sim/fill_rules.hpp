#pragma once

#include "st0ck/adapters/sim/matching_settings.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/trading/order.hpp"

#include <cstdint>
#include <optional>

namespace st0ck::adapters::sim {

constexpr bool is_stop(trading::OrderType type) {
  return type != trading::OrderType::Market && type != trading::OrderType::Limit;
}

/// Whether an order lives for one moment only.
constexpr bool is_immediate(trading::TimeInForce time_in_force) {
  return time_in_force == trading::TimeInForce::Ioc || time_in_force == trading::TimeInForce::Fok;
}

constexpr bool is_for_auction(trading::TimeInForce time_in_force) {
  return time_in_force == trading::TimeInForce::Opg || time_in_force == trading::TimeInForce::Cls;
}

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
  RegulatoryTotal regulatory{};
  bool is_finished = false;
  bool is_changed = false;  ///< Its terms are not those that it came with.
  /// Number of the group that the exchange holds it in; 0 is none.
  std::uint32_t group = 0;
  trading::GroupRole role = trading::GroupRole::Single;
  /// Where a trailing stop stands; absent until it has seen a price.
  std::optional<core::Price> trailing_stop{};
  /// On ticks: whether a limit has had its chance to take what is there and rests in the book.
  bool is_resting = false;
  /// On ticks: where it rests; under Rule 201 a short sale slides above the bid.
  std::optional<core::Price> rests_at{};
  /// On ticks: what stands before it there; absent while the market has not come there.
  std::optional<core::Quantity> queue_ahead{};

  core::Quantity remaining() const { return terms.quantity - filled; }

  bool is_immediate() const { return sim::is_immediate(time_in_force); }
  bool is_for_auction() const { return sim::is_for_auction(time_in_force); }

  /// The price at which its stop is reached; nothing while a trailing stop has seen no price.
  std::optional<core::Price> stop() const {
    return terms.trail || terms.trail_rate ? trailing_stop : terms.stop;
  }
};

/// Whether a stop of that side is reached at `price`.
bool triggers(trading::Side side, core::Price price, core::Price stop);

/// Whether `price` is the limit or better.
bool is_within(trading::Side side, core::Price price, core::Price limit);

/// A stop that was reached works on as what it guards.
void trigger(WorkingOrder& order);

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

  /// The close of a session's last bar is its closing auction.
  Match at_close(const WorkingOrder& order, core::Price close) const;

  /// Inside a bar a limit fills at its own price; one that came right after the open of this bar
  /// and would have filled there gets the open.
  Match limit_inside(const WorkingOrder& order, const market::Bar& bar) const;
};

/// Moves a trailing stop after a price, never back.
void trail(WorkingOrder& order, core::Price price);

}  // namespace st0ck::adapters::sim
