#include "st0ck/trading/order_state.hpp"

#include <array>
#include <cstddef>

namespace st0ck::trading {

namespace {

constexpr std::int8_t kIgnored = -1;

constexpr std::int8_t to(OrderState state) { return static_cast<std::int8_t>(state); }

constexpr auto kSub = to(OrderState::Submitted);
constexpr auto kWrk = to(OrderState::Working);
constexpr auto kPcn = to(OrderState::PendingCancel);
constexpr auto kPrp = to(OrderState::PendingReplace);
constexpr auto kUnk = to(OrderState::Unknown);
constexpr auto kFil = to(OrderState::Filled);
constexpr auto kCan = to(OrderState::Cancelled);
constexpr auto kRej = to(OrderState::Rejected);
constexpr auto kExp = to(OrderState::Expired);
constexpr auto kNon = kIgnored;

using Row = std::array<std::int8_t, kOrderEvents>;

// One row a state, one column an event. A broker's word about the end of an order is believed in
// every open state; a fill is believed always, as an execution may be told after the end.
//
// What settles an unknown order is a word that proves it: that it was accepted, filled or replaced,
// an answer to a replace (which is only sent once it worked), or its end. A refused cancel proves
// nothing, as an order that never arrived is refused as well. A time-out is believed of a working
// order too: the answer that made it work need not be the one that is missing.
//
// An armed order is with the desk alone: a cancel ends it at once. Whoever accepts or fills it all
// the same is believed.
//
// clang-format off
constexpr std::array<Row, kOrderStates> kTable{{
    // Accept Reject Part  Compl CanSnt Cancel CanRej RplSnt Replcd RplRej Expire TimOut Absent Sent
    {kWrk,   kRej,  kWrk, kFil, kPcn,  kCan,  kNon,  kNon,  kWrk,  kNon,  kExp,  kUnk,  kRej,  kNon},  // Submitted
    {kNon,   kRej,  kWrk, kFil, kPcn,  kCan,  kNon,  kPrp,  kNon,  kNon,  kExp,  kUnk,  kNon,  kNon},  // Working
    {kNon,   kRej,  kPcn, kFil, kNon,  kCan,  kWrk,  kNon,  kNon,  kNon,  kExp,  kUnk,  kNon,  kNon},  // PendingCancel
    {kNon,   kRej,  kPrp, kFil, kPcn,  kCan,  kNon,  kNon,  kWrk,  kWrk,  kExp,  kUnk,  kNon,  kNon},  // PendingReplace
    {kWrk,   kRej,  kWrk, kFil, kUnk,  kCan,  kNon,  kNon,  kWrk,  kWrk,  kExp,  kNon,  kRej,  kNon},  // Unknown
    {kWrk,   kNon,  kWrk, kFil, kCan,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kSub},  // Armed
    {kNon,   kNon,  kNon, kNon, kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon},  // Filled
    {kNon,   kNon,  kCan, kFil, kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon},  // Cancelled
    {kNon,   kNon,  kRej, kFil, kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon},  // Rejected
    {kNon,   kNon,  kExp, kFil, kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon,  kNon},  // Expired
}};
// clang-format on

}  // namespace

std::optional<OrderState> next_state(OrderState state, OrderEvent event) {
  const std::int8_t next = kTable[static_cast<std::size_t>(state)][static_cast<std::size_t>(event)];
  if (next == kIgnored) return std::nullopt;
  return static_cast<OrderState>(next);
}

std::string_view name_of(OrderState state) {
  switch (state) {
    case OrderState::Submitted: return "submitted";
    case OrderState::Working: return "working";
    case OrderState::PendingCancel: return "pending_cancel";
    case OrderState::PendingReplace: return "pending_replace";
    case OrderState::Unknown: return "unknown";
    case OrderState::Armed: return "armed";
    case OrderState::Filled: return "filled";
    case OrderState::Cancelled: return "cancelled";
    case OrderState::Rejected: return "rejected";
    case OrderState::Expired: return "expired";
  }
  return "invalid";
}

std::string_view name_of(OrderEvent event) {
  switch (event) {
    case OrderEvent::Accepted: return "accepted";
    case OrderEvent::Rejected: return "rejected";
    case OrderEvent::PartialFill: return "partial_fill";
    case OrderEvent::CompleteFill: return "complete_fill";
    case OrderEvent::CancelSent: return "cancel_sent";
    case OrderEvent::Cancelled: return "cancelled";
    case OrderEvent::CancelRejected: return "cancel_rejected";
    case OrderEvent::ReplaceSent: return "replace_sent";
    case OrderEvent::Replaced: return "replaced";
    case OrderEvent::ReplaceRejected: return "replace_rejected";
    case OrderEvent::Expired: return "expired";
    case OrderEvent::TimedOut: return "timed_out";
    case OrderEvent::ProvenAbsent: return "proven_absent";
    case OrderEvent::Sent: return "sent";
  }
  return "invalid";
}

}  // namespace st0ck::trading
