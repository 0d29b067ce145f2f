#include "group_keeper.hpp"
#include "loss_rate.hpp"
#include "order_pacer.hpp"
#include "st0ck/trading/desk.hpp"

#include <algorithm>

// What stops an account that loses too fast, whatever its engines do.
namespace st0ck::trading {

void Desk::limit_account(const AccountLimits& limits) {
  loss_rate_->limit(limits.loss_rate);
  pacer_->limit(limits.pace);
  groups_->bound_unprotected(limits.unprotected_max);
}

/// The market has moved: only what is held can have lost by it.
void Desk::watch_losses(core::InstrumentId instrument) {
  if (!loss_rate_->is_watching()) return;
  const auto& positions = ledger_.positions();
  const bool is_held =
      std::any_of(positions.begin(), positions.end(), [&](const Position& position) {
        return position.key.instrument == instrument && !position.is_flat();
      });
  const auto mark = parts_.market.mark(instrument);
  if (is_held && mark && !loss_rate_->has_seen(now(), instrument, *mark)) watch_losses();
}

/// Without a mark of every position there is nothing to compare; the next one that has all does.
void Desk::watch_losses() {
  if (!loss_rate_->is_watching()) return;
  const auto worth = equity();
  if (!worth) return;
  const auto loss = loss_rate_->mark(now(), *worth);
  if (!loss) return;
  const core::Code code{"LOSS_RATE"};
  halt({}, code.view(),
       fmt::format("the account has lost {} within the window, the limit is {}",
                   loss->lost.to_string(), loss->limit.to_string()));
  const std::vector<const Order*> open{orders_.open_orders().begin(), orders_.open_orders().end()};
  for (const Order* order : open) stop_entry(*order);
}

/// After a loss that was too fast no entry stays at work, also one that comes to light only now.
void Desk::stop_entry(const Order& order) {
  if (!loss_rate_->has_tripped() || !order.is_open()) return;
  if (order.intent.purpose != Purpose::Entry || order.state == OrderState::PendingCancel) return;
  cancel(order.intent.bot, order.intent.client_order_id, core::Code{"LOSS_RATE"});
}

/// What a halt finds still waiting for its turn does not go out.
void Desk::keep_back_entries(const core::BotId& bot) {
  const core::Code code{"HALTED"};
  pacer_->refuse_replaces(bot, code);
  for (const core::ClientOrderId& id : pacer_->unsent_entries(bot)) cancel(id, code);
}

}  // namespace st0ck::trading
