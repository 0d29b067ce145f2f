#include "closings.hpp"
#include "group_keeper.hpp"
#include "order_pacer.hpp"
#include "st0ck/trading/desk.hpp"
#include "unknown_orders.hpp"

#include <algorithm>

// What the desk does for the keepers of groups, unknown orders and closings, and tells them.
namespace st0ck::trading {

namespace {

constexpr std::uint32_t kWakeShift = 29;
constexpr std::uint32_t kKeyMask = (std::uint32_t{1} << kWakeShift) - 1;

/// A quote that is older does not move what is armed here.
constexpr core::Duration kQuoteAgeMax = std::chrono::seconds{5};

}  // namespace

void Desk::on_timer(std::uint32_t topic) {
  const std::uint32_t key = topic & kKeyMask;
  switch (static_cast<Wake>(topic >> kWakeShift)) {
    case Wake::Group: return groups_->on_timer(key);
    case Wake::UnknownOrder: return unknown_orders_->on_timer(key);
    case Wake::Closing: return closings_->on_timer(key);
    case Wake::Pacer: return pacer_->on_timer();
  }
}

core::TimerId Desk::wake_at(core::Timestamp time, Wake wake, std::uint32_t key) {
  const auto topic = (static_cast<std::uint32_t>(wake) << kWakeShift) | (key & kKeyMask);
  return parts_.timers.set_timer(time, topic);
}

void Desk::on_market(core::InstrumentId instrument) {
  watch_losses(instrument);
  if (!groups_->watches(instrument)) return;
  const auto reading = parts_.market.quote(instrument, now(), kQuoteAgeMax);
  if (reading.is_fresh())
    return groups_->on_price(instrument, reading.quote.bid, reading.quote.ask);
  if (const auto mark = parts_.market.mark(instrument)) groups_->on_price(instrument, *mark, *mark);
}

void Desk::close(const core::BotId& bot, core::InstrumentId instrument, const core::Code& reason) {
  for (const BotState& state : bots_) {
    if (!bot.empty() && state.bot != bot) continue;
    groups_->release(state.bot, instrument);
    closings_->begin(state.bot, instrument, reason);
  }
}

void Desk::flatten(const core::BotId& bot, const core::Code& reason) {
  for (const market::Instrument& instrument : parts_.instruments) close(bot, instrument.id, reason);
}

const ProtectionMeter& Desk::protection() const { return groups_->protection(); }

Unprotected Desk::unprotected() const { return groups_->unprotected(); }

std::size_t Desk::closings_under_way() const { return closings_->under_way(); }

bool Desk::is_closing(const core::BotId& bot, core::InstrumentId instrument) const {
  return closings_->is_closing(bot, instrument);
}

std::vector<const Order*> Desk::open_orders_of(const core::BotId& bot,
                                               core::InstrumentId instrument) const {
  std::vector<const Order*> open;
  for (const Order* order : orders_.open_orders())
    if (order->intent.bot == bot && order->intent.leg().instrument == instrument)
      open.push_back(order);
  return open;
}

std::variant<core::ClientOrderId, Refused> Desk::send_exit(const core::BotId& bot,
                                                           const OrderRequest& request,
                                                           const GroupLink& group,
                                                           const core::ClientOrderId& id) {
  BotState& state = state_of(bot);
  return submit(state,
                intent_of(state, request, id.empty() ? next_client_order_id(state) : id, group));
}

bool Desk::send_group(const core::BotId& bot, const std::vector<OrderRequest>& requests,
                      const std::vector<GroupLink>& links,
                      const std::vector<core::ClientOrderId>& ids) {
  BotState& state = state_of(bot);
  std::vector<OrderIntent> intents;
  intents.reserve(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i)
    intents.push_back(intent_of(state, requests[i], ids[i], links[i]));
  const auto reviewed = review_all(state, intents);
  const auto* approved = std::get_if<std::vector<Approved<OrderIntent>>>(&reviewed);
  if (approved == nullptr) return false;
  for (const auto& order : *approved) take_in(state, order, false);
  pacer_->submit_group(*approved);
  return true;
}

bool Desk::send_armed(const core::ClientOrderId& id, core::Quantity quantity) {
  const Order& order = *orders_.find(id);
  BotState& state = state_of(order.intent.bot);
  OrderIntent intent = order.intent;
  intent.terms.quantity = quantity;
  RiskReadings readings;
  const RiskVerdict verdict =
      RiskManager::review(facts_of(state, intent, &order), state.limits, readings);
  if (const auto* refused = std::get_if<Refused>(&verdict)) {
    parts_.observer.on_reviewed(intent, readings, refused->code);
    return false;
  }
  orders_.amend_armed(id, intent.terms, now());
  orders_.mark_sent(id, now());
  state.sent.push_back(now());
  parts_.observer.on_order(order);
  pacer_->submit(std::get<Approved<OrderIntent>>(verdict));
  return true;
}

std::vector<const Order*> Desk::sent_with(const Order& order) const {
  std::vector<const Order*> together;
  for (const core::ClientOrderId& id : groups_->sent_with(order))
    together.push_back(orders_.find(id));
  return together;
}

bool Desk::is_wanted(const Order& exit) const { return groups_->is_wanted(exit); }

bool Desk::send_again(const Order& order) {
  const auto together = sent_with(order);
  if (together.size() > 1) return send_again(together);
  BotState& state = state_of(order.intent.bot);
  RiskReadings readings;
  OrderIntent rest = order.intent;
  rest.terms.quantity = order.remaining();
  rest.terms.quantity = closable_again(rest);
  const RiskVerdict verdict =
      RiskManager::review(facts_of(state, rest, &order), state.limits, readings);
  if (const auto* refused = std::get_if<Refused>(&verdict)) {
    parts_.observer.on_reviewed(rest, readings, refused->code);
    return false;
  }
  state.sent.push_back(now());
  pacer_->submit(std::get<Approved<OrderIntent>>(verdict));
  return true;
}

/// What went out as one goes out again as one: alone, each would be for sale beside the others.
bool Desk::send_again(const std::vector<const Order*>& together) {
  BotState& state = state_of(together.front()->intent.bot);
  std::vector<OrderIntent> intents;
  const bool has_entry = together.front()->intent.purpose == Purpose::Entry;
  for (const Order* order : together) {
    if (order->state != OrderState::Unknown) return false;
    OrderIntent& intent = intents.emplace_back(order->intent);
    if (!has_entry) intent.terms.quantity = closable_again(intent);
  }
  const auto reviewed = review_all(state, intents);
  const auto* approved = std::get_if<std::vector<Approved<OrderIntent>>>(&reviewed);
  if (approved == nullptr) return false;
  state.sent.push_back(now());
  pacer_->submit_group(*approved);
  return true;
}

void Desk::look_up(const core::ClientOrderId& id) { pacer_->look_up(id); }

void Desk::give_up(const core::ClientOrderId& id, const core::Code& reason) {
  orders_.give_up(id, reason, now());
  const Order& order = *orders_.find(id);
  parts_.observer.on_order(order);
  groups_->on_order(order, OrderUpdateKind::ProvenAbsent, std::nullopt);
  closings_->on_order(order);
  parts_.observer.on_ended_here(order, OrderUpdateKind::ProvenAbsent);
}

bool Desk::cancel_order(const core::ClientOrderId& id, const core::Code& reason) {
  const Order* order = orders_.find(id);
  const bool was_armed = order != nullptr && order->state == OrderState::Armed;
  if (order == nullptr || !orders_.mark_cancel_sent(id, now())) return false;
  parts_.observer.on_cancel(*order, reason);
  parts_.observer.on_order(*order);
  if (was_armed)
    parts_.observer.on_ended_here(*order, OrderUpdateKind::Cancelled);
  else
    pacer_->cancel(id);
  return true;
}

bool Desk::resize_order(const core::ClientOrderId& id, core::Quantity quantity,
                        const core::Code& reason) {
  const Order& order = *orders_.find(id);
  ReplaceIntent intent{id, order.intent.terms, reason};
  intent.terms.quantity = quantity;
  return !replace(state_of(order.intent.bot), order, intent);
}

}  // namespace st0ck::trading
