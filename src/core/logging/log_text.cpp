#include "src/core/logging/log_text.hpp"

#include "st0ck/core/logging/log_format.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/core/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <type_traits>

namespace st0ck::core {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// A character of one byte.
void append_byte(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7F)
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
  else
    out += c;
}

/// A character of several bytes. The controls U+0080 to U+009F steer terminals like those below
/// U+0020.
void append_wide(std::string& out, std::string_view character) {
  if (character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0)
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(character[1]));
  else
    out += character;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  append_escaped(out, text);
  return out + '"';
}

struct JsonValue {
  std::string operator()(std::string_view value) const { return quoted(value); }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(std::uint64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const {
    return std::isfinite(value) ? fmt::format("{}", value) : "null";
  }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(Timestamp value) const { return quoted(format_utc_nanoseconds(value)); }
  std::string operator()(Duration value) const { return fmt::format("{}", value.count()); }
  std::string operator()(Date value) const { return quoted(format_date(value)); }
  template <typename Tag, int Digits>
  std::string operator()(FixedPoint<Tag, Digits> value) const {
    return quoted(value.to_string());
  }
};

/// The line's own words, which a field may not take.
bool is_reserved(std::string_view key) {
  constexpr std::array<std::string_view, 5> kReserved{"time", "level", "code", "message", "mode"};
  return std::find(kReserved.begin(), kReserved.end(), key) != kReserved.end();
}

void add_pair(std::vector<LogPair>& pairs, std::string_view key, const LogValue& value) {
  std::string name{key};
  if (std::holds_alternative<Duration>(value.any())) name += "_ns";
  if (is_reserved(name)) name = "field_" + name;
  const bool known = std::any_of(pairs.begin(), pairs.end(),
                                 [&](const LogPair& pair) { return pair.key == name; });
  if (!known) pairs.push_back({std::move(name), value});
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  const bool cut = text.size() > kLogTextMax;
  if (cut) {
    std::size_t size = kLogTextMax;
    while (size > kLogTextMax - 4 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
      --size;
    text = text.substr(0, size);
  }
  while (!text.empty()) {
    const std::size_t size = utf8_character_size(text);
    if (size == 0)
      out += kReplacement;
    else if (size == 1)
      append_byte(out, text.front());
    else
      append_wide(out, text.substr(0, size));
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  if (cut) out += "...";
}

std::string format_utc_nanoseconds(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{}T{:02}:{:02}:{:02}.{:09}Z", format_date(Date{day}), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::string format_json_value(const LogValue& value) {
  return std::visit(JsonValue{}, value.any());
}

std::vector<LogPair> pairs_of(const LogRecord& record) {
  std::vector<LogPair> pairs;
  pairs.reserve(record.fields.size() + 3);
  const LogContext& context = record.context;
  if (!context.account.empty()) add_pair(pairs, "account", context.account);
  if (!context.bot.empty()) add_pair(pairs, "bot", context.bot);
  if (!context.engine.empty()) add_pair(pairs, "engine", context.engine);
  for (const LogField& field : record.fields) add_pair(pairs, field.key, field.value);
  return pairs;
}

}  // namespace st0ck::core
