#include "st0ck/adapters/sim/matching_engine.hpp"

#include "st0ck/core/assert.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::adapters::sim {

namespace {

using trading::OrderType;
using trading::OrderUpdate;
using trading::OrderUpdateKind;
using trading::TimeInForce;

// Far beyond any order, and far enough within Money that no sum of fees overflows.
constexpr core::Money kNotionalMax = core::Money::whole(1'000'000'000);

WorkingOrder working_order(const trading::OrderIntent& intent, core::Timestamp now) {
  WorkingOrder order;
  order.client_order_id = intent.client_order_id;
  order.instrument = intent.leg().instrument;
  order.side = intent.leg().side;
  order.type = intent.type;
  order.acts_as = intent.type;
  order.time_in_force = intent.time_in_force;
  order.terms = intent.terms;
  order.accepted = now;
  order.live_from = now;
  return order;
}

/// The order as somebody would send it with these terms.
trading::OrderIntent intent_of(const WorkingOrder& order, const trading::OrderTerms& terms) {
  trading::OrderIntent intent;
  intent.legs.push_back({order.instrument, order.side, 1});
  intent.type = order.type;
  intent.time_in_force = order.time_in_force;
  intent.terms = terms;
  return intent;
}

bool expires_with(const WorkingOrder& order, core::Timestamp close) {
  return order.time_in_force != TimeInForce::Gtc && order.accepted < close;
}

OrderMemory::End end_of(const WorkingOrder& order, OrderUpdateKind kind) {
  return {kind, order.filled, order.notional, order.fee};
}

/// Why an order ends that did not fill in the moment it was for.
std::string_view end_code(TimeInForce time_in_force) {
  switch (time_in_force) {
    case TimeInForce::Ioc: return "IOC";
    case TimeInForce::Fok: return "FOK";
    case TimeInForce::Opg: return "OPG";
    case TimeInForce::Cls: return "CLS";
    case TimeInForce::Day:
    case TimeInForce::Gtc: break;
  }
  return "DAY_END";
}

}  // namespace

MatchingEngine::MatchingEngine(const core::Clock& clock, const market::InstrumentTable& instruments,
                               const MatchingSettings& settings, trading::OrderUpdateSink& sink,
                               core::Money cash)
    : clock_{clock},
      instruments_{instruments},
      settings_{settings},
      rules_{settings.limit_fill, settings.slippage},
      sink_{sink},
      memory_{settings.finished_orders_max},
      account_{cash} {
  ST0CK_ASSERT(settings.validate().has_value(), "matching settings are validated before use");
}

trading::BrokerAbilities abilities_of(const MatchingSettings& settings) {
  return {.holds_groups = settings.groups != GroupHolding::None,
          .exits_wait_for_whole_entry = settings.groups == GroupHolding::AfterEntry,
          .reserves_quantity = settings.refuses.held_quantity,
          .groups_are_plain = settings.refuses.unusual_groups};
}

trading::BrokerAbilities MatchingEngine::abilities() const { return abilities_of(settings_); }

void MatchingEngine::enter(const trading::OrderIntent& intent) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  const std::string_view reason = reason_to_reject(intent, false);
  if (reason == kDuplicate)
    return refuse(intent.client_order_id, OrderUpdateKind::DuplicateId, reason);
  if (!reason.empty()) return refuse(intent.client_order_id, OrderUpdateKind::Rejected, reason);
  enter(intent, 0);
  arrive(intent.leg().instrument);
}

/// All orders of a group or none; one that was sent before is known by its first.
void MatchingEngine::submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  if (memory_.find(group.front()->client_order_id)) {
    for (const auto& intent : group)
      refuse(intent->client_order_id, OrderUpdateKind::DuplicateId, kDuplicate);
    return;
  }
  std::string_view bad;
  for (const auto& intent : group)
    if (bad.empty()) bad = reason_to_reject_in(group, *intent);
  if (!bad.empty()) {
    for (const auto& intent : group) {
      const std::string_view own = reason_to_reject_in(group, *intent);
      refuse(intent->client_order_id, OrderUpdateKind::Rejected, own.empty() ? "GROUP" : own);
    }
    return;
  }
  const trading::OrderIntent& first = *group.front();
  const std::uint32_t number =
      groups_.add(first.group.role == trading::GroupRole::Entry, first.terms.quantity);
  for (const auto& intent : group) enter(*intent, number);
  arrive(first.leg().instrument);
}

void MatchingEngine::enter(const trading::OrderIntent& intent, std::uint32_t group) {
  WorkingOrder order = working_order(intent, clock_.now());
  order.group = group;
  order.role = intent.group.role;
  memory_.add_working(order.client_order_id, order.instrument);
  book_of(order.instrument).add(order);
  report(order, OrderUpdateKind::Accepted, {}, order.accepted);
}

