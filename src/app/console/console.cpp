#include "src/app/console/console.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace st0ck::app {

namespace {

constexpr std::size_t kWidthMin = 40;
constexpr std::size_t kWidthMax = 1000;
constexpr std::string_view kClearLine = "\r\x1b[K";

std::optional<std::size_t> columns_of_terminal() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

std::optional<std::size_t> columns_of_environment() {
  const char* const text = std::getenv("COLUMNS");
  if (text == nullptr) return std::nullopt;
  const std::string_view digits{text};
  std::size_t columns = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), columns);
  if (error != std::errc{} || end != digits.end()) return std::nullopt;
  return columns;
}

bool wants_no_colour() {
  const char* const text = std::getenv("NO_COLOR");
  return text != nullptr && *text != '\0';
}

std::string_view escape_of(Tone tone) {
  switch (tone) {
    case Tone::Plain: return "";
    case Tone::Heading: return "\x1b[1m";
    case Tone::Good: return "\x1b[32m";
    case Tone::Bad: return "\x1b[31m";
    case Tone::Faint: return "\x1b[2m";
  }
  return "";
}

bool has_reader_gone() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

}  // namespace

Console standard_console() {
  Console console{std::cout, std::cerr};
  auto columns = columns_of_terminal();
  if (!columns) columns = columns_of_environment();
  if (columns) console.width = std::clamp(*columns, kWidthMin, kWidthMax);
  console.has_colour = ::isatty(STDOUT_FILENO) == 1 && !wants_no_colour();
  console.has_progress = ::isatty(STDERR_FILENO) == 1;
  if (console.has_progress && ::isatty(STDIN_FILENO) == 1) console.in = &std::cin;
  return console;
}

std::string toned(const Console& console, Tone tone, std::string_view text) {
  if (!console.has_colour || tone == Tone::Plain) return std::string{text};
  return fmt::format("{}{}\x1b[0m", escape_of(tone), text);
}

bool confirm(Console& console, std::string_view question, std::string_view word) {
  if (console.in == nullptr) return true;
  console.err << question << ' ' << std::flush;
  std::string answer;
  return std::getline(*console.in, answer) && answer == word;
}

bool finish(Console& console) {
  console.out.flush();
  return console.out.good() || has_reader_gone();
}

void Progress::begin(std::string_view name) {
  ++begun_;
  if (console_.has_progress)
    console_.err << fmt::format("{}{}/{} {}", kClearLine, begun_, total_, name) << std::flush;
}

Progress::~Progress() {
  if (console_.has_progress && begun_ > 0) console_.err << kClearLine << std::flush;
}

}  // namespace st0ck::app
