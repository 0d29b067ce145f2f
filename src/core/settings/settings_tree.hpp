#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::core {

/// Where something was written: a line of the file, or an override.
struct SettingsPlace {
  int line = 0;  ///< From 1; 0 is the file as a whole.
  std::string override_key;

  std::string to_string(std::string_view file) const;
};

/// A problem before its place is put in words.
struct SettingsFinding {
  SettingsPlace place;
  std::string key;
  std::string found;
  std::string allowed;
};

using SettingsFindings = std::vector<SettingsFinding>;

/// A node of a settings document as written. A map keeps the order of its keys.
struct SettingsNode {
  enum class Kind { None, Scalar, List, Map };

  Kind kind = Kind::None;
  std::string text;
  bool quoted = false;
  SettingsPlace place;
  std::vector<SettingsNode> items;
  std::vector<std::pair<std::string, std::unique_ptr<SettingsNode>>> members;

  SettingsNode* find(std::string_view key);
  const SettingsNode* find(std::string_view key) const;

  /// What a message calls it: `a map`, `'12'`.
  std::string describe() const;
};

/// `parent.key`, or `key` at the top.
std::string join_path(std::string_view parent, std::string_view key);

/// The first 60 bytes, cut between characters.
std::string shortened(std::string_view text);

/// The line of the first byte that is not well-formed UTF-8 or is a control character other than
/// tab and line end; 0 where all is well.
int first_bad_line(std::string_view text);

/// Whether a key speaks of a secret, which has no place in a settings file.
bool names_a_secret(std::string_view key);

/// The candidate that `key` was most likely meant to be, or an empty text.
std::string closest_key(std::string_view key, const std::vector<std::string>& candidates);

}  // namespace st0ck::core
