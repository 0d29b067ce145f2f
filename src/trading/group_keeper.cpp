#include "group_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::trading {

namespace {

constexpr std::size_t kEndedKept = 64;

const core::Code kTargetReached{"TARGET_REACHED"};
const core::Code kStopHit{"STOP_HIT"};
const core::Code kGroupDone{"GROUP_DONE"};
const core::Code kGroupExited{"GROUP_EXITED"};
const core::Code kPartialEntry{"PARTIAL_ENTRY"};
const core::Code kTargetLeft{"TARGET_LEFT"};
const core::Code kOtherSize{"OTHER_SIZE"};
const core::Code kFilledLate{"FILLED_LATE"};

/// Whether an order may be at the broker's, or be on its way there.
bool is_live(const Order* order) {
  return order != nullptr && order->is_open() && order->state != OrderState::Armed;
}

bool is_armed(const Order* order) { return order != nullptr && order->state == OrderState::Armed; }

}  // namespace

void GroupKeeper::open(const core::BotId& bot, const GroupRequest& request,
                       const core::ClientOrderId& name, const GroupIds& ids, bool is_held_by_broker,
                       bool waits_for_fills) {
  auto group = std::make_unique<Group>();
  const OrderRequest& exit = request.target ? *request.target : *request.stop;
  group->kind = request.kind;
  group->name = name;
  group->bot = bot;
  group->instrument = exit.instrument;
  group->exit_side = exit.side;
  group->is_held_by_broker = is_held_by_broker;
  group->waits_for_fills = waits_for_fills;
  group->entry = ids.entry;
  if (!request.entry) group->held = exit.terms.quantity;
  group->target = request.target;
  group->stop = request.stop;
  group->target_order = ids.target;
  group->stop_order = ids.stop;
  if (is_held_by_broker)
    for (const auto& id : {ids.entry, ids.target, ids.stop})
      if (!id.empty()) group->sent_whole.push_back(id);
  take_in(std::move(group));
}

void GroupKeeper::take_in(std::unique_ptr<Group> group) {
  group->key = ++last_key_;
  Group& opened = *groups_.emplace_back(std::move(group));
  by_name_.emplace(opened.name, &opened);
  step(opened);
}

void GroupKeeper::on_order(const Order& changed, OrderUpdateKind kind,
                           const std::optional<Fill>& fill) {
  follow(changed, kind, fill);
  if (changed.has_cleared_the_way()) close_now(changed.intent.leg().instrument);
}

/// What stood in the way of closings that the broker has refused is gone: they need not wait.
void GroupKeeper::close_now(core::InstrumentId instrument) {
  for (std::size_t i = groups_.size(); i-- > 0;) {
    Group& group = *groups_[i];
    if (group.instrument != instrument || group.mode != Mode::Close) continue;
    group.retry_at = std::min(group.retry_at, desk_.now());
    step(group);
  }
}

void GroupKeeper::follow(const Order& changed, OrderUpdateKind kind,
                         const std::optional<Fill>& fill) {
  const OrderIntent& intent = changed.intent;
  Group* group = find(intent.group.group);
  const bool is_exit = intent.purpose == Purpose::Exit;
  if (fill && is_exit) note_exit_fill(group, changed, fill->quantity);
  if (fill && is_exit && group != nullptr) {
    group->has_exited = true;
    group->close_pause = {};
  }
  if (fill && !is_exit && group != nullptr) note_entry_fill(*group, fill->quantity);
  if (group != nullptr && is_exit) note_exit(*group, changed, kind);
  if (group != nullptr && !is_exit && kind == OrderUpdateKind::CancelRejected) pause(*group);
  if (!fill) {
    if (group != nullptr) step(*group);
    return end_waiting(changed);
  }
  // A late fill of its entry opens a group again, before it shares in the position.
  if (group != nullptr && group->is_done) {
    settle_stray(*group);
    mark_done(*group);
  }
  net(intent.bot, intent.leg().instrument);
  step_all(intent.bot, intent.leg().instrument);
  if (group = find(intent.group.group);
      group != nullptr && !is_exit && group->stop && is_protected(*group))
    meter_.add({});
  end_waiting(changed);
}

