#pragma once

#include "st0ck/adapters/alpaca/wire/trading/order_words.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// An order as the broker tells it, by REST and on the order stream.
struct Order {
  std::string id;
  std::string client_order_id;
  core::Timestamp created_at;
  core::Timestamp updated_at;
  core::Timestamp submitted_at;
  std::optional<core::Timestamp> filled_at{};
  std::optional<core::Timestamp> expired_at{};
  std::optional<core::Timestamp> expires_at{};
  std::optional<core::Timestamp> canceled_at{};
  std::optional<core::Timestamp> failed_at{};
  std::optional<core::Timestamp> replaced_at{};
  std::optional<core::Timestamp> cancel_requested_at{};
  std::optional<std::string> replaced_by{};
  std::optional<std::string> replaces{};
  std::string asset_id{};  ///< Empty, like symbol, class and side, on the parent of option legs.
  std::string symbol{};
  std::optional<AssetClass> asset_class{};
  std::optional<core::Money> notional{};  ///< Instead of a quantity.
  std::optional<core::Quantity> quantity{};
  core::Quantity filled_quantity{};
  /// Rounded half to even: an average may have no exact decimal.
  std::optional<core::Price> filled_average_price{};
  OrderClass order_class = OrderClass::Simple;
  trading::OrderType type = trading::OrderType::Market;
  std::optional<trading::Side> side{};
  std::optional<PositionIntent> position_intent{};
  trading::TimeInForce time_in_force = trading::TimeInForce::Day;
  std::optional<core::Price> limit_price{};
  std::optional<core::Price> stop_price{};
  std::optional<core::Price> trail_price{};
  std::optional<Percent> trail_percent{};
  std::optional<core::Price> high_water_mark{};  ///< Of a trailing stop: the best price so far.
  OrderStatus status = OrderStatus::PendingNew;
  bool extended_hours = false;
  std::optional<core::Quantity> ratio_quantity{};  ///< Of a leg of an option combination.
  std::optional<std::string> subtag{};
  std::optional<std::string> source{};
  std::vector<Order> legs{};

  friend bool operator==(const Order&, const Order&) = default;
};

core::Result<Order> read_order(std::string_view body);
core::Result<std::vector<Order>> read_orders(std::string_view body);

std::string to_json(const Order& order);
std::string to_json(const std::vector<Order>& orders);

/// One row of the answer to cancelling or closing everything (HTTP 207): what became of one.
struct BulkResult {
  std::string id;              ///< Of the order, or the symbol of the position.
  std::uint32_t status = 200;  ///< As an HTTP status.
  std::string error{};         ///< Its message; empty where it went well.
  std::uint64_t error_code = 0;
  std::optional<Order> order{};  ///< The closing order, of a position.

  friend bool operator==(const BulkResult&, const BulkResult&) = default;
};

core::Result<std::vector<BulkResult>> read_bulk_results(std::string_view body);

/// `id_key`: `id` for orders, `symbol` for positions.
std::string to_json(const std::vector<BulkResult>& results, std::string_view id_key);

}  // namespace st0ck::alpaca
