#include "st0ck/adapters/alpaca/wire/trading/position.hpp"

#include "describe_order.hpp"
#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"

namespace st0ck::alpaca {

template <>
struct Names<PositionSide> {
  static constexpr Name<PositionSide> kList[] = {{"long", PositionSide::Long},
                                                 {"short", PositionSide::Short}};
  static constexpr std::optional<PositionSide> kOther{};
};

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, Position>
void describe(Fields& fields, T& position) {
  fields.field("asset_id", position.asset_id);
  fields.field("symbol", position.symbol);
  fields.or_empty("exchange", position.exchange);
  fields.field("asset_class", position.asset_class);
  fields.field("asset_marginable", position.asset_marginable);
  fields.field("side", position.side);
  fields.field("qty", position.quantity);
  fields.field("qty_available", position.quantity_available);
  fields.computed("avg_entry_price", position.average_entry_price);
  fields.computed("current_price", position.current_price);
  fields.computed("lastday_price", position.lastday_price);
  fields.real_text("change_today", position.change_today);
  fields.computed("market_value", position.market_value);
  fields.computed("cost_basis", position.cost_basis);
  fields.computed("unrealized_pl", position.unrealized_profit);
  fields.real_text("unrealized_plpc", position.unrealized_profit_rate);
  fields.computed("unrealized_intraday_pl", position.unrealized_intraday_profit);
  fields.real_text("unrealized_intraday_plpc", position.unrealized_intraday_profit_rate);
}

core::Result<Position> read_position(std::string_view body) {
  return read_object<Position>("position", body);
}

core::Result<std::vector<Position>> read_positions(std::string_view body) {
  return read_list<Position>("positions", body);
}

std::string to_json(const Position& position) { return object_json(position); }
std::string to_json(const std::vector<Position>& positions) { return list_json(positions); }

}  // namespace st0ck::alpaca
