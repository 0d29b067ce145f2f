#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <vector>

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
  /// Losing round trips in a row, over sessions, at which the bot stops for the day.
  std::uint32_t losing_trades_max = 100;
  /// What one instrument may be worth, held or about to be, as a part of the account's equity.
  core::Rate symbol_share_max = core::Rate::whole(10);
  /// The same for all instruments together, long and short added up.
  core::Rate capital_use_max = core::Rate::whole(10);
  /// What may be lost down to the stops of all open positions and this order, as a part of equity;
  /// without a stop that is the whole value.
  core::Rate open_risk_max = core::Rate::whole(10);
  /// Fall of the account's equity from its highest mark at which entries stop.
  core::Rate drawdown_max = core::Rate::whole(1);
  /// Widest spread at which an entry is sent, as a part of the midpoint.
  core::Rate spread_max = core::Rate::whole(1);
  /// What is never entered.
  std::vector<core::Symbol> restricted_symbols{};
  /// Losing sessions in a row at which the bot stops until somebody arms it again.
  std::uint32_t losing_days_max = 5;
};

}  // namespace st0ck::trading
