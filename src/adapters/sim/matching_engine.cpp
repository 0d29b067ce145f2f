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
  order.acts_as = order.acts_as == OrderType::Stop ? OrderType::Market : OrderType::Limit;
}

bool expires_with(const WorkingOrder& order, core::Timestamp close) {
  return order.time_in_force != TimeInForce::Gtc && order.accepted < close;
}

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

void MatchingEngine::enter(const trading::OrderIntent& intent) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  const std::string_view reason = reason_to_reject(intent);
  if (!reason.empty()) return refuse(intent.client_order_id, OrderUpdateKind::Rejected, reason);
  const WorkingOrder order = working_order(intent, clock_.now());
  memory_.add_working(order.client_order_id, order.instrument);
  book_of(order.instrument).add(order);
  report(order, OrderUpdateKind::Accepted, {}, order.accepted);
}

std::string_view MatchingEngine::reason_to_reject(const trading::OrderIntent& intent) const {
  if (memory_.find(intent.client_order_id)) return "DUPLICATE_ORDER";
  if (memory_.working() >= settings_.orders_max) return "TOO_MANY_ORDERS";
  if (intent.legs.size() != 1 || intent.leg().ratio != 1) return "LEGS_UNSUPPORTED";
  if (intent.leg().instrument.value() >= instruments_.size()) return "UNKNOWN_INSTRUMENT";
  if (intent.terms.quantity > kQuantityMax) return "QUANTITY_TOO_LARGE";
  if (defect_of(intent, instruments_[intent.leg().instrument].tick)) return "BAD_ORDER";
  return {};
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
    const Match match = is_empty_bar ? Match{} : rules_.at_open(order, bar.open);
    if (match.triggered) {
      trigger(order);
      order.live_from = bar.start;
    }
    if (match.price) fill(book, order, *match.price, bar);
    if (order.time_in_force == TimeInForce::Ioc && !order.is_finished)
      finish(order, OrderUpdateKind::Cancelled, "IOC", bar.start);
  }
  book.settle();
  is_matching_ = false;
}

void MatchingEngine::match_inside(const market::Bar& bar, InsideRule rule) {
  if (has_nothing_traded(bar)) return;
  is_matching_ = true;
  InstrumentOrders& book = books_[bar.instrument.value()];
  for (WorkingOrder& order : book) {
    const bool takes_part = order.live_from < bar.end && order.time_in_force != TimeInForce::Ioc;
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

bool MatchingEngine::has_nothing_traded(const market::Bar& bar) const {
  return settings_.volume_share_max.is_positive() && !bar.volume.is_positive();
}

/// Fills as much as volume allows, at the bar's start or, if the order came later, when it came.
void MatchingEngine::fill(InstrumentOrders& book, WorkingOrder& order, core::Price price,
                          const market::Bar& bar) {
  const core::Quantity quantity = fillable(book, order, bar);
  if (!quantity.is_positive()) return;
  const auto notional =
      core::checked_notional(price, quantity, instruments_[order.instrument].multiplier);
  const core::Timestamp time = std::max(bar.start, order.live_from);
  if (!notional || *notional > kNotionalMax - order.notional)
    return finish(order, OrderUpdateKind::Cancelled, "AMOUNT_OUT_OF_RANGE", time);
  if (settings_.volume_share_max.is_positive()) book.take(quantity);

  order.filled += quantity;
  order.notional += *notional;
  const core::Money fee_before = order.fee;
  order.fee = settings_.fees.of_order(order.filled, order.notional);

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
    memory_.mark_finished(order.client_order_id);
  }
}

core::Quantity MatchingEngine::fillable(InstrumentOrders& book, const WorkingOrder& order,
                                        const market::Bar& bar) const {
  if (settings_.volume_share_max.is_zero()) return order.remaining();
  return std::min(order.remaining(), book.fillable(bar, settings_.volume_share_max));
}

void MatchingEngine::on_session_close(core::Timestamp close) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  if (memory_.working() == 0) return;
  for (InstrumentOrders& book : books_) {
    for (WorkingOrder& order : book) {
      if (!expires_with(order, close)) continue;
      if (order.time_in_force == TimeInForce::Ioc)
        finish(order, OrderUpdateKind::Cancelled, "IOC", close);
      else
        finish(order, OrderUpdateKind::Expired, "DAY_END", close);
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
  memory_.mark_finished(order.client_order_id);
  report(order, kind, code, time);
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
