#pragma once

#include "src/adapters/sim/generated/units.hpp"
#include "st0ck/adapters/sim/generated/tape_settings.hpp"
#include "st0ck/market/events.hpp"

#include <cstdint>
#include <optional>

namespace st0ck::adapters::sim::generated {

/// The dividends and splits of one symbol.
class ShareChanges {
 public:
  explicit ShareChanges(const TapeSettings& settings)
      : dividend_one_in_{settings.dividend_one_in}, split_one_in_{settings.split_one_in} {}

  /// Draws what becomes of a share on a date, by its last close; draws equally often whatever
  /// comes of it.
  void begin_day(core::Date date, core::InstrumentId instrument, core::Price close, Random& random);
  /// No change on this day.
  void skip_day() { dividend_.reset(), split_.reset(); }

  const std::optional<market::CorporateAction>& dividend() const { return dividend_; }
  const std::optional<market::CorporateAction>& split() const { return split_; }

  /// What the last close is worth after the day's changes: less the dividend, then split.
  core::Price adjusted(core::Price close) const;
  /// What a volume becomes by the day's split.
  std::int64_t adjusted_volume(std::int64_t shares) const;

 private:
  std::uint32_t dividend_one_in_;
  std::uint32_t split_one_in_;
  std::optional<market::CorporateAction> dividend_{};
  std::optional<market::CorporateAction> split_{};
};

}  // namespace st0ck::adapters::sim::generated
