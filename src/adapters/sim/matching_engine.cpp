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
constexpr core::Quantity kQuantityMax = core::Quantity::whole(1'000'000'000);
constexpr core::Money kNotionalMax = core::Money::whole(1'000'000'000);
constexpr std::string_view kDuplicate = "DUPLICATE_ORDER";

bool is_stop(OrderType type) { return type != OrderType::Market && type != OrderType::Limit; }

bool is_for_auction(TimeInForce time_in_force) {
  return time_in_force == TimeInForce::Opg || time_in_force == TimeInForce::Cls;
}

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

/// A stop that was reached works on as what it guards.
void trigger(WorkingOrder& order) {
  order.acts_as = order.acts_as == OrderType::StopLimit ? OrderType::Limit : OrderType::Market;
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

/// Orders for the closing auction come before this time ahead of it.
constexpr core::Duration kClosingCutOff = std::chrono::minutes{10};

}  // namespace

MatchingEngine::MatchingEngine(const core::Clock& clock, const market::InstrumentTable& instruments,
                               const MatchingSettings& settings, trading::OrderUpdateSink& sink)
    : clock_{clock},
      instruments_{instruments},
      settings_{settings},
      rules_{settings.limit_fill, settings.slippage},
      sink_{sink},
      memory_{settings.finished_orders_max} {
  ST0CK_ASSERT(settings.validate().has_value(), "matching settings are validated before use");
}

trading::BrokerAbilities abilities_of(const MatchingSettings& settings) {
  return {.holds_groups = settings.groups != GroupHolding::None,
          .exits_wait_for_whole_entry = settings.groups == GroupHolding::AfterEntry};
}

trading::BrokerAbilities MatchingEngine::abilities() const { return abilities_of(settings_); }

void MatchingEngine::enter(const trading::OrderIntent& intent) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  const std::string_view reason = reason_to_reject(intent);
  if (reason == kDuplicate)
    return refuse(intent.client_order_id, OrderUpdateKind::DuplicateId, reason);
  if (!reason.empty()) return refuse(intent.client_order_id, OrderUpdateKind::Rejected, reason);
  enter(intent, 0);
}

/// All orders of a group or none.
void MatchingEngine::submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  std::string_view bad;
  for (const auto& intent : group)
    if (bad.empty()) bad = reason_to_reject(*intent);
  if (!bad.empty()) {
    for (const auto& intent : group) {
      const std::string_view own = reason_to_reject(*intent);
      refuse(intent->client_order_id, OrderUpdateKind::Rejected, own.empty() ? "GROUP" : own);
    }
    return;
  }
  const trading::OrderIntent& first = *group.front();
  const std::uint32_t number =
      groups_.add(first.group.role == trading::GroupRole::Entry, first.terms.quantity);
  for (const auto& intent : group) enter(*intent, number);
}

void MatchingEngine::enter(const trading::OrderIntent& intent, std::uint32_t group) {
  WorkingOrder order = working_order(intent, clock_.now());
  order.group = group;
  order.role = intent.group.role;
  memory_.add_working(order.client_order_id, order.instrument);
  book_of(order.instrument).add(order);
  report(order, OrderUpdateKind::Accepted, {}, order.accepted);
}

std::string_view MatchingEngine::reason_to_reject(const trading::OrderIntent& intent) const {
  if (memory_.find(intent.client_order_id)) return kDuplicate;
  if (memory_.working() >= settings_.orders_max) return "TOO_MANY_ORDERS";
  if (intent.legs.size() != 1 || intent.leg().ratio != 1) return "LEGS_UNSUPPORTED";
  if (intent.leg().instrument.value() >= instruments_.size()) return "UNKNOWN_INSTRUMENT";
  if (intent.terms.quantity > kQuantityMax) return "QUANTITY_TOO_LARGE";
  if (defect_of(intent, instruments_[intent.leg().instrument].tick)) return "BAD_ORDER";
  if (is_stop(intent.type) && is_for_auction(intent.time_in_force)) return "BAD_ORDER";
  if (intent.time_in_force == TimeInForce::Cls && session_ && clock_.now() < session_->close &&
      clock_.now() >= session_->close - kClosingCutOff)
    return "TOO_LATE";
  return {};
}

void MatchingEngine::look_up(const core::ClientOrderId& id) {
  if (const WorkingOrder* order = find_working(id))
    return report(*order, OrderUpdateKind::Accepted, {}, clock_.now());
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
  if (replace.terms.quantity > kQuantityMax) return reject("QUANTITY_TOO_LARGE");
  const core::Price tick = instruments_[order->instrument].tick;
  if (defect_of(intent_of(*order, replace.terms), tick)) return reject("BAD_ORDER");
  if (replace.terms.quantity <= order->filled) return reject("QUANTITY_FILLED");
  order->terms = replace.terms;
  order->live_from = clock_.now();
  report(*order, OrderUpdateKind::Replaced, replace.reason.view(), order->live_from);
  InstrumentOrders& book = book_of(order->instrument);
  book.move_to_back(id);
  book.settle();
}

