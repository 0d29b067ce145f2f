#pragma once

#include "src/app/exchange/faults/fault_rule.hpp"
#include "st0ck/core/settings.hpp"

#include <vector>

namespace st0ck::app::exchange {

/// Most faults of one scenario, so that judging a message stays cheap.
inline constexpr std::size_t kFaultRulesMax = 100;

/// Reads the section `faults` of a scenario: one section for each fault, by a name of the user's.
/// What is wrong is noted in the document.
std::vector<FaultRule> read_faults(core::SettingsSection& scenario);

}  // namespace st0ck::app::exchange
