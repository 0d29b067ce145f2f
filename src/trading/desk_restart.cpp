#include "group_keeper.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/trading/desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

// How a process of a run goes on with what the one before has left at the broker (ADR 34).
namespace st0ck::trading {

namespace {

/// More orders than a process sends without a record that is left, but for a disk that was full for
/// hours.
constexpr std::uint32_t kIdsLeftOut = 100;
/// Of `bot-engine-date-seq`.
constexpr auto kHyphensOfOne = 3;
const core::Code kLostRecord{"LOST_RECORD"};
const core::Code kRestart{"RESTART"};

bool is_stop(OrderType type) {
  return type == OrderType::Stop || type == OrderType::StopLimit || type == OrderType::TrailingStop;
}

/// The group of a leg, `bot-engine-date-seq` of `bot-engine-date-seq-leg`; empty for an order of
/// its own.
core::ClientOrderId group_named_in(const core::ClientOrderId& id) {
  const std::string_view text = id.view();
  if (std::ranges::count(text, '-') <= kHyphensOfOne) return {};
  return core::ClientOrderId{text.substr(0, text.rfind('-'))};
}

OrderRequest request_of(const LostExit& lost) {
  OrderRequest request;
  request.instrument = lost.instrument;
  request.side = lost.side;
  request.type = lost.type;
  request.time_in_force = lost.time_in_force;
  request.purpose = Purpose::Exit;
  request.terms = lost.terms;
  request.reason = kLostRecord;
  return request;
}

OrderRequest request_of(const LostExit& target, const PairStop& stop) {
  OrderRequest request = request_of(target);
  request.type = stop.type;
  request.time_in_force = stop.time_in_force;
  request.terms = stop.terms;
  return request;
}

std::uint32_t next_hundred(std::uint32_t number) {
  return number == 0 ? 0 : (number / kIdsLeftOut + 1) * kIdsLeftOut;
}

}  // namespace

/// Where the bot has sent nothing yet that is known, its ids begin at 1 as on any day.
void Desk::begin_process(const core::RunMark& mark) {
  const bool is_first = mark_.empty();
  mark_ = mark;
  for (BotState& state : bots_) {
    if (state.client_prefix.empty()) continue;
    state.client_prefix = client_prefix(state);
    if (!is_first) state.client_sequence = next_hundred(state.client_sequence);
  }
  if (!is_first) groups_->begin_process();
}

std::string Desk::client_prefix(const BotState& state) const {
  return fmt::format("{}-{}-{}{}-", state.bot, state.engine,
                     core::format_date_compact(state.client_date), mark_);
}

void Desk::adopt(const LostExit& lost) {
  const Order* known = orders_.find(lost.client_order_id);
  const bool is_armed = known != nullptr && known->state == OrderState::Armed;
  // It was heard of meanwhile.
  if (known != nullptr && !is_armed && (known->is_open() || known->state == OrderState::Filled))
    return;
  BotState& state = state_of(lost.bot);
  note_used(state, lost.client_order_id);
  if (lost.pair_stop) note_used(state, lost.pair_stop->client_order_id);
  if (known != nullptr) return is_armed ? adopt_armed(lost) : adopt_ended(lost);
  const core::ClientOrderId group = group_named_in(lost.client_order_id);
  const bool protects = lost.pair_stop || is_stop(lost.type);
  if (protects && !group.empty() && !groups_->knows(group)) return adopt_group(state, lost, group);
  adopt_alone(state, lost);
}

/// It is where it belongs, though not by its records.
void Desk::adopt_armed(const LostExit& lost) {
  orders_.amend_armed(lost.client_order_id, lost.terms, now());
  orders_.mark_sent(lost.client_order_id, now());
  const Order& order = *orders_.find(lost.client_order_id);
  parts_.observer.on_order(order);
  groups_->wait_for_fills(order.intent.group.group);
  tell_recovered(lost, "it goes on");
  look_up_again(lost.client_order_id);
}

/// Its group was given up before anybody knew that it was sent, and where it guards something
/// again it has sent another one; or it was sent once more, which the broker refused.
void Desk::adopt_ended(const LostExit& lost) {
  orders_.reopen(lost.client_order_id, lost.terms, now());
  parts_.observer.on_order(*orders_.find(lost.client_order_id));
  tell_recovered(lost, "what is left of it is cancelled");
  cancel_when_found(lost.client_order_id);
}

/// What protects a position goes on, though its group has no record either.
void Desk::adopt_group(BotState& state, const LostExit& lost, const core::ClientOrderId& name) {
  GroupRequest request;
  request.kind = GroupKind::OneCancelsOther;
  GroupIds ids;
  if (lost.pair_stop) {
    request.target = request_of(lost);
    request.stop = request_of(lost, *lost.pair_stop);
    ids.target = lost.client_order_id;
    ids.stop = lost.pair_stop->client_order_id;
    take_in_found(state, *request.target, ids.target, {request.kind, GroupRole::Target, name});
  } else {
    request.stop = request_of(lost);
    ids.stop = lost.client_order_id;
  }
  take_in_found(state, *request.stop, ids.stop, {request.kind, GroupRole::Stop, name});
  tell_recovered(lost, "it goes on");
  groups_->open_found(state.bot, request, name, ids, lost.pair_stop.has_value());
  if (lost.pair_stop) look_up_again(ids.target);
  look_up_again(ids.stop);
}

/// Who sent it knows nothing of it any more and begins anew: what is left of it is cancelled.
void Desk::adopt_alone(BotState& state, const LostExit& lost) {
  take_in_found(state, request_of(lost), lost.client_order_id, {});
  if (lost.pair_stop)
    take_in_found(state, request_of(lost, *lost.pair_stop), lost.pair_stop->client_order_id, {});
  tell_recovered(lost, "what is left of it is cancelled");
  cancel_when_found(lost.client_order_id);
  if (lost.pair_stop) cancel_when_found(lost.pair_stop->client_order_id);
}

/// As the broker has it, whatever would be asked for now.
void Desk::take_in_found(BotState& state, const OrderRequest& found, const core::ClientOrderId& id,
                         const GroupLink& group) {
  OrderIntent intent = intent_of(state, found, id, group);
  intent.type = found.type;
  intent.terms = found.terms;
  take_in(state, RiskManager::sent_already(intent), false);
}

void Desk::cancel_when_found(const core::ClientOrderId& id) {
  look_up_again(id);
  // It goes out with the word that the order works.
  orders_.mark_cancel_sent(id, now());
}

void Desk::tell_recovered(const LostExit& lost, std::string_view what_now) {
  alarm(lost.bot, "EXIT_RECOVERED",
        fmt::format("{}: the broker has this exit, {} {} of {}, and its record was lost; it is in "
                    "the books again, and {}",
                    lost.client_order_id, name_of(lost.side), lost.terms.quantity.to_string(),
                    parts_.instruments[lost.instrument].symbol, what_now));
}

/// As if it had been sent and not been answered.
void Desk::look_up_again(const core::ClientOrderId& id) {
  OrderUpdate unproven;
  unproven.client_order_id = id;
  unproven.kind = OrderUpdateKind::TimedOut;
  unproven.time = now();
  unproven.reason = kRestart;
  apply(unproven);
}

/// The bot's next order, and the next leg of a group, is another one.
void Desk::note_used(BotState& state, const core::ClientOrderId& id) {
  groups_->note_used(id);
  std::ignore = next_client_order_id(state);  // The sequence is of today.
  std::string_view text = id.view();
  if (!text.starts_with(state.client_prefix)) return;
  text.remove_prefix(state.client_prefix.size());
  std::uint32_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{})
    state.client_sequence = std::max(state.client_sequence, number);
}

}  // namespace st0ck::trading
