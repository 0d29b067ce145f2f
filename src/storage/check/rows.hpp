#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace st0ck::storage {

/// All rows of a trade log that a check compares, as of one moment.
struct CheckRows {
  TradeLogSummary summary;
  std::map<core::Symbol, core::Multiplier> multipliers;
  std::vector<LoggedOrder> orders;
  std::vector<Logged<kernel::FillRow>> fills;
  std::vector<Logged<kernel::RoundTripRow>> trades;
  std::vector<Logged<kernel::PositionRow>> positions;
  std::vector<Logged<kernel::BotDayRow>> days;
  std::vector<LoggedEquity> equity;
  std::vector<LoggedLedgerEntry> ledger_entries;
  std::vector<Logged<kernel::EquityMarkRow>> equity_marks;
  std::vector<Logged<kernel::Decision>> decisions;

  /// 1 for a symbol without an instrument, which the foreign keys find.
  core::Multiplier multiplier_of(const core::Symbol& symbol) const;

  /// Whether rows that follow from the record `sequence` may be missing, because the log was cut
  /// off after it.
  bool is_at_cut(core::Sequence sequence) const;
};

core::Result<CheckRows> read_check_rows(TradeLogReader& reader);

}  // namespace st0ck::storage
