#include "src/core/settings/settings_overrides.hpp"

#include "src/core/settings/yaml_reader.hpp"
#include "st0ck/core/settings.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string_view>

namespace st0ck::core {

namespace {

constexpr std::string_view kSyntax = "key=value, the key in dotted form";

/// `a.b.c` in its parts; nothing where a part is empty or there are too many.
std::optional<std::vector<std::string>> split_key(std::string_view key) {
  std::vector<std::string> parts;
  for (;;) {
    const auto dot = key.find('.');
    if (dot == 0 || key.empty() || parts.size() >= kSettingsDepthMax) return std::nullopt;
    parts.emplace_back(key.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    key.remove_prefix(dot + 1);
  }
}

bool is_written_as_yaml(std::string_view value) {
  return !value.empty() && std::string_view{"[{\"'"}.find(value.front()) != std::string_view::npos;
}

bool is_one_line(std::string_view value) {
  return value.size() <= kSettingTextMax && first_bad_line(value) == 0 &&
         value.find_first_of("\r\n\t") == std::string_view::npos;
}

/// The value of an override in YAML, or nothing with a finding noted.
std::optional<SettingsNode> read_value(std::string_view value, const SettingsPlace& place,
                                       SettingsFindings& findings) {
  // As the value of a key, where YAML's messages are about the value alone.
  SettingsFindings own;
  YamlDocument document = read_yaml(fmt::format("value: {}", value), place, own);
  SettingsNode* node = document.root.find("value");
  for (auto& finding : own) finding.key = place.override_key;
  const bool good = own.empty() && node != nullptr && document.root.members.size() == 1;
  if (!good && own.empty())
    own.push_back({place, place.override_key, "no YAML", "well-formed YAML"});
  findings.insert(findings.end(), own.begin(), own.end());
  if (!good) return std::nullopt;
  return std::move(*node);
}

/// Gives `node` a new value and its place.
void set_value(SettingsNode& node, std::string_view value, const SettingsPlace& place,
               SettingsFindings& findings) {
  if (is_written_as_yaml(value)) {
    auto read = read_value(value, place, findings);
    if (!read) return;
    node = std::move(*read);
  } else if (is_one_line(value)) {
    node = SettingsNode{};
    const bool none = value.empty() || value == "null" || value == "~";
    node.kind = none ? SettingsNode::Kind::None : SettingsNode::Kind::Scalar;
    node.text = value;
  } else {
    findings.push_back({place, place.override_key, "a value that is no text",
                        fmt::format("up to {} bytes of UTF-8 in one line", kSettingTextMax)});
    return;
  }
  node.place = place;
}

/// The member of `map`, made where it is missing.
SettingsNode& member(SettingsNode& map, const std::string& key, const SettingsPlace& place) {
  if (SettingsNode* found = map.find(key)) return *found;
  auto made = std::make_unique<SettingsNode>();
  made->place = place;
  return *map.members.emplace_back(key, std::move(made)).second;
}

void apply(std::string_view text, SettingsNode& root, SettingsFindings& findings) {
  const auto equals = text.find('=');
  const auto key = text.substr(0, equals);
  const bool readable = first_bad_line(key) == 0;
  const SettingsPlace place{.line = 0, .override_key = readable ? shortened(key) : "(no text)"};
  const auto parts = split_key(key);
  if (equals == std::string_view::npos || !parts || !readable) {
    findings.push_back({place, {}, "no setting", std::string{kSyntax}});
    return;
  }
  SettingsNode* node = &root;
  for (const auto& part : *parts) {
    if (node->kind == SettingsNode::Kind::None) node->kind = SettingsNode::Kind::Map;
    if (node->kind != SettingsNode::Kind::Map) {
      findings.push_back({place, std::string{key}, fmt::format("{} on its way", node->describe()),
                          "maps down to the last part of the key"});
      return;
    }
    node = &member(*node, part, place);
  }
  set_value(*node, text.substr(equals + 1), place, findings);
}

}  // namespace

void apply_overrides(const std::vector<std::string>& overrides, SettingsNode& root,
                     SettingsFindings& findings) {
  for (const auto& text : overrides) apply(text, root, findings);
}

}  // namespace st0ck::core
