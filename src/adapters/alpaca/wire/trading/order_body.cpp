#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"

#include "describe_order.hpp"
#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"

namespace st0ck::alpaca {

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, TakeProfit>
void describe(Fields& fields, T& exit) {
  fields.field("limit_price", exit.limit_price);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, StopLoss>
void describe(Fields& fields, T& exit) {
  fields.field("stop_price", exit.stop_price);
  fields.if_set("limit_price", exit.limit_price);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, LegBody>
void describe(Fields& fields, T& leg) {
  fields.field("symbol", leg.symbol);
  fields.field("ratio_qty", leg.ratio_quantity);
  fields.if_set("side", leg.side);
  fields.if_set("position_intent", leg.position_intent);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, NewOrder>
void describe(Fields& fields, T& order) {
  fields.if_set("symbol", order.symbol);
  fields.if_set("qty", order.quantity);
  fields.if_set("notional", order.notional);
  fields.if_set("side", order.side);
  fields.field("type", order.type);
  fields.field("time_in_force", order.time_in_force);
  fields.if_set("limit_price", order.limit_price);
  fields.if_set("stop_price", order.stop_price);
  fields.if_set("trail_price", order.trail_price);
  fields.if_set("trail_percent", order.trail_percent);
  fields.or_default("extended_hours", order.extended_hours);
  fields.if_set("client_order_id", order.client_order_id);
  fields.or_default("order_class", order.order_class);
  fields.if_set("take_profit", order.take_profit);
  fields.if_set("stop_loss", order.stop_loss);
  fields.list_if_any("legs", order.legs);
  fields.if_set("position_intent", order.position_intent);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, ReplaceOrder>
void describe(Fields& fields, T& order) {
  fields.if_set("qty", order.quantity);
  fields.if_set("time_in_force", order.time_in_force);
  fields.if_set("limit_price", order.limit_price);
  fields.if_set("stop_price", order.stop_price);
  fields.if_set("trail", order.trail);
  fields.if_set("client_order_id", order.client_order_id);
}

namespace {

ApiError refused(std::uint32_t http_status, std::uint64_t code, std::string message) {
  return {.http_status = http_status, .code = code, .message = std::move(message)};
}

/// What an amount has too many decimals for, the rest of its checks never see.
std::string too_many_decimals(const std::string& place) {
  if (place.ends_with("price"))
    return "invalid " + place + ". sub-penny increment does not fulfill minimum pricing criteria";
  return place + (place == "notional" ? " is limited to 2 decimal places"
                                      : " is limited to 9 decimal places");
}

ApiError api_error_of(const Problem& problem) {
  switch (problem.refusal) {
    case Refusal::NotAnObject:
      return refused(400, api_code::kMalformed, "request body format is invalid");
    case Refusal::MissingField:
      return refused(400, api_code::kInvalidField, problem.place + " is required");
    case Refusal::UnknownWord:
      return refused(400, api_code::kInvalidField, "invalid " + problem.place);
    case Refusal::TooManyDecimals:
      return refused(422, api_code::kUnprocessable, too_many_decimals(problem.place));
    default:
      return refused(400, api_code::kInvalidField,
                     fmt::format("{} {}", problem.place, explanation_of(problem.refusal)));
  }
}

/// Bodies are small: what is larger is nobody's order.
constexpr DocumentLimits kBodyLimits{.bytes_max = 64U << 10U, .nodes_max = 4'096, .depth_max = 8};

template <typename T>
tl::expected<T, ApiError> read_body(std::string_view body) {
  Document document{kBodyLimits};
  const auto value = document.read_json(body);
  if (!value)
    return tl::unexpected<ApiError>(
        refused(400, api_code::kMalformed, "request body format is invalid"));
  T order;
  Problem problem;
  ObjectReader reader{*value, problem, TextNumbers::WithoutExponent};
  if (!problem.exists()) describe(reader, order);
  if (problem.exists()) return tl::unexpected<ApiError>(api_error_of(problem));
  return order;
}

}  // namespace

std::string to_json(const NewOrder& order) { return object_json(order); }
std::string to_json(const ReplaceOrder& order) { return object_json(order); }

tl::expected<NewOrder, ApiError> read_new_order(std::string_view body) {
  return read_body<NewOrder>(body);
}

tl::expected<ReplaceOrder, ApiError> read_replace_order(std::string_view body) {
  return read_body<ReplaceOrder>(body);
}

}  // namespace st0ck::alpaca
