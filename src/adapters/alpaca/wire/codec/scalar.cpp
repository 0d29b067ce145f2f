#include "scalar.hpp"

#include "st0ck/adapters/alpaca/wire/time.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace st0ck::alpaca {

namespace {

using Kind = Scalar::Kind;

/// A number of msgpack as text.
class NumberText {
 public:
  explicit NumberText(std::int64_t value) { take(std::to_chars(begin(), end(), value)); }
  explicit NumberText(std::uint64_t value) { take(std::to_chars(begin(), end(), value)); }
  explicit NumberText(double value) { take(std::to_chars(begin(), end(), value)); }

  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  char* begin() { return bytes_.data(); }
  char* end() { return bytes_.data() + bytes_.size(); }
  void take(std::to_chars_result result) {
    size_ = static_cast<std::size_t>(result.ptr - bytes_.data());
  }

  // The longest shortest form of a double has 24 characters.
  std::array<char, 32> bytes_;
  std::size_t size_ = 0;
};

template <typename Read>
DecimalReading read_number(const Scalar& scalar, Read read) {
  switch (scalar.kind) {
    case Kind::Number:
    case Kind::Text: return read(scalar.text);
    case Kind::Integer: return read(NumberText{scalar.integer}.view());
    case Kind::Unsigned: return {.refusal = Refusal::TooLarge};
    case Kind::Double:
      if (!std::isfinite(scalar.real())) return {.refusal = Refusal::NotANumber};
      return read(NumberText{scalar.real()}.view());
    case Kind::Absent:
    case Kind::Null: return {.refusal = Refusal::MissingField};
    default: return {.refusal = Refusal::WrongType};
  }
}

std::optional<double> parse_real(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

CountReading parse_count(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::result_out_of_range) return {.refusal = Refusal::TooLarge};
  if (error == std::errc{} && stop == end) return {.value = value};
  // `12.0` and `1e3` are whole numbers too.
  const auto whole = read_decimal(text, 0);
  if (whole.refusal != Refusal::None) return {.refusal = whole.refusal};
  if (whole.raw < 0) return {.refusal = Refusal::WrongType};
  return {.value = static_cast<std::uint64_t>(whole.raw)};
}

}  // namespace

DecimalReading decimal_of(const Scalar& scalar, int digits) {
  // What nearly every number of a stock's quote is.
  if (scalar.kind == Kind::Number) return read_decimal(scalar.text, digits);
  return read_number(scalar, [&](std::string_view text) { return read_decimal(text, digits); });
}

DecimalReading computed_decimal_of(const Scalar& scalar, int digits) {
  return read_number(scalar,
                     [&](std::string_view text) { return read_computed_decimal(text, digits); });
}

CountReading count_of(const Scalar& scalar) {
  if (scalar.kind == Kind::Number || scalar.kind == Kind::Text) return parse_count(scalar.text);
  if (scalar.kind == Kind::Unsigned) return {.value = static_cast<std::uint64_t>(scalar.integer)};
  const auto whole = decimal_of(scalar, 0);
  if (whole.refusal != Refusal::None) return {.refusal = whole.refusal};
  if (whole.raw < 0) return {.refusal = Refusal::WrongType};
  return {.value = static_cast<std::uint64_t>(whole.raw)};
}

std::optional<core::Timestamp> time_of(const Scalar& scalar) {
  if (scalar.kind == Kind::Time) return core::timestamp_from_ns(scalar.integer);
  if (scalar.kind == Kind::Text) return read_time(scalar.text);
  return std::nullopt;
}

std::optional<double> real_of(const Scalar& scalar) {
  switch (scalar.kind) {
    case Kind::Number:
    case Kind::Text: return parse_real(scalar.text);
    case Kind::Integer: return static_cast<double>(scalar.integer);
    case Kind::Unsigned: return static_cast<double>(static_cast<std::uint64_t>(scalar.integer));
    case Kind::Double:
      return std::isfinite(scalar.real()) ? std::optional{scalar.real()} : std::nullopt;
    default: return std::nullopt;
  }
}

}  // namespace st0ck::alpaca
