#include "st0ck/adapters/alpaca/order_tracker.hpp"

#include "st0ck/adapters/alpaca/unproven_sendings.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

// Whose order it is that the venue talks about. What is told of it is in order_telling.cpp.

namespace st0ck::alpaca {

using trading::GroupRole;
using trading::OrderUpdateKind;

namespace {

/// How far apart two parts of a venue may stamp the same moment.
constexpr core::Duration kStampsApart = std::chrono::milliseconds{100};

}  // namespace

OrderTracker::OrderTracker(Parts parts, const TrackerSettings& settings)
    : parts_{std::move(parts)}, settings_{settings} {}

void OrderTracker::begin_at(core::Timestamp venue_time) {
  if (!begun_) begun_ = venue_time;
}

TrackedOrder& OrderTracker::take_in(const trading::OrderIntent& intent) {
  TrackedOrder* known = find(intent.client_order_id);
  const core::Timestamp now = parts_.clock.now();
  const bool was_sent = known != nullptr && known->has_terms;
  // Heard of before it was ever sent, it is another program's; but for what a run before this one
  // may have sent.
  const bool is_taken =
      known != nullptr && !was_sent && known->is_known_there() &&
      (!earlier_.contains(intent.client_order_id) || !may_become(*known, intent, now));
  std::string taken_by = is_taken ? known->chain.members().front().id : std::string{};
  if (is_taken) known = let_go(*known);
  TrackedOrder& order =
      known != nullptr
          ? *known
          : add(intent.client_order_id, parts_.instruments[intent.leg().instrument].multiplier);
  order.instrument = intent.leg().instrument;
  order.side = intent.leg().side;
  order.type = intent.type;
  order.purpose = intent.purpose;
  order.terms = intent.terms;
  order.quantities.insert(intent.terms.quantity);
  order.terms.quantity = *order.quantities.rbegin();
  order.has_terms = true;
  order.is_id_taken = order.is_id_taken || is_taken;
  if (is_taken) order.taken_by = std::move(taken_by);
  if (!was_sent) order.sent = now;
  // Sent again after it was refused or not found: it may live yet.
  if (!order.is_known_there()) order.is_ended = order.is_accepted = false;
  if (!order.is_ended) open_.insert(order.id);
  return order;
}

TrackedOrder* OrderTracker::adopt(const core::ClientOrderId& id, std::string_view symbol) {
  if (TrackedOrder* known = find(id)) return known;
  if (!is_ours(id.view()) || !core::Symbol::fits(symbol)) return nullptr;
  const market::Instrument* instrument = parts_.instruments.find(core::Symbol{symbol});
  if (instrument == nullptr) {
    parts_.log.warn(
        "ORDER_OF_UNKNOWN_SYMBOL",
        fmt::format("{} is for {}, which is not configured; it is left alone", id, symbol));
    return nullptr;
  }
  TrackedOrder& order = add(id, instrument->multiplier);
  order.sent = parts_.clock.now();
  return &order;
}

TrackedOrder& OrderTracker::add(const core::ClientOrderId& id, core::Multiplier multiplier) {
  forget_oldest();
  TrackedOrder order{
      .id = id,
      .chain = OrderChain{multiplier, settings_.replace_counting, settings_.executions_max}};
  open_.insert(id);
  return orders_.emplace(id, std::move(order)).first->second;
}

void OrderTracker::forget_oldest() {
  while (finished_.size() > settings_.finished_max) {
    const core::ClientOrderId id = finished_.front();
    finished_.pop_front();
    const auto found = orders_.find(id);
    if (found == orders_.end() || !found->second.is_ended) continue;
    for (const auto& member : found->second.chain.members()) by_venue_id_.erase(member.id);
    orders_.erase(found);
  }
}

TrackedOrder* OrderTracker::find(const core::ClientOrderId& id) {
  const auto found = orders_.find(id);
  return found == orders_.end() ? nullptr : &found->second;
}

std::vector<core::ClientOrderId> OrderTracker::open_orders() const {
  return {open_.begin(), open_.end()};
}

bool OrderTracker::is_ours(std::string_view client_order_id) const {
  const std::string_view bot = bot_in(client_order_id);
  return std::any_of(parts_.bots.begin(), parts_.bots.end(),
                     [&](const core::BotId& ours) { return ours.view() == bot; });
}

std::optional<core::ClientOrderId> OrderTracker::our_id_of(const Order& told) const {
  if (const auto known = by_venue_id_.find(told.id); known != by_venue_id_.end())
    return known->second;
  if (told.replaces)
    if (const auto known = by_venue_id_.find(*told.replaces); known != by_venue_id_.end())
      return known->second;
  const auto id = read_chained_id(told.client_order_id);
  if (!id || !is_ours(id->order.view())) return std::nullopt;
  return id->order;
}

bool OrderTracker::knows(const Order& told) const {
  const auto id = our_id_of(told);
  return id && orders_.contains(*id);
}

void OrderTracker::attach(TrackedOrder& order, const std::string& venue_id,
                          const std::optional<trading::OrderTerms>& terms) {
  // It was refused, or not found, and lives all the same.
  if (!order.is_known_there()) {
    order.is_ended = false;
    open_.insert(order.id);
  }
  order.chain.add(venue_id, terms);
  by_venue_id_[venue_id] = order.id;
}

TrackedOrder* OrderTracker::owner_of(const Order& told) {
  if (TrackedOrder* order = owner_by_venue_id(told)) return order;
  if (told.replaces) return successor_owner(told);
  const auto id = read_chained_id(told.client_order_id);
  if (!id || id->number != 0) return nullptr;
  TrackedOrder* order = find(id->order);
  if (order == nullptr) {
    order = adopt(id->order, told.symbol);
    if (order != nullptr) describe(*order, told);
  }
  if (order != nullptr && order->has_id_of_reply && may_be(*order, told))
    forget_id_of_reply(*order);
  if (order == nullptr || order->is_known_there() || order->taken_by == told.id) return nullptr;
  if (!may_be(*order, told)) return note_taken(*order, told);
  attach(*order, told.id, terms_of(*order, told));
  return order;
}

TrackedOrder* OrderTracker::owner_by_venue_id(const Order& told) {
  const auto known = by_venue_id_.find(told.id);
  TrackedOrder* order = known == by_venue_id_.end() ? nullptr : find(known->second);
  // One that did not come to be has left its chain, and may show up all the same.
  if (order == nullptr || order->chain.find(told.id) == nullptr) return nullptr;
  if (!order->has_id_of_reply || told.id != order->chain.members().front().id) return order;
  order->has_id_of_reply = false;
  if (told.client_order_id == order->id.view()) return order;
  forget_id_of_reply(*order);
  return nullptr;
}

bool OrderTracker::forget_id_of_reply(const core::ClientOrderId& id) {
  TrackedOrder* order = find(id);
  // What has been replaced under that id was there.
  if (order == nullptr || !order->has_id_of_reply || order->chain.members().size() > 1)
    return false;
  forget_id_of_reply(*order);
  return true;
}

void OrderTracker::forget_id_of_reply(TrackedOrder& order) {
  const std::string& id = order.chain.members().front().id;
  parts_.log.error("ORDER_ID_WRONG",
                   fmt::format("{}: the answer to its request has told the id {}, which is not "
                               "its own; its client order id decides",
                               order.id, id));
  by_venue_id_.erase(id);
  order.chain =
      OrderChain{order.chain.multiplier(), settings_.replace_counting, settings_.executions_max};
  order.has_id_of_reply = false;
}

/// Those that we sent it under; nothing for an order of an earlier run.
std::optional<trading::OrderTerms> OrderTracker::terms_of(const TrackedOrder& order,
                                                          const Order& told) {
  if (!order.has_terms) return std::nullopt;
  trading::OrderTerms terms = order.terms;
  if (told.quantity && order.quantities.contains(*told.quantity)) terms.quantity = *told.quantity;
  return terms;
}

/// Whether the venue had it before ours can have come there. What no earlier run has sent was not
/// there before this one began: both clocks have to say so, as each may be wrong.
bool OrderTracker::is_too_old(const core::ClientOrderId& id, core::Timestamp created,
                              core::Timestamp sent) const {
  // What an earlier run has sent may be as old as that.
  if (created == core::Timestamp{} || earlier_.contains(id)) return false;
  if (created + UnprovenSendings::kWayMax < sent) return true;
  return begun_ && created + kStampsApart < *begun_ && created < sent;
}

/// Found at the venue before ours was sent: an earlier run, or somebody else, has its id.
TrackedOrder* OrderTracker::let_go(TrackedOrder& found) {
  log_taken(found.id, found.side, found.found_quantity, found.chain.members().front().created);
  for (const auto& member : found.chain.members()) by_venue_id_.erase(member.id);
  open_.erase(found.id);
  orders_.erase(found.id);
  return nullptr;
}

/// Notes what kind of order it is that we have not sent in this run.
void OrderTracker::describe(TrackedOrder& order, const Order& told) {
  order.instrument = parts_.instruments.find(core::Symbol{told.symbol})->id;
  order.side = told.side.value_or(trading::Side::Buy);
  order.type = told.type;
  order.found_quantity = told.quantity;
}

/// Whether the order that was found can be one of an earlier run that is about to be sent again.
/// Its quantity may have been changed since it was sent first, or be what is left of it.
bool OrderTracker::may_become(const TrackedOrder& found, const trading::OrderIntent& intent,
                              core::Timestamp now) const {
  if (is_too_old(found.id, found.chain.members().front().created, now)) return false;
  return !found.found_quantity || (found.instrument == intent.leg().instrument &&
                                   found.side == intent.leg().side && found.type == intent.type);
}

/// Whether what the venue has under our id can be what we sent.
bool OrderTracker::may_be(const TrackedOrder& order, const Order& told) const {
  if (!order.has_terms) return true;
  return told.symbol == parts_.instruments[order.instrument].symbol.view() &&
         told.side == order.side && told.type == order.type &&
         (earlier_.contains(order.id) ||
          (told.quantity && order.quantities.contains(*told.quantity))) &&
         !is_too_old(order.id, told.created_at, order.sent);
}

/// Said once: the order itself ends with the answer to its request, or to a look-up.
TrackedOrder* OrderTracker::note_taken(TrackedOrder& order, const Order& told) {
  if (!std::exchange(order.is_id_taken, true))
    log_taken(order.id, told.side, told.quantity, told.created_at);
  return nullptr;
}

void OrderTracker::log_taken(const core::ClientOrderId& id, std::optional<trading::Side> side,
                             std::optional<core::Quantity> quantity,
                             core::Timestamp created) const {
  parts_.log.error(
      "ID_TAKEN",
      fmt::format("{}: the venue has another order under this id: {} {}, of {}; it is left alone, "
                  "and ours will not come to be there",
                  id, side ? name_of(*side) : "unknown side",
                  quantity ? quantity->to_string() : "unknown quantity",
                  core::format_utc(created)));
}

/// Whose order was replaced by this one, which joins its chain. Its number says what was asked.
TrackedOrder* OrderTracker::successor_owner(const Order& told) {
  const auto predecessor = by_venue_id_.find(*told.replaces);
  if (predecessor == by_venue_id_.end()) return nullptr;
  TrackedOrder* order = find(predecessor->second);
  if (order == nullptr) return nullptr;
  if (order->chain.current().id != *told.replaces) {
    // What we took for the successor of the one before never was.
    if (order->chain.members().back().id != *told.replaces) return nullptr;
  }
  std::optional<trading::OrderTerms> terms;
  const auto id = read_chained_id(told.client_order_id);
  for (const TrackedOrder::Replace& asked : order->replaces)
    if (id && id->order == order->id && id->number == asked.number) terms = asked.terms;
  if (order->chain.members().back().id != *told.replaces) order->chain.drop_unproven();
  attach(*order, told.id, terms);
  if (id && id->order == order->id)
    order->replaces_asked = std::max(order->replaces_asked, id->number);
  return order;
}

void OrderTracker::apply(const Order& told) {
  TrackedOrder* owner = owner_of(told);
  if (owner == nullptr) return;
  apply(told, *owner, told.updated_at, nullptr);
  for (const Order& leg : told.legs) apply_leg(*owner, leg, false);
}

void OrderTracker::apply(const Order& told, TrackedOrder& owner, core::Timestamp time,
                         const Execution* execution) {
  if (!owner.chain.take(told))
    parts_.log.warn("ORDER_NOT_BELIEVED", fmt::format("{}: filled {} of it makes no sense",
                                                      owner.id, told.filled_quantity.to_string()));
  tell(owner, time, execution);
}

/// The venue's own orders under one of ours are the group's exits: a limit is the target.
void OrderTracker::apply_leg(TrackedOrder& parent, const Order& leg, bool is_reply) {
  TrackedOrder* owner = nullptr;
  if (by_venue_id_.contains(leg.id) || leg.replaces) {
    owner = owner_of(leg);
  } else {
    const bool is_target = leg.type == trading::OrderType::Limit;
    owner = find(is_target ? parent.target : parent.stop);
    if (owner == nullptr || owner->is_known_there()) return;
    attach(*owner, leg.id, terms_of(*owner, leg));
  }
  if (owner == nullptr) return;
  if (is_reply)
    apply_reply(*owner, leg);
  else
    apply(leg, *owner, leg.updated_at, nullptr);
}

void OrderTracker::apply_reply(TrackedOrder& order, Order reply) {
  if (!by_venue_id_.contains(reply.id)) {
    if (order.is_known_there()) return;
    attach(order, reply.id, terms_of(order, reply));
    order.has_id_of_reply = true;
  }
  const std::vector<Order> legs = std::move(reply.legs);
  reply.legs.clear();
  reply.filled_quantity = {};
  reply.filled_average_price.reset();
  const bool is_rejected = reply.status == OrderStatus::Rejected;
  if (is_final(reply.status) && !is_rejected) reply.status = OrderStatus::New;
  const OrderChain::Member* member = order.chain.find(reply.id);
  if (member == nullptr) return;  // The id of another order: the answer is not believed.
  if (!member->is_seen || is_rejected) apply(reply, order, reply.updated_at, nullptr);
  for (const Order& leg : legs) apply_leg(order, leg, true);
}

void OrderTracker::apply_replacement(TrackedOrder& order, Order reply) {
  if (!by_venue_id_.contains(reply.id)) {
    if (!order.pending) return;  // It was settled before its answer came.
    const std::string& last = order.chain.members().back().id;
    if (reply.replaces && *reply.replaces != last) {
      parts_.log.warn(
          "REPLACEMENT_NOT_BELIEVED",
          fmt::format("{}: {} replaces {}, not {}", order.id, reply.id, *reply.replaces, last));
      return;
    }
    attach(order, reply.id, order.pending->terms);
  }
  // That it stands for the one before is for the stream or a look-up to say: the venue may refuse
  // what it has taken, and an answer may be older than that.
  if (reply.status != OrderStatus::Rejected) reply.status = OrderStatus::PendingNew;
  const OrderChain::Member* member = order.chain.find(reply.id);
  if (member != nullptr && !member->is_seen) apply(reply, order, reply.updated_at, nullptr);
}

void OrderTracker::apply(const TradeUpdate& update) {
  TrackedOrder* owner = owner_of(update.order);
  if (owner == nullptr) return;
  const core::Timestamp time = update.time.value_or(update.order.updated_at);
  if (update.event == TradeEvent::TradeBust || update.event == TradeEvent::TradeCorrect)
    parts_.log.error("TRADE_CORRECTED",
                     fmt::format("{}: the venue has taken back or changed an execution; compare "
                                 "its position with ours",
                                 owner->id));
  const bool is_fill = update.event == TradeEvent::Fill || update.event == TradeEvent::PartialFill;
  std::optional<Execution> execution;
  if (is_fill && update.execution_id && update.price && update.quantity &&
      owner->chain.execute(*update.execution_id, *update.price, *update.quantity))
    execution = Execution{*update.execution_id, *update.price, *update.quantity};
  apply(update.order, *owner, time, execution ? &*execution : nullptr);
  for (const Order& leg : update.order.legs) apply_leg(*owner, leg, false);

  // Old copies of a refusal would speak of a later request.
  const bool is_refusal = update.event == TradeEvent::OrderCancelRejected ||
                          update.event == TradeEvent::OrderReplaceRejected;
  if (!is_refusal || owner->is_ended || time <= owner->refusal_told) return;
  owner->refusal_told = time;
  if (update.event == TradeEvent::OrderReplaceRejected)
    refuse_replace(*owner, core::Code{"VENUE_REJECT"});
  else
    refuse(*owner, OrderUpdateKind::CancelRejected, core::Code{"VENUE_REJECT"});
}

void OrderTracker::forget_requests() {
  for (auto& [id, order] : orders_)
    order.is_submitting = order.is_replacing = order.is_cancelling = false;
}

void OrderTracker::link(TrackedOrder& parent, TrackedOrder& leg, GroupRole role, bool is_pair) {
  leg.parent = parent.id;
  leg.role = role;
  leg.is_in_pair = is_pair;
  (role == GroupRole::Target ? parent.target : parent.stop) = leg.id;
}

}  // namespace st0ck::alpaca
