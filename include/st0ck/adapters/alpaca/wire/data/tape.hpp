#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace st0ck::alpaca {

/// What the data stream and the history pages say of an instrument, in the provider's own terms;
/// whose it is stands beside it. Letters that are not known are blanks.

struct TapeTrade {
  core::Timestamp time;
  core::Price price;
  core::Volume size;
  market::SaleConditions conditions;
  char exchange = ' ';
  char tape = ' ';                  ///< A, B or C; options have none.
  std::optional<std::uint64_t> id;  ///< Unique per day and exchange; options have none.

  friend bool operator==(const TapeTrade&, const TapeTrade&) = default;
};

/// A price of 0 means that the side is absent.
struct TapeQuote {
  core::Timestamp time;
  core::Price bid;
  core::Price ask;
  core::Volume bid_size;
  core::Volume ask_size;
  market::SaleConditions conditions;
  char bid_exchange = ' ';
  char ask_exchange = ' ';
  char tape = ' ';

  friend bool operator==(const TapeQuote&, const TapeQuote&) = default;
};

/// A minute bar; the same again after late trades; the day so far.
enum class TapeBarKind : std::uint8_t { Minute, Updated, Daily };

struct TapeBar {
  core::Timestamp start;  ///< A day bar begins at midnight in New York.
  core::Price open;
  core::Price high;
  core::Price low;
  core::Price close;
  core::Volume volume;
  std::optional<std::uint32_t> trade_count;
  /// Absent also where the provider's average has more than nine decimals: it is not rounded.
  std::optional<core::Price> vwap;

  friend bool operator==(const TapeBar&, const TapeBar&) = default;
};

struct TapeStatus {
  core::Timestamp time;
  core::Code status_code;  ///< `H` halted, `T` trading, ...; the letters depend on the tape.
  core::Code reason_code;
  std::string status_message;
  std::string reason_message;
  char tape = ' ';

  friend bool operator==(const TapeStatus&, const TapeStatus&) = default;
};

/// Limit Up-Limit Down: no trade outside these prices.
struct TapeBands {
  core::Timestamp time;
  core::Price up;
  core::Price down;
  char indicator = ' ';
  char tape = ' ';

  friend bool operator==(const TapeBands&, const TapeBands&) = default;
};

struct TapePrint {
  std::uint64_t id = 0;
  core::Price price;
  core::Volume size;
  market::SaleConditions conditions;

  friend bool operator==(const TapePrint&, const TapePrint&) = default;
};

/// A trade that was told wrongly, and how it is right.
struct TapeCorrection {
  core::Timestamp time;
  TapePrint original;
  TapePrint corrected;
  char exchange = ' ';
  char tape = ' ';

  friend bool operator==(const TapeCorrection&, const TapeCorrection&) = default;
};

/// A trade that is taken back.
struct TapeCancel {
  core::Timestamp time;
  std::uint64_t id = 0;
  core::Price price;
  core::Volume size;
  char exchange = ' ';
  char action = ' ';  ///< `C` cancelled, `E` an error.
  char tape = ' ';

  friend bool operator==(const TapeCancel&, const TapeCancel&) = default;
};

market::Trade to_market(core::InstrumentId instrument, const TapeTrade& trade);
market::Quote to_market(core::InstrumentId instrument, const TapeQuote& quote);

}  // namespace st0ck::alpaca
