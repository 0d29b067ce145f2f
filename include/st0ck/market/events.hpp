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

/// What is wrong with a quote as a statement about prices (spec st0ck 13): `INVALID` when a side
/// is missing or not positive, `CROSSED` when the ask is below the bid; nothing when usable.
std::optional<std::string_view> defect_of(const Quote& quote);

/// What is wrong with a bar: a price not positive, a high or low that does not contain open and
/// close, a negative volume, an empty or reversed time; nothing when usable.
std::optional<std::string_view> defect_of(const Bar& bar);

/// What is wrong with a print: a price or size not positive.
std::optional<std::string_view> defect_of(const Trade& trade);

}  // namespace st0ck::market
