#include "st0ck/adapters/alpaca/order_bodies.hpp"

#include <limits>

namespace st0ck::alpaca {

namespace {

using trading::GroupKind;
using trading::GroupRole;
using trading::OrderIntent;
using trading::OrderType;
using trading::Purpose;
using trading::Side;

constexpr std::int64_t kHundred = 100;

Percent percent_of(core::Rate rate) {
  // More than this trails nothing; the rules refuse it before it is sent.
  if (rate.raw() > std::numeric_limits<std::int64_t>::max() / kHundred) return Percent::max();
  return Percent::from_raw(rate.raw() * kHundred);
}

PositionIntent position_intent_of(const OrderIntent& intent) {
  const bool closes = intent.purpose == Purpose::Exit;
  if (intent.leg().side == Side::Buy)
    return closes ? PositionIntent::BuyToClose : PositionIntent::BuyToOpen;
  return closes ? PositionIntent::SellToClose : PositionIntent::SellToOpen;
}

OrderClass class_of(const GroupMembers& group) {
  if (group.entry == nullptr) return OrderClass::Oco;
  return group.target != nullptr && group.stop != nullptr ? OrderClass::Bracket : OrderClass::Oto;
}

/// What the venue gives the exits of a group, whatever we ask.
bool goes_with(const OrderIntent* exit, const OrderIntent& parent) {
  return exit == nullptr || (exit->time_in_force == parent.time_in_force &&
                             exit->terms.quantity == parent.terms.quantity &&
                             exit->leg().instrument == parent.leg().instrument);
}

std::optional<Trail> trail_of(const trading::OrderTerms& terms) {
  if (terms.trail) return Trail::from_raw(terms.trail->raw());
  if (terms.trail_rate) return Trail::from_raw(percent_of(*terms.trail_rate).raw());
  return std::nullopt;
}

}  // namespace

GroupMembers members_of(std::span<const OrderIntent> group) {
  GroupMembers members;
  for (const OrderIntent& intent : group) {
    if (intent.group.role == GroupRole::Entry) members.entry = &intent;
    if (intent.group.role == GroupRole::Target) members.target = &intent;
    if (intent.group.role == GroupRole::Stop) members.stop = &intent;
  }
  return members;
}

std::optional<std::string_view> defect_of(const GroupMembers& group) {
  const bool has_exits = group.target != nullptr && group.stop != nullptr;
  const bool has_an_exit = group.target != nullptr || group.stop != nullptr;
  if (group.entry == nullptr ? !has_exits : !has_an_exit) return "GROUP_SHAPE";
  const OrderIntent& parent = group.parent();
  if (group.target != nullptr && !group.target->terms.limit) return "GROUP_SHAPE";
  if (group.stop != nullptr && !group.stop->terms.stop) return "TRAILING_RULE";
  if (!goes_with(group.target, parent) || !goes_with(group.stop, parent)) return "GROUP_RULE";
  return std::nullopt;
}

NewOrder new_order(const OrderIntent& intent, const market::Instrument& instrument) {
  NewOrder order;
  order.symbol = instrument.symbol.str();
  order.quantity = intent.terms.quantity;
  order.side = intent.leg().side;
  order.type = intent.type;
  order.time_in_force = intent.time_in_force;
  order.limit_price = intent.terms.limit;
  order.stop_price = intent.terms.stop;
  order.trail_price = intent.terms.trail;
  if (intent.terms.trail_rate) order.trail_percent = percent_of(*intent.terms.trail_rate);
  order.client_order_id = intent.client_order_id.str();
  order.position_intent = position_intent_of(intent);
  return order;
}

NewOrder new_order(const GroupMembers& group, const market::Instrument& instrument) {
  NewOrder order = new_order(group.parent(), instrument);
  order.order_class = class_of(group);
  // The parent is the target itself, which is said once.
  if (order.order_class == OrderClass::Oco) order.limit_price.reset();
  if (group.target != nullptr) order.take_profit = TakeProfit{*group.target->terms.limit};
  if (group.stop != nullptr)
    order.stop_loss = StopLoss{*group.stop->terms.stop, group.stop->terms.limit};
  return order;
}

std::optional<ReplaceOrder> replace_order(const trading::OrderTerms& from,
                                          const trading::OrderTerms& to,
                                          core::Quantity quantity_before) {
  if (from == to) return std::nullopt;
  ReplaceOrder body;
  if (from.quantity != to.quantity) body.quantity = to.quantity - quantity_before;
  if (from.limit != to.limit) body.limit_price = to.limit;
  if (from.stop != to.stop) body.stop_price = to.stop;
  if (from.trail != to.trail || from.trail_rate != to.trail_rate) body.trail = trail_of(to);
  return body;
}

trading::OrderTerms terms_of(const Order& order) {
  trading::OrderTerms terms;
  terms.quantity = order.quantity.value_or(core::Quantity{});
  terms.limit = order.limit_price;
  // A trailing stop's price moves by itself: it is no term of ours.
  if (order.type != OrderType::TrailingStop) terms.stop = order.stop_price;
  terms.trail = order.trail_price;
  if (order.trail_percent)
    terms.trail_rate = core::Rate::from_raw(order.trail_percent->raw() / kHundred);
  return terms;
}

}  // namespace st0ck::alpaca
