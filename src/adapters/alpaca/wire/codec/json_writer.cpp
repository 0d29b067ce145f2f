#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/time_text.hpp"
#include "writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace st0ck::alpaca {

namespace {

template <typename Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> text;
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), written.ptr);
}

}  // namespace

// A comma is due behind everything that is complete.
void JsonWriter::separate() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_ += ',';
}

void JsonWriter::begin_object(std::size_t /*fields*/) {
  separate();
  out_ += '{';
}

void JsonWriter::begin_array(std::size_t /*elements*/) {
  separate();
  out_ += '[';
}

void JsonWriter::key(std::string_view name) {
  separate();
  quoted(name);
  out_ += ':';
}

void JsonWriter::text(std::string_view value) {
  separate();
  quoted(value);
}

void JsonWriter::quoted(std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out_ += '"';
  std::size_t plain = 0;  // What needs no escape is appended at one go.
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x20 && c != '"' && c != '\\') continue;
    out_ += value.substr(plain, i - plain);
    plain = i + 1;
    if (code >= 0x20) {
      out_ += '\\';
      out_ += c;
    } else {
      out_ += "\\u00";
      out_ += kHex[code >> 4U];
      out_ += kHex[code & 15U];
    }
  }
  out_ += value.substr(plain);
  out_ += '"';
}

void JsonWriter::integer(std::int64_t value) {
  separate();
  append_number(out_, value);
}

void JsonWriter::count(std::uint64_t value) {
  separate();
  append_number(out_, value);
}

void JsonWriter::decimal(std::int64_t raw, int digits) {
  separate();
  out_ += core::format_decimal(raw, digits, 0);
}

void JsonWriter::real(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  append_number(out_, value);
}

void JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
}

void JsonWriter::null() {
  separate();
  out_ += "null";
}

void JsonWriter::time(core::Timestamp value) {
  separate();
  out_ += '"';
  out_ += core::format_utc(value);
  out_ += '"';
}

}  // namespace st0ck::alpaca
