#pragma once

#include "st0ck/core/rate.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>

namespace st0ck::trading {

/// What a bot may do. Every limit is the largest value that is still allowed, unless it says
/// otherwise.
struct RiskLimits {
  core::Quantity order_quantity_max = core::Quantity::whole(1000);
  core::Money order_notional_max = core::Money::whole(100'000);
  /// Largest distance of an order's price from the quote's midpoint, as a part of it.
  core::Rate price_collar = core::Rate::from_raw(50'000'000);
  /// Whether entries are sent in regular hours only; else also between sessions, for the next.
  bool regular_hours_only = true;
  core::Duration quote_age_max = std::chrono::seconds{2};
  /// Two entries alike within this time are taken for one sent twice.
  core::Duration duplicate_window = std::chrono::seconds{1};
  std::uint32_t orders_per_minute_max = 60;
  std::uint32_t open_orders_max = 20;
  core::Quantity position_quantity_max = core::Quantity::whole(1000);
  /// Loss of a session, realised and open, at which no further entry is allowed.
  core::Money daily_loss_max = core::Money::whole(500);
  std::uint32_t trades_per_day_max = 100;
  /// Losing sessions in a row at which the bot stops until somebody arms it again.
  std::uint32_t losing_days_max = 5;
};

}  // namespace st0ck::trading
