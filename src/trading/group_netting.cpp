#include "group_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

// How the groups of a bot share its position: what other orders sell of it, and what exits sell
// beyond it.
namespace st0ck::trading {

namespace {

const core::Code kNetted{"NETTED"};
const core::Code kBeyondHeld{"BEYOND_HELD"};

bool is_plain_exit(const Order& order, Side side) {
  return order.intent.purpose == Purpose::Exit && order.intent.group.kind == GroupKind::None &&
         order.intent.leg().side == side;
}

}  // namespace

core::Quantity GroupKeeper::closable(const core::BotId& bot, core::InstrumentId instrument,
                                     Side exit_side) const {
  const core::Quantity position = desk_.position_of(bot, instrument);
  return std::max(exit_side == Side::Sell ? position : -position, core::Quantity{});
}

/// What orders may have brought that a process before this one has sold again: a group that was
/// found at the broker guards fills too that are still to be heard of.
core::Quantity GroupKeeper::unheard(const core::BotId& bot, core::InstrumentId instrument,
                                    Side exit_side) const {
  core::Quantity sum;
  const auto waits = [&](const std::unique_ptr<Group>& group) {
    return group->waits_for_fills && group->bot == bot && group->instrument == instrument &&
           group->exit_side == exit_side;
  };
  if (std::none_of(groups_.begin(), groups_.end(), waits)) return sum;
  for (const Order* order : desk_.open_orders_of(bot, instrument))
    if (order->intent.leg().side != exit_side && order->state != OrderState::Armed)
      sum += order->exposed();
  return sum;
}

/// Once the fate of all is known, the groups that were found guard what is held, and no more.
void GroupKeeper::end_waiting(const Order& changed) {
  const OrderLeg& leg = changed.intent.leg();
  const auto may_bring = [&](const Order* order) {
    return order->intent.leg().side == leg.side && order->state == OrderState::Unknown;
  };
  const auto orders = desk_.open_orders_of(changed.intent.bot, leg.instrument);
  if (std::any_of(orders.begin(), orders.end(), may_bring)) return;
  bool has_waited = false;
  for (const auto& group : groups_)
    if (group->bot == changed.intent.bot && group->instrument == leg.instrument &&
        group->exit_side != leg.side)
      has_waited |= std::exchange(group->waits_for_fills, false);
  if (!has_waited) return;
  net(changed.intent.bot, leg.instrument);
  step_all(changed.intent.bot, leg.instrument);
}

/// Takes a fill from what the group holds. What was not held at all is stray: somebody else had
/// sold it before the exit could be shrunk.
void GroupKeeper::note_exit_fill(Group* group, const Order& exit, core::Quantity quantity) {
  const OrderIntent& intent = exit.intent;
  const core::Quantity after = desk_.position_of(intent.bot, intent.leg().instrument);
  const core::Quantity beyond = intent.leg().side == Side::Sell ? -after : after;
  const core::Quantity stray = std::clamp(beyond, core::Quantity{}, quantity);
  if (group == nullptr) {
    if (stray.is_positive())
      open_stray(core::ClientOrderId{fmt::format("{}-1", intent.client_order_id)}, intent.bot,
                 intent.leg(), stray);
    return;
  }
  group->exited += std::min(quantity - stray, open_quantity(*group));
  group->stray += stray;
}

/// An exit may be heard of before the fill of the entry that it sold.
void GroupKeeper::note_entry_fill(Group& group, core::Quantity quantity) {
  const core::Quantity sold = std::min(group.stray, quantity);
  group.stray -= sold;
  group.exited += sold;
}

void GroupKeeper::net(const core::BotId& bot, core::InstrumentId instrument) {
  for (const Side side : {Side::Sell, Side::Buy}) net(bot, instrument, side);
}

/// Takes from the groups, the oldest first, what they hold together beyond the position.
void GroupKeeper::net(const core::BotId& bot, core::InstrumentId instrument, Side exit_side) {
  std::vector<Group*> holders;
  core::Quantity held;
  for (const auto& group : groups_) {
    if (group->bot != bot || group->instrument != instrument || group->exit_side != exit_side ||
        wanted(*group) == Wanted::Nothing)
      continue;
    holders.push_back(group.get());
    held += open_quantity(*group);
  }
  const core::Quantity position =
      closable(bot, instrument, exit_side) + unheard(bot, instrument, exit_side);
  core::Quantity over = held - position;
  for (Group* group : holders) {
    const core::Quantity part = std::min(open_quantity(*group), over);
    if (!part.is_positive()) continue;
    group->netted += part;
    group->is_oversized = true;
    over -= part;
  }
  cancel_excess(bot, instrument, exit_side, position - std::min(held, position));
}

/// Cancels exits outside groups, the latest first, that are for more than `free`.
void GroupKeeper::cancel_excess(const core::BotId& bot, core::InstrumentId instrument,
                                Side exit_side, core::Quantity free) {
  std::vector<const Order*> exits;
  core::Quantity over = -free;
  for (const Order* order : desk_.open_orders_of(bot, instrument)) {
    if (!is_plain_exit(*order, exit_side)) continue;
    exits.push_back(order);
    over += order->exposed();
  }
  for (auto exit = exits.rbegin(); exit != exits.rend() && over.is_positive(); ++exit) {
    over -= (*exit)->exposed();
    desk_.cancel_order((*exit)->intent.client_order_id, kNetted);
  }
}

/// What the group's exits have sold beyond what was held is closed, once its entry can bring no
/// more that it would have been.
void GroupKeeper::settle_stray(Group& group) {
  if (!group.stray.is_positive()) return;
  if (is_entry_open(group)) {
    desk_.cancel_order(group.entry, kBeyondHeld);
    return;
  }
  const core::ClientOrderId name = next_leg(group);
  ++group.last_leg;
  open_stray(name, group.bot, {group.instrument, group.exit_side}, std::exchange(group.stray, {}));
}

/// A group of its own that closes at the market what an exit has sold beyond the position. Where
/// all of the position is being closed there is nothing to do.
void GroupKeeper::open_stray(const core::ClientOrderId& name, const core::BotId& bot,
                             const OrderLeg& exit, core::Quantity quantity) {
  if (desk_.is_closing(bot, exit.instrument)) return;
  desk_.alarm(bot, "EXIT_BEYOND_HELD",
              fmt::format("an exit filled {} more than was held; {} closes them",
                          quantity.to_string(), name));
  if (Group* known = find(name)) {  // More of the same exit.
    known->held += quantity;
    mark_done(*known);
    return step(*known);
  }
  auto group = std::make_unique<Group>();
  group->kind = GroupKind::OneCancelsOther;
  group->name = name;
  group->bot = bot;
  group->instrument = exit.instrument;
  group->exit_side = opposite(exit.side);
  group->mode = Mode::Close;
  group->close_reason = kBeyondHeld;
  group->held = quantity;
  group->last_leg = 0;
  while (desk_.find_order(next_leg(*group)) != nullptr) ++group->last_leg;
  take_in(std::move(group));
}

}  // namespace st0ck::trading
