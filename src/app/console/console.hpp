#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <istream>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace st0ck::app {

/// What a piece of text tells by its colour, where there are colours.
enum class Tone : std::uint8_t { Plain, Heading, Good, Bad, Faint };

/// Where a command writes, and what it may assume of who reads it.
struct Console {
  std::ostream& out;
  std::ostream& err;
  std::size_t width = 100;     ///< Columns that a table may take.
  bool has_colour = false;     ///< Whether `out` shows colours.
  bool has_progress = false;   ///< Whether somebody watches `err`.
  std::istream* in = nullptr;  ///< Where a person answers; null where nobody is there.

  template <typename... Args>
  void print(fmt::format_string<Args...> format, Args&&... args) {
    out << fmt::format(format, std::forward<Args>(args)...);
  }
};

/// The console of this process: colours only on a terminal and without NO_COLOR, the terminal's
/// width or else COLUMNS.
Console standard_console();

/// `text` as it is written in that tone.
std::string toned(const Console& console, Tone tone, std::string_view text);

/// Asks for a word and tells whether it came. Where nobody can answer nobody is asked: true.
bool confirm(Console& console, std::string_view question, std::string_view word);

/// Flushes and says whether everything was written. Where the reader has gone (`st0ck trades |
/// head`) that is no fault.
bool finish(Console& console);

/// A line on `err` that tells how far long work is, rewritten as it goes on and gone at the end;
/// nothing where nobody watches.
class Progress {
 public:
  Progress(Console& console, std::size_t total) : console_{console}, total_{total} {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shows that the next part, called `name`, has begun.
  void begin(std::string_view name);

 private:
  Console& console_;
  std::size_t total_;
  std::size_t begun_ = 0;
};

}  // namespace st0ck::app
