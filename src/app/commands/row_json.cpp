#include "src/app/commands/row_json.hpp"

#include "st0ck/core/time_text.hpp"

#include <nlohmann/json.hpp>

namespace st0ck::app {

namespace {

using Json = nlohmann::ordered_json;

template <typename Amount>
Json text_or_null(const std::optional<Amount>& amount) {
  return amount ? Json(amount->to_string()) : Json(nullptr);
}

}  // namespace

Json json_of(const kernel::RoundTripRow& trade) {
  Json ids = Json::array();
  for (const auto& id : trade.client_order_ids) ids.push_back(id.view());
  Json json;
  json["id"] = trade.id;
  json["account"] = trade.account.view();
  json["bot"] = trade.bot.view();
  json["engine"] = trade.engine.view();
  json["symbol"] = trade.symbol.view();
  json["side"] = trading::name_of(trade.side);
  json["quantity"] = trade.quantity.to_string();
  json["entry_time"] = core::format_utc(trade.entry_time);
  json["entry_price"] = trade.entry_price.to_string();
  json["exit_time"] = core::format_utc(trade.exit_time);
  json["exit_price"] = trade.exit_price.to_string();
  json["realized_pnl"] = trade.realized_pnl.to_string();
  json["fees"] = trade.fees.to_string();
  json["exit_reason"] = trade.exit_reason.view();
  json["client_order_ids"] = std::move(ids);
  return json;
}

Json json_of(const kernel::OrderRow& order) {
  Json json;
  json["client_order_id"] = order.client_order_id.view();
  json["account"] = order.account.view();
  json["bot"] = order.bot.view();
  json["engine"] = order.engine.view();
  json["symbol"] = order.symbol.view();
  json["side"] = trading::name_of(order.side);
  json["type"] = trading::name_of(order.type);
  json["time_in_force"] = trading::name_of(order.time_in_force);
  json["purpose"] = trading::name_of(order.purpose);
  json["quantity"] = order.quantity.to_string();
  json["limit_price"] = text_or_null(order.limit);
  json["stop_price"] = text_or_null(order.stop);
  json["state"] = trading::name_of(order.state);
  json["filled"] = order.filled.to_string();
  json["filled_notional"] = order.filled_notional.to_string();
  json["fees"] = order.fees.to_string();
  json["submitted_time"] = core::format_utc(order.submitted);
  json["updated_time"] = core::format_utc(order.updated);
  json["reason"] = order.reason.view();
  json["state_reason"] = order.state_reason.view();
  return json;
}

Json json_of(const kernel::FillRow& fill) {
  Json json;
  json["time"] = core::format_utc(fill.time);
  json["side"] = trading::name_of(fill.side);
  json["quantity"] = fill.quantity.to_string();
  json["price"] = fill.price.to_string();
  json["notional"] = fill.notional.to_string();
  json["fee"] = fill.fee.to_string();
  json["execution"] = fill.execution.view();
  return json;
}

Json json_of(const kernel::DifferenceRow& row) {
  const trading::Difference& difference = row.difference;
  const auto named = [](std::string_view text) {
    return text.empty() ? Json(nullptr) : Json(text);
  };
  Json json;
  json["id"] = row.id;
  json["account"] = row.account.view();
  json["kind"] = trading::name_of(difference.kind);
  json["stops_entries"] = trading::stops_entries(difference.kind);
  json["symbol"] = named(difference.symbol.view());
  json["client_order_id"] = named(difference.client_order_id.view());
  json["venue_order_id"] = named(difference.venue_order_id.view());
  json["side"] = difference.side ? Json(trading::name_of(*difference.side)) : Json(nullptr);
  json["ours"] = text_or_null(difference.ours);
  json["theirs"] = text_or_null(difference.theirs);
  json["filled"] = text_or_null(difference.filled);
  json["cash_ours"] = text_or_null(difference.cash_ours);
  json["cash_theirs"] = text_or_null(difference.cash_theirs);
  json["first_seen"] = core::format_utc(row.first_seen);
  json["ended"] = row.ended ? Json(core::format_utc(*row.ended)) : Json(nullptr);
  json["message"] = difference.message;
  return json;
}

void print_json(Console& console, const Json& json) {
  console.out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace st0ck::app
