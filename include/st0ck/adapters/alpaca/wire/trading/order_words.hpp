#pragma once

#include "st0ck/core/fixed_point.hpp"

#include <cstdint>
#include <string_view>

namespace st0ck::alpaca {

struct PercentTag {
  static constexpr int kDecimalsMin = 0;
};

/// A part of a hundred: 1.5 is one and a half per cent.
using Percent = core::FixedPoint<PercentTag, 9>;

enum class AssetClass : std::uint8_t { UsEquity, UsOption, Crypto, Other };

enum class OrderClass : std::uint8_t { Simple, Bracket, Oco, Oto, MultiLeg, Other };

enum class PositionIntent : std::uint8_t { BuyToOpen, BuyToClose, SellToOpen, SellToClose };

/// Where an order stands, in the broker's words. `Unknown` is a word that this version does not
/// know: the order counts as open and is asked for again.
enum class OrderStatus : std::uint8_t {
  PendingNew,
  Accepted,  ///< Held by the broker: cancelable, not replaceable.
  AcceptedForBidding,
  New,
  Held,  ///< A member of a group that waits.
  PartiallyFilled,
  PendingCancel,
  PendingReplace,
  PendingReview,
  Stopped,
  Suspended,
  Calculated,
  DoneForDay,
  Unknown,
  Filled,
  Canceled,
  Expired,
  Replaced,
  Rejected,
};

constexpr bool is_final(OrderStatus status) { return status >= OrderStatus::Filled; }

std::string_view text_of(OrderStatus status);
std::string_view text_of(OrderClass order_class);

}  // namespace st0ck::alpaca
