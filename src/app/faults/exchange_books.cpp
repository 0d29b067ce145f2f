#include "src/app/faults/exchange_books.hpp"

#include "src/app/faults/day_configuration.hpp"
#include "st0ck/adapters/alpaca/client_ids.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::app::faults {

namespace {

using core::Quantity;
using exchange::OrderRecord;

bool is_ours(std::string_view bot) { return std::ranges::find(kBots, bot) != std::end(kBots); }

}  // namespace

/// To the head of its group, and from a replacement to what it replaced.
std::optional<ExchangeBooks::Ours> ExchangeBooks::owner_of(const OrderRecord& order) const {
  const OrderRecord* at = &order;
  Ours ours;
  while (true) {
    if (at->parent != nullptr) {
      ours.is_leg = true;
      at = at->parent;
    } else if (at->told.replaces) {
      const OrderRecord* before = account_.desk().find(*at->told.replaces);
      if (before == nullptr) return std::nullopt;
      at = before;
    } else {
      break;
    }
  }
  const std::string& name = at->told.client_order_id;
  if (!core::ClientOrderId::fits(name) || !is_ours(alpaca::bot_in(name))) return std::nullopt;
  ours.root = core::ClientOrderId{name};
  ours.bot = core::BotId{alpaca::bot_in(name)};
  ours.intended = journal_.find(ours.root);
  ours.closes = at->closes();
  return ours;
}

void ExchangeBooks::on_update(const alpaca::TradeUpdate& update) {
  const OrderRecord* order = account_.desk().find(update.order.id);
  if (order == nullptr) return;
  const auto ours = owner_of(*order);
  if (!ours) return;
  take_order(*order, *ours);
  const bool is_fill =
      update.event == alpaca::TradeEvent::Fill || update.event == alpaca::TradeEvent::PartialFill;
  const Holder holder{ours->bot, core::Symbol{order->told.symbol}};
  if (is_fill && update.quantity && update.price) {
    ++fills_;
    Quantity& position = positions_[holder];
    const Quantity change = trading::signed_quantity(order->side(), *update.quantity);
    position += change;
    spent_ += core::notional(*update.price, change, core::kUnitMultiplier);
    if (!ours->is_leg) filled_[ours->root] += *update.quantity;
    guards_.on_fill(holder, group_of(*ours),
                    ours->is_exit() ? trading::Purpose::Exit : trading::Purpose::Entry,
                    *update.quantity, position);
  }
  check_exposure(holder);
}

/// Of one whose record is lost its name tells: that of its group, a hyphen, a number.
core::ClientOrderId ExchangeBooks::group_of(const Ours& ours) const {
  if (ours.intended != nullptr) return ours.intended->row.group.group;
  const std::string_view name = ours.root.view();
  const core::ClientOrderId head{name.substr(0, name.rfind('-'))};
  return guards_.knows(head) ? head : core::ClientOrderId{};
}

void ExchangeBooks::take_order(const OrderRecord& order, const Ours& ours) {
  if (ours.intended == nullptr) return;
  if (!roots_.insert(ours.root).second) return;
  const Holder holder{ours.bot, core::Symbol{order.told.symbol}};
  const kernel::OrderRow& row = ours.intended->row;
  guards_.on_order(holder, row.group.group, row.purpose, row.side, row.quantity,
                   positions_[holder]);
}

/// What a bot would hold if all its entries filled stays within its limit.
void ExchangeBooks::check_exposure(const Holder& holder) const {
  Quantity bought;
  Quantity sold;
  for (const OrderRecord* order : open_orders()) {
    const auto ours = owner_of(*order);
    if (!ours || ours->is_exit() || ours->bot != holder.bot ||
        holder.symbol.view() != order->told.symbol)
      continue;
    // One that could not be proven for ten seconds was given up, and made room: that it is late is
    // alarmed, and it is cancelled.
    if (ours->intended != nullptr && ours->intended->is_abandoned) continue;
    (order->buys() ? bought : sold) += order->remaining();
  }
  const auto found = positions_.find(holder);
  const Quantity held = found == positions_.end() ? Quantity{} : found->second;
  const Quantity most = Quantity::whole(kPositionMax);
  if (held + bought > most && bought.is_positive())
    blame_("OVER_LIMIT", fmt::format("{} could hold {} of {}, allowed are {}", holder.bot,
                                     (held + bought).to_string(), holder.symbol, most.to_string()));
  if (held - sold < -most && sold.is_positive())
    blame_("OVER_LIMIT", fmt::format("{} could be short of {} {}, allowed are {}", holder.bot,
                                     (sold - held).to_string(), holder.symbol, most.to_string()));
}

