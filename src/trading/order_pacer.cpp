#include "order_pacer.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::trading {

namespace {

using Submit = PacedMessage::Submit;
using Cancel = PacedMessage::Cancel;
using LookUp = PacedMessage::LookUp;

bool is_of(const core::BotId& bot, const PacedMessage& message) {
  return bot.empty() || message.bot == bot;
}

}  // namespace

void OrderPacer::limit(const PaceLimits& limits) {
  ST0CK_ASSERT(!limits.is_on() || (answers_ != nullptr && limits.exit_reserve < limits.orders_max &&
                                   limits.window > core::Duration{}),
               "a pace leaves room for entries, has a window and somebody to answer to");
  ST0CK_ASSERT(waiting() == 0, "the pace is set before the first order");
  limits_ = limits;
}

void OrderPacer::submit(const Approved<OrderIntent>& intent) {
  if (!limits_.is_on()) return broker_.submit(intent);
  submit_group({&intent, 1});
}

void OrderPacer::submit_group(std::span<const Approved<OrderIntent>> group) {
  if (!limits_.is_on()) return broker_.submit_group(group);
  const OrderIntent& first = *group.front();
  const Order* order = desk_.find_order(first.client_order_id);
  const bool is_repeat = order != nullptr && order->state == OrderState::Unknown;
  put(class_of(first.purpose), {first.client_order_id, first.bot, desk_.now(),
                                Submit{{group.begin(), group.end()}, {}, is_repeat}});
}

void OrderPacer::cancel(const core::ClientOrderId& order) {
  if (!limits_.is_on()) return broker_.cancel(order);
  if (!absorb_cancel(order)) put(Class::Cancel, {order, {}, desk_.now(), Cancel{}});
}

void OrderPacer::replace(const Approved<ReplaceIntent>& replace) {
  if (!limits_.is_on()) return broker_.replace(replace);
  const OrderIntent& intent = desk_.find_order(replace->client_order_id)->intent;
  put(class_of(intent.purpose), {replace->client_order_id, intent.bot, desk_.now(), replace});
}

void OrderPacer::look_up(const core::ClientOrderId& order) {
  if (!limits_.is_on()) return broker_.look_up(order);
  put(Class::LookUp, {order, {}, desk_.now(), LookUp{}});
}

/// The same twice is one: a look-up, or an exit that is sent again, may still wait.
void OrderPacer::put(Class which, Message message) {
  const bool waits =
      std::any_of(queue(which).begin(), queue(which).end(), [&](const Message& other) {
        return other.order == message.order && other.what.index() == message.what.index();
      });
  if (!waits) queue(which).push_back(std::move(message));
  drain();
}

/// Takes a cancel of an order that has not left. Whether nothing need be said to the broker now.
bool OrderPacer::absorb_cancel(const core::ClientOrderId& order) {
  for (const Class which : {Class::Exit, Class::Entry}) {
    Queue& messages = queue(which);
    for (auto message = messages.begin(); message != messages.end(); ++message) {
      if (auto* submit = std::get_if<Submit>(&message->what)) {
        const bool is_member =
            std::any_of(submit->orders.begin(), submit->orders.end(),
                        [&](const auto& member) { return member->client_order_id == order; });
        if (!is_member) continue;
        if (message->order != order) {
          submit->cancels.push_back(order);
          return true;
        }
      } else if (message->order != order) {
        continue;
      }
      // The first of a group goes with all; new terms, and what is only sent again, just go.
      const Message ended = std::move(*message);
      messages.erase(message);
      const auto* submit = std::get_if<Submit>(&ended.what);
      if (submit != nullptr && submit->is_repeat) return false;
      end(ended, OrderUpdateKind::Cancelled, core::Code{"NOT_SENT"});
      wake();
      return submit != nullptr;
    }
  }
  return false;
}

std::vector<core::ClientOrderId> OrderPacer::unsent_entries(const core::BotId& bot) const {
  std::vector<core::ClientOrderId> unsent;
  for (const Message& message : queue(Class::Entry))
    if (is_of(bot, message) && std::holds_alternative<Submit>(message.what))
      unsent.push_back(message.order);
  return unsent;
}

void OrderPacer::refuse_replaces(const core::BotId& bot, const core::Code& reason) {
  std::erase_if(queue(Class::Entry), [&](const Message& message) {
    const bool is_meant =
        is_of(bot, message) && std::holds_alternative<Approved<ReplaceIntent>>(message.what);
    if (is_meant) answer(message.order, OrderUpdateKind::ReplaceRejected, reason);
    return is_meant;
  });
  wake();
}

void OrderPacer::on_timer() {
  wake_at_.reset();
  drain();
}

std::size_t OrderPacer::waiting() const {
  std::size_t sum = 0;
  for (const Queue& messages : queues_) sum += messages.size();
  return sum;
}

