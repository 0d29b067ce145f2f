#pragma once

#include "st0ck/adapters/alpaca/wire/trading/order_words.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

enum class PositionSide : std::uint8_t { Long, Short };

/// A holding as the broker tells it. Averages and values are rounded half to even where they have
/// more than nine decimals; an option's values include its multiplier, its entry price does not.
struct Position {
  std::string asset_id;
  std::string symbol;
  std::string exchange{};
  AssetClass asset_class = AssetClass::UsEquity;
  std::optional<bool> asset_marginable{};
  PositionSide side = PositionSide::Long;
  core::Quantity quantity{};  ///< Negative when short.
  std::optional<core::Quantity> quantity_available{};
  core::Price average_entry_price{};
  std::optional<core::Price> current_price{};
  std::optional<core::Price> lastday_price{};
  std::optional<double> change_today{};  ///< As a part of yesterday's price.
  std::optional<core::Money> market_value{};
  core::Money cost_basis{};
  std::optional<core::Money> unrealized_profit{};
  std::optional<double> unrealized_profit_rate{};
  std::optional<core::Money> unrealized_intraday_profit{};
  std::optional<double> unrealized_intraday_profit_rate{};

  friend bool operator==(const Position&, const Position&) = default;
};

core::Result<Position> read_position(std::string_view body);
core::Result<std::vector<Position>> read_positions(std::string_view body);

std::string to_json(const Position& position);
std::string to_json(const std::vector<Position>& positions);

}  // namespace st0ck::alpaca