void GroupKeeper::note_exit(Group& group, const Order& exit, OrderUpdateKind kind) {
  // What has ended may have done so on terms that a split has left behind.
  if (is_final(exit.state))
    note_end(group, exit);
  else
    note_terms(group, exit);
  if (kind == OrderUpdateKind::ReplaceRejected || kind == OrderUpdateKind::CancelRejected)
    pause(group);
}

void GroupKeeper::step_all(const core::BotId& bot, core::InstrumentId instrument) {
  // From the back: a group that comes to its end leaves the list.
  for (std::size_t i = groups_.size(); i-- > 0;) {
    Group& group = *groups_[i];
    if (group.bot == bot && group.instrument == instrument) step(group);
  }
}

void GroupKeeper::on_timer(std::uint32_t key) {
  const auto found = std::find_if(groups_.begin(), groups_.end(),
                                  [&](const auto& group) { return group->key == key; });
  if (found == groups_.end()) return;
  Group& group = **found;
  if (group.is_held_by_broker && is_entry_partial(group) && is_entry_open(group))
    desk_.cancel_order(group.entry, kPartialEntry);
  if (group.is_held_by_broker && group.is_end_watched && open_quantity(group).is_zero())
    wind_up(group);
  step(group);
}

void GroupKeeper::withdraw(const Order& given_up) {
  Group* group = find(given_up.intent.group.group);
  if (group == nullptr) return;
  const core::ClientOrderId& id = given_up.intent.client_order_id;
  if (id == group->target_order) group->target.reset();
  if (id == group->stop_order) group->stop.reset();
}

void GroupKeeper::on_amended(const Order& amended) {
  if (Group* group = find(amended.intent.group.group)) note_terms(*group, amended);
}

void GroupKeeper::release(const core::BotId& bot, core::InstrumentId instrument) {
  for (const auto& group : groups_)
    if (group->bot == bot && group->instrument == instrument) give_up(*group);
}

/// What it holds by now is sold by others.
void GroupKeeper::give_up(Group& group) {
  group.target.reset();
  group.stop.reset();
  group.mode = Mode::Protect;
  group.netted += open_quantity(group);
  group.is_released = true;
}

core::Quantity GroupKeeper::claimed(const core::BotId& bot, core::InstrumentId instrument,
                                    Side exit_side, const core::ClientOrderId& except,
                                    bool is_urgent) const {
  core::Quantity sum;
  for (const auto& group : groups_)
    if (group->bot == bot && group->instrument == instrument && group->exit_side == exit_side &&
        group->name != except)
      sum += claim_of(*group, is_urgent);
  return sum;
}

/// What a group has for sale; for somebody in a hurry only what is at the broker.
core::Quantity GroupKeeper::claim_of(const Group& group, bool is_urgent) const {
  const auto live = live_exits(group);
  if (live.empty() && (is_urgent || wanted(group) == Wanted::Nothing)) return {};
  if ((group.is_held_by_broker || !is_urgent) && !group.is_released) return open_quantity(group);
  core::Quantity at_broker;
  for (const Order* exit : live) at_broker += exit->exposed();
  return at_broker;
}

std::vector<core::ClientOrderId> GroupKeeper::sent_with(const Order& order) const {
  const core::ClientOrderId& id = order.intent.client_order_id;
  const auto found = by_name_.find(order.intent.group.group);
  if (found != by_name_.end()) {
    const auto& whole = found->second->sent_whole;
    if (std::find(whole.begin(), whole.end(), id) != whole.end()) return whole;
  }
  return {id};
}

bool GroupKeeper::is_wanted(const Order& exit) const {
  const auto found = by_name_.find(exit.intent.group.group);
  return found == by_name_.end() || found->second->mode != Mode::Close ||
         exit.intent.client_order_id == found->second->close_order;
}

