#pragma once

#include "st0ck/adapters/alpaca/wire/reference/asset.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// Percent-encodes all but letters, digits and `-._~`, so that it may stand in a path or a query.
std::string percent_encoded(std::string_view text);

// Parameters of the lists; what is absent or empty is left out. Each `to_query` gives
// `name=value&...`, percent-encoded, without the question mark.

enum class Direction : std::uint8_t { Ascending, Descending };
enum class OrderFilter : std::uint8_t { Open, Closed, All };

struct OrdersQuery {
  std::optional<OrderFilter> status{};
  std::optional<std::uint32_t> limit{};
  std::optional<core::Timestamp> after{};  ///< Exclusive, like `until`.
  std::optional<core::Timestamp> until{};
  std::optional<Direction> direction{};
  std::optional<bool> nested{};
  std::vector<std::string> symbols{};
  std::optional<trading::Side> side{};
};
std::string to_query(const OrdersQuery& query);

struct ActivitiesQuery {
  std::vector<std::string> activity_types{};
  std::optional<core::Timestamp> after{};
  std::optional<core::Timestamp> until{};
  std::optional<Direction> direction{};
  std::optional<std::uint32_t> page_size{};
  std::optional<std::string> page_token{};
};
std::string to_query(const ActivitiesQuery& query);

struct AssetsQuery {
  std::optional<ListingStatus> status{};
  std::optional<AssetClass> asset_class{};
};
std::string to_query(const AssetsQuery& query);

struct ContractsQuery {
  std::vector<std::string> underlying_symbols{};
  std::optional<core::Date> expiration_date_min{};
  std::optional<core::Date> expiration_date_max{};
  std::optional<ContractType> type{};
  std::optional<core::Price> strike_price_min{};
  std::optional<core::Price> strike_price_max{};
  std::optional<std::uint32_t> limit{};
  std::optional<std::string> page_token{};
};
std::string to_query(const ContractsQuery& query);

struct CalendarQuery {
  std::optional<core::Date> start{};
  std::optional<core::Date> end{};
};
std::string to_query(const CalendarQuery& query);

/// By the day on which the provider books an action, both ends included.
struct CorporateActionsQuery {
  std::vector<std::string> symbols{};
  std::optional<core::Date> start{};
  std::optional<core::Date> end{};
  std::optional<std::uint32_t> limit{};
  std::optional<std::string> page_token{};
};
std::string to_query(const CorporateActionsQuery& query);

/// Pages of bars, trades, quotes and snapshots, and latest values.
struct HistoryQuery {
  std::vector<std::string> symbols{};
  std::optional<std::string> timeframe{};   ///< `1Min`, of bars.
  std::optional<std::string> adjustment{};  ///< `raw`, `split`, `all`, of bars.
  std::optional<core::Timestamp> start{};   ///< Inclusive, like `end`.
  std::optional<core::Timestamp> end{};
  std::optional<std::string> feed{};
  std::optional<Direction> sort{};
  std::optional<std::uint32_t> limit{};  ///< Rows of all symbols together.
  std::optional<std::string> page_token{};
};
std::string to_query(const HistoryQuery& query);

/// The chain of an underlying, which stands in the path.
struct ChainQuery {
  std::optional<std::string> feed{};
  std::optional<ContractType> type{};
  std::optional<core::Price> strike_price_min{};
  std::optional<core::Price> strike_price_max{};
  std::optional<core::Date> expiration_date_min{};
  std::optional<core::Date> expiration_date_max{};
  std::optional<std::uint32_t> limit{};
  std::optional<std::string> page_token{};
};
std::string to_query(const ChainQuery& query);

}  // namespace st0ck::alpaca
