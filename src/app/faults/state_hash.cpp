#include "src/app/faults/state_hash.hpp"

#include "st0ck/core/hash.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

namespace st0ck::app::faults {

namespace {

template <typename T>
std::string text_of(const std::optional<T>& value) {
  return value ? std::to_string(value->raw()) : "-";
}

std::string text_of(const trading::OrderTerms& terms) {
  return fmt::format("{} {} {} {} {}", terms.quantity.raw(), text_of(terms.limit),
                     text_of(terms.stop), text_of(terms.trail), text_of(terms.trail_rate));
}

std::string text_of(const trading::Order& order) {
  return fmt::format(
      "order {} {} {} {} {} {} {} {} {} | {} | {} {} {}\n", order.intent.client_order_id,
      name_of(order.state), order.filled.raw(), order.filled_notional.raw(), order.fees.raw(),
      order.submitted.time_since_epoch().count(), order.updated.time_since_epoch().count(),
      order.state_reason, text_of(order.intent.terms),
      order.pending_terms ? text_of(*order.pending_terms) : "-", order.is_given_up,
      order.is_cancel_asked, order.terms_time.time_since_epoch().count());
}

std::string text_of(const trading::Position& position) {
  std::string text = fmt::format(
      "position {} {} {} {} {} {} {} {}", position.key.bot, position.key.instrument.value(),
      position.quantity.raw(), position.cost.raw(), position.realized_pnl.raw(),
      position.fees.raw(), position.carry.raw(), position.cash_flow.raw());
  for (const trading::Lot& lot : position.lots)
    text += fmt::format(" ({} {})", lot.quantity.raw(), lot.cost.raw());
  return text + "\n";
}

std::string text_of(const kernel::RunEnd& figures) {
  return fmt::format("run {} {} {} {} {} {} {} {} {}\n", figures.sessions, figures.events,
                     figures.decisions, figures.orders, figures.fills, figures.trades,
                     figures.realized_pnl.raw(), figures.fees.raw(), figures.decisions_sha256);
}

}  // namespace

std::string state_hash(const kernel::Kernel& kernel, const JournalBooks& journal) {
  const trading::Desk& desk = kernel.desk();
  core::Sha256 hash;
  hash.update(text_of(kernel.figures()));
  for (const auto& [id, intended] : journal.orders())
    if (const trading::Order* order = desk.orders().find(id)) hash.update(text_of(*order));
  for (const trading::Order* order : desk.orders().open_orders())
    hash.update(order->intent.client_order_id.view());
  for (const trading::Position& position : desk.ledger().positions())
    hash.update(text_of(position));
  for (const core::BotId& bot : desk.bots())
    hash.update(fmt::format("bot {} {}\n", bot, desk.is_halted(bot)));
  for (const kernel::DifferenceRow& row : kernel.differences().in_force())
    hash.update(fmt::format("difference {} {}\n", row.id, row.difference.message));
  for (const market::ProviderStatus& degraded : kernel.degraded_providers())
    hash.update(degraded.provider.view());
  const auto deadline = kernel.next_deadline();
  const auto& counters = desk.orders().counters();
  hash.update(fmt::format("desk {} {} {} {} {} {} {} {} {} {}\n", desk.orders().size(),
                          desk.cash().raw(), desk.is_halted(), text_of(desk.equity_peak()),
                          desk.closings_under_way(), desk.unprotected().groups,
                          deadline ? deadline->time_since_epoch().count() : 0, counters.fills,
                          counters.repeated_updates, kernel.last_sequence().value()));
  return hash.hex();
}

}  // namespace st0ck::app::faults
