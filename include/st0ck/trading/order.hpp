#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <boost/container/static_vector.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::trading {

enum class Side : std::uint8_t { Buy, Sell };
enum class OrderType : std::uint8_t { Market, Limit, Stop, StopLimit };
enum class TimeInForce : std::uint8_t { Day, Gtc, Ioc };

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

/// The terms of an order that a replace may change.
struct OrderTerms {
  core::Quantity quantity;
  std::optional<core::Price> limit;  ///< Limit and StopLimit.
  std::optional<core::Price> stop;   ///< Stop and StopLimit.

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
  /// Orders of a bot with the same number, other than 0, cancel each other: when one is filled the
  /// desk cancels the rest, so that their quantities do not add up.
  std::uint32_t one_cancels_other = 0;

  /// The instrument and side of an order with one leg.
  const OrderLeg& leg() const { return legs.front(); }
};

std::string_view name_of(Side side);
std::string_view name_of(OrderType type);
std::string_view name_of(TimeInForce time_in_force);
std::string_view name_of(Purpose purpose);

/// What is wrong with the intent's shape: a missing or superfluous price, a quantity not positive,
/// a price off the tick; nothing when it is well formed.
std::optional<std::string_view> defect_of(const OrderIntent& intent, core::Price tick);

}  // namespace st0ck::trading
