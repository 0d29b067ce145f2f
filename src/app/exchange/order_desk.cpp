#include "src/app/exchange/order_desk.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/trading/option_symbol.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

// Orders in and out: bodies become records, records are found, replaced and cancelled.

namespace st0ck::app::exchange {

using alpaca::OrderClass;
using alpaca::OrderStatus;
using alpaca::TradeEvent;
using trading::GroupRole;
using trading::OrderType;
using trading::TimeInForce;
namespace api_code = alpaca::api_code;

namespace {

constexpr core::Duration kGtcLife = std::chrono::hours{90 * 24};
constexpr std::uint64_t kStatusUnit = 100'000;
constexpr core::Price kCent = core::Price::from_raw(10'000'000);

std::string text_of_status(const OrderRecord& order) {
  return "order is already in \"" + std::string{alpaca::text_of(order.told.status)} + "\" state";
}

/// Prices that the order's type has no use for are refused rather than told back as if they counted
/// (the reference, 3.2).
std::optional<alpaca::ApiError> check_price_fields(const alpaca::NewOrder& body) {
  const auto no = [](std::string message) {
    alpaca::ApiError error = refusal(api_code::kInvalidField, std::move(message));
    error.http_status = 422;
    return error;
  };
  if (body.type == OrderType::Limit && body.stop_price)
    return no("limit orders require no stop_price");
  if (body.type == OrderType::Stop && body.limit_price)
    return no("stop orders require no limit_price");
  return std::nullopt;
}

/// How many shares the money buys at a price, cut off to 1e-9.
core::Quantity quantity_for(core::Money money, core::Price price) {
  const auto raw = core::narrow(core::divide(core::Int128{money.raw()} * core::Quantity::kOne,
                                             price.raw(), core::Rounding::Down));
  return core::Quantity::from_raw(raw.value_or(0));
}

/// A stop to buy is bounded by a limit somewhat above it (the reference, 3.3).
core::Price stop_limit_of(core::Price stop) {
  constexpr core::Price kCheap = core::Price::whole(50);
  constexpr core::Rate kCheapFactor = core::Rate::from_raw(1'040'000'000);
  constexpr core::Rate kFactor = core::Rate::from_raw(1'025'000'000);
  return core::scaled_to_tick(stop, stop < kCheap ? kCheapFactor : kFactor, kCent,
                              core::Rounding::Up);
}

}  // namespace

alpaca::ApiError refusal(std::uint64_t code, std::string message) {
  return {.http_status = static_cast<std::uint32_t>(code / kStatusUnit),
          .code = code,
          .message = std::move(message)};
}

OrderDesk::OrderDesk(Parts parts, const OrderDeskSettings& settings, core::Money cash)
    : parts_{std::move(parts)},
      settings_{settings},
      engine_{parts_.clock, parts_.instruments, settings.matching, *this, cash} {
  engine_.follow_ticks();
}

OrderDesk::~OrderDesk() {
  if (route_task_) parts_.scheduler.cancel(*route_task_);
  parts_.scheduler.cancel(piece_task_);
}

std::unique_ptr<OrderRecord> OrderDesk::new_record(core::InstrumentId instrument) {
  auto order = std::make_unique<OrderRecord>();
  order->instrument = instrument;
  alpaca::Order& told = order->told;
  told.id = parts_.identifiers.next();
  told.created_at = told.updated_at = told.submitted_at = told_now();
  told.symbol = parts_.instruments[instrument].symbol.str();
  told.asset_id = Identifiers::of_name(told.symbol);
  told.asset_class = alpaca::AssetClass::UsEquity;
  return order;
}

/// What the body says, as an order that nobody has agreed to yet.
Answer<std::unique_ptr<OrderRecord>> OrderDesk::record_of(const alpaca::NewOrder& body) {
  if (auto refused = alpaca::refusal_of(body)) return tl::unexpected(std::move(*refused));
  if (auto refused = check_price_fields(body)) return tl::unexpected(std::move(*refused));
  if (body.order_class == OrderClass::MultiLeg ||
      (core::Symbol::fits(*body.symbol) &&
       trading::parse_option_symbol(core::Symbol{*body.symbol})))
    return tl::unexpected(
        refusal(api_code::kUnprocessable, "options are not traded at this exchange yet"));
  const market::Instrument* instrument = nullptr;
  for (const market::Instrument& candidate : parts_.instruments)
    if (candidate.symbol.view() == *body.symbol ||
        Identifiers::of_name(candidate.symbol.view()) == *body.symbol)
      instrument = &candidate;
  if (instrument == nullptr)
    return tl::unexpected(
        refusal(api_code::kUnprocessable, "asset \"" + *body.symbol + "\" not found"));
  auto order = new_record(instrument->id);
  alpaca::Order& told = order->told;
  told.client_order_id = body.client_order_id && !body.client_order_id->empty()
                             ? *body.client_order_id
                             : parts_.identifiers.next();
  told.side = body.side;
  told.type = body.type;
  told.time_in_force = body.time_in_force;
  told.limit_price = body.limit_price;
  told.stop_price = body.stop_price;
  told.trail_price = body.trail_price;
  told.trail_percent = body.trail_percent;
  told.extended_hours = body.extended_hours;
  told.order_class = body.order_class;
  told.quantity = body.quantity;
  told.notional = body.notional;
  if (told.time_in_force == TimeInForce::Gtc) told.expires_at = told.created_at + kGtcLife;
  if (told.order_class == OrderClass::Oco) {
    told.limit_price = body.take_profit->limit_price;
    order->role = GroupRole::Target;
  } else if (told.order_class != OrderClass::Simple) {
    order->role = GroupRole::Entry;
  }
  order->estimate = estimate_of(*order);
  if (!order->estimate.is_positive())
    return tl::unexpected(
        refusal(api_code::kUnprocessable, "no price is known for " + told.symbol));
  order->target = body.quantity ? *body.quantity : quantity_for(*body.notional, order->estimate);
  told.position_intent = body.position_intent.value_or(intent_of(*order));
  return order;
}

Answer<const OrderRecord*> OrderDesk::submit(const alpaca::NewOrder& body) {
  drain();
  auto made = record_of(body);
  if (!made) return tl::unexpected(made.error());
  OrderRecord& candidate = **made;
  if (auto refused = check_client_id(body.client_order_id))
    return tl::unexpected(std::move(*refused));
  if (auto refused = check_intent(candidate, body.position_intent))
    return tl::unexpected(std::move(*refused));
  if (auto refused = check_exits(body, candidate)) return tl::unexpected(std::move(*refused));
  if (auto refused = check(candidate, nullptr)) return tl::unexpected(std::move(*refused));
  candidate.told.status = parts_.prices.is_open() ? OrderStatus::PendingNew : OrderStatus::Accepted;
  OrderRecord& order = keep(std::move(*made));
  add_legs(order, body);
  route_later();
  return &order;
}

OrderRecord& OrderDesk::keep(std::unique_ptr<OrderRecord> made) {
  forget_oldest();
  made->number = ++last_number_;
  OrderRecord& order = *made;
  orders_.emplace(order.number, std::move(made));
  open_.emplace(order.number, &order);
  by_id_.emplace(order.told.id, &order);
  by_client_id_.emplace(order.told.client_order_id, &order);
  return order;
}

void OrderDesk::add_legs(OrderRecord& head, const alpaca::NewOrder& body) {
  if (body.order_class == OrderClass::Simple) return;
  if (body.take_profit && body.order_class != OrderClass::Oco)
    add_leg(head, GroupRole::Target, OrderType::Limit, body.take_profit->limit_price, {});
  if (body.stop_loss)
    add_leg(head, GroupRole::Stop,
            body.stop_loss->limit_price ? OrderType::StopLimit : OrderType::Stop,
            body.stop_loss->limit_price, body.stop_loss->stop_price);
}

void OrderDesk::add_leg(OrderRecord& head, GroupRole role, OrderType type,
                        std::optional<core::Price> limit, std::optional<core::Price> stop) {
  auto leg = new_record(head.instrument);
  alpaca::Order& told = leg->told;
  told.client_order_id = parts_.identifiers.next();
  // An OCO is an exit itself, and its leg is on the same side.
  told.side = head.role == GroupRole::Entry ? trading::opposite(head.side()) : head.side();
  told.type = type;
  told.time_in_force = head.told.time_in_force;
  told.expires_at = head.told.expires_at;
  told.limit_price = limit;
  told.stop_price = stop;
  told.order_class = head.told.order_class;
  told.quantity = head.told.quantity;
  told.status = OrderStatus::Held;
  leg->target = head.target;
  leg->role = role;
  // What it closes may be yet to come.
  told.position_intent = intent_of(*leg);
  leg->parent = &head;
  leg->waits = head.role == GroupRole::Entry;
  leg->estimate = head.estimate;
  head.legs.push_back(&keep(std::move(leg)));
}

/// Makes room for one more; a group is forgotten as a whole.
void OrderDesk::forget_oldest() {
  constexpr int kLooks = 100;
  int looks = 0;
  for (auto entry = orders_.begin();
       orders_.size() >= settings_.orders_kept && entry != orders_.end() && looks < kLooks;
       ++looks) {
    OrderRecord& order = *entry->second;
    const auto is_over = [](const OrderRecord* member) { return !member->is_open(); };
    if (order.parent || order.is_open() || !std::ranges::all_of(order.legs, is_over)) {
      ++entry;
      continue;
    }
    std::vector<OrderRecord*> group = order.legs;
    group.push_back(&order);
    for (OrderRecord* member : group) {
      by_id_.erase(member->told.id);
      by_client_id_.erase(member->told.client_order_id);
      const std::uint64_t number = member->number;
      if (number != entry->first) orders_.erase(number);
    }
    entry = orders_.erase(entry);
  }
}

OrderDesk::Verdict OrderDesk::check_replace(const OrderRecord& order,
                                            const alpaca::ReplaceOrder& body) const {
  if (auto refused = alpaca::refusal_of(body)) return refused;
  const alpaca::Order& told = order.told;
  const auto no = [](std::string message) {
    return refusal(api_code::kUnprocessable, std::move(message));
  };
  if (!order.is_open()) return no(text_of_status(order));
  if (told.status == OrderStatus::Accepted || told.status == OrderStatus::PendingNew)
    return no("cannot replace order in " + std::string{alpaca::text_of(told.status)} + " status");
  if (has_pieces(order)) return no("cannot replace order that is being filled");
  if (told.notional) return no("notional orders cannot be replaced");
  const bool has_limit = told.limit_price.has_value();
  const bool has_stop = told.type == OrderType::Stop || told.type == OrderType::StopLimit;
  if (body.limit_price && !has_limit) return no("limit_price cannot be set on this order type");
  if (body.stop_price && !has_stop) return no("stop_price cannot be set on this order type");
  if (body.trail && told.type != OrderType::TrailingStop)
    return no("trail cannot be set on this order type");
  if (body.quantity && *body.quantity <= told.filled_quantity)
    return no("qty must exceed the filled quantity " + told.filled_quantity.to_string());
  if (body.quantity && order.is_exit() && *body.quantity != *told.quantity)
    return no("qty of a group's exit cannot be replaced");
  const auto trail = told.trail_price ? told.trail_price->raw()
                                      : (told.trail_percent ? told.trail_percent->raw() : 0);
  const auto changes = [](const auto& wanted, const auto& now) { return wanted && wanted != now; };
  const bool is_changed = changes(body.quantity, told.quantity) ||
                          changes(body.limit_price, told.limit_price) ||
                          changes(body.stop_price, told.stop_price) ||
                          (body.time_in_force && *body.time_in_force != told.time_in_force) ||
                          (body.trail && body.trail->raw() != trail) || body.client_order_id;
  if (!is_changed) return no("order parameters are not changed");
  return check_client_id(body.client_order_id);
}

Answer<const OrderRecord*> OrderDesk::replace(std::string_view id,
                                              const alpaca::ReplaceOrder& body) {
  drain();
  OrderRecord* old = find_mutable(id);
  if (old == nullptr)
    return tl::unexpected(refusal(api_code::kNotFound, "order not found for " + std::string{id}));
  if (auto refused = check_replace(*old, body)) return tl::unexpected(std::move(*refused));
  auto made = std::make_unique<OrderRecord>(*old);
  alpaca::Order& told = made->told;
  told.id = parts_.identifiers.next();
  told.client_order_id = body.client_order_id.value_or(parts_.identifiers.next());
  told.created_at = told.updated_at = told.submitted_at = told_now();
  told.replaces = old->told.id;
  // What has filled stays with the old order; the new one is for the rest.
  made->target = body.quantity.value_or(old->target) - old->told.filled_quantity;
  made->filled_before += old->told.filled_quantity;
  told.quantity = made->target;
  told.filled_quantity = {};
  told.filled_average_price.reset();
  made->filled_value = 0;
  if (body.limit_price) told.limit_price = body.limit_price;
  if (body.stop_price) told.stop_price = body.stop_price;
  if (body.time_in_force) told.time_in_force = *body.time_in_force;
  if (body.trail && told.trail_price) told.trail_price = core::Price::from_raw(body.trail->raw());
  if (body.trail && told.trail_percent)
    told.trail_percent = alpaca::Percent::from_raw(body.trail->raw());
  if (body.trail && told.high_water_mark) {
    made->has_new_trail = true;
    trail(*made, *told.high_water_mark);
  }
  told.expires_at.reset();
  if (told.time_in_force == TimeInForce::Gtc) told.expires_at = told.created_at + kGtcLife;
  made->estimate = estimate_of(*made);
  alpaca::NewOrder shape{.symbol = told.symbol,
                         .quantity = told.quantity,
                         .side = told.side,
                         .type = told.type,
                         .time_in_force = told.time_in_force,
                         .limit_price = told.limit_price,
                         .stop_price = told.stop_price,
                         .trail_price = told.trail_price,
                         .trail_percent = told.trail_percent,
                         .extended_hours = told.extended_hours};
  // A trailing stop's stop is where it stands, not a wish.
  if (told.type == OrderType::TrailingStop) shape.stop_price.reset();
  if (auto refused = alpaca::refusal_of(shape)) return tl::unexpected(std::move(*refused));
  if (!made->is_exit())
    if (auto refused = check(*made, old)) return tl::unexpected(std::move(*refused));
  if (told.status == OrderStatus::PartiallyFilled) told.status = OrderStatus::New;
  if (parts_.faults.refuses_replace(id)) return refuse_replace_later(*old, std::move(made));
  OrderRecord& replacement = keep(std::move(made));
  take_place(*old, replacement);
  return &replacement;
}

/// The old order ends as replaced, and the new one works in its place.
void OrderDesk::take_place(OrderRecord& old, OrderRecord& replacement) {
  for (OrderRecord* leg : replacement.legs) {
    leg->parent = &replacement;
    if (replacement.role != GroupRole::Entry) continue;
    leg->target = replacement.target + replacement.filled_before;
    leg->told.quantity = leg->target;
  }
  old.legs.clear();
  if (old.parent) std::ranges::replace(old.parent->legs, &old, &replacement);
  old.parent = nullptr;
  old.told.replaced_by = replacement.told.id;
  old.told.replaced_at = told_now();
  const bool was_working = std::exchange(old.is_working, false);
  if (was_working) by_engine_id_[old.engine_id] = &replacement;
  finish(old, OrderStatus::Replaced, TradeEvent::Replaced);
  if (replacement.told.status == OrderStatus::New) publish(replacement, TradeEvent::New);
  if (!was_working) return;
  if (old.told.time_in_force == replacement.told.time_in_force) {
    amend(replacement);
  } else {
    by_engine_id_.erase(old.engine_id);
    engine_.cancel(old.engine_id);
    replacement.is_working = false;
    enter(replacement);
  }
  // The reply tells the order as it was taken; what that caused comes by the stream.
  route_later();
}

Answer<void> OrderDesk::cancel(std::string_view id) {
  drain();
  OrderRecord* order = find_mutable(id);
  if (order == nullptr)
    return tl::unexpected(refusal(api_code::kNotFound, "order not found for " + std::string{id}));
  if (!order->is_open())
    return tl::unexpected(refusal(api_code::kUnprocessable, text_of_status(*order)));
  if (parts_.faults.refuses_cancel(id)) {
    refuse_cancel_later(order->told.id);
    return {};
  }
  withdraw(*order, OrderStatus::Canceled, TradeEvent::Canceled);
  return {};
}

/// The answer said yes; the stream says no.
void OrderDesk::refuse_cancel_later(const std::string& id) {
  parts_.scheduler.call_after({}, guard_.wrap([this, id] {
    OrderRecord* order = find_mutable(id);
    if (order != nullptr && order->is_open()) publish(*order, TradeEvent::OrderCancelRejected);
  }));
}

/// The new order is told and never comes to be; the old one works on.
const OrderRecord* OrderDesk::refuse_replace_later(const OrderRecord& old,
                                                   std::unique_ptr<OrderRecord> replacement) {
  replacement->legs.clear();
  replacement->parent = nullptr;
  replacement->is_working = false;
  OrderRecord& refused = keep(std::move(replacement));
  open_.erase(refused.number);
  parts_.scheduler.call_after({},
                              guard_.wrap([this, old_id = old.told.id, new_id = refused.told.id] {
                                if (OrderRecord* order = find_mutable(new_id)) {
                                  order->told.status = OrderStatus::Rejected;
                                  order->told.failed_at = told_now();
                                }
                                OrderRecord* order = find_mutable(old_id);
                                if (order != nullptr && order->is_open())
                                  publish(*order, TradeEvent::OrderReplaceRejected);
                              }));
  return &refused;
}

std::vector<alpaca::BulkResult> OrderDesk::cancel_all() {
  drain();
  std::vector<OrderRecord*> all;
  for (const auto& [number, order] : open_) all.push_back(order);
  std::vector<alpaca::BulkResult> results;
  for (OrderRecord* order : all) {
    results.push_back({.id = order->told.id});
    // One of a group may have taken the others with it.
    if (order->is_open()) withdraw(*order, OrderStatus::Canceled, TradeEvent::Canceled);
  }
  return results;
}

void OrderDesk::cancel_all_of(core::InstrumentId instrument) {
  drain();
  std::vector<OrderRecord*> all;
  for (const auto& [number, order] : open_)
    if (order->instrument == instrument) all.push_back(order);
  for (OrderRecord* order : all)
    if (order->is_open()) withdraw(*order, OrderStatus::Canceled, TradeEvent::Canceled);
}

const OrderRecord* OrderDesk::find(std::string_view id) const {
  const auto found = by_id_.find(std::string{id});
  return found == by_id_.end() ? nullptr : found->second;
}

OrderRecord* OrderDesk::find_mutable(std::string_view id) {
  const auto found = by_id_.find(std::string{id});
  return found == by_id_.end() ? nullptr : found->second;
}

const OrderRecord* OrderDesk::find_by_client_id(std::string_view client_order_id) const {
  const auto found = by_client_id_.find(std::string{client_order_id});
  return found == by_client_id_.end() ? nullptr : found->second;
}

OrderRecord* OrderDesk::find_working(const core::ClientOrderId& engine_id) {
  const auto found = by_engine_id_.find(engine_id);
  return found == by_engine_id_.end() ? nullptr : found->second;
}

alpaca::Order OrderDesk::tell(const OrderRecord& order) const {
  alpaca::Order told = order.told;
  for (const OrderRecord* leg : order.legs) told.legs.push_back(leg->told);
  return told;
}

/// A stop to buy goes to the engine with a limit; what clients see is what they sent.
trading::OrderTerms OrderDesk::terms_of(const OrderRecord& order) const {
  const alpaca::Order& told = order.told;
  trading::OrderTerms terms;
  terms.quantity = order.remaining();
  if (told.type == OrderType::Limit || told.type == OrderType::StopLimit)
    terms.limit = told.limit_price;
  if (told.type == OrderType::Stop || told.type == OrderType::StopLimit)
    terms.stop = told.stop_price;
  if (told.type == OrderType::Stop && order.buys()) terms.limit = stop_limit_of(*told.stop_price);
  if (told.type != OrderType::TrailingStop || order.is_triggered) return terms;
  terms.trail = told.trail_price;
  constexpr std::int64_t kPercent = 100;
  if (told.trail_percent)
    terms.trail_rate = core::Rate::from_raw(told.trail_percent->raw() / kPercent);
  return terms;
}

}  // namespace st0ck::app::exchange