bool GroupKeeper::has_fixed_size(const Order& order) const {
  const auto found = by_name_.find(order.intent.group.group);
  return found != by_name_.end() && found->second->is_held_by_broker;
}

core::Money GroupKeeper::risk(const Position& position, core::Price mark,
                              core::Multiplier multiplier) const {
  core::Quantity bare = position.quantity.abs();
  core::Money sum;
  for (const auto& group : groups_) {
    if (group->bot != position.key.bot || group->instrument != position.key.instrument ||
        !group->stop || !group->stop->terms.stop)
      continue;
    const core::Quantity guarded = std::min(bare, open_quantity(*group));
    const core::Price distance = (mark - *group->stop->terms.stop).abs();
    sum += core::notional(distance, guarded, multiplier, core::Rounding::Up);
    bare -= guarded;
  }
  return sum + core::notional(mark, bare, multiplier, core::Rounding::Up);
}

bool GroupKeeper::watches(core::InstrumentId instrument) const {
  return std::any_of(groups_.begin(), groups_.end(),
                     [&](const auto& group) { return group->instrument == instrument; });
}

/// Brings a group one step further toward where it should be.
void GroupKeeper::step(Group& group) {
  // A bot may ask for a group while its position is being closed: it would keep that up.
  if (desk_.is_closing(group.bot, group.instrument))
    give_up(group);
  else if (group.is_released && open_quantity(group).is_positive())
    close_late(group);
  settle_stray(group);
  // A stop that was hit says what the rest of the entry would come to.
  if (const Order* entry = order(group.entry); group.has_exited && entry != nullptr &&
                                               entry->is_open() && !entry->is_cancel_asked &&
                                               desk_.now() >= group.retry_at)
    desk_.cancel_order(group.entry, kGroupExited);
  enforce_bound(group);
  if (group.is_held_by_broker) watch_broker(group);
  if (!group.is_held_by_broker) keep(group);
  watch_protection(group);
  mark_done(group);
}

/// An entry that was given up has filled after its position was closed.
void GroupKeeper::close_late(Group& group) {
  if (group.mode == Mode::Close) return;
  desk_.alarm(group.bot, "FILLED_LATE",
              fmt::format("{} of {} filled after its position was closed; they are closed too",
                          open_quantity(group).to_string(), group.name));
  group.mode = Mode::Close;
  group.close_reason = kFilledLate;
  take_over(group);
}

/// The broker keeps the group; the desk takes over where what has filled lacks its exit.
void GroupKeeper::watch_broker(Group& group) {
  const core::Quantity quantity = open_quantity(group);
  if (is_entry_open(group) && is_entry_partial(group)) {
    if (!group.is_partial_watched)
      desk_.wake_at(desk_.now() + settings_.partial_entry_max, Wake::Group, group.key);
    group.is_partial_watched = true;
    return;
  }
  // Only new exits are of another size.
  if (group.is_oversized) return take_over(group);
  if (quantity.is_positive()) {
    const Order* exit = order(group.stop ? group.stop_order : group.target_order);
    if (exit != nullptr && is_final(exit->state) && (group.stop || group.target)) {
      desk_.alarm(
          group.bot, group.is_partial_watched ? "PARTIAL_ENTRY" : "EXIT_LOST",
          fmt::format("{} was {} ({}) with {} held; it is sent again", exit->intent.client_order_id,
                      name_of(exit->state), exit->state_reason, quantity.to_string()));
      // A broker that does it again and again is not asked faster than this.
      if (group.was_lost) pause(group);
      group.was_lost = true;
      group.was_refused_whole |= exit->state == OrderState::Rejected;
      take_over(group);
    }
    return;
  }
  // The broker ends the exits itself; if it does not, they are cancelled after a while.
  if (is_entry_open(group) || live_exits(group).empty() || group.is_end_watched) return;
  group.is_end_watched = true;
  desk_.wake_at(desk_.now() + settings_.retry_pause, Wake::Group, group.key);
}

