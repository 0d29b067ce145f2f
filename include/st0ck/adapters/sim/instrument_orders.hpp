#pragma once

#include "st0ck/adapters/sim/fill_rules.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace st0ck::adapters::sim {

/// Our working orders in one instrument, in the order of their arrival, and what of the current
/// bar's volume they may still take.
///
/// Keeps the prices between which nothing happens, so that a bar that stays between them costs
/// two comparisons however many orders rest.
class InstrumentOrders {
 public:
  bool empty() const { return orders_.empty(); }
  std::size_t size() const { return orders_.size(); }
  auto begin() { return orders_.begin(); }
  auto end() { return orders_.end(); }
  auto begin() const { return orders_.begin(); }
  auto end() const { return orders_.end(); }

  /// The working order of that id, or nullptr. Valid until the next change.
  WorkingOrder* find(const core::ClientOrderId& id);

  void add(const WorkingOrder& order);

  /// Puts an order whose terms have changed behind all others.
  void move_to_back(const core::ClientOrderId& id);

  /// Drops finished orders and learns the prices anew; after every change.
  void settle();

  /// Whether the bar's open may do something to an order.
  bool may_react_to_open(const market::Bar& bar) const {
    return waiting_for_open_ != 0 || is_reached(bar.open, bar.open);
  }

  /// Whether the rest of the bar may.
  bool may_react_inside(const market::Bar& bar) const { return is_reached(bar.low, bar.high); }

  /// Whether a quote may do something to an order: fill it, or give it a place in the queue.
  bool may_react_to_quote(core::Price bid, core::Price ask) const {
    return waiting_for_open_ != 0 || not_resting_ != 0 || reacts_at_or_below_ >= bid ||
           reacts_at_or_above_ <= ask;
  }

  /// Whether a print may.
  bool may_react_to_print(core::Price price) const {
    return waiting_for_open_ != 0 || is_reached(price, price);
  }

  /// What may still fill in this bar, when one bar may fill `share` of its volume.
  core::Quantity fillable(const market::Bar& bar, core::Rate share);

  /// Counts a fill against the bar of the last call to `fillable`.
  void take(core::Quantity quantity) { fillable_left_ -= quantity; }

 private:
  bool is_reached(core::Price low, core::Price high) const {
    return low <= reacts_at_or_below_ || high >= reacts_at_or_above_;
  }

  void learn(const WorkingOrder& order);

  std::vector<WorkingOrder> orders_;
  std::size_t waiting_for_open_ = 0;  ///< Orders that any open fills or ends.
  std::size_t not_resting_ = 0;       ///< On ticks: limits that have not met a quote yet.
  core::Price reacts_at_or_below_;    ///< Zero, which no bar reaches, when there is none.
  core::Price reacts_at_or_above_ = core::Price::max();
  core::Timestamp fillable_bar_;
  bool has_fillable_bar_ = false;
  core::Quantity fillable_left_;
};

}  // namespace st0ck::adapters::sim
