#pragma once

#include "src/app/alpaca_settings.hpp"
#include "st0ck/adapters/sim/generated/tape_settings.hpp"
#include "st0ck/core/settings.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace st0ck::app {

enum class MarketKind : std::uint8_t { Generated, Recorded, Alpaca };

/// How much of a generated market is made.
enum class MarketDetail : std::uint8_t {
  Bars,   ///< One-minute bars; quotes are derived from them.
  Ticks,  ///< Every quote and print, with auctions, halts and corporate actions; bars from them.
};

/// What every market made of bars has.
struct TapeSettings {
  double speed = 0;
  core::Price half_spread{};
};

struct RecordedMarketSettings {
  std::filesystem::path path;
  std::optional<std::filesystem::path> corporate_actions;
  core::Date from{};
  core::Date to{};
};

struct GeneratedMarketSettings {
  MarketDetail detail = MarketDetail::Bars;
  std::int64_t days = 1;
  std::int64_t seed = 1;
  core::Date from{};
  core::Price start_price{};
};

/// Which kinds of day a market of ticks has: those of the first sessions, in order.
struct DayScript {
  std::vector<adapters::sim::generated::DayKind> script;
};

/// One symbol of a market of ticks.
struct GeneratedSymbol {
  std::string key;  ///< Its name in the settings.
  adapters::sim::generated::SymbolTraits traits;
  DayScript days;
};

struct MarketSettings {
  MarketKind kind = MarketKind::Generated;
  TapeSettings tape;
  RecordedMarketSettings recorded;    ///< Read where `kind` says so.
  GeneratedMarketSettings generated;  ///< Read where `kind` says so.
  AlpacaMarketSettings alpaca;        ///< Read where `kind` says so.
  /// Where the market is made of ticks: all of it but the symbols, which the bots and `symbols`
  /// give.
  adapters::sim::generated::TapeSettings ticks;
  DayScript days;
  std::vector<GeneratedSymbol> symbols;

  /// Whether the market goes on by the machine's clock.
  bool is_live() const { return kind == MarketKind::Alpaca; }

  bool has_ticks() const {
    return kind == MarketKind::Generated && generated.detail == MarketDetail::Ticks;
  }
};

/// Reads the section `market`, noting the keys of the kind that is not chosen.
MarketSettings read_market_settings(core::SettingsSection section);

/// The one key that decides which of the others there are.
struct MarketChoice {
  MarketKind kind = MarketKind::Generated;
};

/// The schemas of the section, for lists of keys.
core::Schema<MarketChoice> market_choice_schema();
core::Schema<TapeSettings> tape_schema();
core::Schema<RecordedMarketSettings> recorded_market_schema();
core::Schema<GeneratedMarketSettings> generated_market_schema();
core::Schema<adapters::sim::generated::TapeSettings> generated_ticks_schema();
core::Schema<adapters::sim::generated::SymbolTraits> generated_symbol_schema(
    core::Price start_price);
core::Schema<DayScript> day_script_schema();

}  // namespace st0ck::app
