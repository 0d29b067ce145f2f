#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/market_data.hpp"
#include "st0ck/trading/approved.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/risk_limits.hpp"

#include <boost/container/static_vector.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace st0ck::trading {

/// Everything that the checks look at, gathered before the first of them runs.
struct RiskFacts {
  const OrderIntent& intent;
  const market::Instrument& instrument;
  core::Timestamp now;
  market::QuoteReading quote{};
  core::Quantity position{};  ///< The bot's, signed.
  /// What the bot's open exits and entries of the same side may still fill. Orders that cancel each
  /// other count once; those that the order itself would cancel do not.
  core::Quantity exits_working{};
  core::Quantity entries_working{};
  std::uint32_t open_orders = 0;
  std::uint32_t orders_last_minute = 0;
  std::uint32_t trades_today = 0;        ///< Entries that filled or may still fill.
  std::uint32_t losing_days = 0;         ///< Sessions in a row.
  core::Money buying_power{};            ///< Cash less what working entries may need.
  std::optional<core::Money> day_pnl{};  ///< Realised less fees plus open; absent without a mark.
  bool in_session = false;               ///< Regular trading hours.
  bool halted = false;
  bool is_closing = false;         ///< The bot's position in the instrument is being closed.
  bool has_unknown_order = false;  ///< Of the bot's account in this instrument.
  std::optional<market::TradingStatus> status{};  ///< Of the instrument; absent where none is told.
  core::Date session_date{};            ///< Of the session under way or, between two, of New York.
  bool is_feed_degraded = false;        ///< A data provider or broker says so of itself.
  bool crosses_own_order = false;       ///< Would trade against a resting order of the account.
  std::uint32_t losing_trades = 0;      ///< Of the bot, in a row.
  std::optional<core::Money> equity{};  ///< Of the account; absent without a mark.
  std::optional<core::Money> equity_peak{};  ///< The highest so far.
  core::Money symbol_exposure{};  ///< Of all bots in the instrument: held and working, absolute.
  core::Money gross_exposure{};   ///< The same over all instruments.
  core::Money open_risk{};        ///< To the stops of all open positions.
  std::optional<core::Price> planned_stop{};  ///< Of the order's own group.
  bool is_duplicate = false;  ///< An entry like this one was sent within the window.
  /// How long the order would wait for its turn at the broker, and may.
  core::Duration broker_wait{};
  core::Duration broker_wait_max{};
};

/// How a reading's numbers are to be read.
enum class RiskUnit : std::uint8_t { Flag, Count, Quantity, Money, Price, Nanoseconds, Rate };

/// What one check saw.
struct RiskReading {
  std::string_view code;     ///< Of the check, for example `DAILY_LOSS`.
  std::string_view setting;  ///< The limit's key, empty for a check without one.
  RiskUnit unit = RiskUnit::Flag;
  std::int64_t value = 0;
  std::int64_t limit = 0;
  bool available = true;  ///< False when an input was missing: an entry fails on it.
  bool passed = true;

  std::string value_text() const;
  std::string limit_text() const;
};

/// One pre-trade check.
struct RiskCheck {
  std::string_view code;
  std::string_view setting;
  std::string_view rule;  ///< In positive words, for documents and messages.
  bool guards_exits = false;
  RiskReading (*read)(const RiskFacts& facts, const RiskLimits& limits) = nullptr;
  /// Looks at the bot and the account, not at the order: it says the same to any entry.
  bool is_standing = false;
};

inline constexpr std::size_t kRiskChecksMax = 48;
using RiskReadings = boost::container::static_vector<RiskReading, kRiskChecksMax>;

/// Why an order may not go out: the first check that failed.
struct Refused {
  core::Code code;
};

using RiskVerdict = std::variant<Approved<OrderIntent>, Refused>;

/// Lets orders pass or not. Runs every check of one list, so that an explanation can show them
/// all; the first failing one gives the code. Stateless; core thread only.
class RiskManager {
 public:
  /// The list, in the order of evaluation.
  static std::span<const RiskCheck> checks();

  /// `readings` receives what each applicable check saw.
  static RiskVerdict review(const RiskFacts& facts, const RiskLimits& limits,
                            RiskReadings& readings);

  /// The same for new terms of a working order: `facts.intent` is the order with these terms, and
  /// the facts do not count the order as it stands.
  static std::variant<Approved<ReplaceIntent>, Refused> review(const RiskFacts& facts,
                                                               const RiskLimits& limits,
                                                               const ReplaceIntent& replace,
                                                               RiskReadings& readings);

  /// An exit that the broker has already, to be taken into the books: nothing is sent by it.
  static Approved<OrderIntent> sent_already(const OrderIntent& exit);

  /// What the standing checks would say to an entry of the bot now. Of the order and its instrument
  /// nothing is read.
  static void review_standing(const RiskFacts& facts, const RiskLimits& limits,
                              RiskReadings& readings);
};

}  // namespace st0ck::trading
