#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::trading {

/// Where an order stands. `Unknown`: a submit, cancel or replace was not answered in time, so the
/// order may or may not work; its instrument takes no new entry until that is proven.
enum class OrderState : std::uint8_t {
  Submitted,
  Working,
  PendingCancel,
  PendingReplace,
  Unknown,
  /// Kept by the desk until it is time: an exit of a group that the broker does not hold.
  Armed,
  Filled,
  Cancelled,
  Rejected,
  Expired,
};

/// What can happen to an order.
enum class OrderEvent : std::uint8_t {
  Accepted,
  Rejected,
  PartialFill,
  CompleteFill,
  CancelSent,
  Cancelled,
  CancelRejected,
  ReplaceSent,
  Replaced,
  ReplaceRejected,
  Expired,
  TimedOut,
  ProvenAbsent,
  Sent,  ///< An armed order goes to the broker.
};

inline constexpr int kOrderStates = 10;
inline constexpr int kOrderEvents = 14;

/// The state after `event`, or nothing when the event says nothing new in `state` (a message that
/// came late or twice). A fill counts in every state, also after the end: the order manager books
/// it whether or not the state moves.
std::optional<OrderState> next_state(OrderState state, OrderEvent event);

/// Whether no further message is expected.
constexpr bool is_final(OrderState state) { return state >= OrderState::Filled; }

/// Whether the order can still fill as far as we know.
constexpr bool is_open(OrderState state) { return !is_final(state); }

std::string_view name_of(OrderState state);
std::string_view name_of(OrderEvent event);

}  // namespace st0ck::trading
