#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/bar_interval.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/session_cursor.hpp"

#include <cstdint>
#include <optional>

namespace st0ck::market {

/// A bar that is complete because its time is over.
struct CompletedBar {
  Bar bar;
  /// How much of the bar's time no shorter bar covered (missing minutes); zero for bars made of
  /// trades, where silence is not a gap.
  core::Duration uncovered{};
};

/// Makes bars of one instrument out of its trades, or longer bars out of shorter ones.
///
/// Buckets are counted from the session's open and never cross a session; the last one ends at
/// the close. A bar is stamped by its start and given out once its time is over: by the first
/// input of a later bucket, or by `advance_to`, never before its end. A bucket without a price
/// gives no bar. Input of a bucket that is over is refused and counted, and so is input outside
/// the regular hours. At equal times, data come before `advance_to`: a bar that ends at 09:35 is
/// added at 09:35, then `advance_to(09:35)` completes the 5-minute bar.
///
/// Which trades count for high and low, open and close, and volume, `effect_of` says. Trades
/// within a bucket may come out of order: open and close are by the trades' own time. Feed one
/// aggregator either trades or bars. Constant memory, no allocation; core thread.
class BarAggregator {
 public:
  struct Counters {
    std::uint64_t bars = 0;
    std::uint64_t empty_buckets = 0;      ///< In sessions with bars, before the last bar.
    std::uint64_t ineligible_trades = 0;  ///< Without effect on open, high, low and close.
    std::uint64_t refused_late = 0;
    std::uint64_t refused_outside_hours = 0;
    std::uint64_t refused_straddling = 0;  ///< Bars that end after the bucket they start in.
    std::uint64_t refused_defective = 0;   ///< See `defect_of`; or too large to be added up.
    core::Volume volume_without_price;     ///< Of buckets that had volume but no price.
  };

  BarAggregator(core::InstrumentId instrument, BarInterval interval,
                core::ExchangeCalendar calendar);

  /// Takes an input; returns the bar that it completed, if any.
  std::optional<CompletedBar> add(const Trade& trade);
  std::optional<CompletedBar> add(const Bar& bar);

  /// Says that it is `now`; returns the bar whose time is over, if any. Later input from before
  /// the bucket that holds `now` is late.
  std::optional<CompletedBar> advance_to(core::Timestamp now);

  const Counters& counters() const { return counters_; }

 private:
  /// The bucket that is being filled.
  struct Building {
    core::Session session;
    BarInterval::Bucket bucket;
    Bar bar;
    bool has_price = false;     ///< Open and close are set.
    bool has_extremes = false;  ///< High and low are set.
    bool is_of_bars = false;
    core::Timestamp open_time{};
    core::Timestamp close_time{};
    /// Sum of price x volume and of volume for the average price, both raw.
    core::Int128 turnover = 0;
    core::Int128 turnover_volume = 0;
    bool vwap_known = true;
    core::Timestamp covered_until{};
    core::Duration uncovered{};
  };

  const core::Session* regular_session_at(core::Timestamp time);
  std::optional<CompletedBar> enter(const core::Session& session, core::Timestamp time);
  std::optional<CompletedBar> complete();
  void note_empty_buckets(const core::Session& session, core::Timestamp start);
  bool add_volume(core::Volume volume);
  void add_price(const Trade& trade);
  void add_prices(const Bar& bar);
  void add_extremes(core::Price high, core::Price low);
  void add_turnover(core::Price price, core::Volume volume);

  core::InstrumentId instrument_;
  BarInterval interval_;
  SessionCursor sessions_;
  std::optional<Building> building_;
  core::Timestamp floor_ = core::Timestamp::min();  ///< Input from before it is late.
  std::optional<core::Session> last_session_;
  core::Timestamp last_end_{};
  Counters counters_;
};

}  // namespace st0ck::market
