#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/ledger_entry.hpp"
#include "st0ck/trading/lost_exit.hpp"
#include "st0ck/trading/operator_command.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/order_state.hpp"
#include "st0ck/trading/order_update.hpp"
#include "st0ck/trading/reconciliation.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace st0ck::kernel {

/// What a journal record is. Numbers are part of the file format and never change their meaning.
/// Below 100: what came in. From 100: what followed from it, made again by every replay.
enum class RecordKind : std::uint16_t {
  RunStart = 1,
  InstrumentDefined = 2,
  Quote = 10,
  Trade = 11,
  Bar = 12,
  SessionPhase = 13,
  ProviderStatus = 14,
  OrderUpdate = 15,
  TimerFired = 16,
  TradingStatus = 17,
  CorporateAction = 18,
  OperatorCommand = 19,
  Reconciliation = 20,
  AccountCheck = 21,
  ProcessStart = 22,
  LostExit = 23,
  Decision = 100,
  Order = 101,
  Fill = 102,
  RoundTrip = 103,
  Position = 104,
  BotDay = 105,
  RiskEvent = 106,
  LedgerEntry = 107,
  EquityMark = 108,
  Halt = 109,
  Difference = 110,
  RunEnd = 200,
};

constexpr bool is_input(RecordKind kind) { return static_cast<std::uint16_t>(kind) < 100; }
std::string_view name_of(RecordKind kind);

/// Whether the trade log keeps a row of this kind.
bool is_trade_log_row(RecordKind kind);

/// One bot of a run.
struct BotIdentity {
  core::BotId bot;
  core::EngineName engine;
  std::uint32_t decision_version = 0;

  friend bool operator==(const BotIdentity&, const BotIdentity&) = default;
};

/// The first record: everything a replay needs to build the same engines again.
struct RunStart {
  core::AccountId account;
  std::string mode;           ///< `paper` or `live`.
  std::string configuration;  ///< Effective configuration as YAML, defaults filled in, no secrets.
  std::string configuration_hash;
  core::Money cash;  ///< At the start.
  std::vector<BotIdentity> bots;

  friend bool operator==(const RunStart&, const RunStart&) = default;
};

/// A process has read the broker's account: when it began, and after a close, once everything was
/// compared with our books. What a promotion to live trading stands on (docs/promotion.md).
struct AccountCheck {
  core::AccountId account;
  std::string host;                  ///< Of the broker, as `BrokerHost` writes it.
  std::string market_host;           ///< Where quotes came from.
  std::string broker_account;        ///< The broker's own name of it.
  std::string clock;                 ///< Whose time the run goes by: `machine`, or that of a drill.
  std::string program;               ///< The version of st0ckd.
  std::optional<core::Date> closed;  ///< The session after whose close; absent at the beginning.

  friend bool operator==(const AccountCheck&, const AccountCheck&) = default;
};

/// A process takes the run up, at a broker: the first one draws the mark, the others go on with it.
struct ProcessStart {
  core::RunMark mark;

  friend bool operator==(const ProcessStart&, const ProcessStart&) = default;
};

/// A timer that an engine had set has come due.
struct TimerFired {
  core::BotId bot;  ///< Empty: one of the desk's own.
  core::TimerId timer;
  std::uint32_t topic = 0;

  friend bool operator==(const TimerFired&, const TimerFired&) = default;
};

enum class DecisionKind : std::uint8_t { Intent, Refusal, Cancel, Replace, Transition };
std::string_view name_of(DecisionKind kind);

/// What a bot decided. Its canonical text is what the decisions hash is made of.
struct Decision {
  core::AccountId account;
  core::BotId bot;
  core::EngineName engine;
  core::Timestamp event_time;
  core::Symbol symbol;
  DecisionKind kind = DecisionKind::Intent;
  std::optional<trading::Side> side;
  std::optional<core::Quantity> quantity;
  std::optional<core::Price> price;
  core::Code code;
  core::ClientOrderId client_order_id;  ///< Not part of the canonical text.
  std::string explanation;              ///< JSON: inputs, checks, verdict. Not part of the text.

  friend bool operator==(const Decision&, const Decision&) = default;
};

/// `account|bot|engine|event time ns|symbol|kind|side|quantity|price|code` and a line feed; what is
/// absent is empty.
std::string canonical_text(const Decision& decision);

/// An order as it stands after something happened to it.
struct OrderRow {
  core::OrderId id;
  core::ClientOrderId client_order_id;
  core::AccountId account;
  core::BotId bot;
  core::EngineName engine;
  core::Symbol symbol;
  trading::Side side = trading::Side::Buy;
  trading::OrderType type = trading::OrderType::Market;
  trading::TimeInForce time_in_force = trading::TimeInForce::Day;
  trading::Purpose purpose = trading::Purpose::Entry;
  core::Quantity quantity;
  std::optional<core::Price> limit;
  std::optional<core::Price> stop;
  std::optional<core::Price> trail;
  std::optional<core::Rate> trail_rate;
  trading::GroupLink group;
  trading::OrderState state = trading::OrderState::Submitted;
  core::Quantity filled;
  core::Money filled_notional;
  core::Money fees;
  core::Timestamp submitted;
  core::Timestamp updated;
  core::Code reason;        ///< Why it was sent.
  core::Code state_reason;  ///< Why it was rejected, cancelled or expired.

  friend bool operator==(const OrderRow&, const OrderRow&) = default;
};

