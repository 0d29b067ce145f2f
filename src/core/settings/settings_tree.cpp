#include "src/core/settings/settings_tree.hpp"

#include "st0ck/core/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace st0ck::core {

namespace {

constexpr std::size_t kShownMax = 60;
constexpr std::size_t kComparedMax = 64;

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

/// Levenshtein's distance: single characters put in, taken out or changed.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string SettingsPlace::to_string(std::string_view file) const {
  if (!override_key.empty()) return fmt::format("--set {}", override_key);
  return line > 0 ? fmt::format("{}:{}", file, line) : std::string{file};
}

SettingsNode* SettingsNode::find(std::string_view key) {
  for (auto& [name, member] : members)
    if (name == key) return member.get();
  return nullptr;
}

const SettingsNode* SettingsNode::find(std::string_view key) const {
  for (const auto& [name, member] : members)
    if (name == key) return member.get();
  return nullptr;
}

std::string SettingsNode::describe() const {
  switch (kind) {
    case Kind::None: return "nothing";
    case Kind::Scalar: return fmt::format("'{}'", shortened(text));
    case Kind::List: return "a list";
    case Kind::Map: return "a map";
  }
  return "nothing";
}

std::string join_path(std::string_view parent, std::string_view key) {
  return parent.empty() ? std::string{key} : fmt::format("{}.{}", parent, key);
}

std::string shortened(std::string_view text) {
  if (text.size() <= kShownMax) return std::string{text};
  std::size_t size = kShownMax;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return fmt::format("{}...", text.substr(0, size));
}

int first_bad_line(std::string_view text) {
  int line = 1;
  while (!text.empty()) {
    const char first = text.front();
    const std::size_t size = utf8_character_size(text);
    if (size == 0 || (is_control(first) && first != '\t' && first != '\n' && first != '\r'))
      return line;
    if (first == '\n') ++line;
    text.remove_prefix(size);
  }
  return 0;
}

bool names_a_secret(std::string_view key) {
  constexpr std::array<std::string_view, 8> kEndings{"secret", "password",   "passphrase",
                                                     "token",  "api_key",    "secret_key",
                                                     "key_id", "credentials"};
  return std::any_of(kEndings.begin(), kEndings.end(), [key](std::string_view ending) {
    return key.ends_with(ending) &&
           (key.size() == ending.size() || key[key.size() - ending.size() - 1] == '_');
  });
}

std::string closest_key(std::string_view key, const std::vector<std::string>& candidates) {
  if (key.size() > kComparedMax) return {};
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, key.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const std::size_t apart = distance(key, candidate);
    if (apart < best_distance) {
      best = candidate;
      best_distance = apart;
    }
  }
  return best;
}

}  // namespace st0ck::core