Quantity ExchangeBooks::closed_by_others(const Holder& holder,
                                         core::InstrumentId instrument) const {
  const auto ours = positions_.find(holder);
  if (ours == positions_.end()) return {};
  const Quantity there = account_.holdings().position(instrument);
  const bool is_same_side = there.is_positive() == ours->second.is_positive();
  const Quantity left = is_same_side ? std::min(there.abs(), ours->second.abs()) : Quantity{};
  return ours->second.abs() - left;
}

Quantity ExchangeBooks::filled_of(const core::ClientOrderId& root) const {
  const auto found = filled_.find(root);
  return found == filled_.end() ? Quantity{} : found->second;
}

std::vector<const OrderRecord*> ExchangeBooks::open_orders() const {
  std::vector<const OrderRecord*> open;
  for (const auto& [number, order] : account_.desk().orders())
    if (order->is_open() && owner_of(*order)) open.push_back(order.get());
  return open;
}

std::map<core::ClientOrderId, Quantity> ExchangeBooks::covered_groups() const {
  std::map<core::ClientOrderId, Quantity> covered;
  for (const OrderRecord* order : open_orders()) {
    const auto ours = owner_of(*order);
    if (!ours || !ours->is_exit() || order->waits || ours->intended == nullptr) continue;
    const core::ClientOrderId& group = ours->intended->row.group.group;
    if (group.empty()) continue;
    Quantity& most = covered[group];
    most = std::max(most, order->remaining());
  }
  return covered;
}

std::map<Holder, Quantity> ExchangeBooks::closing() const {
  std::map<Holder, Quantity> closing;
  for (const OrderRecord* order : open_orders()) {
    const auto ours = owner_of(*order);
    if (!ours || !ours->is_exit() || ours->is_leg || ours->intended == nullptr) continue;
    if (!ours->intended->row.group.group.empty()) continue;
    closing[{ours->bot, core::Symbol{order->told.symbol}}] += order->remaining();
  }
  return closing;
}

bool ExchangeBooks::is_foreign_in_the_way(const core::Symbol& symbol, trading::Side ours) const {
  return std::ranges::any_of(account_.desk().orders(), [&](const auto& entry) {
    const OrderRecord& order = *entry.second;
    return order.is_open() && order.told.symbol == symbol.view() && order.told.side &&
           *order.told.side != ours && !owner_of(order);
  });
}

void ExchangeBooks::check_intents() const {
  std::map<core::ClientOrderId, int> heads;
  for (const auto& [number, order] : account_.desk().orders()) {
    const auto ours = owner_of(*order);
    if (!ours) continue;
    if (ours->intended == nullptr) {
      blame_("NO_INTENT", fmt::format("{} is at the exchange and not in the journal", ours->root));
      continue;
    }
    const kernel::OrderRow& row = ours->intended->row;
    if (order->told.symbol != row.symbol.view())
      blame_("INTENT_DIFFERS", fmt::format("{} is of {}, intended was {}", ours->root,
                                           order->told.symbol, row.symbol));
    if (ours->is_leg || order->told.replaces) continue;
    if (++heads[ours->root] > 1)
      blame_("SENT_TWICE", fmt::format("{} is twice at the exchange", ours->root));
    // The exchange takes from an exit of a group what the other has filled; and one of unknown fate
    // is sent again for what the account holds.
    const Quantity quantity = order->told.quantity.value_or(Quantity{});
    const bool may_be_less =
        !row.group.group.empty() || (ours->is_exit() && journal_.was_unknown(ours->root));
    const bool is_less = may_be_less ? quantity.is_zero() : quantity < row.quantity;
    if (order->side() != row.side || quantity > row.quantity || is_less)
      blame_("INTENT_DIFFERS", fmt::format("{} is to {} {}, intended was to {} {}", ours->root,
                                           trading::name_of(order->side()),
                                           order->told.quantity.value_or(Quantity{}).to_string(),
                                           trading::name_of(row.side), row.quantity.to_string()));
  }
}

}  // namespace st0ck::app::faults
