#include "src/app/faults/day_rules.hpp"

#include "src/app/faults/day_configuration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::app::faults {

namespace {

using core::Quantity;

/// What is still to be done, in a line; empty when all has come right.
std::string unsettled(const kernel::Kernel& kernel, const ExchangeBooks& books) {
  if (const auto& open = kernel.desk().orders().open_orders(); !open.empty())
    return fmt::format("{} is {} at the desk", open.front()->intent.client_order_id,
                       trading::name_of(open.front()->state));
  if (const auto open = books.open_orders(); !open.empty())
    return fmt::format("{} is open at the exchange", open.front()->told.client_order_id);
  for (const auto& [holder, quantity] : books.positions())
    if (!quantity.is_zero())
      return fmt::format("{} holds {} {} at the exchange", holder.bot, quantity.to_string(),
                         holder.symbol);
  for (const trading::Position& position : kernel.desk().ledger().positions())
    if (!position.is_flat())
      return fmt::format("{} holds {} by our books", position.key.bot,
                         position.quantity.to_string());
  for (const kernel::DifferenceRow& row : kernel.differences().in_force())
    if (trading::stops_entries(row.difference.kind) ||
        row.difference.kind == trading::DifferenceKind::OrderMissing)
      return fmt::format("{}: {}", trading::name_of(row.difference.kind), row.difference.message);
  if (kernel.desk().closings_under_way() > 0) return "a position is being closed";
  if (!kernel.degraded_providers().empty())
    return fmt::format("{} is degraded", kernel.degraded_providers().front().provider);
  return {};
}

}  // namespace

void DayRules::look(core::Timestamp now, const Trader* trader) {
  const bool is_trading = trader != nullptr && trader->is_trading();
  const bool is_open = parts_.calendar.session_at(now).has_value();
  // The orders of yesterday have ended, and new ones are placed once it is open.
  if ((is_trading && !was_trading_) || (is_open && !was_open_)) on_fault(std::max(disturbed_, now));
  was_trading_ = is_trading;
  was_open_ = is_open;
  if (!is_trading || !is_open) return lacking_.clear();
  look_at_guards(now, *trader);
}

void DayRules::look_at_guards(core::Timestamp now, const Trader& trader) {
  const auto& guards = parts_.books.guards().groups();
  const bool is_any = std::ranges::any_of(
      guards, [](const GuardBook::Guard& guard) { return guard.open.is_positive(); });
  if (!is_any || trader.kernel().desk().closings_under_way() > 0) return lacking_.clear();
  auto covered = parts_.books.covered_groups();
  const auto closing = parts_.books.closing();
  for (const trading::Order* order : trader.kernel().desk().orders().open_orders()) {
    if (order->state != trading::OrderState::Armed ||
        order->intent.group.role != trading::GroupRole::Stop)
      continue;
    Quantity& most = covered[order->intent.group.group];
    most = std::max(most, order->exposed());
  }
  auto spare = spare_cover(covered);
  for (const GuardBook::Guard& guard : guards) {
    const auto closes = closing.find(guard.holder);
    const Quantity cover =
        covered[guard.name] + (closes == closing.end() ? Quantity{} : closes->second);
    const Quantity missing = guard.open - cover;
    Quantity& others = spare[{guard.holder, guard.exit_side}];
    // Nothing can be entered while the exchange has halted it, or refuses it for somebody's order.
    if (missing <= others || is_halted(guard.holder.symbol) ||
        parts_.books.is_foreign_in_the_way(guard.holder.symbol, guard.exit_side)) {
      others -= std::clamp(missing, Quantity{}, others);
      lacking_.erase(guard.name);
      continue;
    }
    const core::Timestamp since = lacking_.emplace(guard.name, now).first->second;
    const core::Duration lasts = now - std::max(since, disturbed_);
    unprotected_max_ = std::max(unprotected_max_, lasts);
    if (lasts > kUnprotectedMax)
      parts_.blame("UNPROTECTED", fmt::format("{} of {} have no stop for {} s", missing.to_string(),
                                              guard.name, lasts / std::chrono::seconds{1}));
  }
}

