#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/order_request.hpp"

#include <optional>

namespace st0ck::trading {

/// Orders that belong together, asked for at once and refused as one.
///
/// | kind | entry | target, stop |
/// |---|---|---|
/// | `OneCancelsOther` | none | both, for a position that is held |
/// | `OneTriggersOther` | yes | one of them |
/// | `Bracket` | yes | both |
///
/// All are of one instrument. The exits are on the other side, for the entry's quantity; they go
/// live with what the entry has filled, and shrink with what either of them fills.
struct GroupRequest {
  GroupKind kind = GroupKind::Bracket;
  std::optional<OrderRequest> entry{};
  std::optional<OrderRequest> target{};  ///< A limit.
  std::optional<OrderRequest> stop{};    ///< A stop, stop-limit or trailing stop.
};

/// The client order ids of a group's orders; empty where it has none.
struct GroupIds {
  core::ClientOrderId entry{};
  core::ClientOrderId target{};
  core::ClientOrderId stop{};
};

}  // namespace st0ck::trading
