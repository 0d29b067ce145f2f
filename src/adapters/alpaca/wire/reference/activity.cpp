#include "st0ck/adapters/alpaca/wire/reference/activity.hpp"

#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"

namespace st0ck::alpaca {

template <>
struct Names<ActivitySide> {
  static constexpr Name<ActivitySide> kList[] = {{"buy", ActivitySide::Buy},
                                                 {"sell", ActivitySide::Sell},
                                                 {"sell_short", ActivitySide::SellShort}};
  static constexpr std::optional<ActivitySide> kOther{};
};

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, Activity>
void describe(Fields& fields, T& activity) {
  fields.field("id", activity.id);
  fields.field("activity_type", activity.activity_type);
  fields.if_set("account_id", activity.account_id);
  fields.if_set("symbol", activity.symbol);
  fields.if_set("qty", activity.quantity);
  fields.if_set("type", activity.fill_type);
  fields.if_set("transaction_time", activity.transaction_time);
  fields.if_set("price", activity.price);
  fields.if_set("cum_qty", activity.cumulative_quantity);
  fields.if_set("leaves_qty", activity.leaves_quantity);
  fields.if_set("side", activity.side);
  fields.if_set("order_id", activity.order_id);
  fields.if_set("order_status", activity.order_status);
  fields.if_set("date", activity.date);
  fields.if_set("net_amount", activity.net_amount);
  fields.if_set("per_share_amount", activity.per_share_amount);
  fields.if_set("status", activity.status);
  fields.if_set("description", activity.description);
}

core::Result<std::vector<Activity>> read_activities(std::string_view body) {
  auto activities = read_list<Activity>("activities", body);
  if (!activities) return activities;
  for (const Activity& row : *activities)
    if (row.is_fill() && !(row.price && row.quantity && row.order_id && row.transaction_time &&
                           row.side && row.symbol))
      return core::fail(core::Errc::BadInput,
                        "activities: fill {} lacks one of symbol, side, qty, price, order_id, "
                        "transaction_time",
                        row.id);
  return activities;
}

std::string to_json(const std::vector<Activity>& activities) { return list_json(activities); }

}  // namespace st0ck::alpaca
