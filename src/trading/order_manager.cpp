#include "st0ck/trading/order_manager.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>

namespace st0ck::trading {

namespace {

/// A look-up shows nothing of a change that was not answered.
const core::Code kNotReplaced{"NOT_REPLACED"};

/// What an update other than a fill says about the order's state.
std::optional<OrderEvent> event_of(OrderUpdateKind kind) {
  switch (kind) {
    case OrderUpdateKind::Accepted: return OrderEvent::Accepted;
    case OrderUpdateKind::Rejected: return OrderEvent::Rejected;
    case OrderUpdateKind::Fill: return std::nullopt;
    case OrderUpdateKind::Cancelled: return OrderEvent::Cancelled;
    case OrderUpdateKind::CancelRejected: return OrderEvent::CancelRejected;
    case OrderUpdateKind::Replaced: return OrderEvent::Replaced;
    case OrderUpdateKind::ReplaceRejected: return OrderEvent::ReplaceRejected;
    case OrderUpdateKind::Expired: return OrderEvent::Expired;
    case OrderUpdateKind::TimedOut: return OrderEvent::TimedOut;
    case OrderUpdateKind::ProvenAbsent: return OrderEvent::ProvenAbsent;
    case OrderUpdateKind::DuplicateId: return std::nullopt;
  }
  return std::nullopt;
}

Fill fill_of(const Order& order, const OrderUpdate& update) {
  Fill fill;
  fill.account = order.intent.account;
  fill.bot = order.intent.bot;
  fill.engine = order.intent.engine;
  fill.instrument = order.intent.leg().instrument;
  fill.client_order_id = order.intent.client_order_id;
  fill.execution = update.execution;
  fill.time = update.time;
  fill.side = order.intent.leg().side;
  fill.reason = order.intent.reason;
  return fill;
}

/// A Replaced that was heard before, or that a later one has overtaken.
bool is_old_replace(const Order& order, const OrderUpdate& update) {
  if (update.kind != OrderUpdateKind::Replaced) return false;
  if (update.time != order.terms_time) return update.time < order.terms_time;
  return update.terms == order.intent.terms && update.terms != order.pending_terms;
}

/// Takes in what an answer to a replace says; whether the terms changed.
bool take_terms(Order& order, const OrderUpdate& update) {
  const bool is_replaced = update.kind == OrderUpdateKind::Replaced;
  if (!order.is_open()) return false;
  if (update.kind == OrderUpdateKind::ReplaceRejected && update.reason == kNotReplaced &&
      order.pending_terms)
    order.doubtful_quantity = std::max(order.doubtful_quantity, order.pending_terms->quantity);
  // It is asked of an order that is no more.
  if (is_replaced) order.doubtful_quantity = {};
  // Other terms than those asked for answer an earlier replace: ours may still come.
  if (update.kind == OrderUpdateKind::ReplaceRejected ||
      (is_replaced && order.pending_terms == update.terms))
    order.pending_terms.reset();
  if (!is_replaced) return false;
  const bool is_new = order.intent.terms != update.terms;
  order.intent.terms = update.terms;
  order.terms_time = update.time;
  return is_new;
}

}  // namespace

core::Quantity Order::exposed() const {
  core::Quantity most = intent.terms.quantity;
  if (pending_terms) most = std::max(most, pending_terms->quantity);
  return std::max(most - filled, core::Quantity{});
}

core::Quantity Order::exposed_at_most() const {
  return std::max(exposed(), doubtful_quantity - filled);
}

OrderManager::OrderManager(const market::InstrumentTable& instruments)
    : instruments_{instruments} {}

const Order& OrderManager::create(const Approved<OrderIntent>& intent, core::Timestamp now) {
  return add(*intent, OrderState::Submitted, now);
}

const Order& OrderManager::create_armed(const Approved<OrderIntent>& intent, core::Timestamp now) {
  return add(*intent, OrderState::Armed, now);
}

Order& OrderManager::add(const OrderIntent& intent, OrderState state, core::Timestamp now) {
  ST0CK_ASSERT(!by_client_id_.contains(intent.client_order_id), "a client order id is used once");
  Order& order = orders_.emplace_back();
  order.id = core::OrderId{orders_.size()};
  order.intent = intent;
  order.state = state;
  order.submitted = now;
  order.updated = now;
  by_client_id_.emplace(order.intent.client_order_id, &order);
  open_.push_back(&order);
  return order;
}

void OrderManager::amend_armed(const core::ClientOrderId& id, const OrderTerms& terms,
                               core::Timestamp now) {
  Order* order = find_mutable(id);
  ST0CK_ASSERT(order != nullptr && order->state == OrderState::Armed,
               "only an armed order is amended without a word");
  order->intent.terms = terms;
  order->updated = std::max(order->updated, now);
}

void OrderManager::mark_sent(const core::ClientOrderId& id, core::Timestamp now) {
  Order* order = find_mutable(id);
  ST0CK_ASSERT(order != nullptr && move(*order, OrderEvent::Sent, now),
               "an armed order is sent once");
}

void OrderManager::reopen(const core::ClientOrderId& id, const OrderTerms& terms,
                          core::Timestamp now) {
  Order* order = find_mutable(id);
  ST0CK_ASSERT(order != nullptr && !order->is_open(),
               "only an order that has ended is opened again");
  order->has_ended_unsent = order->is_cancel_asked = false;
  order->intent.terms = terms;
  open_again(*order, OrderState::Submitted);
  order->updated = std::max(order->updated, now);
}

void OrderManager::give_up(const core::ClientOrderId& id, const core::Code& reason,
                           core::Timestamp now) {
  Order* order = find_mutable(id);
  ST0CK_ASSERT(order != nullptr && order->state == OrderState::Unknown,
               "only an order of unknown fate is given up");
  move(*order, OrderEvent::ProvenAbsent, now);
  order->state_reason = reason;
  order->is_given_up = true;
}

bool OrderManager::mark_cancel_sent(const core::ClientOrderId& id, core::Timestamp now) {
  Order* order = find_mutable(id);
  if (order == nullptr) return false;
  const bool was_armed = order->state == OrderState::Armed;
  if (!move(*order, OrderEvent::CancelSent, now)) return false;
  order->is_cancel_asked = true;
  order->has_ended_unsent = was_armed;
  return true;
}

bool OrderManager::mark_replace_sent(const core::ClientOrderId& id, const OrderTerms& terms,
                                     core::Timestamp now) {
  Order* order = find_mutable(id);
  if (order == nullptr || !move(*order, OrderEvent::ReplaceSent, now)) return false;
  order->pending_terms = terms;
  return true;
}

OrderManager::Applied OrderManager::apply(const OrderUpdate& update) {
  Order* order = find_mutable(update.client_order_id);
  if (order == nullptr) {
    ++counters_.foreign_updates;
    return {};
  }
  Applied applied;
  applied.order = order;
  const bool was_rejected = order->state == OrderState::Rejected;
  applied.is_revived = revive(*order, update);
  applied.fill = count_fill(*order, update);
  if (applied.fill) ++counters_.fills;
  applied.is_late = was_rejected && applied.fill && !applied.is_revived;
  applied.late_fee = count_late_fee(*order, update);
  applied.is_overfilled =
      applied.fill && order->filled > order->intent.terms.quantity && order->exposed().is_zero();
  if (applied.is_overfilled) ++counters_.overfilled_orders;
  if (update.kind == OrderUpdateKind::CancelRejected) order->is_cancel_asked = false;
  const bool is_old = is_old_replace(*order, update);
  const bool has_new_terms = !is_old && take_terms(*order, update);
  const bool has_settled = settle_fills(*order, update, applied.fill.has_value());
  applied.changed = applied.is_revived || applied.fill || !applied.late_fee.is_zero() ||
                    has_new_terms || has_settled;
  const auto event = is_old ? std::nullopt : event_of(update.kind);
  if (event && move(*order, *event, update.time)) {
    order->state_reason = update.reason;
    order->is_given_up = *event == OrderEvent::ProvenAbsent;
    applied.changed = true;
  }
  if (order->state == OrderState::Filled) order->is_given_up = false;
  if (applied.changed)
    order->updated = std::max(order->updated, update.time);
  else
    ++counters_.repeated_updates;
  return applied;
}

/// Moves the order on when something was executed, or when its new terms are executed already;
/// whether it did.
bool OrderManager::settle_fills(Order& order, const OrderUpdate& update, bool has_fill) {
  if (!has_fill && !order.is_open()) return false;
  if (!order.exposed().is_zero())
    return has_fill && move(order, OrderEvent::PartialFill, update.time);
  order.state_reason = {};
  return move(order, OrderEvent::CompleteFill, update.time);
}

const Order* OrderManager::find(const core::ClientOrderId& id) const {
  const auto found = by_client_id_.find(id);
  return found == by_client_id_.end() ? nullptr : found->second;
}

Order* OrderManager::find_mutable(const core::ClientOrderId& id) {
  const auto found = by_client_id_.find(id);
  return found == by_client_id_.end() ? nullptr : found->second;
}

bool OrderManager::move(Order& order, OrderEvent event, core::Timestamp now) {
  const auto next = next_state(order.state, event);
  if (!next) return false;
  const bool was_open = order.is_open();
  order.state = *next;
  order.updated = std::max(order.updated, now);
  if (!was_open || order.is_open()) return true;
  order.pending_terms.reset();
  std::erase(open_, &order);
  return true;
}

/// Whether the update says that an order lives which was given up: it is open again then.
bool OrderManager::revive(Order& order, const OrderUpdate& update) {
  const bool says_it_lives = update.kind == OrderUpdateKind::Accepted ||
                             update.kind == OrderUpdateKind::Replaced ||
                             (update.kind == OrderUpdateKind::Fill &&
                              update.cumulative_quantity < order.intent.terms.quantity);
  if (!order.is_given_up || order.state != OrderState::Rejected || !says_it_lives) return false;
  order.is_given_up = false;
  open_again(order, OrderState::Working);
  ++counters_.revived_orders;
  return true;
}

void OrderManager::open_again(Order& order, OrderState state) {
  order.state = state;
  order.state_reason = {};
  open_.push_back(&order);
}

/// What the broker has charged since for fills that are counted already.
core::Money OrderManager::count_late_fee(Order& order, const OrderUpdate& update) const {
  if (update.cumulative_quantity != order.filled || update.cumulative_fee <= order.fees) return {};
  const core::Money late = update.cumulative_fee - order.fees;
  order.fees = update.cumulative_fee;
  return late;
}

/// The executions behind `update` that were not counted yet, taken into the order. The single
/// execution gives the price where it accounts for the whole difference; where messages were
/// lost, the difference of the cumulative figures does.
std::optional<Fill> OrderManager::count_fill(Order& order, const OrderUpdate& update) const {
  if (update.cumulative_quantity <= order.filled) return std::nullopt;
  const core::Multiplier multiplier = instruments_[order.intent.leg().instrument].multiplier;
  Fill fill = fill_of(order, update);
  fill.quantity = update.cumulative_quantity - order.filled;
  fill.notional = update.cumulative_notional - order.filled_notional;
  fill.fee = update.cumulative_fee - order.fees;
  const bool is_single = update.kind == OrderUpdateKind::Fill && update.quantity == fill.quantity;
  fill.price =
      is_single ? update.price : core::average_price(fill.notional, fill.quantity, multiplier);
  order.filled = update.cumulative_quantity;
  order.filled_notional = update.cumulative_notional;
  order.fees = update.cumulative_fee;
  return fill;
}

}  // namespace st0ck::trading