struct FillRow {
  core::AccountId account;
  core::BotId bot;
  core::EngineName engine;
  core::Symbol symbol;
  core::ClientOrderId client_order_id;
  core::ExecutionId execution;
  core::Timestamp time;
  trading::Side side = trading::Side::Buy;
  core::Quantity quantity;
  core::Price price;
  core::Money notional;
  core::Money fee;

  friend bool operator==(const FillRow&, const FillRow&) = default;
};

struct RoundTripRow {
  std::uint64_t id = 0;
  core::AccountId account;
  core::BotId bot;
  core::EngineName engine;
  core::Symbol symbol;
  trading::Side side = trading::Side::Buy;
  core::Quantity quantity;
  core::Timestamp entry_time;
  core::Price entry_price;
  core::Timestamp exit_time;
  core::Price exit_price;
  core::Money realized_pnl;  ///< Before fees.
  core::Money fees;
  core::Code exit_reason;
  std::vector<core::ClientOrderId> client_order_ids;

  friend bool operator==(const RoundTripRow&, const RoundTripRow&) = default;
};

/// A ledger position after a fill. (account, bot, symbol) is its key; the last one stands.
struct PositionRow {
  core::AccountId account;
  core::BotId bot;
  core::Symbol symbol;
  core::Quantity quantity;
  core::Money cost;
  core::Money realized_pnl;
  core::Money fees;
  core::Money cash_flow;

  friend bool operator==(const PositionRow&, const PositionRow&) = default;
};

/// A bot's figures at the end of a session, also without any trade.
struct BotDayRow {
  core::AccountId account;
  core::BotId bot;
  core::EngineName engine;
  core::Date session;
  std::uint32_t orders = 0;
  std::uint32_t fills = 0;
  std::uint32_t trades = 0;
  core::Money realized_pnl;  ///< Of this session, before fees.
  core::Money fees;
  std::optional<core::Money> unrealized_pnl;  ///< Absent when a position has no mark.
  core::Money cash;                           ///< Of the account, after the session.

  friend bool operator==(const BotDayRow&, const BotDayRow&) = default;
};

/// A limit that tripped, a halt, an alarm.
struct RiskEventRow {
  core::AccountId account;
  core::BotId bot;  ///< Empty when it concerns the whole account.
  core::Code code;
  std::string message;

  friend bool operator==(const RiskEventRow&, const RiskEventRow&) = default;
};

/// A change of a position or of cash that no fill has made.
struct LedgerEntryRow {
  core::AccountId account;
  core::BotId bot;
  core::Symbol symbol;
  trading::LedgerEntryKind kind = trading::LedgerEntryKind::Dividend;
  core::Date date{};        ///< Ex-date, or the day that was borrowed for.
  core::Quantity quantity;  ///< Held when it happened; of a split, after it. Signed.
  core::Money amount;       ///< Received (+) or paid (-).

  friend bool operator==(const LedgerEntryRow&, const LedgerEntryRow&) = default;
};

/// The account at a moment. What needs the mark of a position that has none is absent.
struct EquityMarkRow {
  core::AccountId account;
  core::Timestamp time;
  core::Money cash;                        ///< Traded: every fill counts at once.
  core::Money settled_cash;                ///< What has settled by now.
  std::optional<core::Money> long_value;   ///< Market value of long positions.
  std::optional<core::Money> short_value;  ///< Of short ones, not positive.
  std::optional<core::Money> equity;       ///< Cash and both values.

  friend bool operator==(const EquityMarkRow&, const EquityMarkRow&) = default;
};

/// A halt that began or was taken back; the last one stands, also over a restart.
struct HaltRow {
  core::AccountId account;
  core::BotId bot;  ///< Empty: the whole account.
  bool is_halted = false;
  core::Code code;  ///< `OPERATOR`, or the limit that tripped.
  std::string reason;

  friend bool operator==(const HaltRow&, const HaltRow&) = default;
};

/// A difference between the broker's account and our books that came up, changed or is over; the
/// last row of an id stands.
struct DifferenceRow {
  std::uint64_t id = 0;  ///< Counted from 1 within a run.
  core::AccountId account;
  trading::Difference difference;
  core::Timestamp first_seen;
  std::optional<core::Timestamp> ended;

  friend bool operator==(const DifferenceRow&, const DifferenceRow&) = default;
};

/// The last record of a run that came to its end.
struct RunEnd {
  std::uint64_t sessions = 0;
  std::uint64_t events = 0;
  std::uint64_t decisions = 0;
  std::uint64_t orders = 0;
  std::uint64_t fills = 0;
  std::uint64_t trades = 0;
  core::Money realized_pnl;
  core::Money fees;
  std::string decisions_sha256;

  friend bool operator==(const RunEnd&, const RunEnd&) = default;
};

/// Any record, decoded.
using Record =
    std::variant<RunStart, market::Instrument, market::Quote, market::Trade, market::Bar,
                 market::SessionPhase, market::ProviderStatus, trading::OrderUpdate, TimerFired,
                 market::TradingStatus, market::CorporateAction, trading::OperatorCommand,
                 trading::Reconciliation, AccountCheck, ProcessStart, trading::LostExit, Decision,
                 OrderRow, FillRow, RoundTripRow, PositionRow, BotDayRow, RiskEventRow,
                 LedgerEntryRow, EquityMarkRow, HaltRow, DifferenceRow, RunEnd>;

/// Takes encoded records in their order; a journal, a replay's comparison, or nothing at all.
class RecordSink {
 public:
  virtual ~RecordSink() = default;

  /// `payload` is read during the call only. Allocates nothing once warm.
  virtual void append(RecordKind kind, core::Sequence sequence, core::Timestamp time,
                      std::span<const std::byte> payload) = 0;
};

}  // namespace st0ck::kernel
