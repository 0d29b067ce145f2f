#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/market/market_data.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/order_request.hpp"

#include <optional>
#include <string_view>

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

/// Why the orders do not make a group, as a code; nothing when they do. `GROUP_SHAPE`: one is
/// missing or superfluous, of a wrong type, or they differ in instrument, quantity or side.
/// `BRACKET_SIDE`: a stop or target lies on the wrong side of the entry's price, or of `quote`
/// where the entry has none; without a fresh quote only of each other.
std::optional<std::string_view> defect_of(const GroupRequest& request,
                                          const market::QuoteReading& quote);

/// The client order ids of a group's orders; empty where it has none.
struct GroupIds {
  core::ClientOrderId entry{};
  core::ClientOrderId target{};
  core::ClientOrderId stop{};
};

}  // namespace st0ck::trading
