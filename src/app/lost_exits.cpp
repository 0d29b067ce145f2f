#include "src/app/lost_exits.hpp"

#include "st0ck/trading/reconciliation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::app {

namespace {

/// As far as our books go the broker has never had it, or would not have it: that it refused a
/// second sending says nothing of the first, which was a process' before this one.
bool is_never_there(const trading::Order& order, const trading::ReportedExit& there) {
  if (order.state == trading::OrderState::Armed) return true;
  if (order.state == trading::OrderState::Rejected) return !order.is_given_up && !there.is_spent;
  return order.has_ended_unsent && order.state != trading::OrderState::Filled;
}

}  // namespace

std::vector<trading::LostExit> lost_exits(std::span<const trading::ReportedExit> reported,
                                          const trading::Desk& desk,
                                          const market::InstrumentTable& instruments) {
  std::vector<trading::LostExit> lost;
  if (desk.run_mark().empty()) return lost;
  for (const trading::ReportedExit& exit : reported) {
    const std::string_view name = trading::bot_named_in(exit.client_order_id);
    const market::Instrument* instrument = instruments.find(exit.symbol);
    const bool is_of_this_run = core::BotId::fits(name) && desk.knows(core::BotId{name}) &&
                                trading::run_mark_in(exit.client_order_id) == desk.run_mark();
    if (!is_of_this_run || instrument == nullptr) continue;
    const core::BotId bot{name};
    const trading::Order* known = desk.orders().find(exit.client_order_id);
    if (known != nullptr && !is_never_there(*known, exit)) continue;
    lost.push_back({exit.client_order_id, bot, instrument->id, exit.side, exit.type,
                    exit.time_in_force, exit.terms, exit.pair_stop});
  }
  return lost;
}

std::optional<core::ClientOrderId> entry_of_newer_state(
    std::span<const core::ClientOrderId> entries, const trading::Desk& desk) {
  if (desk.run_mark().empty()) return std::nullopt;
  const auto found = std::ranges::find_if(entries, [&](const core::ClientOrderId& id) {
    return trading::run_mark_in(id) == desk.run_mark() && desk.orders().find(id) == nullptr;
  });
  return found == entries.end() ? std::nullopt : std::optional{*found};
}

std::string outdated_state_text(const core::ClientOrderId& entry) {
  return fmt::format(
      "the broker has the entry {} of this run, of which the journal knows nothing: the state "
      "directory is an old copy, or its disk has lost what it had promised to keep; start on the "
      "latest one, or close at the broker by hand and begin a new one",
      entry);
}

}  // namespace st0ck::app
