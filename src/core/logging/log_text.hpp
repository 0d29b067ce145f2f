#pragma once

#include "st0ck/core/logging.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace st0ck::core {

/// Appends `text` as the inside of a JSON string: bounded, escaped, always valid UTF-8.
void append_escaped(std::string& out, std::string_view text);

/// `2019-02-11T14:30:00.000000000Z`: always nine decimals, so that lines sort by their time.
std::string format_utc_nanoseconds(Timestamp time);

/// A value as JSON; for a terminal the quotes fall away.
std::string format_json_value(const LogValue& value);

/// What a line says beside its message: context first, each key once, the words of the line itself
/// left alone.
struct LogPair {
  std::string key;
  LogValue value;
};
std::vector<LogPair> pairs_of(const LogRecord& record);

}  // namespace st0ck::core
