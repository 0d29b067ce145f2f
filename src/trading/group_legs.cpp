#include "group_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

// What a process finds of groups that one before it has sent, and how exits are numbered.
namespace st0ck::trading {

namespace {

/// More legs than a group is sent without a record that is left.
constexpr std::uint32_t kLegsLeftOut = 20;

}  // namespace

void GroupKeeper::open_found(const core::BotId& bot, const GroupRequest& request,
                             const core::ClientOrderId& name, const GroupIds& ids,
                             bool is_held_by_broker) {
  const OrderRequest& exit = request.target ? *request.target : *request.stop;
  const auto orders = desk_.open_orders_of(bot, exit.instrument);
  const bool may_bring_more = std::any_of(orders.begin(), orders.end(), [&](const Order* order) {
    return order->intent.leg().side != exit.side && order->state != OrderState::Armed;
  });
  open(bot, request, name, ids, is_held_by_broker, may_bring_more);
}

void GroupKeeper::wait_for_fills(const core::ClientOrderId& name) {
  if (Group* group = find(name); group != nullptr && is_entry_open(*group))
    group->waits_for_fills = true;
}

/// While no process ran nobody knew of a stop that had come to work: the time without one begins
/// anew, and a look-up may end it.
void GroupKeeper::begin_process() {
  const core::Timestamp now = desk_.now();
  for (const auto& group : groups_) {
    group->last_leg += kLegsLeftOut;
    if (!group->unprotected_since) continue;
    group->unprotected_since = now;
    desk_.wake_at(now + settings_.unprotected_max, Wake::Group, group->key);
  }
  for (const auto& group : ended_) group->last_leg += kLegsLeftOut;
}

void GroupKeeper::note_used(const core::ClientOrderId& id) {
  const std::string_view text = id.view();
  const auto hyphen = text.rfind('-');
  if (hyphen == std::string_view::npos) return;
  Group* group = find(core::ClientOrderId{text.substr(0, hyphen)});
  if (group == nullptr) return;
  const std::string_view leg = text.substr(hyphen + 1);
  std::uint32_t number = 0;
  if (std::from_chars(leg.data(), leg.data() + leg.size(), number).ec == std::errc{})
    group->last_leg = std::max(group->last_leg, number);
}

core::ClientOrderId GroupKeeper::next_leg(Group& group) const {
  return core::ClientOrderId{fmt::format("{}-{}", group.name, group.last_leg + 1)};
}

}  // namespace st0ck::trading
