#include "st0ck/adapters/alpaca/wire/trading/api_error.hpp"

#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"

namespace st0ck::alpaca {

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, ApiError>
void describe(Fields& fields, T& error) {
  fields.if_set("code", error.code);
  fields.or_empty("message", error.message);
  fields.if_set("buying_power", error.buying_power);
  fields.if_set("cost_basis", error.cost_basis);
  fields.if_set("symbol", error.symbol);
  fields.if_set("available", error.available);
  fields.if_set("existing_qty", error.existing_quantity);
  fields.if_set("held_for_orders", error.held_for_orders);
  fields.if_set("existing_order_id", error.existing_order_id);
  fields.if_set("reject_reason", error.reject_reason);
  fields.list_if_any("related_orders", error.related_orders);
}

ApiError read_api_error(std::uint32_t http_status, std::string_view body) {
  constexpr std::size_t kShown = 200;
  auto error = read_object<ApiError>("error", body);
  if (error) {
    error->http_status = http_status;
    return *error;
  }
  ApiError plain{.http_status = http_status, .message = std::string{body.substr(0, kShown)}};
  Document document;
  if (const auto value = document.read_json(body)) {
    // An extra that cannot be read is no reason to lose the code.
    const auto code = count_of((*value)["code"].scalar());
    if (code.refusal == Refusal::None) plain.code = code.value;
    const Scalar& message = (*value)["message"].scalar();
    if (message.kind == Scalar::Kind::Text) plain.message = message.text;
  }
  return plain;
}

std::string to_json(const ApiError& error) { return object_json(error); }

}  // namespace st0ck::alpaca
