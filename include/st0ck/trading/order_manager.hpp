#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/approved.hpp"
#include "st0ck/trading/fill.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/order_state.hpp"
#include "st0ck/trading/order_update.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace st0ck::trading {

/// One of our orders: what was intended, and what became of it.
struct Order {
  core::OrderId id;
  OrderIntent intent;
  OrderState state = OrderState::Submitted;
  core::Quantity filled;
  core::Money filled_notional;
  core::Money fees;
  core::Timestamp submitted;
  core::Timestamp updated;  ///< Never goes back, though messages may.
  core::Code state_reason;
  /// What a replace has asked for, until the broker has said yes or no.
  std::optional<OrderTerms> pending_terms{};
  /// Declared dead although nobody at the broker said so: an entry whose fate stayed unknown, or
  /// one that a look-up did not find. A later word that it lives is believed.
  bool is_given_up = false;
  bool is_cancel_asked = false;  ///< And not refused since.
  /// It was given up while it was armed: as far as we know the broker has never had it.
  bool has_ended_unsent = false;
  /// The most that a change asked for which was not answered and of which a look-up has shown
  /// nothing: it may come late, until the broker has carried out another.
  core::Quantity doubtful_quantity{};
  /// Of the Replaced that gave the terms; an older one is overtaken.
  core::Timestamp terms_time = core::Timestamp::min();

  core::Quantity remaining() const { return intent.terms.quantity - filled; }

  /// The most that may still fill, also if a pending replace has worked already; not negative.
  core::Quantity exposed() const;

  /// That, also if a change that counts as not made comes late: what limits have to count.
  core::Quantity exposed_at_most() const;
  bool is_open() const { return trading::is_open(state); }

  /// An entry that was cancelled, as it is before exits that it would meet.
  bool has_cleared_the_way() const {
    return intent.purpose == Purpose::Entry && is_cancel_asked && !is_open();
  }

  /// It added to a position, or may still do so.
  bool counts_as_trade() const { return is_open() || filled.is_positive(); }
};

/// Keeps every order of a run and moves it through its states. Fills count by the cumulative
/// figures of the updates, so that any order, duplication or loss of messages gives the same
/// position once the last word is heard. Core thread only; references to orders stay valid.
class OrderManager {
 public:
  struct Counters {
    std::uint64_t fills = 0;
    std::uint64_t repeated_updates = 0;   ///< Said nothing new.
    std::uint64_t foreign_updates = 0;    ///< For an order that is not ours.
    std::uint64_t revived_orders = 0;     ///< Given up, and alive after all.
    std::uint64_t overfilled_orders = 0;  ///< Updates with more filled than was ordered.
  };

  /// What an update did.
  struct Applied {
    const Order* order = nullptr;  ///< Null when the order is not ours.
    bool changed = false;          ///< State, fills or terms are not what they were.
    std::optional<Fill> fill{};    ///< What was executed and not counted before.
    core::Money late_fee{};        ///< Charged for fills that were counted before.
    bool is_revived = false;       ///< It was given up and lives after all.
    bool is_late = false;          ///< What it has filled came after it counted as rejected.
    bool is_overfilled = false;    ///< More has filled than was ordered.
  };

  explicit OrderManager(const market::InstrumentTable& instruments);

  /// Takes in an approved order that is about to be sent.
  const Order& create(const Approved<OrderIntent>& intent, core::Timestamp now);

  /// Takes in an approved order that the desk keeps until it is time.
  const Order& create_armed(const Approved<OrderIntent>& intent, core::Timestamp now);

  /// Gives an armed order other terms; and sends it.
  void amend_armed(const core::ClientOrderId& id, const OrderTerms& terms, core::Timestamp now);
  void mark_sent(const core::ClientOrderId& id, core::Timestamp now);

  /// An order that had ended unsent, or refused, has been sent by a process before this one.
  void reopen(const core::ClientOrderId& id, const OrderTerms& terms, core::Timestamp now);

  /// Stops waiting for proof of an unknown order: it counts as rejected until somebody says
  /// otherwise.
  void give_up(const core::ClientOrderId& id, const core::Code& reason, core::Timestamp now);

  /// A cancel or replace is about to be sent; false when the order's state does not allow it.
  bool mark_cancel_sent(const core::ClientOrderId& id, core::Timestamp now);
  bool mark_replace_sent(const core::ClientOrderId& id, const OrderTerms& terms,
                         core::Timestamp now);

  Applied apply(const OrderUpdate& update);

  const Order* find(const core::ClientOrderId& id) const;

  /// Orders that may still fill, in the order of their creation.
  const std::vector<const Order*>& open_orders() const { return open_; }

  std::size_t size() const { return orders_.size(); }
  const Counters& counters() const { return counters_; }

 private:
  Order* find_mutable(const core::ClientOrderId& id);
  Order& add(const OrderIntent& intent, OrderState state, core::Timestamp now);
  bool revive(Order& order, const OrderUpdate& update);
  void open_again(Order& order, OrderState state);
  core::Money count_late_fee(Order& order, const OrderUpdate& update) const;
  bool move(Order& order, OrderEvent event, core::Timestamp now);
  bool settle_fills(Order& order, const OrderUpdate& update, bool has_fill);
  std::optional<Fill> count_fill(Order& order, const OrderUpdate& update) const;

  const market::InstrumentTable& instruments_;
  std::deque<Order> orders_;
  boost::unordered_flat_map<core::ClientOrderId, Order*, std::hash<core::ClientOrderId>>
      by_client_id_;
  std::vector<const Order*> open_;
  Counters counters_;
};

}  // namespace st0ck::trading
