#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/approved.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/order_update.hpp"

#include <span>

namespace st0ck::trading {

/// Takes what a broker says; the kernel implements it and puts it into the total order.
class OrderUpdateSink {
 public:
  virtual ~OrderUpdateSink() = default;

  /// Never handles the update inside the call: the running handler ends first.
  virtual void on_order_update(const OrderUpdate& update) = 0;
};

/// A change of terms of a working order that the risk manager has seen.
struct ReplaceIntent {
  core::ClientOrderId client_order_id;
  OrderTerms terms;
  core::Code reason;
};

/// What a broker does by itself; the desk makes up for the rest.
struct BrokerAbilities {
  bool holds_groups = false;  ///< Takes brackets, one-cancels-other and one-triggers-other whole.
  /// Exits of a group go live only when its entry has filled completely (Alpaca): a partial entry
  /// is without protection until the desk sees to it.
  bool exits_wait_for_whole_entry = false;
  /// A resting exit reserves its quantity: a second one for the same shares is rejected.
  bool reserves_quantity = false;
  /// What is held is of shares, has one time in force, DAY or GTC, and no trailing stop (Alpaca).
  bool groups_are_plain = false;

  /// Whether a group may go to the broker whole as far as this order of it goes; `first` is the
  /// time in force of the group's first order.
  bool may_hold(market::AssetClass asset_class, OrderType type, TimeInForce time_in_force,
                TimeInForce first) const;
};

/// Where orders go. Every call is answered by order updates, also when it fails; core thread only.
class Broker {
 public:
  virtual ~Broker() = default;
  virtual void submit(const Approved<OrderIntent>& intent) = 0;
  virtual void cancel(const core::ClientOrderId& order) = 0;
  virtual void replace(const Approved<ReplaceIntent>& replace) = 0;

  virtual BrokerAbilities abilities() const { return {}; }

  /// Sends the orders of one group at once, the entry first; only where `holds_groups`.
  virtual void submit_group(std::span<const Approved<OrderIntent>> group);

  /// Asks what became of an order, by its client order id. Answered by an update that says how it
  /// stands (Accepted, Fill, Cancelled, ...) or by ProvenAbsent; by nothing when the look-up fails.
  /// One that has filled completely is told as Fill and then as ReplaceRejected: whatever change
  /// of it was asked for does not come any more.
  virtual void look_up(const core::ClientOrderId& order);
};

}  // namespace st0ck::trading
