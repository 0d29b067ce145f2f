#pragma once

#include "src/adapters/alpaca/wire/codec/names.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order.hpp"

#include <optional>
#include <type_traits>

namespace st0ck::alpaca {

template <>
struct Names<AssetClass> {
  static constexpr Name<AssetClass> kList[] = {{"us_equity", AssetClass::UsEquity},
                                               {"us_option", AssetClass::UsOption},
                                               {"crypto", AssetClass::Crypto}};
  static constexpr std::optional<AssetClass> kOther = AssetClass::Other;
};

template <>
struct Names<OrderClass> {
  static constexpr Name<OrderClass> kList[] = {
      {"simple", OrderClass::Simple}, {"", OrderClass::Simple}, {"bracket", OrderClass::Bracket},
      {"oco", OrderClass::Oco},       {"oto", OrderClass::Oto}, {"mleg", OrderClass::MultiLeg},
  };
  static constexpr std::optional<OrderClass> kOther = OrderClass::Other;
};

template <>
struct Names<PositionIntent> {
  static constexpr Name<PositionIntent> kList[] = {
      {"buy_to_open", PositionIntent::BuyToOpen},
      {"buy_to_close", PositionIntent::BuyToClose},
      {"sell_to_open", PositionIntent::SellToOpen},
      {"sell_to_close", PositionIntent::SellToClose},
  };
  static constexpr std::optional<PositionIntent> kOther{};
};

template <>
struct Names<OrderStatus> {
  static constexpr Name<OrderStatus> kList[] = {
      {"pending_new", OrderStatus::PendingNew},
      {"accepted", OrderStatus::Accepted},
      {"accepted_for_bidding", OrderStatus::AcceptedForBidding},
      {"new", OrderStatus::New},
      {"held", OrderStatus::Held},
      {"partially_filled", OrderStatus::PartiallyFilled},
      {"pending_cancel", OrderStatus::PendingCancel},
      {"pending_replace", OrderStatus::PendingReplace},
      {"pending_review", OrderStatus::PendingReview},
      {"stopped", OrderStatus::Stopped},
      {"suspended", OrderStatus::Suspended},
      {"calculated", OrderStatus::Calculated},
      {"done_for_day", OrderStatus::DoneForDay},
      {"filled", OrderStatus::Filled},
      {"canceled", OrderStatus::Canceled},
      {"expired", OrderStatus::Expired},
      {"replaced", OrderStatus::Replaced},
      {"rejected", OrderStatus::Rejected},
  };
  static constexpr std::optional<OrderStatus> kOther = OrderStatus::Unknown;
};

/// The fields of an order, as the reader and the writer go through them. `T` is an Order.
template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, Order>
void describe(Fields& fields, T& order) {
  fields.field("id", order.id);
  fields.field("client_order_id", order.client_order_id);
  fields.field("created_at", order.created_at);
  fields.field("updated_at", order.updated_at);
  fields.field("submitted_at", order.submitted_at);
  fields.field("filled_at", order.filled_at);
  fields.field("expired_at", order.expired_at);
  fields.if_set("expires_at", order.expires_at);
  fields.field("canceled_at", order.canceled_at);
  fields.field("failed_at", order.failed_at);
  fields.field("replaced_at", order.replaced_at);
  fields.if_set("cancel_requested_at", order.cancel_requested_at);
  fields.field("replaced_by", order.replaced_by);
  fields.field("replaces", order.replaces);
  fields.or_empty("asset_id", order.asset_id);
  fields.or_empty("symbol", order.symbol);
  fields.field("asset_class", order.asset_class);
  fields.field("notional", order.notional);
  fields.field("qty", order.quantity);
  fields.field("filled_qty", order.filled_quantity);
  fields.computed("filled_avg_price", order.filled_average_price);
  fields.or_default("order_class", order.order_class);
  fields.field("type", order.type);
  fields.again("order_type", order.type);
  fields.field("side", order.side);
  fields.if_set("position_intent", order.position_intent);
  fields.field("time_in_force", order.time_in_force);
  fields.field("limit_price", order.limit_price);
  fields.field("stop_price", order.stop_price);
  fields.field("trail_price", order.trail_price);
  fields.field("trail_percent", order.trail_percent);
  fields.field("hwm", order.high_water_mark);
  fields.field("status", order.status);
  fields.or_default("extended_hours", order.extended_hours);
  fields.if_set("ratio_qty", order.ratio_quantity);
  fields.field("subtag", order.subtag);
  fields.field("source", order.source);
  fields.or_empty("legs", order.legs);
}

}  // namespace st0ck::alpaca
