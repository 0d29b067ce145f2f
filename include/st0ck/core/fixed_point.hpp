#pragma once

#include "st0ck/core/assert.hpp"
#include "st0ck/core/result.hpp"

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::core {

/// How a value that does not fit its grid is brought onto it. Every rounding names one.
enum class Rounding : std::uint8_t {
  Down,      ///< Toward minus infinity (floor).
  Up,        ///< Toward plus infinity (ceiling).
  ToZero,    ///< Cut off.
  HalfAway,  ///< To the nearest; a half away from zero.
  HalfEven,  ///< To the nearest; a half to the even neighbour.
};

__extension__ using Int128 = __int128;

/// Returns `numerator / denominator` rounded as named. `denominator` must be positive and below
/// 2^126.
Int128 divide(Int128 numerator, Int128 denominator, Rounding rounding);

/// Narrows to 64 bits, or nothing when the value does not fit.
std::optional<std::int64_t> narrow(Int128 value);

/// Parses a plain decimal (`-12.3450`, no exponent, no spaces, no plus sign) into an integer of
/// 10^-digits units. More decimals than `digits` are an error, unless they are zeros.
Result<std::int64_t> parse_decimal(std::string_view text, int digits);

/// Formats an integer of 10^-digits units exactly: trailing zeros are cut down to `decimals_min`.
std::string format_decimal(std::int64_t raw, int digits, int decimals_min);

/// A decimal quantity with a unit: an integer count of 10^-Digits. Types with different tags do
/// not mix. Addition and subtraction check for overflow and abort on it, as an amount beyond nine
/// billion is our mistake (inputs are range-checked where they enter); `checked_*` report instead.
template <typename Tag, int Digits>
class FixedPoint {
 public:
  static constexpr int kDigits = Digits;
  static constexpr std::int64_t kOne = [] {
    std::int64_t one = 1;
    for (int i = 0; i < Digits; ++i) one *= 10;
    return one;
  }();

  constexpr FixedPoint() = default;

  /// Makes a value from its integer count; only core and codecs need it.
  static constexpr FixedPoint from_raw(std::int64_t raw) { return FixedPoint{raw}; }

  /// Makes a whole number of units; aborts when it does not fit.
  static constexpr FixedPoint whole(std::int64_t units) {
    std::int64_t raw = 0;
    const bool fits = !__builtin_mul_overflow(units, kOne, &raw);
    ST0CK_ASSERT(fits, "a whole amount fits its type");
    return FixedPoint{raw};
  }

  static constexpr FixedPoint max() { return FixedPoint{std::numeric_limits<std::int64_t>::max()}; }

  /// Parses decimal text exactly; never goes through `double`.
  static Result<FixedPoint> parse(std::string_view text) {
    const auto raw = parse_decimal(text, Digits);
    if (!raw) return tl::unexpected<Error>(raw.error());
    return FixedPoint{*raw};
  }

  constexpr std::int64_t raw() const { return raw_; }
  constexpr bool is_zero() const { return raw_ == 0; }
  constexpr bool is_positive() const { return raw_ > 0; }
  constexpr bool is_negative() const { return raw_ < 0; }

  /// The nearest `double`, for statistics and screens; never for money that is booked.
  constexpr double to_double() const {
    return static_cast<double>(raw_) / static_cast<double>(kOne);
  }

  /// All its decimals, at least `decimals_min` of them.
  std::string to_string(int decimals_min = Tag::kDecimalsMin) const {
    return format_decimal(raw_, Digits, decimals_min);
  }

  /// The multiple of `step` that `rounding` names. `step` must be positive.
  FixedPoint rounded_to(FixedPoint step, Rounding rounding) const {
    ST0CK_ASSERT(step.raw_ > 0, "a rounding step is positive");
    const auto raw = narrow(divide(raw_, step.raw_, rounding) * step.raw_);
    ST0CK_ASSERT(raw.has_value(), "a rounded amount fits its type");
    return FixedPoint{*raw};
  }

  /// `step` must be positive.
  constexpr bool is_multiple_of(FixedPoint step) const {
    ST0CK_ASSERT(step.raw_ > 0, "a step is positive");
    return raw_ % step.raw_ == 0;
  }

  constexpr std::optional<FixedPoint> checked_add(FixedPoint other) const {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(raw_, other.raw_, &sum)) return std::nullopt;
    return FixedPoint{sum};
  }

  constexpr std::optional<FixedPoint> checked_subtract(FixedPoint other) const {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(raw_, other.raw_, &difference)) return std::nullopt;
    return FixedPoint{difference};
  }

  constexpr FixedPoint abs() const { return raw_ < 0 ? -*this : *this; }

  constexpr FixedPoint operator-() const { return FixedPoint{} - *this; }
  friend constexpr FixedPoint operator+(FixedPoint a, FixedPoint b) {
    const auto sum = a.checked_add(b);
    ST0CK_ASSERT(sum.has_value(), "a sum of amounts fits its type");
    return *sum;
  }
  friend constexpr FixedPoint operator-(FixedPoint a, FixedPoint b) {
    const auto difference = a.checked_subtract(b);
    ST0CK_ASSERT(difference.has_value(), "a difference of amounts fits its type");
    return *difference;
  }
  constexpr FixedPoint& operator+=(FixedPoint other) { return *this = *this + other; }
  constexpr FixedPoint& operator-=(FixedPoint other) { return *this = *this - other; }
  friend constexpr auto operator<=>(FixedPoint, FixedPoint) = default;

 private:
  explicit constexpr FixedPoint(std::int64_t raw) : raw_{raw} {}

  std::int64_t raw_ = 0;
};

}  // namespace st0ck::core
