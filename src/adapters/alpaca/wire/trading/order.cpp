#include "st0ck/adapters/alpaca/wire/trading/order.hpp"

#include "describe_order.hpp"
#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"

namespace st0ck::alpaca {

namespace {

/// A row as it stands in the answer: what went wrong, or the closing order, is in its body.
core::Result<BulkResult> read_bulk_result(Value row) {
  BulkResult result;
  Problem problem;
  ObjectReader fields{row, problem};
  fields.or_default("status", result.status);
  const bool is_position = row["id"].scalar().is_absent();
  fields.field(is_position ? "symbol" : "id", result.id);
  if (problem.exists()) return tl::unexpected<core::Error>(error_of("bulk result", problem));
  const Value body = row["body"];
  if (!body.is_object()) return result;
  if (body["id"].scalar().is_absent()) {
    ObjectReader error{body, problem};
    error.or_default("code", result.error_code);
    error.or_empty("message", result.error);
  } else {
    ObjectReader order{row, problem};
    order.field("body", result.order);
  }
  if (problem.exists()) return tl::unexpected<core::Error>(error_of("bulk result", problem));
  return result;
}

void write(JsonWriter& writer, const BulkResult& result, std::string_view id_key) {
  writer.begin_object();
  writer.key(id_key);
  writer.text(result.id);
  writer.key("status");
  writer.count(result.status);
  if (result.order) {
    writer.key("body");
    ObjectWriter order{writer};
    describe(order, *result.order);
  } else if (!result.error.empty()) {
    writer.key("body");
    writer.begin_object();
    writer.key("code");
    writer.count(result.error_code);
    writer.key("message");
    writer.text(result.error);
    writer.end_object();
  }
  writer.end_object();
}

}  // namespace

std::string_view text_of(OrderStatus status) {
  return status == OrderStatus::Unknown ? "unknown" : text_of<OrderStatus>(status);
}

std::string_view text_of(OrderClass order_class) { return text_of<OrderClass>(order_class); }

core::Result<Order> read_order(std::string_view body) { return read_object<Order>("order", body); }

core::Result<std::vector<Order>> read_orders(std::string_view body) {
  return read_list<Order>("orders", body);
}

std::string to_json(const Order& order) { return object_json(order); }
std::string to_json(const std::vector<Order>& orders) { return list_json(orders); }

core::Result<std::vector<BulkResult>> read_bulk_results(std::string_view body) {
  Document document;
  const auto rows = document.read_json(body);
  if (!rows) return core::at("bulk results", rows.error());
  if (!rows->is_array()) return core::fail(core::Errc::BadInput, "bulk results: is not a list");
  std::vector<BulkResult> results;
  for (const Value row : *rows) {
    auto result = read_bulk_result(row);
    if (!result) return tl::unexpected<core::Error>(result.error());
    results.push_back(std::move(*result));
  }
  return results;
}

std::string to_json(const std::vector<BulkResult>& results, std::string_view id_key) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_array();
  for (const auto& result : results) write(writer, result, id_key);
  writer.end_array();
  return out;
}

}  // namespace st0ck::alpaca
