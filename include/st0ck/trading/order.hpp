#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <boost/container/static_vector.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::trading {

enum class Side : std::uint8_t { Buy, Sell };
/// A trailing stop is a stop that follows the market at a distance and never moves back.
enum class OrderType : std::uint8_t { Market, Limit, Stop, StopLimit, TrailingStop };

/// `Opg` and `Cls` take part in the opening or closing auction only (market or limit on open, on
/// close); `Fok` fills whole and at once or not at all.
enum class TimeInForce : std::uint8_t { Day, Gtc, Ioc, Fok, Opg, Cls };

/// Whether an order opens or enlarges a position, or reduces one. Exits are exempt from the
/// limits that guard entries.
enum class Purpose : std::uint8_t { Entry, Exit };

constexpr Side opposite(Side side) { return side == Side::Buy ? Side::Sell : Side::Buy; }

/// +quantity for a buy, -quantity for a sell.
constexpr core::Quantity signed_quantity(Side side, core::Quantity quantity) {
  return side == Side::Buy ? quantity : -quantity;
}

/// One instrument of an order; `ratio` units of it per unit of the order's quantity.
struct OrderLeg {
  core::InstrumentId instrument;
  Side side = Side::Buy;
  std::uint32_t ratio = 1;
};

inline constexpr std::size_t kLegsMax = 4;
using OrderLegs = boost::container::static_vector<OrderLeg, kLegsMax>;

/// How orders of one bot belong together.
enum class GroupKind : std::uint8_t {
  None,
  OneCancelsOther,   ///< A target and a stop of a position that is held.
  OneTriggersOther,  ///< An entry and one exit that is live once the entry has filled.
  Bracket,           ///< An entry, a target and a stop that cancel each other.
};

enum class GroupRole : std::uint8_t { Single, Entry, Target, Stop };

/// Where an order stands in its group.
struct GroupLink {
  GroupKind kind = GroupKind::None;
  GroupRole role = GroupRole::Single;
  /// The group's name, which begins the client order ids of its orders: its entry's own id, and for
  /// the exits that with `-1`, `-2`, ...
  core::ClientOrderId group;

  friend bool operator==(const GroupLink&, const GroupLink&) = default;
};

/// The terms of an order that a replace may change.
struct OrderTerms {
  core::Quantity quantity;
  std::optional<core::Price> limit;  ///< Limit and StopLimit.
  std::optional<core::Price> stop;   ///< Stop and StopLimit.
  /// Distance of a TrailingStop from the best price since it is live: one of the two.
  std::optional<core::Price> trail{};
  std::optional<core::Rate> trail_rate{};  ///< As a part of that price.

  friend bool operator==(const OrderTerms&, const OrderTerms&) = default;
};

/// What somebody wants to trade, before the risk manager has seen it.
struct OrderIntent {
  core::ClientOrderId client_order_id;
  core::AccountId account;
  core::BotId bot;
  core::EngineName engine;
  OrderLegs legs;
  OrderType type = OrderType::Market;
  TimeInForce time_in_force = TimeInForce::Day;
  Purpose purpose = Purpose::Entry;
  OrderTerms terms;
  core::Code reason;  ///< Why, for example `ENTRY` or `STOP_LOSS`.
  GroupLink group;

  /// The instrument and side of an order with one leg.
  const OrderLeg& leg() const { return legs.front(); }
};

std::string_view name_of(Side side);
std::string_view name_of(OrderType type);
std::string_view name_of(TimeInForce time_in_force);
std::string_view name_of(Purpose purpose);
std::string_view name_of(GroupKind kind);
std::string_view name_of(GroupRole role);

/// What is wrong with the intent's shape: a missing or superfluous price, a quantity not positive,
/// a price off the tick; nothing when it is well formed.
std::optional<std::string_view> defect_of(const OrderIntent& intent, core::Price tick);

}  // namespace st0ck::trading
