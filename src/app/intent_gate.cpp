#include "src/app/intent_gate.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::app {

namespace {

const core::Code kJournalLate{"JOURNAL_LATE"};

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

IntentGate::IntentGate(const Parts& parts, core::Duration wait_max)
    : parts_{parts}, wait_max_{wait_max} {}

IntentGate::~IntentGate() { parts_.scheduler.cancel(wake_); }

void IntentGate::submit(const trading::Approved<trading::OrderIntent>& intent) {
  if (is_open_) hold({intent});
}

void IntentGate::submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) {
  if (is_open_) hold({Group{{group.begin(), group.end()}}});
}

void IntentGate::replace(const trading::Approved<trading::ReplaceIntent>& replace) {
  if (is_open_) hold({replace});
}

void IntentGate::cancel(const core::ClientOrderId& order) {
  if (!is_open_) return;
  if (is_waiting(order))
    hold({Cancel{order}});
  else
    parts_.broker.cancel(order);
}

void IntentGate::look_up(const core::ClientOrderId& order) {
  if (is_open_) parts_.broker.look_up(order);
}

void IntentGate::on_progress() {
  let_pass();
  wake_for_first();
}

void IntentGate::hold(Message message) {
  message.sequence = parts_.records.last_sequence();
  message.given_up_at = parts_.scheduler.elapsed() + wait_max_;
  waiting_.push_back(std::move(message));
  if (!parts_.records.has_failed()) parts_.records.request_sync();
  on_progress();
}

bool IntentGate::is_waiting(const core::ClientOrderId& order) const {
  const auto is_order = [&](const Intent& intent) { return intent->client_order_id == order; };
  return std::any_of(waiting_.begin(), waiting_.end(), [&](const Message& message) {
    if (const auto* intent = std::get_if<Intent>(&message.what)) return is_order(*intent);
    const auto* group = std::get_if<Group>(&message.what);
    return group != nullptr && std::any_of(group->orders.begin(), group->orders.end(), is_order);
  });
}

void IntentGate::let_pass() {
  while (!waiting_.empty()) {
    // Taken out first: what the broker does may bring the next message here.
    const bool is_durable = waiting_.front().sequence <= parts_.records.durable_up_to();
    const bool is_late =
        parts_.records.has_failed() || waiting_.front().given_up_at <= parts_.scheduler.elapsed();
    if (!is_durable && !is_late) return;
    const Message message = std::move(waiting_.front());
    waiting_.pop_front();
    if (is_durable)
      send(message);
    else
      give_up(message);
  }
}

void IntentGate::give_up(const Message& message) {
  if (opens_position(message)) return reject(message);
  if (!std::holds_alternative<Cancel>(message.what)) {
    ++exits_not_durable_;
    parts_.log.error("EXIT_NOT_DURABLE",
                     "the journal is late; an exit goes without waiting for it, and is not known "
                     "here after a loss "
                     "of power",
                     {{"order", name_of_first(message)}});
  }
  send(message);
}

/// The first order of a group is its entry, where it has one.
bool IntentGate::opens_position(const Message& message) {
  if (const auto* intent = std::get_if<Intent>(&message.what))
    return (*intent)->purpose == trading::Purpose::Entry;
  const auto* group = std::get_if<Group>(&message.what);
  return group != nullptr && group->orders.front()->purpose == trading::Purpose::Entry;
}

core::ClientOrderId IntentGate::name_of_first(const Message& message) {
  return std::visit(
      Overloaded{[](const Intent& intent) { return intent->client_order_id; },
                 [](const Group& group) { return group.orders.front()->client_order_id; },
                 [](const Replace& replace) { return replace->client_order_id; },
                 [](const Cancel& cancel) { return cancel.order; }},
      message.what);
}

void IntentGate::send(const Message& message) {
  std::visit(Overloaded{[&](const Intent& intent) { parts_.broker.submit(intent); },
                        [&](const Group& group) { parts_.broker.submit_group(group.orders); },
                        [&](const Replace& replace) { parts_.broker.replace(replace); },
                        [&](const Cancel& cancel) { parts_.broker.cancel(cancel.order); }},
             message.what);
}

/// Nothing of it has left, nor will it: cancels that wait behind it have nothing to do any more.
void IntentGate::reject(const Message& entry) {
  ++entries_stopped_;
  const auto turn_down = [&](const Intent& intent) {
    const core::ClientOrderId id = intent->client_order_id;
    std::erase_if(waiting_, [&](const Message& message) {
      const auto* cancel = std::get_if<Cancel>(&message.what);
      return cancel != nullptr && cancel->order == id;
    });
    parts_.log.error("ENTRY_STOPPED", "the journal is late; the entry does not go",
                     {{"order", id}});
    trading::OrderUpdate update;
    update.client_order_id = id;
    update.kind = trading::OrderUpdateKind::Rejected;
    update.time = parts_.clock.now();
    update.reason = kJournalLate;
    parts_.answers.on_order_update(update);
  };
  if (const auto* intent = std::get_if<Intent>(&entry.what)) turn_down(*intent);
  if (const auto* group = std::get_if<Group>(&entry.what))
    for (const Intent& intent : group->orders) turn_down(intent);
}

void IntentGate::wake_for_first() {
  parts_.scheduler.cancel(std::exchange(wake_, net::TaskId{}));
  if (waiting_.empty()) return;
  wake_ = parts_.scheduler.call_after(waiting_.front().given_up_at - parts_.scheduler.elapsed(),
                                      [this] {
                                        wake_ = {};
                                        on_progress();
                                      });
}

}  // namespace st0ck::app