core::Duration OrderPacer::wait_of_entry() const {
  if (!limits_.is_on()) return {};
  if (queue(Class::Entry).size() >= kEntriesMax) return core::Duration::max();
  // Plays what waits forward: each goes once the messages of the window before leave room for it.
  std::deque<core::Timestamp> sent = sent_;
  core::Timestamp time = desk_.now();
  const auto play = [&](Class which, std::size_t count) {
    for (; count > 0; --count) {
      const std::size_t before = sent_max(which);
      if (sent.size() >= before) time = std::max(time, sent[sent.size() - before] + limits_.window);
      while (!sent.empty() && time - sent.front() >= limits_.window) sent.pop_front();
      sent.push_back(time);
    }
  };
  play(Class::Exit, queue(Class::Cancel).size() + queue(Class::Exit).size());
  play(Class::Entry, queue(Class::Entry).size() + 1);
  return time - desk_.now();
}

void OrderPacer::drain() {
  const core::Timestamp now = desk_.now();
  forget_sent(now);
  end_overdue(now);
  while (const auto message = take_next()) send(*message);
  wake();
}

/// The first of the highest class that has any, if it may leave now.
std::optional<OrderPacer::Message> OrderPacer::take_next() {
  for (const Class which : {Class::Cancel, Class::Exit, Class::Entry, Class::LookUp}) {
    Queue& messages = queue(which);
    if (messages.empty()) continue;
    if (sent_.size() >= sent_max(which)) return std::nullopt;
    Message message = std::move(messages.front());
    messages.pop_front();
    return message;
  }
  return std::nullopt;
}

std::size_t OrderPacer::sent_max(Class which) const {
  const bool may_use_reserve = which == Class::Cancel || which == Class::Exit;
  return limits_.orders_max - (may_use_reserve ? 0 : limits_.exit_reserve);
}

void OrderPacer::send(const Message& message) {
  sent_.push_back(desk_.now());
  if (const auto* submit = std::get_if<Submit>(&message.what)) {
    if (submit->orders.size() == 1)
      broker_.submit(submit->orders.front());
    else
      broker_.submit_group(submit->orders);
    for (const core::ClientOrderId& id : submit->cancels)
      queue(Class::Cancel).push_back({id, {}, desk_.now(), Cancel{}});
  } else if (const auto* replace = std::get_if<Approved<ReplaceIntent>>(&message.what)) {
    broker_.replace(*replace);
  } else if (std::holds_alternative<Cancel>(message.what)) {
    broker_.cancel(message.order);
  } else {
    broker_.look_up(message.order);
  }
}

void OrderPacer::forget_sent(core::Timestamp now) {
  while (!sent_.empty() && now - sent_.front() >= limits_.window) sent_.pop_front();
}

void OrderPacer::end_overdue(core::Timestamp now) {
  Queue& entries = queue(Class::Entry);
  while (!entries.empty() && now - entries.front().came > limits_.entry_wait_max) {
    const Message overdue = std::move(entries.front());
    entries.pop_front();
    end(overdue, OrderUpdateKind::Rejected, core::Code{"BROKER_PACE"});
  }
}

/// Tells the end of a message that never left. New terms are refused, whatever ended them.
void OrderPacer::end(const Message& message, OrderUpdateKind kind, const core::Code& reason) {
  const auto* submit = std::get_if<Submit>(&message.what);
  if (submit == nullptr) return answer(message.order, OrderUpdateKind::ReplaceRejected, reason);
  for (const auto& order : submit->orders) answer(order->client_order_id, kind, reason);
}

void OrderPacer::answer(const core::ClientOrderId& id, OrderUpdateKind kind,
                        const core::Code& reason) {
  OrderUpdate update;
  update.client_order_id = id;
  update.kind = kind;
  update.time = desk_.now();
  update.reason = reason;
  if (const Order* order = desk_.find_order(id)) {
    update.cumulative_quantity = order->filled;
    update.cumulative_notional = order->filled_notional;
    update.cumulative_fee = order->fees;
  }
  answers_->on_order_update(update);
}

/// When something that waits may leave, or has waited too long.
std::optional<core::Timestamp> OrderPacer::next_change() const {
  const bool is_urgent = !queue(Class::Cancel).empty() || !queue(Class::Exit).empty();
  if (waiting() == 0) return std::nullopt;
  const std::size_t before = sent_max(is_urgent ? Class::Exit : Class::Entry);
  core::Timestamp time = desk_.now();
  if (sent_.size() >= before) time = sent_[sent_.size() - before] + limits_.window;
  const Queue& entries = queue(Class::Entry);
  if (!entries.empty())
    time = std::min(time, entries.front().came + limits_.entry_wait_max + core::Duration{1});
  return time;
}

void OrderPacer::wake() {
  const auto time = next_change();
  if (time == wake_at_) return;
  if (wake_at_) desk_.cancel_wake(timer_);
  wake_at_ = time;
  if (time) timer_ = desk_.wake_at(*time, Wake::Pacer, 0);
}

}  // namespace st0ck::trading
