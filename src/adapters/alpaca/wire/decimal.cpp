#include "st0ck/adapters/alpaca/wire/decimal.hpp"

#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/short_decimal.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace st0ck::alpaca {

namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr int kExponentMax = 9'999;
/// So many digits always fit an unsigned integer of 64 bits.
constexpr int kSignificantMax = 19;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr DecimalReading refused(Refusal refusal) { return {.raw = 0, .refusal = refusal}; }

/// The text of a number taken apart: significand x 10^power, without zeros at the end.
struct Parts {
  bool is_number = false;
  bool negative = false;
  std::uint64_t significand = 0;
  int significant_digits = 0;  ///< More than `kSignificantMax`: the significand is cut off.
  int power = 0;
};

class PartsReader {
 public:
  explicit PartsReader(std::string_view text) : rest_{text} {}

  Parts read() {
    parts_.negative = accept('-');
    bool is_sound = digits(false);
    if (accept('.')) is_sound = digits(true) && is_sound;
    if (accept('e') || accept('E')) is_sound = exponent() && is_sound;
    parts_.is_number = is_sound && rest_.empty();
    return parts_;
  }

 private:
  bool accept(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Zeros wait in `parts_.power` until a digit follows that makes them count.
  bool digits(bool are_decimals) {
    std::size_t count = 0;
    for (; count < rest_.size() && is_digit(rest_[count]); ++count) {
      ++parts_.power;
      if (rest_[count] != '0') append(static_cast<std::uint64_t>(rest_[count] - '0'));
      if (are_decimals) ++decimals_;
      if (count > kExponentMax) return false;
    }
    rest_.remove_prefix(count);
    // Decimals lie below the point: the power is counted from where they end.
    if (are_decimals) parts_.power -= decimals_;
    return count > 0;
  }

  void append(std::uint64_t digit) {
    const bool is_first = parts_.significant_digits == 0;
    const int zeros = is_first ? 0 : parts_.power - 1;
    parts_.power = 0;
    parts_.significant_digits += zeros + 1;
    if (parts_.significant_digits > kSignificantMax) return;
    for (int i = 0; i < zeros; ++i) parts_.significand *= 10;
    parts_.significand = parts_.significand * 10 + digit;
  }

  bool exponent() {
    const bool negative = accept('-');
    if (!negative) accept('+');
    int value = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && is_digit(rest_[count]); ++count)
      value = std::min(value * 10 + (rest_[count] - '0'), kExponentMax);
    rest_.remove_prefix(count);
    parts_.power += negative ? -value : value;
    return count > 0;
  }

  std::string_view rest_;
  Parts parts_;
  int decimals_ = 0;
};

DecimalReading read_any_decimal(std::string_view text, int digits) {
  const Parts parts = PartsReader{text}.read();
  if (!parts.is_number) return refused(Refusal::NotANumber);
  if (parts.significant_digits == 0) return {};
  const int shift = parts.power + digits;
  if (parts.significant_digits + shift > kSignificantMax) return refused(Refusal::TooLarge);
  if (shift < 0) return refused(Refusal::TooManyDecimals);
  core::Int128 value = parts.significand;
  for (int i = 0; i < shift; ++i) value *= 10;
  if (value > kMax) return refused(Refusal::TooLarge);
  const auto raw = static_cast<std::int64_t>(value);
  return {.raw = parts.negative ? -raw : raw};
}

/// Whether the decimals that are cut off make the last kept one rise, half to even.
bool rounds_away(std::string_view cut_off, std::int64_t kept) {
  if (cut_off.front() != '5') return cut_off.front() > '5';
  const bool is_half = std::ranges::all_of(cut_off.substr(1), [](char c) { return c == '0'; });
  return !is_half || kept % 2 != 0;
}

}  // namespace

DecimalReading read_decimal(std::string_view text, int digits) {
  if (const auto value = core::read_short_decimal(text, digits)) return {.raw = *value};
  return read_any_decimal(text, digits);
}

DecimalReading read_computed_decimal(std::string_view text, int digits) {
  const DecimalReading exact = read_decimal(text, digits);
  if (exact.refusal != Refusal::TooManyDecimals) return exact;
  const auto cut = text.find('.') + 1 + static_cast<std::size_t>(digits);
  // Where an exponent moves the point, the cut would be at the wrong place.
  if (text.find_first_of("eE") != std::string_view::npos || cut >= text.size()) return exact;
  const DecimalReading kept = read_decimal(text.substr(0, cut), digits);
  if (kept.refusal != Refusal::None || !rounds_away(text.substr(cut), kept.raw)) return kept;
  if (kept.raw == kMax || kept.raw == -kMax) return refused(Refusal::TooLarge);
  return {.raw = text.starts_with('-') ? kept.raw - 1 : kept.raw + 1};
}

}  // namespace st0ck::alpaca