void MatchingEngine::match_open(const market::Bar& bar) {
  is_matching_ = true;
  InstrumentOrders& book = books_[bar.instrument.value()];
  const bool is_empty_bar = has_nothing_traded(bar);
  for (WorkingOrder& order : book) {
    if (order.is_finished || !takes_part_in_open(order, bar)) continue;
    const Match match = is_empty_bar ? Match{} : rules_.at_open(order, bar.open);
    if (match.triggered) {
      trigger(order);
      order.live_from = bar.start;
    }
    if (match.price) fill(book, order, *match.price, bar);
    if (order.acts_as == OrderType::TrailingStop) trail(order, bar.open);
    if (!order.is_finished && (order.is_immediate() || order.time_in_force == TimeInForce::Opg))
      end_immediate(order, bar.start);
  }
  book.settle();
  is_matching_ = false;
}

void MatchingEngine::match_inside(const market::Bar& bar, InsideRule rule) {
  if (has_nothing_traded(bar)) return;
  is_matching_ = true;
  InstrumentOrders& book = books_[bar.instrument.value()];
  for (WorkingOrder& order : book) {
    if (order.is_finished || waits_for_entry(order)) continue;
    const bool takes_part =
        order.live_from < bar.end && !order.is_immediate() && !order.is_for_auction();
    const Match match = takes_part ? (rules_.*rule)(order, bar) : Match{};
    if (match.price) fill(book, order, *match.price, bar);
    if (match.triggered) {
      trigger(order);
      // What did not fill at its stop price rests, from the next bar on.
      order.live_from = bar.end;
    }
  }
  book.settle();
  is_matching_ = false;
}

bool MatchingEngine::takes_part_in_open(const WorkingOrder& order, const market::Bar& bar) const {
  if (waits_for_entry(order) || order.time_in_force == TimeInForce::Cls) return false;
  if (order.time_in_force != TimeInForce::Opg) return true;
  return session_ && bar.start >= session_->open && order.accepted <= session_->open;
}

void MatchingEngine::end_immediate(WorkingOrder& order, core::Timestamp time) {
  finish(order, OrderUpdateKind::Cancelled, end_code(order.time_in_force), time);
}

/// What the bar as a whole does: it moves trailing stops, and the last one of a session is its
/// closing auction.
void MatchingEngine::finish_bar(const market::Bar& bar) {
  is_matching_ = true;
  InstrumentOrders& book = books_[bar.instrument.value()];
  const bool is_auction = session_ && bar.end == session_->close;
  for (WorkingOrder& order : book) {
    if (order.is_finished || waits_for_entry(order) || order.live_from >= bar.end) continue;
    if (order.acts_as == OrderType::TrailingStop) {
      // Of a bar that was under way only the close is known to come after the order.
      const core::Price best = order.side == trading::Side::Sell ? bar.high : bar.low;
      trail(order, order.live_from > bar.start ? bar.close : best);
    }
    if (!is_auction || order.time_in_force != TimeInForce::Cls) continue;
    const Match match = has_nothing_traded(bar) ? Match{} : rules_.at_close(order, bar.close);
    if (match.price) fill(book, order, *match.price, bar);
    if (!order.is_finished) end_immediate(order, bar.end);
  }
  book.settle();
  is_matching_ = false;
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
    report(order, OrderUpdateKind::Replaced, "GROUP_REDUCED", time);
  }
}

bool MatchingEngine::has_nothing_traded(const market::Bar& bar) const {
  return settings_.volume_share_max.is_positive() && !bar.volume.is_positive();
}

/// Fills as much as volume allows, at the bar's start or, if the order came later, when it came.
void MatchingEngine::fill(InstrumentOrders& book, WorkingOrder& order, core::Price price,
                          const market::Bar& bar) {
  const core::Quantity quantity = fillable(book, order, bar);
  const bool is_short = order.time_in_force == TimeInForce::Fok && quantity < order.remaining();
  if (!quantity.is_positive() || is_short) return;
  const auto notional =
      core::checked_notional(price, quantity, instruments_[order.instrument].multiplier);
  const core::Timestamp time = std::max(bar.start, order.live_from);
  if (!notional || *notional > kNotionalMax - order.notional)
    return finish(order, OrderUpdateKind::Cancelled, "AMOUNT_OUT_OF_RANGE", time);
  if (settings_.volume_share_max.is_positive()) book.take(quantity);

  order.filled += quantity;
  order.notional += *notional;
  const core::Money fee_before = order.fee;
  order.fee = fee_of(order, quantity, *notional, time);

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
}

core::Quantity MatchingEngine::fillable(InstrumentOrders& book, const WorkingOrder& order,
                                        const market::Bar& bar) const {
  core::Quantity most = order.remaining();
  if (order.group != 0 && order.role != trading::GroupRole::Entry)
    most = std::min(most, groups_.exits_left(order.group, false));
  if (settings_.volume_share_max.is_zero()) return most;
  return std::min(most, book.fillable(bar, settings_.volume_share_max));
}

void MatchingEngine::on_session_close(core::Timestamp close) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
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
