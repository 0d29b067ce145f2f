#include "closings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::trading {

namespace {
// A broker that goes on refusing has limits too, which other exits need.
constexpr core::Duration kRetryPauseFirst = std::chrono::seconds{1};
constexpr core::Duration kRetryPauseMax = std::chrono::seconds{30};
}  // namespace

void Closings::begin(const core::BotId& bot, core::InstrumentId instrument,
                     const core::Code& reason) {
  if (is_closing(bot, instrument)) return;
  Closing closing;
  closing.key = ++last_key_;
  closing.bot = bot;
  closing.instrument = instrument;
  closing.reason = reason;
  if (!step(closing)) closings_.push_back(closing);
}

void Closings::on_order(const Order& order) {
  const auto found = std::find_if(closings_.begin(), closings_.end(), [&](const Closing& closing) {
    return closing.bot == order.intent.bot && closing.instrument == order.intent.leg().instrument;
  });
  if (found == closings_.end()) return;
  if (order.intent.client_order_id == found->exit && order.filled.is_positive())
    found->exits.pause = {};
  const bool has_failed = order.intent.client_order_id == found->exit && is_final(order.state) &&
                          order.state != OrderState::Filled;
  if (has_failed) {
    desk_.alarm(found->bot, "CLOSE_ENDED",
                fmt::format("{} was {} ({}); it is sent again", found->exit, name_of(order.state),
                            order.state_reason));
    pause(*found, found->exits);
  }
  if (order.has_cleared_the_way()) found->exits.at = std::min(found->exits.at, desk_.now());
  if (step(*found)) closings_.erase(found);
}

void Closings::on_timer(std::uint32_t key) {
  const auto found = std::find_if(closings_.begin(), closings_.end(),
                                  [&](const Closing& closing) { return closing.key == key; });
  if (found != closings_.end() && step(*found)) closings_.erase(found);
}

bool Closings::is_closing(const core::BotId& bot, core::InstrumentId instrument) const {
  return std::any_of(closings_.begin(), closings_.end(), [&](const Closing& closing) {
    return closing.bot == bot && closing.instrument == instrument;
  });
}

bool Closings::step(Closing& closing) {
  const auto open = desk_.open_orders_of(closing.bot, closing.instrument);
  bool is_waiting = false;
  for (const Order* order : open) {
    if (order->intent.client_order_id != closing.exit) clear_away(closing, *order);
    is_waiting = is_waiting || order->is_open();  // An armed one has ended at once.
  }
  if (is_waiting) return false;
  const core::Quantity position = desk_.position_of(closing.bot, closing.instrument);
  if (position.is_zero()) return true;
  if (desk_.now() >= closing.exits.at) send_exit(closing, position);
  return false;
}

/// A cancel that was refused is sent again, then after pauses: a broker, and what stands for it
/// here, may refuse at once and every time.
void Closings::clear_away(Closing& closing, const Order& order) {
  const core::ClientOrderId id = order.intent.client_order_id;
  const bool is_again = std::ranges::count(closing.cancelled, id) > 0;
  if (is_again && (order.state != OrderState::Working || desk_.now() < closing.cancels.at)) return;
  if (is_again) pause(closing, closing.cancels);
  if (desk_.cancel_order(id, closing.reason) && !is_again) closing.cancelled.push_back(id);
}

void Closings::send_exit(Closing& closing, core::Quantity position) {
  OrderRequest request;
  request.instrument = closing.instrument;
  request.side = position.is_positive() ? Side::Sell : Side::Buy;
  request.purpose = Purpose::Exit;
  request.terms.quantity = position.abs();
  request.reason = closing.reason;
  const auto sent = desk_.send_exit(closing.bot, request, {}, {});
  if (const auto* id = std::get_if<core::ClientOrderId>(&sent)) {
    closing.exit = *id;
    return;
  }
  desk_.alarm(closing.bot, "EXIT_REFUSED",
              fmt::format("closing {} was refused: {}; it is tried again", position.to_string(),
                          std::get<Refused>(sent).code));
  pause(closing, closing.exits);
}

void Closings::pause(const Closing& closing, Retry& retry) {
  retry.pause = std::clamp(2 * retry.pause, kRetryPauseFirst, kRetryPauseMax);
  retry.at = desk_.now() + retry.pause;
  desk_.wake_at(retry.at, Wake::Closing, closing.key);
}

}  // namespace st0ck::trading
