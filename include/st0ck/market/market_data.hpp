#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace st0ck::market {

enum class DataKind : std::uint8_t { Quotes, Trades, Bars, Statuses };

inline constexpr std::size_t kDataKinds = 4;

/// Who declared a need: the number of a bot in its process.
using Subscriber = std::uint32_t;

/// One thing that an engine wants to be told about an instrument, and how old its latest value
/// may be before a decision on it is unavailable. Daily session phases need no declaration.
struct DataNeed {
  core::InstrumentId instrument;
  DataKind kind = DataKind::Quotes;
  core::Duration age_max = std::chrono::seconds{2};
};

/// Why a value cannot be used now.
enum class Staleness : std::uint8_t { Fresh, Missing, Stale };

/// A quote with its age, or the reason why there is none to use.
struct QuoteReading {
  Staleness staleness = Staleness::Missing;
  Quote quote;           ///< The latest one, also when it is stale; meaningless when missing.
  core::Duration age{};  ///< Since the quote's own time.

  bool is_fresh() const { return staleness == Staleness::Fresh; }
};

/// What the market said last, per instrument, with ages.
///
/// Refuses unusable values (see `defect_of`) and values older than the last one, and counts
/// them. The core thread's; state is a vector indexed by instrument, so a reading is a few
/// nanoseconds and allocates nothing once an instrument has been seen.
class MarketData {
 public:
  struct Counters {
    std::uint64_t accepted = 0;
    std::uint64_t refused_defective = 0;
    std::uint64_t refused_out_of_order = 0;
  };

  /// Declares what a subscriber will be told and may read.
  void declare(Subscriber subscriber, const DataNeed& need);

  /// Who is told about a kind of data of an instrument, in the order of their declarations.
  std::span<const Subscriber> subscribers(core::InstrumentId instrument, DataKind kind) const {
    const Latest* latest = find(instrument);
    if (latest == nullptr) return {};
    return latest->subscribers[static_cast<std::size_t>(kind)];
  }

  /// Whether anybody has declared a need for a kind of data of an instrument.
  bool is_needed(core::InstrumentId instrument, DataKind kind) const {
    return !subscribers(instrument, kind).empty();
  }

  /// Whether a subscriber has declared a need for any kind of data of an instrument.
  bool is_declared(Subscriber subscriber, core::InstrumentId instrument) const;

  /// Take a value in; false when it was refused.
  bool apply(const Quote& quote);
  bool apply(const Trade& trade);
  bool apply(const Bar& bar);
  bool apply(const TradingStatus& status);

  /// Brings the mark and the latest quote of the instrument to what they are worth ex: after a
  /// split, prices in new shares; after a dividend, less its amount, as the exchange adjusts the
  /// previous close. The last bar and print stay as they were printed.
  bool apply(const CorporateAction& action);

  /// The latest quote as seen at `now`, usable when it is at most `age_max` old or, if derived,
  /// before its next bar is due.
  QuoteReading quote(core::InstrumentId instrument, core::Timestamp now,
                     core::Duration age_max) const;

  /// The same as declared by a subscriber; what was not declared is missing.
  QuoteReading quote_for(Subscriber subscriber, core::InstrumentId instrument,
                         core::Timestamp now) const;

  std::optional<Bar> last_bar(core::InstrumentId instrument) const;
  std::optional<Trade> last_trade(core::InstrumentId instrument) const;

  /// The latest status; nothing when none was told, as with bars alone.
  std::optional<TradingStatus> trading_status(core::InstrumentId instrument) const;

  /// The price an open position is marked at: the latest of trade, bar close and quote midpoint by
  /// their own times, as a bar may come late, from a provider's history.
  std::optional<core::Price> mark(core::InstrumentId instrument) const;

  const Counters& counters() const { return counters_; }

 private:
  struct Latest {
    std::optional<Quote> quote;
    std::optional<Trade> trade;
    std::optional<Bar> bar;
    std::optional<core::Price> mark;
    core::Timestamp mark_time = core::Timestamp::min();
    std::optional<TradingStatus> status;
    std::array<std::vector<Subscriber>, kDataKinds> subscribers;
    std::array<std::vector<core::Duration>, kDataKinds> ages_max;  ///< One per subscriber.

    void note_mark(core::Price price, core::Timestamp time) {
      if (time < mark_time) return;
      mark = price;
      mark_time = time;
    }
  };

  // Inline, as they are part of every market event.
  Latest& latest_of(core::InstrumentId instrument) {
    if (instrument.value() >= latest_.size()) [[unlikely]]
      grow_to(instrument);
    return latest_[instrument.value()];
  }
  const Latest* find(core::InstrumentId instrument) const {
    return instrument.value() < latest_.size() ? &latest_[instrument.value()] : nullptr;
  }
  void grow_to(core::InstrumentId instrument);
  bool refuse_defective();
  bool refuse_out_of_order();

  std::vector<Latest> latest_;
  Counters counters_;
};

}  // namespace st0ck::market
