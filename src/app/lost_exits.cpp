#include "src/app/lost_exits.hpp"

#include "st0ck/trading/reconciliation.hpp"

#include <algorithm>

namespace st0ck::app {

namespace {

using trading::Side;

/// Whether an exit on a side has something to close, or may have as soon as we hear of a fill.
bool has_something_to_close(const trading::Desk& desk, const core::BotId& bot,
                            core::InstrumentId instrument, Side exit_side) {
  const core::Quantity held = desk.position(bot, instrument);
  if (exit_side == Side::Sell ? held.is_positive() : held.is_negative()) return true;
  return std::ranges::any_of(desk.orders().open_orders(), [&](const trading::Order* order) {
    return order->intent.bot == bot && order->intent.leg().instrument == instrument &&
           order->intent.leg().side != exit_side;
  });
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
    if (known != nullptr && known->state != trading::OrderState::Armed) continue;
    if (known == nullptr && !has_something_to_close(desk, bot, instrument->id, exit.side)) continue;
    lost.push_back({exit.client_order_id, bot, instrument->id, exit.side, exit.type,
                    exit.time_in_force, exit.terms, exit.pair_stop});
  }
  return lost;
}

}  // namespace st0ck::app
