#include "st0ck/core/logging/log_format.hpp"

#include "src/core/logging/log_text.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

namespace st0ck::core {

namespace {

struct LevelLook {
  std::string_view word;
  std::string_view colour;
  int priority;  ///< Of syslog, which systemd reads.
};

LevelLook look_of(LogLevel level) {
  switch (level) {
    case LogLevel::Trace: return {"TRACE", "\x1b[90m", 7};
    case LogLevel::Debug: return {"DEBUG", "\x1b[36m", 7};
    case LogLevel::Info: return {"INFO ", "\x1b[32m", 6};
    case LogLevel::Warning: return {"WARN ", "\x1b[33m", 4};
    case LogLevel::Error:
    case LogLevel::Off: return {"ERROR", "\x1b[31m", 3};
  }
  return {"ERROR", "\x1b[31m", 3};
}

void append_member(std::string& out, std::string_view key, std::string_view text) {
  out += '"';
  append_escaped(out, key);
  out += "\":\"";
  append_escaped(out, text);
  out += "\",";
}

/// What stands before the code.
std::string line_head(const LogRecord& record, TerminalStyle style) {
  const LevelLook look = look_of(record.level);
  if (style == TerminalStyle::Systemd) return fmt::format("<{}>", look.priority);
  const std::string time = format_new_york(record.time);
  if (style == TerminalStyle::Colour)
    return fmt::format("\x1b[90m{}\x1b[0m {}{}\x1b[0m ", time, look.colour, look.word);
  return fmt::format("{} {} ", time, look.word);
}

/// Texts without blanks or quotes stand bare.
std::string terminal_value(const LogValue& value) {
  std::string json = format_json_value(value);
  const bool quoted = json.size() > 2 && json.front() == '"';
  if (quoted && json.find_first_of(" \\=") == std::string::npos)
    return json.substr(1, json.size() - 2);
  return json;
}

}  // namespace

std::string format_json_line(const LogRecord& record) {
  std::string line = "{";
  append_member(line, "time", format_utc_nanoseconds(record.time));
  append_member(line, "level", name_of(record.level));
  append_member(line, "code", record.code);
  append_member(line, "message", record.message);
  if (record.context.is_live) append_member(line, "mode", "live");
  for (const LogPair& pair : pairs_of(record)) {
    line += '"';
    append_escaped(line, pair.key);
    line += "\":";
    line += format_json_value(pair.value);
    line += ',';
  }
  line.back() = '}';
  line += '\n';
  return line;
}

std::string format_terminal_line(const LogRecord& record, TerminalStyle style) {
  std::string line = line_head(record, style);
  if (record.context.is_live) line += "LIVE ";
  append_escaped(line, record.code);
  line += ' ';
  append_escaped(line, record.message);
  for (const LogPair& pair : pairs_of(record)) {
    line += ' ';
    append_escaped(line, pair.key);
    line += '=';
    line += terminal_value(pair.value);
  }
  line += '\n';
  return line;
}

}  // namespace st0ck::core
