#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

enum class ActivitySide : std::uint8_t { Buy, Sell, SellShort };

/// A row of the account's activities: a fill (`FILL`), or what else moved money or shares (`DIV`,
/// `FEE`, `OPASN`, ...). The id of the last row is the token of the next page.
struct Activity {
  std::string id;
  std::string activity_type;
  std::optional<std::string> account_id{};
  std::optional<std::string> symbol{};
  std::optional<core::Quantity> quantity{};

  // Of a fill:
  std::optional<std::string> fill_type{};  ///< `fill` or `partial_fill`.
  std::optional<core::Timestamp> transaction_time{};
  std::optional<core::Price> price{};
  std::optional<core::Quantity> cumulative_quantity{};
  std::optional<core::Quantity> leaves_quantity{};
  std::optional<ActivitySide> side{};
  std::optional<std::string> order_id{};
  std::optional<std::string> order_status{};

  // Of the others:
  std::optional<core::Date> date{};
  std::optional<core::Money> net_amount{};
  std::optional<core::Price> per_share_amount{};
  std::optional<std::string> status{};
  std::optional<std::string> description{};

  bool is_fill() const { return activity_type == "FILL"; }
  friend bool operator==(const Activity&, const Activity&) = default;
};

/// A fill that lacks its price, quantity, order or time is refused.
core::Result<std::vector<Activity>> read_activities(std::string_view body);
std::string to_json(const std::vector<Activity>& activities);

}  // namespace st0ck::alpaca
