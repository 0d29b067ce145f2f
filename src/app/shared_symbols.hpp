#pragma once

#include "src/app/configuration.hpp"

#include <span>
#include <string>
#include <utility>

namespace st0ck::app {

/// Notes each bot that would trade a symbol of a bot before it at a broker that keeps one position
/// of each symbol for the whole account (ADR 33). `sections`: of all bots, in their order.
void check_shared_symbols(std::span<std::pair<std::string, core::SettingsSection>> sections,
                          const Configuration& configuration);

}  // namespace st0ck::app
