#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/settings.hpp"
#include "st0ck/core/time_of_day.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>

namespace st0ck::engines::st0cka {

/// Simple trades one share once a session, advanced several lots of a share.
enum class Mode : std::uint8_t { Simple, Advanced };

/// The rules of one bot; times are New York's, windows are half-open.
struct Settings {
  Mode mode = Mode::Simple;
  core::Symbol symbol;
  core::TimeOfDay buy_from;
  core::TimeOfDay buy_until;
  core::TimeOfDay sell_from;
  core::TimeOfDay time_exit_from;
  core::TimeOfDay stop_at;
  core::Price profit_target;
  core::Price stop_loss;
  core::Duration fill_timeout{};
  core::Duration retry_pause{};
  core::Duration retry_pause_max{};
  core::Duration quote_age_max{};
  // Of advanced mode.
  std::int64_t lots_max = 0;
  core::Duration buy_pause{};
  std::int64_t losses_max = 0;
  core::Money loss_budget;
};

/// Keys, help, defaults and ranges of the settings (spec st0ck 3.1, 3.2).
core::Schema<Settings> settings_schema();

/// The mode alone, which decides the defaults of the bot's risk limits.
core::Schema<Settings> mode_schema();

}  // namespace st0ck::engines::st0cka
