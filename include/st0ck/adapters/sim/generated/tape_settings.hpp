#pragma once

#include "st0ck/adapters/sim/generated/day_kind.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace st0ck::adapters::sim::generated {

/// What one made-up symbol is like. The defaults look like SPY in early 2019. Volatilities are
/// standard deviations of a minute's change as a part of the price, averaged over an ordinary day.
struct SymbolTraits {
  core::Symbol symbol;
  std::uint32_t sector = 0;  ///< 0 to 10; symbols of a sector share its moves.
  core::Price start_price = core::Price::whole(277);
  core::Rate own_volatility = core::Rate::from_raw(30'000);  ///< Shared with nobody: 0.00003.
  core::Rate market_beta = core::Rate::from_raw(core::Rate::kOne);  ///< Share of the market's move.
  core::Rate sector_beta{};                                         ///< Share of the sector's.
  core::Volume minute_volume = core::Volume::whole(150'000);        ///< Auctions not counted.
  /// Quotes and prints in a minute of the regular hours, averaged over the day.
  std::uint32_t events_per_minute = 300;
  core::Rate spread = core::Rate::from_raw(30'000);    ///< Part of the price; at least one tick.
  core::Volume quote_size = core::Volume::whole(600);  ///< Mean size of a side, in round lots.
  /// Limit Up-Limit Down: tier 1 (index members and large funds) or 2 (all others).
  std::uint32_t luld_tier = 1;
  char listing_exchange = 'P';  ///< Where its auctions are, by the tape's code.
};

/// One session of another kind than chance gives it.
struct ScriptedDay {
  std::uint32_t session = 1;  ///< Counted from 1.
  DayKind kind = DayKind::Ordinary;
  std::optional<core::Symbol> symbol{};  ///< Absent: every symbol that has no entry of its own.
};

/// What a made-up market of ticks is like.
struct TapeSettings {
  std::uint64_t seed = 1;
  core::Date from = core::Date{std::chrono::year{2025} / 1 / 2};  ///< First session on or after it.
  std::uint32_t sessions = 5;
  std::vector<SymbolTraits> symbols{};
  /// So many more symbols, `AAAA`, `AAAB` and on, with traits drawn from the seed.
  std::uint32_t made_up_symbols = 0;
  core::Rate market_volatility = core::Rate::from_raw(250'000);  ///< Of a minute: 0.00025.
  core::Rate sector_volatility = core::Rate::from_raw(200'000);  ///< Of a minute: 0.0002.
  /// Deviation of the market's move from close to open, as a part of the price. A sector's is half
  /// of it, a symbol's own ten times its own volatility.
  core::Rate gap_volatility = core::Rate::from_raw(4'000'000);
  bool has_premarket = true;  ///< From 04:00 New York; else the tape begins at Prepare.
  core::Rate off_exchange_share = *core::parse_rate("0.42");  ///< Part of the prints, code `D`.
  /// One symbol's session in so many has a news halt, a dividend, a split; 0 is never.
  std::uint32_t halt_one_in = 400;
  std::uint32_t dividend_one_in = 63;
  std::uint32_t split_one_in = 1500;
  /// One session in so many is of a kind other than ordinary, drawn for the whole market (never a
  /// crash); 0 is never.
  std::uint32_t special_day_one_in = 5;
  std::vector<ScriptedDay> script{};
  /// Multiplies every symbol's events per minute; their volume stays.
  core::Rate intensity = core::Rate::from_raw(core::Rate::kOne);

  /// `OutOfRange` with the first setting that is not allowed.
  core::Status validate() const;
};

/// The listed symbols, then the made-up ones. A made-up symbol is the same whatever else there is.
std::vector<SymbolTraits> all_symbols(const TapeSettings& settings);

}  // namespace st0ck::adapters::sim::generated
