#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/time_of_day.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

/// Where a message may meet a fault. Requests first, those that open a stream among them; then
/// messages of streams; then orders, once a request of theirs was answered.
enum class FaultPoint : std::uint8_t {
  Submit,
  Replace,
  Cancel,
  Orders,   ///< Lists of orders, and look-ups of one.
  Account,  ///< The account, its positions, activities and history.
  Clock,    ///< Clock and calendar.
  Assets,
  Trading,  ///< What else the trading host has.
  Data,     ///< Market data by request.
  TradeUpdatesConnect,
  MarketDataConnect,
  TradeUpdates,
  MarketData,
  EnteredOrder,  ///< On its way to the market, after it was answered.
  CancelledOrder,
  ReplacedOrder,
};
inline constexpr std::size_t kFaultPoints = 16;

/// As it is written in a scenario and in the log; that of an order is its request's.
std::string_view name_of(FaultPoint point);

enum class FaultKind : std::uint8_t {
  // Of requests and of messages of streams.
  Lose,
  Delay,
  Duplicate,
  Truncate,
  Hang,
  // Of requests.
  LoseReply,
  DelayRequest,
  Status,
  // Of streams.
  Overtake,
  Close,
  Forget,
  // Of orders.
  Reject,
  RejectLater,
  // Of the exchange.
  Halt,
  PartialFill,
  Clock,
  Restart,
};
std::string_view name_of(FaultKind kind);

/// Whether a kind of fault can happen there.
bool can_happen(FaultKind kind, FaultPoint point);

/// Whether a kind is about messages, and not about the exchange as a whole.
bool is_of_messages(FaultKind kind);

/// Why an order is turned down: each has an answer of its own (reject_answer).
enum class RejectReason : std::uint8_t {
  BuyingPower,
  QuantityHeld,
  WashTrade,
  NotAllowedToShort,
  NotShortable,
  DayTrade,
  Restricted,
  Suspended,
  Fractional,
  DuplicateId,
  MarketClosed,
  Halted,
  BadIncrement,
  NotTradable,
  PositionIntent,
  NotCancelable,
  NotReplaceable,
  Unchanged,
  NotFound,
  Malformed,
  Unauthorized,
  Forbidden,
};

/// As it is written in a scenario.
std::string_view name_of(RejectReason reason);

/// One fault of a scenario: what happens, where, when and how often. Members that its kind has no
/// use for keep their defaults.
struct FaultRule {
  std::string name;
  FaultKind kind = FaultKind::Lose;

  // When: by the exchange's clock, each day.
  std::optional<core::TimeOfDay> from;  ///< Absent is always.
  std::optional<core::Duration> lasts;  ///< Absent is the rest of the day.

  // Where, and which messages.
  std::vector<FaultPoint> where;
  core::Rate share = core::Rate::whole(1);  ///< Of the messages, drawn by the seed.
  std::int64_t skip = 0;                    ///< Messages of a window that are left alone first.
  std::int64_t count = 0;                   ///< Of faults altogether; 0 is no limit.

  // What; waits are in real time, as the deadlines of clients are.
  core::Duration delay = std::chrono::seconds{1};
  core::Duration jitter{};
  std::int64_t copies = 1;
  std::int64_t places = 1;
  std::int64_t bytes = 20;
  std::int64_t status = 503;
  std::optional<core::Duration> retry_after;
  bool acts = false;  ///< Whether the exchange does what it was asked all the same.
  bool says = false;  ///< Whether a client is told that it was forgotten.
  std::int64_t code = 0;
  core::Duration hangs_for = std::chrono::seconds{60};
  RejectReason reason = RejectReason::BuyingPower;

  // Of the exchange.
  std::vector<core::Symbol> symbols;  ///< Empty is all.
  std::string symbols_place;          ///< `file:line`, for messages.
  std::string halt_code = "T1";
  std::int64_t halts_a_day = 1;  ///< Where `from` is absent: drawn by the seed.
  core::Quantity shares = core::Quantity::whole(1);
  core::Duration pause = std::chrono::seconds{1};
  core::Duration offset{};
  core::Duration down = std::chrono::seconds{10};

  bool is_of(FaultPoint point) const;
  bool is_of(const core::Symbol& symbol) const;

  /// Whether that time of day in New York lies in its window; its end does not.
  bool is_on_at(core::Duration time_of_day) const;
};

}  // namespace st0ck::app::exchange
