#pragma once

#include "st0ck/core/settings.hpp"
#include "st0ck/trading/risk_limits.hpp"

namespace st0ck::app {

/// Notes limits that contradict each other: one that another never lets come into force. Only what
/// differs from its default is blamed, as somebody wrote it and will believe that it holds; so the
/// effective settings of a run, written out in full, are as good as its file. `effective` are the
/// limits with the account's taken into account.
void check_against_each_other(core::SettingsSection& section, const trading::RiskLimits& limits,
                              const trading::RiskLimits& defaults,
                              const trading::RiskLimits& effective);

/// Notes limits of a bot that are wider than the account's.
void check_against_account(core::SettingsSection& section, const trading::RiskLimits& limits,
                           const trading::RiskLimits& defaults, const trading::RiskLimits& ceiling);

}  // namespace st0ck::app
