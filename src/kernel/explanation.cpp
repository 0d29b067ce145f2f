#include "st0ck/kernel/explanation.hpp"

#include <fmt/format.h>

#include <iterator>

namespace st0ck::kernel {

namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_inputs(std::string& out, const Inputs& inputs) {
  out += "\"inputs\":{";
  bool is_first = true;
  for (const auto& [name, value] : inputs) {
    if (!is_first) out += ',';
    is_first = false;
    append_quoted(out, name);
    out += ':';
    append_quoted(out, value);
  }
  out += '}';
}

void append_checks(std::string& out, const trading::RiskReadings& readings) {
  out += ",\"checks\":[";
  bool is_first = true;
  for (const trading::RiskReading& reading : readings) {
    fmt::format_to(std::back_inserter(out),
                   R"({}{{"code":"{}","passed":{},"value":"{}","limit":"{}","setting":"{}"}})",
                   is_first ? "" : ",", reading.code, reading.passed, reading.value_text(),
                   reading.limit_text(), reading.setting);
    is_first = false;
  }
  out += ']';
}

}  // namespace

std::string explanation_json(const Inputs& inputs, const trading::RiskReadings* readings) {
  std::string out = "{";
  append_inputs(out, inputs);
  if (readings != nullptr) append_checks(out, *readings);
  out += '}';
  return out;
}

}  // namespace st0ck::kernel
