#include "st0ck/adapters/alpaca/order_tracker.hpp"

#include <fmt/format.h>

#include <utility>

// What is told of an order, and when.

namespace st0ck::alpaca {

using trading::OrderUpdate;
using trading::OrderUpdateKind;

namespace {

core::ExecutionId execution_id(std::string_view text) {
  return core::ExecutionId{text.substr(0, core::ExecutionId::kCapacity)};
}

/// The average price of what came between two sums; `otherwise` where rounding leaves none.
core::Price average_between(const Executed& from, const Executed& to, core::Multiplier multiplier,
                            core::Price otherwise) {
  const auto notional = to.notional.checked_subtract(from.notional);
  if (!notional || !notional->is_positive()) return otherwise;
  return core::average_price(*notional, to.quantity - from.quantity, multiplier);
}

}  // namespace

/// Whether an order that has filled was for more by the terms that were told. Of one of an earlier
/// run nobody knows.
bool OrderTracker::may_be_cut_short(const TrackedOrder& order) const {
  const bool is_first = order.replaced_told == 0;
  if (is_first && (!order.has_terms || earlier_.contains(order.id))) return true;
  const trading::OrderTerms& terms =
      is_first ? order.terms : order.chain.members()[order.replaced_told].terms;
  return order.told.quantity < terms.quantity;
}

void OrderTracker::send(const OrderUpdate& update) { parts_.updates.on_order_update(update); }

OrderUpdate OrderTracker::update_of(const TrackedOrder& order, OrderUpdateKind kind,
                                    core::Timestamp time) const {
  OrderUpdate update;
  update.client_order_id = order.id;
  update.kind = kind;
  update.time = time;
  update.cumulative_quantity = order.told.quantity;
  update.cumulative_notional = order.told.notional;
  return update;
}

/// Says what is new. Replacements first: what fills after them counts against their terms.
void OrderTracker::tell(TrackedOrder& order, core::Timestamp time, const Execution* execution) {
  if (order.chain.empty()) return;
  if (!order.is_accepted && !is_final(order.chain.current().status)) {
    order.is_accepted = true;
    send(update_of(order, OrderUpdateKind::Accepted, time));
  }
  tell_replacements(order, time);
  tell_fills(order, time, execution);
  tell_end(order, time);
}

void OrderTracker::tell_replacements(TrackedOrder& order, core::Timestamp time) {
  while (order.replaced_told < order.chain.current_index()) {
    const OrderChain::Member& member = order.chain.members()[++order.replaced_told];
    OrderUpdate update =
        update_of(order, OrderUpdateKind::Replaced, member.is_seen ? member.created : time);
    update.terms = member.terms;
    if (order.pending && order.pending->terms == member.terms) order.pending.reset();
    send(update);
  }
  const OrderChain::Member& last = order.chain.members().back();
  if (order.replaced_told + 1 < order.chain.members().size() &&
      last.status == OrderStatus::Rejected)
    refuse_replace(order, core::Code{"VENUE_REJECT"});
}

void OrderTracker::tell_fills(TrackedOrder& order, core::Timestamp time,
                              const Execution* execution) {
  const Executed now = order.chain.executed();
  if (now.quantity <= order.told.quantity) return;
  const core::Quantity quantity = now.quantity - order.told.quantity;
  const OrderChain::Member& member = order.chain.current();
  const core::Price price =
      execution != nullptr && execution->quantity == quantity
          ? execution->price
          : average_between(order.told, now, order.chain.multiplier(), member.average);
  // Without its message an execution has no name: the sum that it makes gives it one.
  const std::string name = execution != nullptr
                               ? execution->id
                               : fmt::format("{}@{}", member.id, now.quantity.to_string());
  order.told = now;
  OrderUpdate update = update_of(order, OrderUpdateKind::Fill, time);
  update.execution = execution_id(name);
  update.quantity = quantity;
  update.price = price;
  send(update);
}

void OrderTracker::tell_end(TrackedOrder& order, core::Timestamp time) {
  const OrderStatus status = order.chain.current().status;
  if (order.is_ended || !is_final(status) || status == OrderStatus::Replaced) return;
  const bool was_cancel_wanted = order.is_cancel_wanted;
  const bool has_pending = order.pending.has_value();
  end(order);
  OrderUpdate update = update_of(order, OrderUpdateKind::Cancelled, time);
  if (status == OrderStatus::Filled) {
    // The fill was told; what was asked for meanwhile does not come any more, and what the venue
    // has taken from an exit, as its sibling has filled in part, does not either.
    if (has_pending) {
      update.kind = OrderUpdateKind::ReplaceRejected;
      update.reason = core::Code{"ALREADY_FINAL"};
      send(update);
    }
    if (!may_be_cut_short(order)) return;
    update.kind = OrderUpdateKind::Cancelled;
    update.reason = core::Code{"VENUE_REDUCED"};
  } else if (status == OrderStatus::Canceled) {
    update.reason = core::Code{was_cancel_wanted ? "CANCEL_REQUEST" : "VENUE_CANCEL"};
  } else if (status == OrderStatus::Expired) {
    update.kind = OrderUpdateKind::Expired;
    update.reason = core::Code{"TIME_IN_FORCE"};
  } else {
    update.kind = OrderUpdateKind::Rejected;
    update.reason = core::Code{"VENUE_REJECT"};
  }
  send(update);
}

void OrderTracker::end(TrackedOrder& order) {
  if (std::exchange(order.is_ended, true)) return;
  order.pending.reset();
  order.is_cancel_wanted = false;
  if (!order.chain.empty()) order.chain.drop_unproven();
  open_.erase(order.id);
  finished_.push_back(order.id);
}

void OrderTracker::tell_end_again(TrackedOrder& order) {
  const bool is_known = order.is_known_there();
  const OrderStatus status = is_known ? order.chain.current().status : OrderStatus::PendingNew;
  const bool is_over =
      is_final(status) && (status != OrderStatus::Filled || may_be_cut_short(order));
  refuse(order, is_over ? OrderUpdateKind::Cancelled : OrderUpdateKind::CancelRejected,
         core::Code{order.is_lost && !is_known ? "NOT_FOUND" : "ALREADY_FINAL"});
}

void OrderTracker::answer(TrackedOrder& order, bool is_new_here) {
  const core::Timestamp now = parts_.clock.now();
  const OrderStatus status = order.chain.current().status;
  OrderUpdate update = update_of(order, OrderUpdateKind::Accepted, now);
  update.reason = core::Code{"LOOK_UP"};
  switch (status) {
    case OrderStatus::Filled:
      update.kind = OrderUpdateKind::Fill;
      send(update);
      update.kind = OrderUpdateKind::ReplaceRejected;
      return send(update);
    case OrderStatus::Canceled: update.kind = OrderUpdateKind::Cancelled; return send(update);
    case OrderStatus::Expired: update.kind = OrderUpdateKind::Expired; return send(update);
    case OrderStatus::Rejected: update.kind = OrderUpdateKind::Rejected; return send(update);
    case OrderStatus::Replaced: return;  // By one that could not be seen: nothing is proven.
    case OrderStatus::PendingReplace:
      if (order.pending || is_new_here) return;  // It may still come.
      return send(update);
    default: break;
  }
  // A change that was not answered, and of which the order shows nothing, was not made.
  const bool is_unproven = order.pending && !order.is_replacing &&
                           order.chain.members().size() == order.chain.current_index() + 1;
  if (is_unproven) return refuse_replace(order, core::Code{"NOT_REPLACED"}), send(update);
  if (is_new_here && order.chain.current_index() == 0) {
    update.kind = OrderUpdateKind::ReplaceRejected;
    send(update);
    update.kind = OrderUpdateKind::Accepted;
  }
  if (!order.pending) send(update);
}

void OrderTracker::refuse(TrackedOrder& order, OrderUpdateKind kind, const core::Code& reason) {
  if (kind == OrderUpdateKind::CancelRejected) order.is_cancel_wanted = false;
  OrderUpdate update = update_of(order, kind, parts_.clock.now());
  update.reason = reason;
  send(update);
}

void OrderTracker::refuse_replace(TrackedOrder& order, const core::Code& reason) {
  if (order.is_known_there()) order.chain.drop_unproven();
  if (!order.pending) return;
  order.pending.reset();
  refuse(order, OrderUpdateKind::ReplaceRejected, reason);
}

void OrderTracker::confirm_terms(TrackedOrder& order, const trading::OrderTerms& terms) {
  OrderUpdate update = update_of(order, OrderUpdateKind::Replaced, parts_.clock.now());
  update.terms = terms;
  send(update);
}

void OrderTracker::lose(TrackedOrder& order) {
  end(order);
  order.is_lost = true;
}

void OrderTracker::reject(TrackedOrder& order, const core::Code& reason) {
  end(order);
  order.is_lost = false;
  refuse(order, OrderUpdateKind::Rejected, reason);
}

}  // namespace st0ck::alpaca
