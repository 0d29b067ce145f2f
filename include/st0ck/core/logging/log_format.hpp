#pragma once

#include "st0ck/core/logging.hpp"

#include <string>
#include <string_view>

namespace st0ck::core {

/// The most bytes of one text in a log line; longer ones are cut and end in `...`.
inline constexpr std::size_t kLogTextMax = 4096;

/// How messages look on a terminal.
enum class TerminalStyle {
  Auto,  ///< Systemd's under systemd, colours on a terminal, else plain.
  Plain,
  Colour,
  Systemd,  ///< A priority such as `<4>` in front and no time: the journal adds its own.
  Off,
};

/// One JSON object in one line, its line end included: `time` (UTC, nanoseconds), `level`, `code`,
/// `message`, then of the context `mode` (only where it is `live`), `account`, `bot`, `engine`,
/// then the fields in their order.
///
/// Prices, quantities and money are strings with all their decimals, durations whole nanoseconds
/// in `<key>_ns`. A key given twice keeps its first value; a number that is none is null. Always
/// valid JSON: control characters are escaped, bytes that are no UTF-8 become U+FFFD.
std::string format_json_line(const LogRecord& record);

/// One line for people, in New York time: `2019-02-11 09:30:00 -05:00 INFO  CODE message
/// key=value`, with LIVE before the code where real money is traded. `style` is anything but Auto
/// and Off. Nothing in it can steer the terminal.
std::string format_terminal_line(const LogRecord& record, TerminalStyle style);

}  // namespace st0ck::core
