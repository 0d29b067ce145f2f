#include "unknown_orders.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::trading {

void UnknownOrders::on_order(const Order& order) {
  const core::ClientOrderId& id = order.intent.client_order_id;
  const Watch* known = find(id);
  if (order.state != OrderState::Unknown) {
    // An abandoned entry is watched until somebody says that it lives.
    const bool is_watched = known != nullptr && known->is_abandoned && order.is_given_up;
    if (!is_watched) std::erase_if(watches_, [&](const Watch& watch) { return watch.id == id; });
    return;
  }
  if (known != nullptr) return;
  ++begun_;
  watches_.push_back({.key = ++last_key_, .id = id, .deadline = desk_.now() + settings_.proof_max});
  desk_.alarm(order.intent.bot, "ORDER_UNKNOWN",
              fmt::format("{} was not answered; it is looked up", id));
  desk_.wake_at(desk_.now() + settings_.look_up_every, Wake::UnknownOrder, last_key_);
  desk_.look_up(id);
}

void UnknownOrders::on_timer(std::uint32_t key) {
  const auto found = std::find_if(watches_.begin(), watches_.end(),
                                  [&](const Watch& watch) { return watch.key == key; });
  if (found == watches_.end()) return;
  const core::ClientOrderId id = found->id;
  if (!found->is_abandoned && !found->is_known_to_broker && desk_.now() >= found->deadline)
    settle(*found, *desk_.find_order(id));
  desk_.wake_at(
      desk_.now() + (found->is_abandoned ? settings_.watch_every : settings_.look_up_every),
      Wake::UnknownOrder, key);
  desk_.look_up(id);
}

/// Time is up: an exit must exist, an entry need not.
void UnknownOrders::settle(Watch& watch, const Order& order) {
  if (order.intent.purpose == Purpose::Exit && order.is_sent_in_group) {
    watch.deadline = desk_.now() + settings_.proof_max;
    desk_.alarm(order.intent.bot, "EXIT_UNPROVEN",
                fmt::format("{} could not be proven; it is looked up on, as it belongs to a group "
                            "at the broker, which would take it for another order",
                            watch.id));
    return;
  }
  if (order.intent.purpose == Purpose::Exit) {
    note_sent_again(watch);
    desk_.alarm(order.intent.bot, "EXIT_SENT_AGAIN",
                fmt::format("{} could not be proven; it is sent again under its own id", watch.id));
    desk_.send_again(order);
    return;
  }
  ++abandoned_;
  watch.is_abandoned = true;
  desk_.alarm(
      order.intent.bot, "ENTRY_ABANDONED",
      fmt::format("{} could not be proven; it counts as never sent and is watched on", watch.id));
  desk_.give_up(watch.id, core::Code{"ABANDONED"});
}

void UnknownOrders::begin_anew(const core::ClientOrderId& id) {
  if (Watch* watch = find(id)) watch->deadline = desk_.now() + settings_.proof_max;
}

void UnknownOrders::on_duplicate(const core::ClientOrderId& id) {
  Watch* watch = find(id);
  if (watch == nullptr) return;
  watch->is_known_to_broker = true;
  desk_.look_up(id);
}

bool UnknownOrders::on_absent(const Order& order) {
  Watch* watch = find(order.intent.client_order_id);
  if (watch == nullptr || order.state != OrderState::Unknown ||
      order.intent.purpose != Purpose::Exit || order.is_cancel_asked || order.is_sent_in_group)
    return false;
  if (desk_.now() < watch->sent_again + watch->resend_pause) return true;
  if (!desk_.send_again(order)) return false;
  note_sent_again(*watch);
  watch->is_known_to_broker = false;
  desk_.alarm(order.intent.bot, "EXIT_SENT_AGAIN",
              fmt::format("the broker never had {}; it is sent again under its own id", watch->id));
  return true;
}

void UnknownOrders::note_sent_again(Watch& watch) {
  ++sent_again_;
  watch.sent_again = desk_.now();
  watch.deadline = watch.sent_again + settings_.proof_max;
  watch.resend_pause =
      std::clamp(watch.resend_pause * 2, settings_.resend_pause_first, settings_.proof_max);
}

UnknownOrders::Watch* UnknownOrders::find(const core::ClientOrderId& id) {
  const auto found = std::find_if(watches_.begin(), watches_.end(),
                                  [&](const Watch& watch) { return watch.id == id; });
  return found == watches_.end() ? nullptr : &*found;
}

void UnknownOrders::forget_abandoned() {
  std::erase_if(watches_, [](const Watch& watch) { return watch.is_abandoned; });
}

}  // namespace st0ck::trading
