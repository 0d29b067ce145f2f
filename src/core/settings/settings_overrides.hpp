#pragma once

#include "src/core/settings/settings_tree.hpp"

#include <string>
#include <vector>

namespace st0ck::core {

/// Puts each `key.path=value` into the tree, in order, making the maps on its way. What cannot be
/// put there becomes a finding and changes nothing.
void apply_overrides(const std::vector<std::string>& overrides, SettingsNode& root,
                     SettingsFindings& findings);

}  // namespace st0ck::core
