#pragma once

#include "st0ck/core/settings.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace st0ck::app {

enum class MarketKind : std::uint8_t { Generated, Recorded };

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
  std::int64_t days = 1;
  std::int64_t seed = 1;
  core::Date from{};
  core::Price start_price{};
};

struct MarketSettings {
  MarketKind kind = MarketKind::Generated;
  TapeSettings tape;
  RecordedMarketSettings recorded;    ///< Read where `kind` says so.
  GeneratedMarketSettings generated;  ///< Read where `kind` says so.
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

}  // namespace st0ck::app
