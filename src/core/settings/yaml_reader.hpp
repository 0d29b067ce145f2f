#pragma once

#include "src/core/settings/settings_tree.hpp"

#include <string_view>

namespace st0ck::core {

/// A YAML text as a tree.
struct YamlDocument {
  SettingsNode root;
  bool complete = true;  ///< False where reading stopped early: keys may be missing then.
};

/// Reads one YAML document: maps, lists, scalars, no aliases and no tags, within the limits of
/// settings.hpp. Findings name what is wrong; what stood before it is kept. `place` is where the
/// text stands: lines are counted in the file, an override keeps its own place.
YamlDocument read_yaml(std::string_view text, const SettingsPlace& place,
                       SettingsFindings& findings);

}  // namespace st0ck::core
