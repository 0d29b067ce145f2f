#include "src/app/exchange/order_desk.hpp"
#include "st0ck/market/sale_conditions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

// How an order lives once it was taken: to the matching engine, through its fills, to its end.

namespace st0ck::app::exchange {

using alpaca::OrderClass;
using alpaca::OrderStatus;
using alpaca::TradeEvent;
using trading::GroupRole;
using trading::OrderType;
using trading::OrderUpdateKind;
using trading::TimeInForce;

void OrderDesk::route_later() {
  if (route_task_) return;
  route_task_ = parts_.scheduler.call_after({}, [this] {
    route_task_.reset();
    route();
  });
}

/// Sends what may be sent now; outside the hours orders wait.
void OrderDesk::route() {
  drain();
  if (!parts_.prices.is_open()) return;
  std::vector<OrderRecord*> waiting;
  for (const auto& [number, order] : open_)
    if (!order->is_working && !order->waits) waiting.push_back(order);
  for (OrderRecord* order : waiting) {
    if (order->is_open() && !order->is_working) route(*order);
    drain();
  }
}

void OrderDesk::route(OrderRecord& order) {
  // The leg of an OCO follows its parent.
  if (order.told.status == OrderStatus::Held && order.parent && !order.parent->is_working) return;
  const bool is_taken =
      order.told.status == OrderStatus::PendingNew || order.told.status == OrderStatus::Accepted;
  if (is_taken && parts_.faults.refuses_entry(order.told.id)) {
    order.told.failed_at = told_now();
    return finish(order, OrderStatus::Rejected, TradeEvent::Rejected);
  }
  enter(order);
}

void OrderDesk::enter(OrderRecord& order) {
  order.engine_id = core::ClientOrderId{fmt::format("x-{}", ++last_engine_id_)};
  order.engine_filled = {};
  order.is_working = true;
  by_engine_id_.emplace(order.engine_id, &order);
  trading::OrderIntent intent;
  intent.client_order_id = order.engine_id;
  intent.legs.push_back({order.instrument, order.side(), 1});
  intent.type = order.told.type;
  intent.time_in_force = order.told.time_in_force;
  intent.terms = terms_of(order);
  if (order.is_triggered) intent.type = OrderType::Market;
  if (order.told.type == OrderType::Stop && intent.terms.limit) intent.type = OrderType::StopLimit;
  engine_.enter(intent);
}

/// The engine counts what has filled under its id into the quantity.
void OrderDesk::amend(OrderRecord& order) {
  trading::ReplaceIntent replace;
  replace.client_order_id = order.engine_id;
  replace.terms = terms_of(order);
  replace.terms.quantity += order.engine_filled;
  engine_.amend(replace);
}

/// Never inside the engine's call, as the engine asks.
void OrderDesk::on_order_update(const trading::OrderUpdate& update) { updates_.push_back(update); }

void OrderDesk::drain() {
  if (std::exchange(is_draining_, true)) return;
  for (std::size_t i = 0; i < updates_.size(); ++i) {
    const trading::OrderUpdate update = updates_[i];
    apply(update);
  }
  updates_.clear();
  is_draining_ = false;
}

void OrderDesk::apply(const trading::OrderUpdate& update) {
  OrderRecord* order = find_working(update.client_order_id);
  if (order == nullptr) return;
  switch (update.kind) {
    case OrderUpdateKind::Accepted: return accept(*order);
    case OrderUpdateKind::Fill:
      order->engine_filled += update.quantity;
      return fill_by_rule(*order, update);
    case OrderUpdateKind::Rejected:
    case OrderUpdateKind::DuplicateId:
      order->told.failed_at = told(update.time);
      return finish(*order, OrderStatus::Rejected, TradeEvent::Rejected);
    case OrderUpdateKind::Cancelled:
      fill_pieces_of(*order);
      return finish(*order, OrderStatus::Canceled, TradeEvent::Canceled);
    case OrderUpdateKind::Expired:
      fill_pieces_of(*order);
      return finish(*order, OrderStatus::Expired, TradeEvent::Expired);
    case OrderUpdateKind::ReplaceRejected: return publish(*order, TradeEvent::OrderReplaceRejected);
    case OrderUpdateKind::Replaced: {
      // A corporate action has changed the terms; what we asked for ourselves says no reason.
      if (update.reason.empty()) return;
      order->target = update.terms.quantity - order->engine_filled + order->told.filled_quantity;
      if (order->told.quantity) order->told.quantity = order->target;
      if (order->told.limit_price) order->told.limit_price = update.terms.limit;
      if (order->told.stop_price && order->told.type != OrderType::TrailingStop)
        order->told.stop_price = update.terms.stop;
      // The stop that clients are shown is in old shares, and nothing to act by.
      order->has_new_trail = false;
      return publish(*order, TradeEvent::Restated);
    }
    default: return;
  }
}

void OrderDesk::accept(OrderRecord& order) {
  // The stop of an OCO is told as held, though it works.
  if (order.told.order_class == OrderClass::Oco && order.role == GroupRole::Stop) return;
  if (order.told.status == OrderStatus::New || order.told.status == OrderStatus::PartiallyFilled)
    return;
  order.told.status = OrderStatus::New;
  if (order.told.type == OrderType::TrailingStop)
    if (const auto last = parts_.prices.last(order.instrument)) trail(order, *last);
  publish(order, TradeEvent::New);
}

/// A close never opens: where other fills have taken the position in between, the order fills what
/// is left of it and ends there, as the venue would not have had it work for more.
void OrderDesk::take_fill(OrderRecord& order, core::Quantity quantity, core::Price price,
                          core::Money fee, core::Timestamp time) {
  if (!order.closes()) return fill(order, quantity, price, fee, time);
  const core::Quantity left = closable(order);
  if (quantity <= left) return fill(order, quantity, price, fee, time);
  if (left.is_positive()) fill(order, left, price, fee, time);
  if (order.is_open()) withdraw(order, OrderStatus::Canceled, TradeEvent::Canceled);
}

void OrderDesk::fill(OrderRecord& order, core::Quantity quantity, core::Price price,
                     core::Money fee, core::Timestamp time) {
  alpaca::Order& told = order.told;
  const core::Multiplier multiplier = parts_.instruments[order.instrument].multiplier;
  const core::Money notional = core::notional(price, quantity, multiplier);
  const bool opens_short =
      !order.buys() && !parts_.holdings.position(order.instrument).is_positive();
  told.filled_quantity += quantity;
  order.filled_value += core::Int128{price.raw()} * quantity.raw();
  // An average lies within the fills' prices, and so within the type.
  told.filled_average_price = core::Price::from_raw(*core::narrow(
      core::divide(order.filled_value, told.filled_quantity.raw(), core::Rounding::HalfEven)));
  const bool is_complete = order.remaining().is_zero();
  told.status = is_complete ? OrderStatus::Filled : OrderStatus::PartiallyFilled;
  if (is_complete) told.filled_at = this->told(time);

  trading::Fill booked;
  booked.instrument = order.instrument;
  booked.client_order_id = order.engine_id;
  booked.time = time;
  booked.side = order.side();
  booked.quantity = quantity;
  booked.price = price;
  booked.notional = notional;
  booked.fee = fee;
  parts_.holdings.on_fill(booked);

  alpaca::Activity row;
  row.id = parts_.activity_id(time);
  row.activity_type = "FILL";
  row.symbol = told.symbol;
  row.quantity = quantity;
  row.fill_type = is_complete ? "fill" : "partial_fill";
  row.transaction_time = this->told(time);
  row.price = price;
  row.cumulative_quantity = told.filled_quantity;
  row.leaves_quantity = order.remaining();
  row.side = order.buys()
                 ? alpaca::ActivitySide::Buy
                 : (opens_short ? alpaca::ActivitySide::SellShort : alpaca::ActivitySide::Sell);
  row.order_id = told.id;
  row.order_status = std::string{alpaca::text_of(told.status)};
  parts_.holdings.add_activity(std::move(row));
  if (fee.is_positive()) add_fee(order, fee, time);

  if (is_complete) {
    by_engine_id_.erase(order.engine_id);
    order.is_working = false;
    open_.erase(order.number);
  }
  alpaca::TradeUpdate update;
  update.price = price;
  update.quantity = quantity;
  update.position_quantity = parts_.holdings.position(order.instrument);
  publish(order, is_complete ? TradeEvent::Fill : TradeEvent::PartialFill, std::move(update));
  after_fill(order);
}

void OrderDesk::add_fee(const OrderRecord& order, core::Money fee, core::Timestamp time) {
  alpaca::Activity row;
  row.id = parts_.activity_id(time);
  row.activity_type = "FEE";
  row.symbol = order.told.symbol;
  row.date = parts_.prices.session()->date;
  row.net_amount = -fee;
  row.status = "executed";
  row.description = "fees of order " + order.told.id;
  parts_.holdings.add_activity(std::move(row));
}

/// What a fill means for the others of its group.
void OrderDesk::after_fill(OrderRecord& order) {
  if (order.role == GroupRole::Entry && !order.is_open()) {
    const std::vector<OrderRecord*> legs = order.legs;
    for (OrderRecord* leg : legs) {
      if (!leg->is_open()) continue;
      leg->waits = false;
      enter(*leg);
    }
  } else if (order.is_exit()) {
    OrderRecord* sibling = sibling_of(order);
    if (sibling == nullptr || !sibling->is_open()) return;
    if (order.is_open()) return shrink_sibling(order);
    withdraw(*sibling, OrderStatus::Canceled, TradeEvent::Canceled);
  }
}

void OrderDesk::shrink_sibling(OrderRecord& order) {
  OrderRecord* sibling = sibling_of(order);
  sibling->target = sibling->told.filled_quantity + order.remaining();
  sibling->told.quantity = sibling->target;
  if (sibling->is_working) amend(*sibling);
}

OrderRecord* OrderDesk::sibling_of(OrderRecord& order) {
  if (!order.is_exit()) return nullptr;
  OrderRecord& head = order.head();
  if (&head != &order && head.is_exit()) return &head;
  for (OrderRecord* leg : head.legs)
    if (leg != &order) return leg;
  return nullptr;
}

/// The order is over, by whatever ended it; those of its group with it.
void OrderDesk::finish(OrderRecord& order, OrderStatus status, TradeEvent event) {
  order.told.status = status;
  if (status == OrderStatus::Canceled) order.told.canceled_at = told_now();
  if (status == OrderStatus::Expired) order.told.expired_at = told_now();
  if (order.is_working) by_engine_id_.erase(order.engine_id);
  order.is_working = false;
  open_.erase(order.number);
  publish(order, event);
  if (status != OrderStatus::Replaced) after_end(order);
}

/// We end an order ourselves, wherever it is.
void OrderDesk::withdraw(OrderRecord& order, OrderStatus status, TradeEvent event) {
  if (std::exchange(order.is_working, false)) {
    by_engine_id_.erase(order.engine_id);
    engine_.cancel(order.engine_id);
  }
  finish(order, status, event);
}

/// A group ends together: an entry takes its exits with it, an exit its sibling.
void OrderDesk::after_end(OrderRecord& order) {
  const bool is_expiry = order.told.status == OrderStatus::Expired;
  const OrderStatus status = is_expiry ? OrderStatus::Expired : OrderStatus::Canceled;
  const TradeEvent event = is_expiry ? TradeEvent::Expired : TradeEvent::Canceled;
  OrderRecord& head = order.head();
  std::vector<OrderRecord*> group = head.legs;
  group.push_back(&head);
  for (OrderRecord* member : group)
    if (member != &order && member->is_open()) withdraw(*member, status, event);
}

void OrderDesk::publish(OrderRecord& order, TradeEvent event, alpaca::TradeUpdate update) {
  order.told.updated_at = told_now();
  update.event = event;
  update.execution_id = parts_.identifiers.next();
  update.time = told_now();
  update.order = tell(order);
  parts_.on_update(update);
}

void OrderDesk::on_quote(const market::Quote& quote) {
  if (open_.empty()) return engine_.on_quote(quote);
  if (!parts_.prices.is_open()) {
    std::vector<OrderRecord*> extended;
    for (const auto& [number, order] : open_)
      if (order->instrument == quote.instrument && order->told.extended_hours)
        extended.push_back(order);
    for (OrderRecord* order : extended) start_extended(*order, quote);
  }
  engine_.on_quote(quote);
  drain();
}

/// Before the open there is no book to wait in: the touch fills what its limit allows.
void OrderDesk::start_extended(OrderRecord& order, const market::Quote& quote) {
  if (order.told.status == OrderStatus::Accepted) accept(order);
  if (market::defect_of(quote)) return;
  const core::Price price = order.buys() ? quote.ask : quote.bid;
  const core::Price limit = *order.told.limit_price;
  if (order.buys() ? price > limit : price < limit) return;
  take_fill(order, order.remaining(), price, {}, quote.time);
}

void OrderDesk::on_trade(const market::Trade& trade) {
  engine_.on_trade(trade);
  if (open_.empty()) return;
  drain();
  if (!parts_.prices.is_open() || !market::effect_of(trade.conditions).last) return;
  std::vector<OrderRecord*> reached;
  for (const auto& [number, order] : open_) {
    if (order->instrument != trade.instrument || order->told.type != OrderType::TrailingStop ||
        !order->is_working)
      continue;
    trail(*order, trade.price);
    const core::Price stop = *order->told.stop_price;
    const bool is_reached = order->buys() ? trade.price >= stop : trade.price <= stop;
    if (is_reached && order->has_new_trail && !order->is_triggered) reached.push_back(order);
  }
  for (OrderRecord* order : reached) trigger(*order);
  drain();
}

/// The engine counts a replaced distance from the next print on, clients from the best price; where
/// their stop is the closer one, it is the one that counts.
void OrderDesk::trigger(OrderRecord& order) {
  if (!order.is_open() || !order.is_working) return;
  order.is_triggered = true;
  by_engine_id_.erase(order.engine_id);
  engine_.cancel(order.engine_id);
  enter(order);
  drain();
}

/// What clients see of the stop: it follows the best price and is never loosened.
void OrderDesk::trail(OrderRecord& order, core::Price price) {
  alpaca::Order& told = order.told;
  const auto best = told.high_water_mark.value_or(price);
  told.high_water_mark = order.buys() ? std::min(best, price) : std::max(best, price);
  constexpr std::int64_t kPercent = 100;
  const core::Price distance =
      told.trail_price
          ? *told.trail_price
          : core::scaled_to_tick(*told.high_water_mark,
                                 core::Rate::from_raw(told.trail_percent->raw() / kPercent),
                                 core::Price::from_raw(1), core::Rounding::HalfEven);
  const core::Price stop =
      order.buys() ? *told.high_water_mark + distance : *told.high_water_mark - distance;
  const core::Price before = told.stop_price.value_or(stop);
  told.stop_price = order.buys() ? std::min(before, stop) : std::max(before, stop);
}

void OrderDesk::on_session_phase(const market::SessionPhase& phase) {
  switch (phase.phase) {
    case market::Phase::Prepare: engine_.on_session_prepare(phase.session); break;
    case market::Phase::Open:
      engine_.on_session_open(phase.session);
      route();
      break;
    case market::Phase::Close:
      drain();
      while (!pieces_.empty()) fill_next_piece();
      expire_old(phase.session.close);
      engine_.on_session_close(phase.session.close);
      break;
  }
  drain();
}

/// The exits of an entry that has not filled end with their session too, and what is too old.
void OrderDesk::expire_old(core::Timestamp close) {
  std::vector<OrderRecord*> old;
  for (const auto& [number, order] : open_)
    if (order->told.expires_at && *order->told.expires_at <= close) old.push_back(order);
  for (OrderRecord* order : old)
    if (order->is_open()) withdraw(*order, OrderStatus::Expired, TradeEvent::Expired);
}

void OrderDesk::on_trading_status(const market::TradingStatus& status) {
  engine_.on_trading_status(status);
  drain();
}

void OrderDesk::on_corporate_action(const market::CorporateAction& action) {
  engine_.on_corporate_action(action);
  drain();
}

}  // namespace st0ck::app::exchange
