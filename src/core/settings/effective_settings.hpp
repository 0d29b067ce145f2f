#pragma once

#include "st0ck/core/settings/setting_field.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace st0ck::core {

/// What was read, in the order of reading: the tree behind `--print-config` and the hash.
struct EffectiveSetting {
  std::string key;
  std::string help;
  bool section = false;
  SettingInput value;  ///< Of a setting.
  SettingInfo info;    ///< Of a setting.
  std::deque<EffectiveSetting> children;

  /// The child of that name, made at the end where it is missing.
  EffectiveSetting& child(std::string_view name);
};

/// Writes a tree as YAML.
std::string effective_yaml(const EffectiveSetting& root, bool comments);

/// One `path=value` line for each setting that counts, sorted by bytes.
std::string effective_lines(const EffectiveSetting& root, std::string_view path);

/// A value as it stands in YAML, quoted where it must be.
std::string yaml_text(const SettingInput& value);

}  // namespace st0ck::core
