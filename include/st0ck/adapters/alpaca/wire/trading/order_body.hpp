#pragma once

#include "st0ck/adapters/alpaca/wire/trading/api_error.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_words.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

struct TakeProfit {
  core::Price limit_price;

  friend bool operator==(const TakeProfit&, const TakeProfit&) = default;
};

struct StopLoss {
  core::Price stop_price;
  std::optional<core::Price> limit_price{};  ///< With one the leg is a stop-limit.

  friend bool operator==(const StopLoss&, const StopLoss&) = default;
};

/// A leg of an option combination.
struct LegBody {
  std::string symbol;
  core::Quantity ratio_quantity;
  std::optional<trading::Side> side{};
  std::optional<PositionIntent> position_intent{};

  friend bool operator==(const LegBody&, const LegBody&) = default;
};

/// The body of a new order. What is absent is not sent.
struct NewOrder {
  std::optional<std::string> symbol{};
  std::optional<core::Quantity> quantity{};
  std::optional<core::Money> notional{};
  std::optional<trading::Side> side{};
  trading::OrderType type = trading::OrderType::Market;
  trading::TimeInForce time_in_force = trading::TimeInForce::Day;
  std::optional<core::Price> limit_price{};
  std::optional<core::Price> stop_price{};
  std::optional<core::Price> trail_price{};
  std::optional<Percent> trail_percent{};
  bool extended_hours = false;
  std::optional<std::string> client_order_id{};
  OrderClass order_class = OrderClass::Simple;
  std::optional<TakeProfit> take_profit{};
  std::optional<StopLoss> stop_loss{};
  std::vector<LegBody> legs{};
  std::optional<PositionIntent> position_intent{};

  friend bool operator==(const NewOrder&, const NewOrder&) = default;
};

struct TrailTag {
  static constexpr int kDecimalsMin = 0;
};

/// The distance of a trailing stop: dollars or per cent, as the order was made.
using Trail = core::FixedPoint<TrailTag, 9>;

/// The body of a replacement. What is absent stays as it is.
struct ReplaceOrder {
  std::optional<core::Quantity> quantity{};  ///< In total, what has filled included.
  std::optional<trading::TimeInForce> time_in_force{};
  std::optional<core::Price> limit_price{};
  std::optional<core::Price> stop_price{};
  std::optional<Trail> trail{};
  std::optional<std::string> client_order_id{};

  friend bool operator==(const ReplaceOrder&, const ReplaceOrder&) = default;
};

/// For clients: prices and quantities as strings.
std::string to_json(const NewOrder& order);
std::string to_json(const ReplaceOrder& order);

/// For servers: reads a body, or says how the interface refuses it. Numbers may be strings, unknown
/// fields are passed over.
tl::expected<NewOrder, ApiError> read_new_order(std::string_view body);
tl::expected<ReplaceOrder, ApiError> read_replace_order(std::string_view body);

/// What an account may do with options beyond what the documentation is sure of.
struct OrderRules {
  bool option_stop_types = false;
  bool option_gtc = false;
};

/// How the interface refuses an order for what its body alone says; nothing where it is well
/// formed. What depends on the market, the account or other orders is not looked at.
std::optional<ApiError> refusal_of(const NewOrder& order, const OrderRules& rules = {});
std::optional<ApiError> refusal_of(const ReplaceOrder& order);

}  // namespace st0ck::alpaca
