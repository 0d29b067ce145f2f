#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/kernel/records.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace st0ck::storage {

/// A row with the journal record it comes from, or that changed it last.
template <typename Row>
struct Logged {
  core::Sequence sequence;
  Row row;
};

struct LoggedOrder {
  core::Sequence first;     ///< The record in which the order came up.
  core::Sequence sequence;  ///< The record that changed it last.
  kernel::OrderRow row;
};

struct LoggedRiskEvent {
  core::Sequence sequence;
  core::Timestamp time;
  kernel::RiskEventRow row;
};

struct LoggedLedgerEntry {
  core::Sequence sequence;
  core::Timestamp time;
  kernel::LedgerEntryRow row;
};

struct LoggedHalt {
  core::Sequence sequence;
  core::Timestamp time;
  kernel::HaltRow row;
};

struct LoggedDifference {
  core::Sequence first;     ///< The record in which it came up.
  core::Sequence sequence;  ///< The record that changed it last.
  kernel::DifferenceRow row;
};

struct LoggedAccountCheck {
  core::Sequence sequence;
  core::Timestamp time;
  kernel::AccountCheck row;
};

/// A session and how far it has come.
struct LoggedSession {
  core::Sequence sequence;
  market::SessionPhase row;
};

/// What an account was worth after a session.
struct LoggedEquity {
  core::Sequence sequence;
  core::AccountId account;
  core::Date session{};
  core::Timestamp time;
  core::Money cash;
  core::Money cost;                           ///< Of the open positions.
  std::optional<core::Money> unrealized_pnl;  ///< Absent when a position has no mark.
  std::optional<core::Money> equity;          ///< Cash + cost + unrealised P&L.
};

/// What the trade log says of itself and of the run that it belongs to.
struct TradeLogSummary {
  std::int64_t schema_version = 0;
  core::Sequence last_sequence;  ///< The newest record with a row.
  core::Sequence run_start;      ///< This and all that follows is empty before the first run.
  core::AccountId account;
  std::string mode;
  std::string configuration_hash;
  core::Money cash;  ///< At the start of the run.
  std::vector<kernel::BotIdentity> bots;
  std::optional<kernel::RunEnd> end;  ///< Absent while the run has not come to its end.
};

/// An instrument as the trade log keeps it.
struct LoggedInstrument {
  core::Symbol symbol;
  core::Multiplier multiplier = core::kUnitMultiplier;
};

/// Reads a trade log, also while a daemon writes it; each call sees what was committed before it.
///
/// Changes nothing. A missing file is Errc::NotFound, a newer schema Errc::TooNew, a file that is
/// no database or a value that no writer of ours makes Errc::Corrupt, all with the path. One
/// thread.
class TradeLogReader {
 public:
  static core::Result<TradeLogReader> open(const std::filesystem::path& path,
                                           core::Duration busy_timeout = std::chrono::seconds{5});

  TradeLogReader(TradeLogReader&&) noexcept;
  TradeLogReader& operator=(TradeLogReader&&) noexcept;
  ~TradeLogReader();

  /// Makes all later calls see the database as it is now, so that their rows agree.
  core::Status hold_still();

  core::Result<TradeLogSummary> summary();
  core::Result<std::vector<LoggedInstrument>> instruments();

  /// In the order in which they were closed.
  core::Result<std::vector<Logged<kernel::RoundTripRow>>> trades();

  /// In the order in which they were sent, as they stand.
  core::Result<std::vector<LoggedOrder>> orders();
  core::Result<std::optional<LoggedOrder>> order(const core::ClientOrderId& id);
  core::Result<std::vector<Logged<kernel::FillRow>>> fills();

  /// Every position there ever was, flat ones included.
  core::Result<std::vector<Logged<kernel::PositionRow>>> positions();
  core::Result<std::vector<Logged<kernel::Decision>>> decisions();

  /// Those that name the order, in their order.
  core::Result<std::vector<Logged<kernel::Decision>>> decisions_of(const core::ClientOrderId& id);
  core::Result<std::vector<Logged<kernel::BotDayRow>>> daily_metrics();
  core::Result<std::vector<LoggedEquity>> equity();
  core::Result<std::vector<LoggedRiskEvent>> risk_events();
  core::Result<std::vector<LoggedLedgerEntry>> ledger_entries();
  core::Result<std::vector<LoggedSession>> sessions();

  /// In their order; the last of each bot, and of the account, stands.
  core::Result<std::vector<LoggedHalt>> halts();

  /// In the order in which they came up, as they stand.
  core::Result<std::vector<LoggedDifference>> differences();

  /// When the broker's account was read, in their order.
  core::Result<std::vector<LoggedAccountCheck>> account_checks();

  /// The account at the end of each session and of the run, in their order.
  core::Result<std::vector<Logged<kernel::EquityMarkRow>>> equity_marks();

  /// The configuration of the run as YAML; empty before the first run.
  core::Result<std::string> configuration();

 private:
  struct Connection;
  explicit TradeLogReader(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace st0ck::storage
