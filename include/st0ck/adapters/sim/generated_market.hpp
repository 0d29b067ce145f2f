#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/instrument.hpp"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace st0ck::adapters::sim {

/// What a made-up market is like. The defaults look like SPY in early 2019.
struct GeneratedMarketSettings {
  std::uint64_t seed = 1;
  core::Date from = core::Date{std::chrono::year{2025} / 1 / 2};  ///< First session on or after it.
  std::uint32_t sessions = 5;
  core::Price start_price = core::Price::whole(277);
  /// Standard deviation of a minute's change as a part of the price, on an ordinary day and
  /// averaged over the day: 0.0004 is a range of about one per cent a day.
  core::Rate minute_volatility = core::Rate::from_raw(400'000);
  core::Rate gap_volatility = core::Rate::from_raw(4'000'000);  ///< Of the price, overnight.
  core::Volume minute_volume = core::Volume::whole(150'000);    ///< Averaged over the day.
  /// One session in so many is stormy (3.5 times the volatility, three times the volume), one in
  /// so many quiet (a twentieth of the volatility, half the volume).
  std::uint32_t stormy_one_in = 10;
  std::uint32_t quiet_one_in = 10;

  /// `OutOfRange` with the first setting that is not allowed.
  core::Status validate() const;
};

/// One-minute bars of the regular hours that no exchange ever saw, for any symbol.
///
/// Each symbol walks on its own, from the seed and its name, in integers only: the same settings
/// give the same bars on every machine, compiler and build type. A minute is twelve steps of a
/// random walk, and its bar their first, highest, lowest and last price in whole cents.
/// Volatility and volume follow a U over the session (a parabola: 1.6 and 1.9 times the average
/// at its ends). Stretches of 15 to 60 minutes rise, fall or, half of them, swing around where
/// they began. Between sessions the price jumps. A price that would leave 1 to 1,000,000 dollars
/// stays at the bound.
class GeneratedMarket {
 public:
  /// `OutOfRange` for a setting that is not allowed or a period beyond the calendar.
  static core::Result<GeneratedMarket> create(const GeneratedMarketSettings& settings,
                                              const core::ExchangeCalendar& calendar);

  const std::vector<core::Session>& sessions() const { return sessions_; }
  core::Date first_date() const { return sessions_.front().date; }
  core::Date last_date() const { return sessions_.back().date; }

  /// The bars of an instrument from their beginning; needs nothing of this object afterwards.
  std::unique_ptr<market::BarSource> bars_of(const market::Instrument& instrument) const;

 private:
  GeneratedMarket(const GeneratedMarketSettings& settings, std::vector<core::Session> sessions)
      : settings_{settings}, sessions_{std::move(sessions)} {}

  GeneratedMarketSettings settings_;
  std::vector<core::Session> sessions_;
};

}  // namespace st0ck::adapters::sim