void MatchingEngine::look_up(const core::ClientOrderId& id) {
  if (const WorkingOrder* order = find_working(id)) {
    if (order->is_changed) report(*order, OrderUpdateKind::Replaced, "LOOK_UP", clock_.now());
    return report(*order, OrderUpdateKind::Accepted, {}, clock_.now());
  }
  const auto place = memory_.find(id);
  if (!place) return refuse(id, OrderUpdateKind::ProvenAbsent, "NOT_FOUND");
  OrderUpdate update;
  update.client_order_id = id;
  update.kind = place->end.kind;
  update.time = clock_.now();
  update.cumulative_quantity = place->end.filled;
  update.cumulative_notional = place->end.notional;
  update.cumulative_fee = place->end.fee;
  update.reason = core::Code{"LOOK_UP"};
  send(update);
  if (update.kind != OrderUpdateKind::Fill) return;
  update.kind = OrderUpdateKind::ReplaceRejected;
  send(update);
}

void MatchingEngine::cancel(const core::ClientOrderId& id) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  WorkingOrder* order = find_working(id);
  if (order == nullptr) {
    const bool was_here = memory_.find(id).has_value();
    return refuse(id, OrderUpdateKind::CancelRejected, was_here ? "ALREADY_FINAL" : "NOT_FOUND");
  }
  InstrumentOrders& book = book_of(order->instrument);
  finish(*order, OrderUpdateKind::Cancelled, "CANCEL_REQUEST", clock_.now());
  book.settle();
}

void MatchingEngine::amend(const trading::ReplaceIntent& replace) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  const auto& id = replace.client_order_id;
  const auto reject = [&](std::string_view code) {
    refuse(id, OrderUpdateKind::ReplaceRejected, code);
  };
  WorkingOrder* order = find_working(id);
  if (order == nullptr) return reject(memory_.find(id) ? "ALREADY_FINAL" : "NOT_FOUND");
  if (replace.terms.quantity > kOrderQuantityMax) return reject("QUANTITY_TOO_LARGE");
  const core::Price tick = instruments_[order->instrument].tick;
  if (defect_of(intent_of(*order, replace.terms), tick)) return reject("BAD_ORDER");
  if (replace.terms.quantity <= order->filled) return reject("QUANTITY_FILLED");
  order->terms = replace.terms;
  order->is_changed = true;
  order->live_from = clock_.now();
  order->is_resting = false;
  order->rests_at.reset();
  order->queue_ahead.reset();
  report(*order, OrderUpdateKind::Replaced, replace.reason.view(), order->live_from);
  const core::InstrumentId instrument = order->instrument;
  InstrumentOrders& book = book_of(instrument);
  book.move_to_back(id);
  book.settle();
  arrive(instrument);
}

void MatchingEngine::end_immediate(WorkingOrder& order, core::Timestamp time) {
  finish(order, OrderUpdateKind::Cancelled, end_code(order.time_in_force), time);
}

bool MatchingEngine::waits_for_entry(const WorkingOrder& order) const {
  if (order.group == 0 || order.role == trading::GroupRole::Entry) return false;
  return groups_.exits_left(order.group, settings_.groups == GroupHolding::AfterEntry).is_zero();
}

/// The exits of a group become live as its entry fills, and shrink together as one of them fills.
void MatchingEngine::after_group_fill(InstrumentOrders& book, const WorkingOrder& filled,
                                      core::Quantity quantity, core::Timestamp time) {
  const std::uint32_t group = filled.group;
  if (filled.role == trading::GroupRole::Entry) {
    groups_.on_entry_fill(group, quantity);
    if (filled.remaining().is_zero()) groups_.on_entry_end(group);
    for (WorkingOrder& order : book)
      if (order.group == group && order.role != trading::GroupRole::Entry)
        order.live_from = std::max(order.live_from, time);
    return;
  }
  groups_.on_exit_fill(group, quantity);
  resize_exits(book, group, time);
}

/// An order of a group has ended without filling whole.
void MatchingEngine::after_group_end(const WorkingOrder& ended, core::Timestamp time) {
  if (ended.role != trading::GroupRole::Entry) return;
  groups_.on_entry_end(ended.group);
  resize_exits(book_of(ended.instrument), ended.group, time);
}

/// Brings the exits of a group to what is left to guard; ends them when that is nothing.
void MatchingEngine::resize_exits(InstrumentOrders& book, std::uint32_t group,
                                  core::Timestamp time) {
  const bool is_done = groups_.is_done(group);
  for (WorkingOrder& order : book) {
    if (order.group != group || order.role == trading::GroupRole::Entry || order.is_finished)
      continue;
    if (is_done) {
      if (order.remaining().is_positive())
        finish(order, OrderUpdateKind::Cancelled, "GROUP_DONE", time);
      continue;
    }
    const core::Quantity total = order.filled + groups_.open(group);
    if (groups_.is_entry_open(group) || order.terms.quantity <= total) continue;
    order.terms.quantity = total;
    order.is_changed = true;
    report(order, OrderUpdateKind::Replaced, "GROUP_REDUCED", time);
  }
}

