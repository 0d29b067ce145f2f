#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/settings.hpp"
#include "st0ck/core/time_of_day.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

namespace st0ck::engines::st0cka {

/// The rules of one bot; times are New York's, windows are half-open.
struct Settings {
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
  core::Duration quote_age_max{};
};

/// Keys, help, defaults and ranges of the settings (spec st0ck 3.1).
core::Schema<Settings> settings_schema();

}  // namespace st0ck::engines::st0cka
