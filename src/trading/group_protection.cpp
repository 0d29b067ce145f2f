#include "group_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>

// Whether what groups have filled has its stop, how long it had none, and what is done about it.
namespace st0ck::trading {

namespace {

const core::Code kTooLong{"UNPROTECTED_TOO_LONG"};

bool may_be_at_broker(const Order* order) {
  return order != nullptr && order->is_open() && order->state != OrderState::Armed;
}

/// What an order certainly covers: what was asked for and is not confirmed covers nothing.
core::Quantity certain_quantity(const Order& order) {
  core::Quantity least = order.intent.terms.quantity;
  if (order.pending_terms) least = std::min(least, order.pending_terms->quantity);
  return least - order.filled;
}

}  // namespace

/// Whether the broker's exits wait for an entry that has filled in part. One that was given up may
/// be at work still.
bool GroupKeeper::is_entry_partial(const Group& group) const {
  const Order* entry = order(group.entry);
  return entry != nullptr && (entry->is_open() || entry->is_given_up) &&
         entry->filled.is_positive() && desk_.broker_abilities().exits_wait_for_whole_entry;
}

/// Whether a stop at the broker covers what is held.
bool GroupKeeper::is_stop_resting(const Group& group) const {
  const Order* stop = order(group.stop_order);
  if (!may_be_at_broker(stop) || (group.is_held_by_broker && is_entry_partial(group))) return false;
  const bool is_heard = stop->state == OrderState::Working ||
                        stop->state == OrderState::PendingReplace ||
                        stop->state == OrderState::PendingCancel;
  return is_heard && certain_quantity(*stop) >= guarded_quantity(group);
}

/// Whether the desk watches the stop itself. Never while an exit may be at the broker whose fate
/// is not known: the two together could sell too much.
bool GroupKeeper::is_stop_armed(const Group& group) const {
  if (!group.stop || group.mode == Mode::Close) return false;
  if (group.is_held_by_broker) return is_entry_partial(group);
  const Order* stop = order(group.stop_order);
  const Order* target = order(group.target_order);
  return !may_be_at_broker(stop) &&
         (!may_be_at_broker(target) || target->state != OrderState::Unknown);
}

bool GroupKeeper::is_protected(const Group& group) const {
  const Order* closing = order(group.close_order);
  return is_stop_resting(group) || is_stop_armed(group) ||
         (may_be_at_broker(closing) && closing->state != OrderState::Unknown);
}

/// Whether something is held that should have a stop and has none.
bool GroupKeeper::is_bare(const Group& group) const {
  return (group.stop || group.mode == Mode::Close) && guarded_quantity(group).is_positive() &&
         !is_protected(group);
}

/// Starts and ends the time without a stop, and wakes when it has lasted too long.
void GroupKeeper::watch_protection(Group& group) {
  const core::Timestamp now = desk_.now();
  if (!is_bare(group)) {
    if (group.unprotected_since) meter_.add(now - *group.unprotected_since);
    group.unprotected_since.reset();
    group.is_alarmed = false;
  } else if (!group.unprotected_since) {
    group.unprotected_since = now;
    desk_.wake_at(now + settings_.unprotected_max, Wake::Group, group.key);
  }
}

/// What was without a stop for too long is closed at the market: `keep` cancels what may be at the
/// broker, waits for each one's end, and sells only then. While nothing trades there is nothing to
/// be lost, and a market order would be met by whatever price comes first.
void GroupKeeper::enforce_bound(Group& group) {
  const core::Timestamp now = desk_.now();
  if (!group.unprotected_since || now - *group.unprotected_since < settings_.unprotected_max ||
      !is_bare(group))
    return;
  const bool may_close = group.mode != Mode::Close && desk_.is_trading(group.instrument);
  if (group.is_alarmed && !may_close) return;
  const std::string_view next = may_close                   ? "it is closed at the market"
                                : group.mode == Mode::Close ? "closing it has not come about yet"
                                                            : "it is closed once it trades again";
  group.is_alarmed = true;
  desk_.alarm(group.bot, may_close ? kTooLong.view() : "UNPROTECTED",
              fmt::format("{} of {} has been without a stop for {} s; {}",
                          guarded_quantity(group).to_string(), group.name,
                          (now - *group.unprotected_since).count() / 1'000'000'000, next));
  if (!may_close) return;
  meter_.note_closed();
  group.mode = Mode::Close;
  group.close_reason = kTooLong;
  group.retry_at = now;
  take_over(group);
}

Unprotected GroupKeeper::unprotected() const {
  Unprotected bare;
  for (const auto& group : groups_) {
    if (!group->unprotected_since) continue;
    ++bare.groups;
    bare.longest = std::max(bare.longest, desk_.now() - *group->unprotected_since);
  }
  return bare;
}

}  // namespace st0ck::trading