void GroupKeeper::take_over(Group& group) {
  group.is_held_by_broker = false;
  group.is_end_watched = group.is_oversized = false;
}

/// The desk keeps the group: at most one exit is live, of the kind that is wanted, for what is
/// held.
void GroupKeeper::keep(Group& group) {
  // As long as what was found lives; what is to be closed, or has lost its exit, does not wait.
  if (group.waits_for_fills && group.mode != Mode::Close && !live_exits(group).empty()) return;
  const core::Quantity quantity =
      desk_.closable(group.instrument, group.exit_side, guarded_quantity(group), group.name);
  const Wanted what = wanted(group);
  if (quantity.is_zero() || what == Wanted::Nothing) return wind_up(group);
  if (group.mode == Mode::Close && is_entry_open(group)) desk_.cancel_order(group.entry, kStopHit);
  if (desk_.now() < group.retry_at) return;
  const auto live = live_exits(group);
  if (live.empty()) {
    if (!place_with_broker(group, quantity)) send(group, what, quantity);
    return;
  }
  if (live.size() == 1 && kind_of(group, *live.front()) == what) {
    const Order& exit = *live.front();
    const core::Quantity total = exit.filled + quantity;
    if (exit.state == OrderState::Working && exit.intent.terms.quantity != total)
      resize(group, exit, total);
    return;
  }
  const core::Code& reason = what == Wanted::Target  ? kTargetReached
                             : what == Wanted::Close ? kStopHit
                                                     : kTargetLeft;
  for (const Order* exit : live) {
    // Whether that was heard its proof will tell.
    if (exit->state == OrderState::Unknown && exit->is_cancel_asked) continue;
    const core::ClientOrderId id = exit->intent.client_order_id;
    if (id == group.stop_order) group.stop_cancelled = id;
    desk_.cancel_order(id, reason);
  }
}

/// An exit that the broker was given within a group has that group's size there: another one
/// follows it.
void GroupKeeper::resize(Group& group, const Order& exit, core::Quantity total) {
  const core::ClientOrderId id = exit.intent.client_order_id;
  const auto& whole = group.sent_whole;
  if (std::find(whole.begin(), whole.end(), id) != whole.end()) {
    if (id == group.stop_order) group.stop_cancelled = id;
    desk_.cancel_order(id, kOtherSize);
  } else if (!desk_.resize_order(id, total, exit.intent.reason)) {
    pause(group);
  }
}

/// Nothing is left to protect: what is live is cancelled, and once the entry can bring nothing
/// more, what is armed too.
void GroupKeeper::wind_up(Group& group) {
  for (const Order* exit : live_exits(group))
    desk_.cancel_order(exit->intent.client_order_id, kGroupDone);
  if (is_entry_open(group)) return;
  for (const auto& id : {group.target_order, group.stop_order})
    if (is_armed(order(id))) desk_.cancel_order(id, kGroupDone);
}

void GroupKeeper::send(Group& group, Wanted what, core::Quantity quantity) {
  core::ClientOrderId& latest = what == Wanted::Stop     ? group.stop_order
                                : what == Wanted::Target ? group.target_order
                                                         : group.close_order;
  if (what != Wanted::Close && is_armed(order(latest))) {
    if (!desk_.send_armed(latest, quantity)) pause(group);
    return;
  }
  OrderRequest request = what == Wanted::Stop     ? *group.stop
                         : what == Wanted::Target ? *group.target
                                                  : close_request(group);
  request.terms.quantity = quantity;
  const GroupRole role = what == Wanted::Target ? GroupRole::Target : GroupRole::Stop;
  const core::ClientOrderId id = next_leg(group);
  const auto sent = desk_.send_exit(group.bot, request, {group.kind, role, group.name}, id);
  if (const auto* refused = std::get_if<Refused>(&sent)) {
    desk_.alarm(group.bot, "EXIT_REFUSED",
                fmt::format("an exit of {} for {} was refused: {}; it is tried again", group.name,
                            quantity.to_string(), refused->code));
    if (what == Wanted::Close) make_room(group);
    return pause(group);
  }
  ++group.last_leg;
  latest = id;
}

