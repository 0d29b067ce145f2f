#include "src/core/settings/effective_settings.hpp"

#include "src/core/settings/settings_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace st0ck::core {

namespace {

constexpr std::size_t kCommentColumns = 96;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Whether YAML takes the text as it stands, inside `[...]` too. Narrower than its rules.
bool is_plain(std::string_view text) {
  if (text.empty() || text == "null" || text == "Null" || text == "NULL") return false;
  const char first = text.front();
  const bool number = first == '-' && text.size() > 1 && text[1] >= '0' && text[1] <= '9';
  if (!is_letter_or_digit(first) && first != '.' && first != '/' && first != '_' && !number)
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || std::string_view{"_./%+-"}.find(c) != std::string_view::npos;
  });
}

std::string yaml_scalar(std::string_view text) {
  if (is_plain(text)) return std::string{text};
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

/// `text` as comment lines, broken between words.
void write_comment(std::string& out, std::size_t indent, std::string_view text) {
  const std::size_t columns = kCommentColumns - indent;
  while (!text.empty()) {
    std::size_t size = text.size();
    if (size > columns) {
      const auto space = text.rfind(' ', columns);
      size = space == std::string_view::npos ? text.find(' ') : space;
      size = std::min(size, text.size());
    }
    out += fmt::format("{:{}}# {}\n", "", indent, text.substr(0, size));
    text.remove_prefix(std::min(text.size(), size + 1));
  }
}

std::string comment_of(const SettingInfo& info) {
  std::string facts = info.allowed;
  if (!info.unit.empty()) facts += fmt::format(", in {}", info.unit);
  facts += info.required ? "; required" : fmt::format("; default {}", info.default_text);
  return info.help.empty() ? facts : fmt::format("{} [{}]", info.help, facts);
}

void write_children(std::string& out, const EffectiveSetting& parent, std::size_t indent,
                    bool comments);

void write_setting(std::string& out, const EffectiveSetting& setting, std::size_t indent,
                   bool comments) {
  if (!setting.section) {
    if (comments) write_comment(out, indent, comment_of(setting.info));
    out += fmt::format("{:{}}{}: {}\n", "", indent, setting.key, yaml_text(setting.value));
    return;
  }
  if (comments && !setting.help.empty()) write_comment(out, indent, setting.help);
  if (setting.children.empty()) {
    out += fmt::format("{:{}}{}: {{}}\n", "", indent, setting.key);
    return;
  }
  out += fmt::format("{:{}}{}:\n", "", indent, setting.key);
  write_children(out, setting, indent + 2, comments);
}

void write_children(std::string& out, const EffectiveSetting& parent, std::size_t indent,
                    bool comments) {
  for (const auto& child : parent.children) write_setting(out, child, indent, comments);
}

void collect_lines(const EffectiveSetting& setting, const std::string& path,
                   std::vector<std::string>& lines) {
  if (!setting.section) {
    if (setting.info.in_hash)
      lines.push_back(fmt::format("{}={}\n", path, yaml_text(setting.value)));
    return;
  }
  for (const auto& child : setting.children)
    collect_lines(child, join_path(path, child.key), lines);
}

}  // namespace

EffectiveSetting& EffectiveSetting::child(std::string_view name) {
  for (auto& known : children)
    if (known.key == name) return known;
  EffectiveSetting& made = children.emplace_back();
  made.key = name;
  return made;
}

std::string yaml_text(const SettingInput& value) {
  if (value.none) return "null";
  if (!value.list) return yaml_scalar(value.items.front().text);
  std::string text = "[";
  for (std::size_t i = 0; i < value.items.size(); ++i)
    text += (i == 0 ? "" : ", ") + yaml_scalar(value.items[i].text);
  return text + "]";
}

std::string effective_yaml(const EffectiveSetting& root, bool comments) {
  std::string out;
  write_children(out, root, 0, comments);
  return out.empty() ? "{}\n" : out;
}

std::string effective_lines(const EffectiveSetting& root, std::string_view path) {
  std::vector<std::string> lines;
  collect_lines(root, "", lines);
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const auto& line : lines)
    if (path.empty() || line.starts_with(fmt::format("{}.", path)) ||
        line.starts_with(fmt::format("{}=", path)))
      text += line;
  return text;
}

}  // namespace st0ck::core
