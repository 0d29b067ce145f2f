#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::market {

/// Best bid and ask of an instrument.
struct Quote {
  core::InstrumentId instrument;
  core::Timestamp time;  ///< When it was made, by its source.
  core::Price bid;
  core::Price ask;
  core::Volume bid_size;
  core::Volume ask_size;
  /// Set on a quote that was not observed but derived from a bar: it stays fresh until this
  /// moment (exclusive), when the next bar is due. An observed quote is judged by its age.
  std::optional<core::Timestamp> derived_fresh_until;

  bool is_derived() const { return derived_fresh_until.has_value(); }
};

/// Sale conditions of a print, as the tape's letters.
using SaleConditions = core::FixedText<struct SaleConditionsTag, 8>;

/// A print on the tape.
struct Trade {
  core::InstrumentId instrument;
  core::Timestamp time;
  core::Price price;
  core::Volume size;
  SaleConditions conditions;
  char exchange = ' ';  ///< Venue code of the tape; a blank is unknown.
};

/// Open, high, low, close and volume of the trades in [start, end).
struct Bar {
  core::InstrumentId instrument;
  core::Timestamp start;
  core::Timestamp end;
  core::Price open;
  core::Price high;
  core::Price low;
  core::Price close;
  core::Volume volume;
  std::optional<core::Price> vwap;
  std::optional<std::uint32_t> trade_count;
};

/// Whether an instrument is traded now.
enum class TradingState : std::uint8_t {
  Trading,
  Halted,  ///< By the listing exchange: news, regulation, a market-wide breaker.
  Paused,  ///< By Limit Up-Limit Down: five minutes, then a reopening auction.
};

/// What the tape says of an instrument's tradability; the last one stands until the next.
struct TradingStatus {
  core::InstrumentId instrument;
  core::Timestamp time;
  TradingState state = TradingState::Trading;
  core::Code reason;  ///< The tape's halt code, for example `T1` or `LUDP`; empty when trading.
  /// Rule 201: short sales only above the best bid, for the rest of this session and the next.
  bool is_short_sale_restricted = false;
  /// Limit Up-Limit Down: no trade outside these prices. Absent when no bands are in force.
  std::optional<core::Price> band_low;
  std::optional<core::Price> band_high;
};

enum class CorporateActionKind : std::uint8_t { CashDividend, Split };

/// A change of what a share is, effective before the open of `ex_date`. Announced at that session's
/// Prepare phase at the latest.
struct CorporateAction {
  core::InstrumentId instrument;
  CorporateActionKind kind = CorporateActionKind::CashDividend;
  core::Date ex_date{};
  core::Price amount{};  ///< Of a dividend, dollars per share held at the close before `ex_date`.
  /// Of a split: `numerator` new shares for `denominator` old ones (a reverse split has less).
  std::uint32_t numerator = 1;
  std::uint32_t denominator = 1;
};

/// Where the exchange's day stands. `Prepare` comes ten minutes before the open.
enum class Phase : std::uint8_t { Prepare, Open, Close };

struct SessionPhase {
  Phase phase = Phase::Prepare;
  core::Session session;
};

enum class ProviderState : std::uint8_t { Connected, Degraded, Down, Finished };

/// What a data provider or broker says of itself.
struct ProviderStatus {
  core::Code provider;
  ProviderState state = ProviderState::Connected;
  core::Code reason;
};

std::string_view name_of(Phase phase);
std::string_view name_of(ProviderState state);
std::string_view name_of(TradingState state);
std::string_view name_of(CorporateActionKind kind);

/// What is wrong with a quote as a statement about prices (spec st0ck 13): `INVALID` when a side
/// is missing or not positive, `CROSSED` when the ask is below the bid; nothing when usable.
std::optional<std::string_view> defect_of(const Quote& quote);

/// What is wrong with a bar: a price not positive, a high or low that does not contain open and
/// close, a negative volume, an empty or reversed time; nothing when usable.
std::optional<std::string_view> defect_of(const Bar& bar);

/// What is wrong with a print: a price or size not positive.
std::optional<std::string_view> defect_of(const Trade& trade);

/// What is wrong with a status: bands that are crossed or not positive.
std::optional<std::string_view> defect_of(const TradingStatus& status);

/// What is wrong with a corporate action: an amount not positive, a ratio with a zero.
std::optional<std::string_view> defect_of(const CorporateAction& action);

}  // namespace st0ck::market
