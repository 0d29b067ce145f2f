#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/trading/order.hpp"

#include <boost/container/static_vector.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace st0ck::alpaca {

/// A client order id of the venue taken apart: ours, and which replacement of it: `a-x-1-r2`.
struct ChainedId {
  core::ClientOrderId order;
  int number = 0;  ///< 0 for the first order.
};

/// Nothing for an id that is longer than any of ours.
std::optional<ChainedId> read_chained_id(std::string_view text);

/// `a-x-1-r2`; nothing where it would be longer than a client order id may be. The venue makes one
/// up then.
std::optional<std::string> chained_id(const core::ClientOrderId& order, int number);

/// Under which order a group's exit may be found, which has no client order id of ours at the
/// venue.
struct LegPlace {
  core::ClientOrderId parent;
  trading::GroupRole role = trading::GroupRole::Stop;
  /// Whether the parent must be the target of a pair (oco), or the entry of a group.
  bool is_pair = false;
};
using LegPlaces = boost::container::static_vector<LegPlace, 2>;

/// Which leg of its group an id of ours is, such as 2 of `bot-engine-yyyymmdd-seq-2`; nothing where
/// it is none.
std::optional<int> leg_number(const core::ClientOrderId& id);

/// The places to look at for an exit of an earlier run. The desk names orders so (see Desk and
/// GroupKeeper): the exits of entry X are, target first; later pairs of X have
/// neighbouring numbers, and there the target is the parent. None for an order of its own.
LegPlaces leg_places(const core::ClientOrderId& id);

/// Whose order it is: the text before the first hyphen, empty without one.
std::string_view bot_in(std::string_view client_order_id);

}  // namespace st0ck::alpaca
