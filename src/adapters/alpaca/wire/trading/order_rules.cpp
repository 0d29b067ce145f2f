#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"
#include "st0ck/trading/option_symbol.hpp"

#include <numeric>

namespace st0ck::alpaca {

namespace {

using trading::OrderType;
using trading::Side;
using trading::TimeInForce;

using Verdict = std::optional<ApiError>;

constexpr std::size_t kClientOrderIdMax = 128;
constexpr std::size_t kOrderLegsMin = 2;
constexpr core::Price kDollar = core::Price::whole(1);
constexpr core::Price kCent = core::Price::from_raw(10'000'000);
constexpr core::Price kHundredthCent = core::Price::from_raw(100'000);
constexpr core::Quantity kOne = core::Quantity::whole(1);
constexpr core::Money kNotionalMin = core::Money::whole(1);
constexpr core::Money kNotionalStep = core::Money::from_raw(10'000'000);

Verdict invalid(std::string message) {
  return ApiError{.http_status = 400, .code = api_code::kInvalidField, .message = message};
}

/// A group that does not fit together.
Verdict bad_group(std::string message) {
  return ApiError{.http_status = 422, .code = api_code::kInvalidField, .message = message};
}

/// Understood, but against a rule.
Verdict against_rule(std::string message) {
  return ApiError{.http_status = 422, .code = api_code::kUnprocessable, .message = message};
}

bool is_option(const NewOrder& order) {
  return order.symbol && core::Symbol::fits(*order.symbol) &&
         trading::parse_option_symbol(core::Symbol{*order.symbol});
}

bool is_day_or_gtc(const NewOrder& order) {
  return order.time_in_force == TimeInForce::Day || order.time_in_force == TimeInForce::Gtc;
}

bool is_fractional(const NewOrder& order) {
  return order.notional || (order.quantity && !order.quantity->is_multiple_of(kOne));
}

/// `tick_min`: the step of prices below a dollar.
Verdict check_sub_penny(std::string_view name, const std::optional<core::Price>& price,
                        core::Price tick_min = kHundredthCent) {
  if (!price) return std::nullopt;
  const core::Price tick = price->abs() >= kDollar ? kCent : tick_min;
  if (price->is_multiple_of(tick)) return std::nullopt;
  return against_rule("invalid " + std::string{name} + " " + price->to_string(0) +
                      ". sub-penny increment does not fulfill minimum pricing criteria");
}

Verdict check_positive(std::string_view name, const std::optional<core::Price>& price) {
  if (!price || price->is_positive()) return std::nullopt;
  return invalid(std::string{name} + " must be > 0");
}

/// The first verdict that is one.
template <typename... Checks>
Verdict first_of(Checks... checks) {
  Verdict verdict;
  static_cast<void>(((verdict = checks()).has_value() || ...));
  return verdict;
}

Verdict check_amount(const NewOrder& order) {
  if (order.quantity.has_value() == order.notional.has_value())
    return invalid(order.quantity ? "only one of qty or notional is accepted"
                                  : "qty or notional is required");
  if (order.quantity && !order.quantity->is_positive()) return invalid("qty must be > 0");
  if (order.notional && *order.notional < kNotionalMin)
    return invalid("notional must be at least 1");
  if (order.notional && !order.notional->is_multiple_of(kNotionalStep))
    return against_rule("notional is limited to 2 decimal places");
  return std::nullopt;
}

Verdict check_type(const NewOrder& order) {
  const bool wants_limit = order.type == OrderType::Limit || order.type == OrderType::StopLimit;
  const bool wants_stop = order.type == OrderType::Stop || order.type == OrderType::StopLimit;
  const bool trails = order.trail_price || order.trail_percent;
  if (wants_limit && !order.limit_price) return invalid("limit orders require limit_price");
  if (wants_stop && !order.stop_price) return invalid("stop orders require stop_price");
  if (order.type == OrderType::Market && (order.limit_price || order.stop_price))
    return invalid("market orders require no limit_price or stop_price");
  if (order.type != OrderType::TrailingStop)
    return trails ? invalid("trail_price and trail_percent are for trailing_stop only")
                  : std::nullopt;
  if (order.trail_price.has_value() == order.trail_percent.has_value())
    return invalid("exactly one of trail_price and trail_percent is required");
  if (order.trail_percent && !order.trail_percent->is_positive())
    return invalid("trail_percent must be > 0");
  return std::nullopt;
}

Verdict check_prices(const NewOrder& order) {
  // Which options have steps above a cent, the contract knows.
  const core::Price tick_min = is_option(order) ? kCent : kHundredthCent;
  return first_of([&] { return check_positive("limit_price", order.limit_price); },
                  [&] { return check_positive("stop_price", order.stop_price); },
                  [&] { return check_positive("trail_price", order.trail_price); },
                  [&] { return check_sub_penny("limit_price", order.limit_price, tick_min); },
                  [&] { return check_sub_penny("stop_price", order.stop_price, tick_min); });
}

Verdict check_exit_prices(const NewOrder& order) {
  if (!order.take_profit || !order.stop_loss) return std::nullopt;
  // The entry's side; an OCO is the exit itself.
  const bool entry_buys = (order.side == Side::Buy) != (order.order_class == OrderClass::Oco);
  const core::Price target = order.take_profit->limit_price;
  const core::Price stop = order.stop_loss->stop_price;
  if (entry_buys ? target > stop : target < stop) return std::nullopt;
  return bad_group(entry_buys ? "take_profit.limit_price must be > stop_loss.stop_price"
                              : "take_profit.limit_price must be < stop_loss.stop_price");
}

Verdict check_exits_against_entry(const NewOrder& order) {
  if (order.order_class == OrderClass::Oco || !order.limit_price) return std::nullopt;
  const bool buys = order.side == Side::Buy;
  const core::Price base = *order.limit_price;
  if (order.stop_loss) {
    const core::Price stop = order.stop_loss->stop_price;
    if (buys ? stop > base - kCent : stop < base + kCent)
      return bad_group(buys ? "stop_loss.stop_price must be <= base_price - 0.01"
                            : "stop_loss.stop_price must be >= base_price + 0.01");
  }
  if (order.take_profit) {
    const core::Price target = order.take_profit->limit_price;
    if (buys ? target < base + kCent : target > base - kCent)
      return bad_group(buys ? "take_profit.limit_price must be >= base_price + 0.01"
                            : "take_profit.limit_price must be <= base_price - 0.01");
  }
  return std::nullopt;
}

Verdict check_group(const NewOrder& order) {
  const bool has_target = order.take_profit.has_value();
  const bool has_stop = order.stop_loss.has_value();
  if (order.order_class == OrderClass::Simple)
    return has_target || has_stop
               ? bad_group("take_profit and stop_loss require order_class bracket, oco or oto")
               : std::nullopt;
  if (!is_day_or_gtc(order)) return bad_group("complex orders require time_in_force day or gtc");
  if (order.extended_hours) return against_rule("complex orders do not support extended hours");
  const bool is_oto = order.order_class == OrderClass::Oto;
  if (is_oto && has_target == has_stop)
    return bad_group("oto orders require exactly one of take_profit and stop_loss");
  if (!is_oto && !has_target) return bad_group("take_profit.limit_price is required");
  if (!is_oto && !has_stop) return bad_group("stop_loss.stop_price is required");
  if (order.order_class == OrderClass::Oco && order.type != OrderType::Limit)
    return bad_group("oco orders must be limit orders");
  if (order.type != OrderType::Market && order.type != OrderType::Limit)
    return bad_group("complex orders require type market or limit");
  return first_of([&] { return check_exit_prices(order); },
                  [&] { return check_exits_against_entry(order); });
}

/// An OCO may leave the parent's limit out: it is the take-profit's.
bool takes_limit_from_target(const NewOrder& order) {
  return order.order_class == OrderClass::Oco && order.type == OrderType::Limit &&
         !order.limit_price;
}

Verdict check_stock(const NewOrder& order) {
  const bool is_simple = order.order_class == OrderClass::Simple;
  const bool is_plain = order.type == OrderType::Market || order.type == OrderType::Limit;
  if (is_fractional(order)) {
    if (order.time_in_force != TimeInForce::Day)
      return against_rule("fractional orders must be DAY orders");
    if (!is_simple || order.type == OrderType::TrailingStop)
      return against_rule("fractional orders must be simple market, limit, stop or stop_limit");
  }
  if (order.type == OrderType::TrailingStop && (!is_simple || !is_day_or_gtc(order)))
    return against_rule("trailing_stop orders must be simple with time_in_force day or gtc");
  if (order.extended_hours && (order.type != OrderType::Limit || !is_day_or_gtc(order)))
    return against_rule("extended hours order must be DAY limit orders");
  if (!is_day_or_gtc(order) && (!is_plain || !is_simple))
    return against_rule("opg, cls, ioc and fok orders must be simple market or limit orders");
  return std::nullopt;
}

Verdict check_option_time(TimeInForce time, const OrderRules& rules) {
  if (time == TimeInForce::Day || (time == TimeInForce::Gtc && rules.option_gtc))
    return std::nullopt;
  return against_rule("order_time_in_force provided not supported for options trading");
}

Verdict check_option(const NewOrder& order, const OrderRules& rules) {
  const bool is_stop = order.type == OrderType::Stop || order.type == OrderType::StopLimit;
  if (order.order_class != OrderClass::Simple)
    return against_rule("complex orders not supported for options trading");
  if (order.type == OrderType::TrailingStop || (is_stop && !rules.option_stop_types))
    return against_rule("invalid order type for options trading");
  if (is_fractional(order))
    return against_rule("notional and fractional qty not supported for options trading");
  if (order.extended_hours) return against_rule("extended hours not supported for options trading");
  return check_option_time(order.time_in_force, rules);
}

std::uint64_t ratio_of(const LegBody& leg) {
  return static_cast<std::uint64_t>(leg.ratio_quantity.raw() / core::Quantity::kOne);
}

Verdict check_legs(const NewOrder& order) {
  if (order.legs.size() < kOrderLegsMin || order.legs.size() > trading::kLegsMax)
    return bad_group("mleg orders require 2 to 4 legs");
  std::uint64_t divisor = 0;
  for (const LegBody& leg : order.legs) {
    if (!leg.ratio_quantity.is_positive() || !leg.ratio_quantity.is_multiple_of(kOne))
      return bad_group("legs.ratio_qty must be a whole number > 0");
    if (!leg.position_intent) return bad_group("legs.position_intent is required");
    divisor = std::gcd(divisor, ratio_of(leg));
  }
  if (divisor != 1) return bad_group("legs.ratio_qty must be in lowest terms");
  return std::nullopt;
}

/// The limit of a combination is its net debit, or credit where it is negative.
Verdict check_combination(const NewOrder& order, const OrderRules& rules) {
  if (order.type != OrderType::Market && order.type != OrderType::Limit)
    return bad_group("mleg orders require type market or limit");
  if (order.type == OrderType::Limit && !order.limit_price)
    return invalid("limit orders require limit_price");
  if (!order.quantity) return invalid("qty is required");
  if (!order.quantity->is_positive() || !order.quantity->is_multiple_of(kOne))
    return against_rule("qty must be a whole number > 0");
  if (order.extended_hours) return against_rule("extended hours not supported for options trading");
  return first_of([&] { return check_sub_penny("limit_price", order.limit_price, kCent); },
                  [&] { return check_option_time(order.time_in_force, rules); },
                  [&] { return check_legs(order); });
}

}  // namespace

std::optional<ApiError> refusal_of(const NewOrder& order, const OrderRules& rules) {
  if (order.client_order_id && order.client_order_id->size() > kClientOrderIdMax)
    return invalid("client_order_id must be at most 128 characters");
  if (order.order_class == OrderClass::Other) return invalid("invalid order_class");
  if (order.order_class == OrderClass::MultiLeg) return check_combination(order, rules);
  if (!order.symbol || order.symbol->empty()) return invalid("symbol is required");
  if (!order.side) return invalid("side is required");
  NewOrder complete = order;
  if (takes_limit_from_target(order) && order.take_profit)
    complete.limit_price = order.take_profit->limit_price;
  return first_of(
      [&] { return check_amount(order); }, [&] { return check_type(complete); },
      [&] { return is_option(order) ? check_option(order, rules) : check_stock(order); },
      [&] { return check_prices(complete); }, [&] { return check_group(complete); });
}

std::optional<ApiError> refusal_of(const ReplaceOrder& order) {
  if (order.client_order_id && order.client_order_id->size() > kClientOrderIdMax)
    return invalid("client_order_id must be at most 128 characters");
  if (order.quantity && !order.quantity->is_positive()) return invalid("qty must be > 0");
  if (order.trail && !order.trail->is_positive()) return invalid("trail must be > 0");
  return first_of([&] { return check_positive("stop_price", order.stop_price); },
                  [&] { return check_sub_penny("limit_price", order.limit_price); },
                  [&] { return check_sub_penny("stop_price", order.stop_price); });
}

}  // namespace st0ck::alpaca
