#include "st0ck/trading/desk.hpp"
#include "unknown_orders.hpp"

#include <algorithm>

// How exits are brought past what stands in their way at the broker.
namespace st0ck::trading {

namespace {

/// How far beyond the quote an exit's limit lies that stands for the market.
constexpr core::Rate kExitReach = core::Rate::from_raw(50'000'000);
const core::Code kWashTrade{"WASH_TRADE"};
const core::Code kInsufficientQuantity{"INSUFFICIENT_QTY"};
const core::Code kExitFirst{"EXIT_FIRST"};

/// Who a position's exits belong to: a group, or such an exit itself.
const core::ClientOrderId& owner_of(const OrderIntent& exit) {
  return exit.group.group.empty() ? exit.client_order_id : exit.group.group;
}

}  // namespace

void Desk::note_differences(const Reconciliation& now) {
  held_at_broker_.clear();
  held_unproven_.clear();
  for (const Difference& difference : now.differences) {
    const bool is_unproven = difference.kind == DifferenceKind::PositionUnproven;
    if (!is_unproven && difference.kind != DifferenceKind::PositionDiffers) continue;
    const auto* instrument = parts_.instruments.find(difference.symbol);
    if (instrument == nullptr || !difference.theirs) continue;
    (is_unproven ? held_unproven_ : held_at_broker_)[instrument->id] = *difference.theirs;
    if (!is_unproven) unknown_orders_->look_up_abandoned(instrument->id);
  }
}

/// The keepers of groups see to what they send themselves.
void Desk::fit_to_broker(OrderIntent& exit) const {
  if (exit.group.kind == GroupKind::None) exit.terms.quantity = closable_of(held_at_broker_, exit);
  if (exit.type == OrderType::Market && market_exits_refused_.contains(exit.leg().instrument))
    give_limit(exit);
}

core::Quantity Desk::closable(core::InstrumentId instrument, Side exit_side,
                              core::Quantity quantity, const core::ClientOrderId& owner) const {
  return closable_of(held_at_broker_, instrument, exit_side, quantity, owner);
}

/// What is sent of an exit whose earlier sendings are unproven: under one id at most one of them
/// comes to be, and where it was this one it must not ask for more than there is.
core::Quantity Desk::closable_again(const OrderIntent& exit) const {
  return std::min(closable_of(held_at_broker_, exit), closable_of(held_unproven_, exit));
}

core::Quantity Desk::closable_of(const Holdings& holdings, const OrderIntent& exit) const {
  return closable_of(holdings, exit.leg().instrument, exit.leg().side, exit.terms.quantity,
                     owner_of(exit));
}

/// Where somebody else has closed a part of our position, the broker takes an exit for the rest of
/// it and none for the whole; nor one for what it keeps for other exits of ours. What it says is
/// gone altogether is still asked for: should that be an error, the position is not left alone,
/// and if it is true, the exit is refused.
core::Quantity Desk::closable_of(const Holdings& holdings, core::InstrumentId instrument,
                                 Side exit_side, core::Quantity quantity,
                                 const core::ClientOrderId& owner) const {
  const auto held = holdings.find(instrument);
  if (held == holdings.end()) return quantity;
  const core::Quantity there = exit_side == Side::Sell ? held->second : -held->second;
  if (!there.is_positive()) return quantity;
  const core::Quantity left = there - kept_for_others(instrument, exit_side, owner);
  return std::min(quantity, left.is_positive() ? left : there);
}

/// What the broker keeps for exits of ours. Of those of one group at most one fills: the largest
/// counts.
core::Quantity Desk::kept_for_others(core::InstrumentId instrument, Side exit_side,
                                     const core::ClientOrderId& owner) const {
  std::map<core::ClientOrderId, core::Quantity> kept;
  for (const Order* other : orders_.open_orders()) {
    const OrderIntent& intent = other->intent;
    const bool is_alike = intent.purpose == Purpose::Exit && intent.leg().side == exit_side &&
                          intent.leg().instrument == instrument;
    if (!is_alike || other->state == OrderState::Armed || owner_of(intent) == owner) continue;
    core::Quantity& most = kept[owner_of(intent)];
    most = std::max(most, other->exposed());
  }
  core::Quantity sum;
  for (const auto& [name, quantity] : kept) sum += quantity;
  return sum;
}

/// An exit at the market becomes a limit far beyond it, which fills like one: the broker knows then
/// that it does not meet the order that stands further off.
void Desk::give_limit(OrderIntent& exit) const {
  const OrderLeg& leg = exit.leg();
  const auto quote = parts_.market.quote(leg.instrument, now(), core::Duration::max());
  if (!quote.is_fresh()) return;
  const bool is_buy = leg.side == Side::Buy;
  const core::Rate reach =
      is_buy ? core::Rate::whole(1) + kExitReach : core::Rate::whole(1) - kExitReach;
  exit.type = OrderType::Limit;
  exit.terms.limit = core::scaled_to_tick(is_buy ? quote.quote.ask : quote.quote.bid, reach,
                                          parts_.instruments[leg.instrument].tick,
                                          is_buy ? core::Rounding::Up : core::Rounding::Down);
}

/// An exit that the broker has refused comes before entries of ours: those that it would meet, or
/// that hold the shares it is to sell, are cancelled, and it is tried again. False where none is in
/// its way.
bool Desk::clear_way_of(const Order& exit, const core::Code& refusal) {
  const bool would_meet = refusal == kWashTrade;
  if (!would_meet && refusal != kInsufficientQuantity) return false;
  const OrderLeg& leg = exit.intent.leg();
  std::vector<core::ClientOrderId> in_its_way;
  for (const Order* other : orders_.open_orders())
    if (other->intent.purpose == Purpose::Entry &&
        other->intent.leg().instrument == leg.instrument &&
        (other->intent.leg().side != leg.side) == would_meet)
      in_its_way.push_back(other->intent.client_order_id);
  for (const core::ClientOrderId& id : in_its_way) cancel_order(id, kExitFirst);
  return !in_its_way.empty();
}

}  // namespace st0ck::trading
