#include "src/app/option_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace st0ck::app {

namespace {

template <typename Number>
std::optional<Number> parse(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

}  // namespace

CLI::Validator number_from(double min, double max) {
  const auto check = [min, max](const std::string& text) -> std::string {
    const auto value = parse<double>(text);
    if (value && std::isfinite(*value) && *value >= min && *value <= max) return {};
    return fmt::format("found '{}', allowed is a number from {} to {}", text, min, max);
  };
  return {check, fmt::format("from {} to {}", min, max)};
}

CLI::Validator whole_number_from(std::uint64_t min, std::uint64_t max) {
  const auto check = [min, max](const std::string& text) -> std::string {
    const auto value = parse<std::uint64_t>(text);
    if (value && *value >= min && *value <= max) return {};
    return fmt::format("found '{}', allowed is a whole number from {} to {}", text, min, max);
  };
  const bool is_bound = max < std::numeric_limits<std::uint64_t>::max();
  return {check, is_bound ? fmt::format("from {} to {}", min, max) : fmt::format("from {}", min)};
}

CLI::Validator word() {
  const auto check = [](const std::string& text) -> std::string {
    const bool is_word = std::all_of(text.begin(), text.end(), [](char character) {
      return character > ' ' && character <= '~';
    });
    if (is_word && !text.empty()) return {};
    return fmt::format("found '{}', allowed are printable characters without a space", text);
  };
  return {check, ""};
}

CLI::Validator not_empty() {
  const auto check = [](const std::string& text) -> std::string {
    return text.empty() ? "found nothing, allowed is a value, or the option left out" : "";
  };
  return {check, ""};
}

}  // namespace st0ck::app
