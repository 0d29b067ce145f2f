#pragma once

#include "st0ck/adapters/alpaca/wire/trading/order.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/order.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace st0ck::alpaca {

/// What the venue does by itself.
inline constexpr trading::BrokerAbilities kBrokerAbilities{.holds_groups = true,
                                                           .exits_wait_for_whole_entry = true,
                                                           .reserves_quantity = true,
                                                           .groups_are_plain = true};

/// The members of a group, as far as it has them; they point into what they were taken from.
struct GroupMembers {
  const trading::OrderIntent* entry = nullptr;
  const trading::OrderIntent* target = nullptr;
  const trading::OrderIntent* stop = nullptr;

  /// The order that is sent, which the venue hangs the others on: the entry, else the target.
  const trading::OrderIntent& parent() const { return entry != nullptr ? *entry : *target; }
};

GroupMembers members_of(std::span<const trading::OrderIntent> group);

/// What keeps a group from being sent as one order, as a code; nothing where it can be. Alpaca
/// gives the exits the quantity and the time in force of the parent, and no trailing stop.
std::optional<std::string_view> defect_of(const GroupMembers& group);

/// The body of a single order. It says whether it opens or closes, so that an exit that comes too
/// late, or after somebody has closed the position by hand, opens none.
NewOrder new_order(const trading::OrderIntent& intent, const market::Instrument& instrument);

/// The body of a group without defect.
NewOrder new_order(const GroupMembers& group, const market::Instrument& instrument);

/// The body of a change from one to the other: only what differs, as the venue refuses a change of
/// nothing. Nothing where nothing differs. `quantity_before`: filled by earlier orders of the chain
/// and not part of this one's quantity.
std::optional<ReplaceOrder> replace_order(const trading::OrderTerms& from,
                                          const trading::OrderTerms& to,
                                          core::Quantity quantity_before);

/// The terms of an order as the venue tells it.
trading::OrderTerms terms_of(const Order& order);

}  // namespace st0ck::alpaca
