#include "src/app/order_latencies.hpp"

namespace st0ck::app {

namespace {

using trading::OrderUpdateKind;

/// By which adapters say that a request cannot have reached the broker.
const core::Code kNotSent{"NOT_SENT"};
/// By which they say that a request may have reached it and was not answered.
const core::Code kNoAnswer{"NO_ANSWER"};

bool trades_at_once(const trading::OrderIntent& intent) {
  return intent.type == trading::OrderType::Market &&
         intent.time_in_force != trading::TimeInForce::Opg &&
         intent.time_in_force != trading::TimeInForce::Cls;
}

/// Whether an update answers the order itself, not a cancel or a change of it.
bool answers_submission(OrderUpdateKind kind) {
  switch (kind) {
    case OrderUpdateKind::Accepted:
    case OrderUpdateKind::Rejected:
    case OrderUpdateKind::Fill:
    case OrderUpdateKind::Cancelled:
    case OrderUpdateKind::Replaced:
    case OrderUpdateKind::Expired:
    case OrderUpdateKind::DuplicateId: return true;
    case OrderUpdateKind::CancelRejected:
    case OrderUpdateKind::ReplaceRejected:
    case OrderUpdateKind::TimedOut:
    case OrderUpdateKind::ProvenAbsent: break;
  }
  return false;
}

bool is_end(OrderUpdateKind kind) {
  return kind == OrderUpdateKind::Rejected || kind == OrderUpdateKind::Cancelled ||
         kind == OrderUpdateKind::Expired || kind == OrderUpdateKind::ProvenAbsent;
}

}  // namespace

void OrderLatencies::on_decided(const trading::OrderIntent& intent) {
  if (!has_begun_) return;
  // One that is sent again was decided when it was sent first.
  if (find(intent.client_order_id) != nullptr) return;
  keep(intent.client_order_id,
       {.decided = parts_.scheduler.elapsed(), .is_at_market = trades_at_once(intent)});
}

void OrderLatencies::on_sending(const core::ClientOrderId& order) {
  sending_ = order;
  const Timing* found = find(order);
  if (found == nullptr) return;
  Timing timing = *found;
  timing.sent = parts_.scheduler.elapsed();
  keep(order, timing);
}

void OrderLatencies::on_order_update(const trading::OrderUpdate& update) {
  note(update);
  parts_.updates.on_order_update(update);
}

void OrderLatencies::note(const trading::OrderUpdate& update) {
  const Timing* found = find(update.client_order_id);
  if (found == nullptr) return;
  Timing timing = *found;
  const core::Duration now = parts_.scheduler.elapsed();
  if (is_from_here(update)) return timings_.erase(update.client_order_id);
  if (update.kind == OrderUpdateKind::TimedOut) note_unproven(timing, update.reason);
  if (answers_submission(update.kind)) note_answer(timing, now);
  const bool has_filled = update.cumulative_quantity.is_positive();
  if (has_filled)
    (timing.is_at_market ? signal_to_fill_ : signal_to_fill_resting_).add(now - timing.decided);
  if (has_filled || is_end(update.kind)) return timings_.erase(update.client_order_id);
  keep(update.client_order_id, timing);
}

/// An end that nobody but us has told: the order never left.
bool OrderLatencies::is_from_here(const trading::OrderUpdate& update) const {
  if (update.kind != OrderUpdateKind::Rejected) return false;
  return sending_ == update.client_order_id || update.reason == kNotSent;
}

/// A sending that was refused or never left keeps an order unknown where an earlier one was not
/// answered; only the latter is counted.
void OrderLatencies::note_unproven(Timing& timing, const core::Code& reason) {
  if (timing.sent && reason == kNoAnswer) ++unanswered_;
  timing.sent.reset();
}

void OrderLatencies::note_answer(Timing& timing, core::Duration now) {
  if (!timing.sent) return;
  decision_to_submit_.add(*timing.sent - timing.decided);
  submit_to_ack_.add(now - *timing.sent);
  parts_.slow.note("order", "decision_to_submit", *timing.sent - timing.decided);
  parts_.slow.note("order", "submit_to_ack", now - *timing.sent);
  timing.sent.reset();
}

/// The cache wants a time of the day; any that does not go back will do.
const OrderLatencies::Timing* OrderLatencies::find(const core::ClientOrderId& order) {
  return timings_.find(order, core::Timestamp{parts_.scheduler.elapsed()});
}

void OrderLatencies::keep(const core::ClientOrderId& order, const Timing& timing) {
  timings_.put(order, timing, core::Timestamp{parts_.scheduler.elapsed()});
}

}  // namespace st0ck::app
