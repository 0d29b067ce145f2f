#pragma once

#include "sqlite.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/records.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace st0ck::storage {

/// Turns journal records into rows of the trade log, in transactions.
///
/// A record that the database holds already is skipped, so that writing the same records again
/// changes nothing, after a crash as well. Writer thread only.
class RowWriter {
 public:
  /// `database` has the current schema and outlives the writer.
  static core::Result<RowWriter> open(Database& database);

  /// Adds a record's row to the transaction, beginning one if none is open. An error leaves the
  /// transaction to be rolled back.
  core::Status write(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
                     std::span<const std::byte> payload);

  /// Ends the transaction, if one is open: its rows are in the database, and with them up to
  /// which record the database has come.
  core::Status commit();
  void roll_back();

  /// The newest record that is in the database for good, and the newest that was written.
  core::Sequence committed() const { return committed_; }
  core::Sequence written() const { return written_; }
  std::size_t rows_pending() const { return rows_pending_; }

 private:
  struct Place {
    core::Sequence sequence;
    core::Timestamp time;
  };

  explicit RowWriter(Database& database) : database_{&database} {}
  core::Status prepare();

  core::Status insert(const kernel::RunStart& row, const Place& place);
  core::Status insert(const market::Instrument& row, const Place& place);
  core::Status insert(const market::SessionPhase& row, const Place& place);
  core::Status insert(const kernel::Decision& row, const Place& place);
  core::Status insert(const kernel::OrderRow& row, const Place& place);
  core::Status insert(const kernel::FillRow& row, const Place& place);
  core::Status insert(const kernel::RoundTripRow& row, const Place& place);
  core::Status insert(const kernel::PositionRow& row, const Place& place);
  core::Status insert(const kernel::BotDayRow& row, const Place& place);
  core::Status insert(const kernel::RiskEventRow& row, const Place& place);
  core::Status insert(const kernel::HaltRow& row, const Place& place);
  core::Status insert(const kernel::LedgerEntryRow& row, const Place& place);
  core::Status insert(const kernel::EquityMarkRow& row, const Place& place);
  core::Status insert(const kernel::DifferenceRow& row, const Place& place);
  core::Status insert(const kernel::AccountCheck& row, const Place& place);
  core::Status insert(const kernel::RunEnd& row, const Place& place);

  template <typename Value>
  core::Status set_meta(std::string_view key, const Value& value);

  Database* database_;
  Statement begin_;
  Statement commit_;
  Statement meta_;
  Statement bot_;
  Statement instrument_;
  Statement session_;
  Statement decision_;
  Statement order_;
  Statement fill_;
  Statement trade_;
  Statement trade_order_;
  Statement position_;
  Statement bot_day_;
  Statement equity_;
  Statement risk_event_;
  Statement halt_;
  Statement ledger_entry_;
  Statement equity_mark_;
  Statement difference_;
  Statement account_check_;
  core::Sequence committed_;
  core::Sequence written_;
  std::size_t rows_pending_ = 0;
};

}  // namespace st0ck::storage
