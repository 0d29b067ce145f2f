#include "st0ck/core/fixed_point.hpp"

#include <cstdlib>

namespace st0ck::core {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Error> not_a_decimal(std::string_view text) {
  return fail(Errc::BadInput, "'{}' is not a decimal number (like 12.34)", text.substr(0, 40));
}

}  // namespace

Int128 divide(Int128 numerator, Int128 denominator, Rounding rounding) {
  ST0CK_ASSERT(denominator > 0, "a divisor is positive");
  const Int128 quotient = numerator / denominator;
  const Int128 remainder = numerator % denominator;
  if (remainder == 0) return quotient;
  const bool negative = numerator < 0;
  const Int128 away = negative ? quotient - 1 : quotient + 1;
  const Int128 twice = (negative ? -remainder : remainder) * 2;
  switch (rounding) {
    case Rounding::Down: return negative ? away : quotient;
    case Rounding::Up: return negative ? quotient : away;
    case Rounding::ToZero: return quotient;
    case Rounding::HalfAway: return twice >= denominator ? away : quotient;
    case Rounding::HalfEven:
      if (twice == denominator) return quotient % 2 == 0 ? quotient : away;
      return twice > denominator ? away : quotient;
  }
  return quotient;
}

std::optional<std::int64_t> narrow(Int128 value) {
  if (value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return static_cast<std::int64_t>(value);
}

Result<std::int64_t> parse_decimal(std::string_view text, int digits) {
  const bool negative = text.starts_with('-');
  const std::string_view body = negative ? text.substr(1) : text;
  const auto point = body.find('.');
  const std::string_view whole = body.substr(0, point);
  const std::string_view decimals =
      point == std::string_view::npos ? std::string_view{} : body.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && decimals.empty()))
    return not_a_decimal(text);

  Int128 value = 0;
  constexpr Int128 kLimit = Int128{1} << 64;
  for (const char c : whole) {
    if (!is_digit(c)) return not_a_decimal(text);
    value = value * 10 + (c - '0');
    if (value > kLimit) return fail(Errc::OutOfRange, "'{}' is too large", text.substr(0, 40));
  }
  int used = 0;
  for (const char c : decimals) {
    if (!is_digit(c)) return not_a_decimal(text);
    if (used < digits) {
      value = value * 10 + (c - '0');
      ++used;
    } else if (c != '0') {
      return fail(Errc::BadInput, "'{}' has more than {} decimals", text.substr(0, 40), digits);
    }
  }
  for (; used < digits; ++used) value *= 10;
  const auto raw = narrow(negative ? -value : value);
  if (!raw) return fail(Errc::OutOfRange, "'{}' is too large", text.substr(0, 40));
  return *raw;
}

std::string format_decimal(std::int64_t raw, int digits, int decimals_min) {
  const bool negative = raw < 0;
  const std::uint64_t magnitude =
      negative ? ~static_cast<std::uint64_t>(raw) + 1 : static_cast<std::uint64_t>(raw);
  const fmt::format_int digits_text{magnitude};
  const auto size_min = static_cast<std::size_t>(digits) + 1;
  std::string text;
  if (digits_text.size() < size_min) text.assign(size_min - digits_text.size(), '0');
  text.append(digits_text.data(), digits_text.size());
  const auto whole_size = text.size() - static_cast<std::size_t>(digits);
  auto keep = text.size();
  const auto keep_min = whole_size + static_cast<std::size_t>(decimals_min);
  while (keep > keep_min && text[keep - 1] == '0') --keep;
  text.resize(keep);
  if (keep > whole_size) text.insert(whole_size, 1, '.');
  return negative ? "-" + text : text;
}

}  // namespace st0ck::core
