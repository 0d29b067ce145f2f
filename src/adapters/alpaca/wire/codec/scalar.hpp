#pragma once

#include "st0ck/adapters/alpaca/wire/decimal.hpp"
#include "st0ck/adapters/alpaca/wire/refusal.hpp"
#include "st0ck/core/timestamp.hpp"

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::alpaca {

/// One value of a message, of either codec. Its text stays valid as long as what it was read from.
struct Scalar {
  enum class Kind : std::uint8_t {
    Absent,
    Null,
    Bool,
    Number,    ///< A JSON number, as its text.
    Text,      ///< A string, without quotes and escapes.
    Integer,   ///< A msgpack integer.
    Unsigned,  ///< A msgpack integer above what `Integer` holds.
    Double,    ///< A msgpack float.
    Time,      ///< A msgpack timestamp, nanoseconds since 1970.
    Array,
    Object,
    Other,  ///< What none of our messages has: binary data, unknown extensions.
  };

  Kind kind = Kind::Absent;
  bool flag = false;
  std::string_view text{};
  std::int64_t integer = 0;  ///< Of a Double its bits: a message has many of these.

  double real() const { return std::bit_cast<double>(integer); }
  static Scalar of_double(double value) {
    return {.kind = Kind::Double, .integer = std::bit_cast<std::int64_t>(value)};
  }

  /// The text of a string; empty for all else.
  std::string_view word() const { return kind == Kind::Text ? text : std::string_view{}; }

  bool is_absent() const { return kind == Kind::Absent || kind == Kind::Null; }
};

/// The integer of 10^-digits units that a number means, also one inside a string; a msgpack float
/// by its shortest decimal text.
DecimalReading decimal_of(const Scalar& scalar, int digits);

/// The same, rounded half to even where it has more decimals.
DecimalReading computed_decimal_of(const Scalar& scalar, int digits);

/// A whole number of zero or more, or why there is none.
struct CountReading {
  std::uint64_t value = 0;
  Refusal refusal = Refusal::None;
};
CountReading count_of(const Scalar& scalar);

/// A timestamp, or RFC 3339 text.
std::optional<core::Timestamp> time_of(const Scalar& scalar);

/// A statistic, nearest `double`; nothing for what is no finite number.
std::optional<double> real_of(const Scalar& scalar);

}  // namespace st0ck::alpaca
