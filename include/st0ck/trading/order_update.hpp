#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"

#include <cstdint>
#include <string_view>

namespace st0ck::trading {

enum class OrderUpdateKind : std::uint8_t {
  Accepted,
  Rejected,
  Fill,
  Cancelled,
  CancelRejected,
  Replaced,
  ReplaceRejected,
  Expired,
  /// No answer in time: the order's fate is unknown until a look-up proves it. After a replace the
  /// proof is a Replaced or a ReplaceRejected, else the change counts as one that may still come.
  TimedOut,
  ProvenAbsent,  ///< A look-up showed that the broker never had it.
  /// A submission was turned down because its client order id was used before: the broker had the
  /// order, whatever became of it since.
  DuplicateId,
};

/// What a broker says about one of our orders.
///
/// The cumulative figures are the truth about fills: messages may be lost, doubled or reordered,
/// and whoever hears the highest cumulative quantity knows the position. `quantity`, `price` and
/// `fee` describe the one execution behind a Fill.
struct OrderUpdate {
  core::ClientOrderId client_order_id;
  OrderUpdateKind kind = OrderUpdateKind::Accepted;
  core::Timestamp time;  ///< When it happened; a fill inside a bar carries the bar's start.
  core::ExecutionId execution;
  core::Quantity quantity;
  core::Price price;
  core::Money fee;
  core::Quantity cumulative_quantity;
  core::Money cumulative_notional;  ///< Sum of price x quantity x multiplier, not negative.
  core::Money cumulative_fee;
  OrderTerms terms;   ///< The new terms, of a Replaced.
  core::Code reason;  ///< Why, of a rejection, cancellation or expiry.
};

std::string_view name_of(OrderUpdateKind kind);

}  // namespace st0ck::trading
