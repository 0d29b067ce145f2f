#include "st0ck/core/settings/setting_type.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace st0ck::core::setting_text {

namespace {

struct DurationUnit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// Largest first: a duration is written with its units falling.
constexpr std::array<DurationUnit, 7> kDurationUnits{{{"d", 86'400'000'000'000},
                                                      {"h", 3'600'000'000'000},
                                                      {"m", 60'000'000'000},
                                                      {"s", 1'000'000'000},
                                                      {"ms", 1'000'000},
                                                      {"us", 1'000},
                                                      {"ns", 1}}};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  const auto digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

std::string_view take_unit(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && !is_digit(text[size])) ++size;
  const auto unit = text.substr(0, size);
  text.remove_prefix(size);
  return unit;
}

/// The index of a unit that is smaller than the one at `previous`, or nothing.
std::optional<std::size_t> find_smaller_unit(std::string_view name, std::size_t from) {
  for (std::size_t i = from; i < kDurationUnits.size(); ++i)
    if (kDurationUnits[i].name == name) return i;
  return std::nullopt;
}

/// The number behind `digits`, or nothing.
std::optional<std::int64_t> whole_number(std::string_view digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) { return whole_number(text); }

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::string format_number(double value) { return fmt::format("{}", value); }

std::optional<Duration> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  std::size_t from = 0;
  while (!text.empty()) {
    const auto count = whole_number(take_digits(text));
    const auto unit = find_smaller_unit(take_unit(text), from);
    std::int64_t part = 0;
    if (!count || !unit ||
        __builtin_mul_overflow(*count, kDurationUnits[*unit].nanoseconds, &part) ||
        __builtin_add_overflow(sum, part, &sum))
      return std::nullopt;
    from = *unit + 1;
  }
  return Duration{negative ? -sum : sum};
}

std::string format_duration(Duration value) {
  if (value.count() == 0) return "0s";
  std::string text = value.count() < 0 ? "-" : "";
  auto left = value.count() < 0 ? ~static_cast<std::uint64_t>(value.count()) + 1
                                : static_cast<std::uint64_t>(value.count());
  for (const DurationUnit& unit : kDurationUnits) {
    const auto size = static_cast<std::uint64_t>(unit.nanoseconds);
    if (left >= size) text += fmt::format("{}{}", left / size, unit.name);
    left %= size;
  }
  return text;
}

}  // namespace st0ck::core::setting_text