/// A stop that was hit goes before what else the bot has for sale.
void GroupKeeper::make_room(const Group& group) {
  for (const Order* order : desk_.open_orders_of(group.bot, group.instrument))
    if (order->intent.purpose == Purpose::Exit && order->intent.group.kind == GroupKind::None &&
        order->intent.leg().side == group.exit_side)
      desk_.cancel_order(order->intent.client_order_id, kStopHit);
}

/// After the broker's own group has come apart: its exits go there again as one group, for what has
/// filled.
bool GroupKeeper::place_with_broker(Group& group, core::Quantity quantity) {
  const bool is_whole = group.target && group.stop && group.mode == Mode::Protect;
  const bool is_fresh = is_armed(order(group.stop_order)) || is_armed(order(group.target_order));
  if (!is_whole || is_fresh || group.was_refused_whole || is_entry_open(group) ||
      !desk_.broker_may_hold({*group.target, *group.stop}))
    return false;
  OrderRequest target = *group.target;
  OrderRequest stop = *group.stop;
  target.terms.quantity = stop.terms.quantity = quantity;
  const core::ClientOrderId target_id = next_leg(group);
  ++group.last_leg;
  const core::ClientOrderId stop_id = next_leg(group);
  ++group.last_leg;
  const GroupKind kind = GroupKind::OneCancelsOther;
  group.was_refused_whole = !desk_.send_group(
      group.bot, {target, stop},
      {{kind, GroupRole::Target, group.name}, {kind, GroupRole::Stop, group.name}},
      {target_id, stop_id});
  if (group.was_refused_whole) return false;
  group.target_order = target_id;
  group.stop_order = stop_id;
  group.sent_whole = {target_id, stop_id};
  group.is_held_by_broker = true;
  return true;
}

/// An exit of the group has come to its end.
void GroupKeeper::note_end(Group& group, const Order& ended) {
  const core::ClientOrderId& id = ended.intent.client_order_id;
  if (group.is_held_by_broker || ended.state == OrderState::Filled) return;
  const bool is_rejected = ended.state == OrderState::Rejected;
  if (id == group.stop_cancelled && !is_rejected) return;
  const auto tell = [&](std::string_view code, std::string_view next) {
    desk_.alarm(
        group.bot, code,
        fmt::format("{} was {} ({}); {}", id, name_of(ended.state), ended.state_reason, next));
  };
  if (id == group.stop_order && group.mode == Mode::Protect && group.stop &&
      open_quantity(group).is_positive()) {
    if (is_rejected) {
      tell("STOP_REJECTED", "what it guarded is sold at the market");
      group.mode = Mode::Close;
    } else {
      tell("STOP_LOST", "it is sent again");
      pause(group);
    }
  } else if (id == group.target_order && group.mode == Mode::Take) {
    if (is_rejected) {
      tell("TARGET_REJECTED", "the stop stays");
      group.target.reset();
    }
    group.mode = Mode::Protect;
  } else if (id == group.close_order) {
    tell("CLOSE_ENDED", "it is sent again");
    // A broker that goes on refusing has limits too, which other exits need.
    group.close_pause =
        std::clamp(2 * group.close_pause, settings_.retry_pause, settings_.close_pause_max);
    pause(group, group.close_pause);
  }
}

/// The bot moved an exit: later ones are sent where it stands now.
void GroupKeeper::note_terms(Group& group, const Order& exit) {
  const core::ClientOrderId& id = exit.intent.client_order_id;
  std::optional<OrderRequest>& request = id == group.target_order ? group.target : group.stop;
  if (!request || (id != group.target_order && id != group.stop_order)) return;
  const core::Quantity quantity = request->terms.quantity;
  request->terms = exit.intent.terms;
  request->terms.quantity = quantity;
}