void MatchingEngine::on_session_close(core::Timestamp close) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  for (TickState& state : ticks_) {
    state.is_continuous = false;
    state.quote.reset();
  }
  if (memory_.working() == 0) return;
  for (InstrumentOrders& book : books_) {
    for (WorkingOrder& order : book) {
      if (!expires_with(order, close)) continue;
      if (order.is_finished) continue;
      if (order.time_in_force == TimeInForce::Opg && session_ && order.accepted > session_->open)
        continue;  // For the next opening.
      if (order.time_in_force == TimeInForce::Day)
        finish(order, OrderUpdateKind::Expired, "DAY_END", close);
      else
        end_immediate(order, close);
    }
    book.settle();
  }
}

core::Quantity MatchingEngine::open_quantity(const WorkingOrder& order) const {
  if (order.group == 0 || order.role == trading::GroupRole::Entry) return order.remaining();
  return std::min(order.remaining(), groups_.exits_left(order.group, false));
}

/// Fills a part of an order. False, with the order ended, when the amount is beyond all bounds.
bool MatchingEngine::execute(InstrumentOrders& book, WorkingOrder& order, core::Price price,
                             core::Quantity quantity, core::Timestamp time) {
  const market::Instrument& instrument = instruments_[order.instrument];
  const auto notional = core::checked_notional(price, quantity, instrument.multiplier);
  if (!notional || *notional > kNotionalMax - order.notional) {
    finish(order, OrderUpdateKind::Cancelled, "AMOUNT_OUT_OF_RANGE", time);
    return false;
  }
  order.filled += quantity;
  order.notional += *notional;
  const core::Money fee_before = order.fee;
  order.fee = fee_of(order, quantity, *notional, time);
  account_.on_fill(instrument, order.side, quantity, *notional, order.fee - fee_before);
  account_.mark(order.instrument, price);

  OrderUpdate update;
  update.client_order_id = order.client_order_id;
  update.kind = OrderUpdateKind::Fill;
  update.time = time;
  update.execution = next_execution();
  update.quantity = quantity;
  update.price = price;
  update.fee = order.fee - fee_before;
  update.cumulative_quantity = order.filled;
  update.cumulative_notional = order.notional;
  update.cumulative_fee = order.fee;
  send(update);
  if (order.remaining().is_zero()) {
    order.is_finished = true;
    memory_.mark_finished(order.client_order_id, end_of(order, OrderUpdateKind::Fill));
  }
  if (order.group != 0) after_group_fill(book, order, quantity, time);
  return true;
}

InstrumentOrders& MatchingEngine::book_of(core::InstrumentId instrument) {
  if (instrument.value() >= books_.size()) books_.resize(instrument.value() + 1);
  return books_[instrument.value()];
}

WorkingOrder* MatchingEngine::find_working(const core::ClientOrderId& id) {
  const auto place = memory_.find(id);
  if (!place || !place->is_working) return nullptr;
  WorkingOrder* order = book_of(place->instrument).find(id);
  ST0CK_ASSERT(order != nullptr, "a working order lies in its instrument's book");
  return order;
}

void MatchingEngine::finish(WorkingOrder& order, OrderUpdateKind kind, std::string_view code,
                            core::Timestamp time) {
  order.is_finished = true;
  memory_.mark_finished(order.client_order_id, end_of(order, kind));
  report(order, kind, code, time);
  if (order.group != 0) after_group_end(order, time);
}

void MatchingEngine::refuse(const core::ClientOrderId& id, OrderUpdateKind kind,
                            std::string_view code) {
  const auto place = memory_.find(id);
  OrderUpdate update;
  update.client_order_id = id;
  update.kind = kind;
  update.time = clock_.now();
  update.reason = core::Code{code};
  if (place && place->is_working) {
    const WorkingOrder& order = *find_working(id);
    update.cumulative_quantity = order.filled;
    update.cumulative_notional = order.notional;
    update.cumulative_fee = order.fee;
  }
  send(update);
}

void MatchingEngine::report(const WorkingOrder& order, OrderUpdateKind kind, std::string_view code,
                            core::Timestamp time) {
  OrderUpdate update;
  update.client_order_id = order.client_order_id;
  update.kind = kind;
  update.time = time;
  update.cumulative_quantity = order.filled;
  update.cumulative_notional = order.notional;
  update.cumulative_fee = order.fee;
  update.terms = order.terms;
  update.reason = core::Code{code};
  send(update);
}

void MatchingEngine::send(const OrderUpdate& update) {
  ++updates_sent_;
  sink_.on_order_update(update);
}

core::ExecutionId MatchingEngine::next_execution() {
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "sim-{}", ++executions_);
  return core::ExecutionId{std::string_view{text.data(), text.size()}};
}

}  // namespace st0ck::adapters::sim
