#include "unknown_orders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace st0ck::trading {

namespace {
const core::Code kCancelAgain{"CANCEL_AGAIN"};
}  // namespace

void UnknownOrders::on_order(const Order& order) {
  const core::ClientOrderId& id = order.intent.client_order_id;
  const Watch* known = find(id);
  if (order.state != OrderState::Unknown) {
    // An abandoned entry is watched until somebody says that it lives.
    const bool is_watched = known != nullptr && known->is_abandoned && order.is_given_up;
    if (known == nullptr || is_watched) return;
    std::erase_if(watches_, [&](const Watch& watch) { return watch.id == id; });
    // It works, so that the cancel is what got lost.
    if (order.state == OrderState::Working && order.is_cancel_asked)
      desk_.cancel_order(id, kCancelAgain);
    return;
  }
  if (known != nullptr) return;
  ++begun_;
  Watch& watch = watches_.emplace_back(Watch{.key = ++last_key_, .id = id});
  begin_proof(watch);
  desk_.alarm(order.intent.bot, "ORDER_UNKNOWN",
              fmt::format("{} was not answered; it is looked up", id));
  desk_.wake_at(desk_.now() + next_pause(watch), Wake::UnknownOrder, last_key_);
  desk_.look_up(id);
}

void UnknownOrders::on_timer(std::uint32_t key) {
  const auto found = std::find_if(watches_.begin(), watches_.end(),
                                  [&](const Watch& watch) { return watch.key == key; });
  if (found == watches_.end()) return;
  const core::ClientOrderId id = found->id;
  if (!found->is_abandoned && !found->is_known_to_broker && desk_.now() >= found->deadline)
    settle(*found, *desk_.find_order(id));
  desk_.wake_at(desk_.now() + next_pause(*found), Wake::UnknownOrder, key);
  desk_.look_up(id);
}

void UnknownOrders::begin_proof(Watch& watch) {
  watch.asked_since = desk_.now();
  watch.deadline = watch.asked_since + settings_.proof_max;
  watch.look_up_pause = settings_.look_up_every;
}

core::Duration UnknownOrders::next_pause(Watch& watch) const {
  if (watch.is_abandoned) {
    watch.look_up_pause = std::min(watch.look_up_pause * 2, settings_.watch_every);
    return watch.look_up_pause;
  }
  const std::int64_t count = questions();
  const core::Duration turn =
      count == 1 ? settings_.look_up_every
                 : std::min(settings_.look_up_share * count, settings_.look_up_every_max);
  if (desk_.now() - watch.asked_since < settings_.proof_max) return turn;
  watch.look_up_pause = std::min(watch.look_up_pause * 2, settings_.look_up_every_max);
  return std::max(watch.look_up_pause, turn);
}

/// How many are being proven; those of one group are asked for together.
std::int64_t UnknownOrders::questions() const {
  std::set<core::ClientOrderId> asked;
  for (const Watch& watch : watches_) {
    if (watch.is_abandoned) continue;
    const core::ClientOrderId& group = desk_.find_order(watch.id)->intent.group.group;
    asked.insert(group.empty() ? watch.id : group);
  }
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(asked.size()));
}

/// Time is up: an exit must exist, an entry need not, and neither need the exits that went out with
/// it, as long as it has filled nothing.
void UnknownOrders::settle(Watch& watch, const Order& order) {
  if (order.intent.purpose == Purpose::Entry) return abandon(watch, order);
  if (const Order* entry = entry_sent_with(order)) {
    if (entry->is_given_up && entry->filled.is_zero()) return abandon(watch, order);
    watch.deadline = desk_.now() + settings_.proof_max;
    return;
  }
  if (order.is_cancel_asked || !desk_.send_again(order)) {
    if (order.is_cancel_asked) desk_.cancel_order(watch.id, kCancelAgain);
    watch.deadline = desk_.now() + settings_.proof_max;
    return;
  }
  note_sent_again(order);
  desk_.alarm(order.intent.bot, "EXIT_SENT_AGAIN",
              fmt::format("{} could not be proven; it is sent again under its own id", watch.id));
}

void UnknownOrders::abandon(Watch& watch, const Order& order) {
  ++abandoned_;
  watch.is_abandoned = true;
  watch.look_up_pause = settings_.look_up_every;
  desk_.alarm(
      order.intent.bot,
      order.intent.purpose == Purpose::Entry ? "ENTRY_ABANDONED" : "EXIT_ABANDONED",
      fmt::format("{} could not be proven; it counts as never sent and is watched on", watch.id));
  desk_.give_up(watch.id, core::Code{"ABANDONED"});
}

/// The entry of the group that the broker was given with this exit; null where it was given none.
const Order* UnknownOrders::entry_sent_with(const Order& exit) const {
  for (const Order* order : desk_.sent_with(exit))
    if (order->intent.purpose == Purpose::Entry) return order;
  return nullptr;
}

void UnknownOrders::begin_anew(const core::ClientOrderId& id) {
  Watch* watch = find(id);
  if (watch == nullptr) return;
  begin_proof(*watch);
  desk_.look_up(id);
}

void UnknownOrders::look_up_abandoned(core::InstrumentId instrument) {
  for (const Watch& watch : watches_)
    if (watch.is_abandoned && desk_.find_order(watch.id)->intent.leg().instrument == instrument)
      desk_.look_up(watch.id);
}

void UnknownOrders::on_duplicate(const core::ClientOrderId& id) {
  Watch* watch = find(id);
  if (watch == nullptr) return;
  watch->is_known_to_broker = true;
  desk_.look_up(id);
}

bool UnknownOrders::on_absent(const Order& order) {
  Watch* watch = find(order.intent.client_order_id);
  if (watch == nullptr || order.state != OrderState::Unknown) return false;
  // What opens a position may be on its way still: ended too soon, it would fill unwatched. With it
  // go the exits that it was sent with.
  const bool is_exit = order.intent.purpose == Purpose::Exit;
  const Order* entry = is_exit ? entry_sent_with(order) : &order;
  if (entry != nullptr && entry->state == OrderState::Unknown)
    return !watch->is_abandoned && desk_.now() < watch->deadline;
  if (entry != nullptr) return false;
  if (order.is_cancel_asked || !desk_.is_wanted(order)) return false;
  if (desk_.now() < watch->sent_again + watch->resend_pause) return true;
  if (!desk_.send_again(order)) return false;
  note_sent_again(order);
  desk_.alarm(order.intent.bot, "EXIT_SENT_AGAIN",
              fmt::format("the broker never had {}; it is sent again under its own id", watch->id));
  return true;
}

/// Those that it was sent with went out again too.
void UnknownOrders::note_sent_again(const Order& order) {
  for (const Order* sent : desk_.sent_with(order)) {
    ++sent_again_;
    Watch* watch = find(sent->intent.client_order_id);
    if (watch == nullptr) continue;
    watch->is_known_to_broker = false;
    watch->sent_again = desk_.now();
    begin_proof(*watch);
    watch->resend_pause =
        std::clamp(watch->resend_pause * 2, settings_.resend_pause_first, settings_.proof_max);
  }
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