void GroupKeeper::pause(Group& group) { pause(group, settings_.retry_pause); }

void GroupKeeper::pause(Group& group, core::Duration pause) {
  group.retry_at = desk_.now() + pause;
  desk_.wake_at(group.retry_at, Wake::Group, group.key);
}

/// Puts a group aside once nothing is left to do, or takes it back.
void GroupKeeper::mark_done(Group& group) {
  const bool is_idle =
      open_quantity(group).is_zero() || (wanted(group) == Wanted::Nothing && !group.is_released);
  const bool is_done =
      is_idle && !is_entry_open(group) && live_exits(group).empty() && !has_armed_exits(group);
  if (is_done == group.is_done) return;
  group.is_done = is_done;
  const auto is_it = [&](const auto& held) { return held.get() == &group; };
  if (!is_done) {
    const auto found = std::find_if(ended_.begin(), ended_.end(), is_it);
    const auto next = std::find_if(groups_.begin(), groups_.end(),
                                   [&](const auto& other) { return other->key > group.key; });
    groups_.insert(next, std::move(*found));
    ended_.erase(found);
    return;
  }
  const auto found = std::find_if(groups_.begin(), groups_.end(), is_it);
  ended_.push_back(std::move(*found));
  groups_.erase(found);
  if (ended_.size() <= kEndedKept) return;
  by_name_.erase(ended_.front()->name);
  ended_.pop_front();
}

GroupKeeper::Group* GroupKeeper::find(const core::ClientOrderId& name) {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

const Order* GroupKeeper::order(const core::ClientOrderId& id) const {
  return id.empty() ? nullptr : desk_.find_order(id);
}

bool GroupKeeper::is_entry_open(const Group& group) const {
  const Order* entry = order(group.entry);
  return entry != nullptr && entry->is_open();
}

/// What the group has entered and not left yet.
core::Quantity GroupKeeper::open_quantity(const Group& group) const {
  const Order* entry = order(group.entry);
  const core::Quantity entered = entry == nullptr ? group.held : entry->filled;
  return std::max(entered + group.split_gain - group.exited - group.netted, core::Quantity{});
}

core::Quantity GroupKeeper::guarded_quantity(const Group& group) const {
  return std::min(open_quantity(group), closable(group.bot, group.instrument, group.exit_side));
}

std::vector<const Order*> GroupKeeper::live_exits(const Group& group) const {
  std::vector<const Order*> live;
  for (const auto& id : {group.stop_order, group.target_order, group.close_order})
    if (const Order* exit = order(id); is_live(exit)) live.push_back(exit);
  return live;
}

bool GroupKeeper::has_armed_exits(const Group& group) const {
  return is_armed(order(group.target_order)) || is_armed(order(group.stop_order));
}

GroupKeeper::Wanted GroupKeeper::wanted(const Group& group) const {
  if (group.mode == Mode::Close) return Wanted::Close;
  if (group.mode == Mode::Take && group.target) return Wanted::Target;
  if (group.stop) return Wanted::Stop;
  return group.target ? Wanted::Target : Wanted::Nothing;
}

GroupKeeper::Wanted GroupKeeper::kind_of(const Group& group, const Order& exit) const {
  const core::ClientOrderId& id = exit.intent.client_order_id;
  if (id == group.stop_order) return Wanted::Stop;
  return id == group.target_order ? Wanted::Target : Wanted::Close;
}

OrderRequest GroupKeeper::close_request(const Group& group) const {
  OrderRequest request;
  request.instrument = group.instrument;
  request.side = group.exit_side;
  request.purpose = Purpose::Exit;
  request.reason = group.close_reason;
  if (group.close_reason.empty()) request.reason = group.stop ? group.stop->reason : kStopHit;
  return request;
}

}  // namespace st0ck::trading
