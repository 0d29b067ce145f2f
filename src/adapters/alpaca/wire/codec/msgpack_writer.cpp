#include "st0ck/core/fixed_point.hpp"
#include "writer.hpp"

#include <bit>
#include <charconv>
#include <chrono>

namespace st0ck::alpaca {

void MsgpackWriter::big_endian(std::uint64_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) byte(static_cast<unsigned>(value >> (8 * i)) & 0xffU);
}

void MsgpackWriter::begin_object(std::size_t fields) {
  if (fields < 16) return byte(0x80U | static_cast<unsigned>(fields));
  byte(0xde);
  big_endian(fields, 2);
}

void MsgpackWriter::begin_array(std::size_t elements) {
  if (elements < 16) return byte(0x90U | static_cast<unsigned>(elements));
  byte(0xdd);
  big_endian(elements, 4);
}

void MsgpackWriter::text(std::string_view value) {
  if (value.size() < 32) {
    byte(0xa0U | static_cast<unsigned>(value.size()));
  } else {
    byte(0xdb);
    big_endian(value.size(), 4);
  }
  out_ += value;
}

void MsgpackWriter::integer(std::int64_t value) {
  if (value >= 0) return count(static_cast<std::uint64_t>(value));
  if (value >= -32) return byte(static_cast<unsigned>(value) & 0xffU);
  byte(0xd3);
  big_endian(static_cast<std::uint64_t>(value), 8);
}

void MsgpackWriter::count(std::uint64_t value) {
  if (value < 0x80) return byte(static_cast<unsigned>(value));
  std::size_t size = 1;
  unsigned tag = 0xcc;
  for (; size < 8 && value >> (8 * size) != 0; size *= 2) ++tag;
  byte(tag);
  big_endian(value, size);
}

void MsgpackWriter::decimal(std::int64_t raw, int digits) {
  const std::string text = core::format_decimal(raw, digits, 0);
  std::int64_t whole = 0;
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, whole).ptr == end) return integer(whole);
  double nearest = 0;
  std::from_chars(text.data(), end, nearest);
  real(nearest);
}

void MsgpackWriter::real(double value) {
  byte(0xcb);
  big_endian(std::bit_cast<std::uint64_t>(value), 8);
}

void MsgpackWriter::boolean(bool value) { byte(value ? 0xc3 : 0xc2); }

void MsgpackWriter::null() { byte(0xc0); }

void MsgpackWriter::time(core::Timestamp value) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(value);
  const auto seconds = static_cast<std::uint64_t>(whole.time_since_epoch().count());
  const auto nanoseconds = static_cast<std::uint64_t>((value - whole).count());
  if (seconds >> 34U != 0) {
    byte(0xc7);
    byte(12);
    byte(0xff);
    big_endian(nanoseconds, 4);
    big_endian(seconds, 8);
  } else if (nanoseconds != 0 || seconds >> 32U != 0) {
    byte(0xd7);
    byte(0xff);
    big_endian(nanoseconds << 34U | seconds, 8);
  } else {
    byte(0xd6);
    byte(0xff);
    big_endian(seconds, 4);
  }
}

}  // namespace st0ck::alpaca