/// Shares are alike. A stop that is for more than its group guards protects those of the bot's
/// other groups: where a fill was heard late, the desk shares out what is held otherwise than the
/// exchange has filled it. What somebody else has closed is not there to protect, of whichever
/// group it was.
DayRules::Spare DayRules::spare_cover(
    const std::map<core::ClientOrderId, Quantity>& covered) const {
  Spare spare;
  for (const GuardBook::Guard& guard : parts_.books.guards().groups()) {
    const core::InstrumentId instrument = parts_.instruments.find(guard.holder.symbol)->id;
    Quantity& sum = spare
                        .try_emplace({guard.holder, guard.exit_side},
                                     parts_.books.closed_by_others(guard.holder, instrument))
                        .first->second;
    if (const auto cover = covered.find(guard.name); cover != covered.end())
      sum += std::max(cover->second - guard.open, Quantity{});
  }
  return spare;
}

bool DayRules::is_settled(const Trader* trader) const {
  return trader != nullptr && trader->is_trading() &&
         unsettled(trader->kernel(), parts_.books).empty();
}

void DayRules::check_end(const Trader* trader) const {
  parts_.books.check_intents();
  if (trader == nullptr || !trader->is_trading())
    return parts_.blame("NOT_TRADING", "the trader does not trade again");
  const kernel::Kernel& kernel = trader->kernel();
  check_orders(kernel);
  check_positions(kernel, trader->configuration().instruments);
  if (const std::string what = unsettled(kernel, parts_.books); !what.empty())
    parts_.blame("NOT_SETTLED", what);
}

/// Each execution counts once: what the desk has of an order is what the exchange filled.
void DayRules::check_orders(const kernel::Kernel& kernel) const {
  for (const auto& [id, intended] : parts_.journal.orders()) {
    const trading::Order* order = kernel.desk().orders().find(id);
    if (order == nullptr) {
      parts_.blame("ORDER_LOST", fmt::format("{} is in the journal, not at the desk", id));
      continue;
    }
    const Quantity there = parts_.books.filled_of(id);
    const bool may_be_leg = intended.row.group.role != trading::GroupRole::Single &&
                            intended.row.purpose == trading::Purpose::Exit;
    if (!may_be_leg && order->filled != there)
      parts_.blame("FILLS_DIFFER", fmt::format("{} has filled {} by our books, {} at the exchange",
                                               id, order->filled.to_string(), there.to_string()));
  }
}

void DayRules::check_positions(const kernel::Kernel& kernel,
                               const market::InstrumentTable& instruments) const {
  core::Money spent;
  for (const trading::Position& position : kernel.desk().ledger().positions())
    spent -= position.cash_flow + position.fees;
  for (const market::Instrument& instrument : instruments)
    for (const std::string_view name : kBots) {
      const core::BotId bot{name};
      const auto found = parts_.books.positions().find({bot, instrument.symbol});
      const Quantity there = found == parts_.books.positions().end() ? Quantity{} : found->second;
      const Quantity ours = kernel.desk().position(bot, instrument.id);
      if (ours != there)
        parts_.blame("POSITION_DIFFERS",
                     fmt::format("{} holds {} {} by our books, {} at the exchange", bot,
                                 ours.to_string(), instrument.symbol, there.to_string()));
    }
  // Averages are rounded to 1e-9 a share.
  if ((spent - parts_.books.spent()).abs() > core::Money::from_raw(core::Money::kOne / 1000))
    parts_.blame("CASH_DIFFERS", fmt::format("{} was spent by our books, {} at the exchange",
                                             spent.to_string(), parts_.books.spent().to_string()));
}

}  // namespace st0ck::app::faults
