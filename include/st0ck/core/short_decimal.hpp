#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::core {

/// `12`, `12.5` and `0.25` as value x 10^digits, as nearly all decimals on a hot path are written:
/// 1 to 18 characters, no sign, `digits` (0 to 18) decimals at most, and a result that fits.
/// Nothing for any other text, right or wrong; whoever reads all kinds asks a complete reader then.
inline std::optional<std::int64_t> read_short_decimal(std::string_view text, int digits) {
  constexpr std::size_t kLong = 18;
  constexpr auto kPowersOfTen = [] {
    std::array<std::int64_t, kLong + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
  }();
  if (text.empty() || text.size() > kLong) return std::nullopt;
  std::int64_t value = 0;
  std::size_t point = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] >= '0' && text[i] <= '9')
      value = value * 10 + (text[i] - '0');
    else if (text[i] == '.' && point == text.size())
      point = i;
    else
      return std::nullopt;
  }
  const bool is_whole = point == text.size();
  const std::size_t decimals = is_whole ? 0 : text.size() - point - 1;
  const auto digits_max = static_cast<std::size_t>(digits);
  if (point == 0 || (decimals == 0 && !is_whole) || decimals > digits_max) return std::nullopt;
  // Eighteen digits fit 64 bits.
  if (point + digits_max > kLong) return std::nullopt;
  return value * kPowersOfTen[digits_max - decimals];
}

}  // namespace st0ck::core
