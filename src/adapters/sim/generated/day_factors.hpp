#pragma once

#include "src/adapters/sim/generated/day_shape.hpp"
#include "st0ck/adapters/sim/generated/tape_settings.hpp"
#include "st0ck/core/calendar.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace st0ck::adapters::sim::generated {

inline constexpr std::size_t kSectors = 11;

/// What all symbols share on one day, drawn from the seed and the date alone: the moves of the
/// market and of each sector minute by minute, how lively the day is, what kind it is.
class DayFactors {
 public:
  /// `number` of the session is counted from 1.
  DayFactors(const TapeSettings& settings, const core::Session& session, std::uint32_t number);

  const core::Session& session() const { return session_; }
  std::uint32_t number() const { return number_; }
  core::Timestamp begin() const { return begin_; }

  /// Minutes of the tape before the open, and of the regular hours.
  std::int64_t early_minutes() const { return early_minutes_; }
  std::int64_t regular_minutes() const { return regular_minutes_; }

  /// Moves of a minute, counted from the beginning of the tape.
  Fraction market_move(std::size_t minute) const { return market_[minute]; }
  Fraction sector_move(std::size_t sector, std::size_t minute) const {
    return sectors_[sector][minute];
  }
  Fraction market_gap() const { return market_gap_; }
  Fraction sector_gap(std::size_t sector) const { return sector_gaps_[sector]; }

  /// Volatility of a minute in thousandths of its mean: the course of the day, its mood and
  /// clusters of busy minutes; without what the kind of the day adds.
  std::int64_t volatility(std::size_t minute) const { return volatility_[minute]; }
  /// How busy a minute is, likewise, without the course of the day.
  std::int64_t liveliness(std::size_t minute) const { return liveliness_[minute]; }

  DayKind kind() const { return kind_; }
  /// The course of a session of this kind; the same object for everybody who asks.
  const DayShape& shape(DayKind kind);

 private:
  void draw_liveliness(Random& random);
  void draw_kind(const TapeSettings& settings);

  core::Session session_;
  std::uint32_t number_;
  std::uint64_t seed_;
  core::Timestamp begin_;
  std::int64_t early_minutes_;
  std::int64_t regular_minutes_;
  std::vector<std::int64_t> liveliness_;
  std::vector<std::int64_t> volatility_;
  std::vector<Fraction> market_;
  std::array<std::vector<Fraction>, kSectors> sectors_;
  Fraction market_gap_ = 0;
  std::array<Fraction, kSectors> sector_gaps_{};
  DayKind kind_ = DayKind::Ordinary;
  std::array<std::optional<DayShape>, kDayKinds> shapes_{};
};

/// The stream of random numbers of a name on a date.
Random stream_of(std::uint64_t seed, std::string_view name, core::Date date);

}  // namespace st0ck::adapters::sim::generated
