#include "src/app/commands/close_names.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace st0ck::app {

namespace {

constexpr std::size_t kNamesMax = 3;
constexpr std::size_t kWordMax = 64;  // The distance costs the product of the lengths.

/// How many letters must be changed, added or taken away (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> close_names(std::string_view word, const std::vector<std::string>& names) {
  if (word.size() > kWordMax) return {};
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const std::string& name : names) {
    const bool is_part = !word.empty() && name.find(word) != std::string::npos;
    const std::size_t steps = is_part ? 1 : distance(word, name);
    if (steps <= 1 + word.size() / 4) found.emplace_back(steps, name);
  }
  std::ranges::sort(found);
  std::vector<std::string> closest;
  for (auto& [steps, name] : found)
    if (closest.size() < kNamesMax) closest.push_back(std::move(name));
  return closest;
}

std::string did_you_mean(const std::vector<std::string>& names) {
  return names.empty() ? std::string{} : fmt::format("; did you mean {}?", fmt::join(names, ", "));
}

}  // namespace st0ck::app
