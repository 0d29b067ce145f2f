#pragma once

#include "st0ck/core/rate.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/order.hpp"

#include <optional>

namespace st0ck::adapters::sim {

/// What an order owes to each authority so far, not rounded.
struct RegulatoryTotal {
  core::Money section_31;
  core::Money trading_activity;
  core::Money options_regulatory;
  core::Money clearing;

  /// Each of them up to the next cent.
  core::Money charged() const;
};

/// The fees that American authorities take on trades and brokers pass on. All off by default.
///
/// - SEC Section 31 (15 U.S.C. 78ee): on sales, a part of the notional.
/// - FINRA Trading Activity Fee (By-Laws, Schedule A, section 1): on sales, per share up to a
///   maximum for each trade, or per option contract.
/// - Options Regulatory Fee of the exchanges and OCC's clearing fee: on every option contract,
///   bought or sold.
///
/// The first two follow tables by New York's trade date, in the .cpp file with the source of each
/// row; a setting overrides the table. The last two are what a broker charged in 2025: a sum of the
/// exchanges' fees ($0.02815, Interactive Brokers, as of 2025-03-03) and OCC's $0.025 (90 FR 10544,
/// from 2025-02-14), whatever the date. Executions of an order add up before each fee is rounded up
/// to a cent, as FINRA's guidance has it for Section 31.
struct RegulatoryFees {
  bool enabled = false;
  std::optional<core::Rate> section_31_rate{};      ///< Part of the notional, at most 1.
  std::optional<core::Price> activity_per_share{};  ///< At most 1 dollar.
  std::optional<core::Price> activity_per_contract{};
  std::optional<core::Money> activity_maximum{};  ///< Of one execution in a stock.
  core::Price options_regulatory = core::Price::from_raw(28'150'000);  ///< Per contract.
  core::Price options_clearing = core::Price::from_raw(25'000'000);

  /// Adds an execution of `quantity` for `notional` on New York's `date`.
  void add(RegulatoryTotal& total, core::Date date, trading::Side side,
           market::AssetClass asset_class, core::Quantity quantity, core::Money notional) const;

  /// `OutOfRange` with the first setting that is not allowed.
  core::Status validate() const;
};

/// Section 31's rate on a date, by the table; before its first row, the rate of that row.
core::Rate section_31_rate_on(core::Date date);

/// FINRA's fee on a date.
struct TradingActivityFee {
  core::Date from{};
  core::Price per_share;
  core::Money maximum;
  core::Price per_contract;
};
const TradingActivityFee& trading_activity_fee_on(core::Date date);

}  // namespace st0ck::adapters::sim
