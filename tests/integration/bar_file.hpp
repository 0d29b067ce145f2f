#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

namespace st0ck::test {

/// The text of a bar file, line by line: a header and the minutes of 2019-02-11, 09:30 in line 2,
/// made by a rule that gives ST0CKA a whole trade.
class BarFile {
 public:
  BarFile() : lines_{"timestamp,open,high,low,close,volume"} {
    constexpr int kMinutes = 390;
    for (int minute = 0; minute < kMinutes; ++minute) lines_.push_back(row(minute));
  }

  /// A row as the file has it; the prices follow from the minute.
  static std::string row(int minute) {
    const int open = 10'000 + minute * 7 % 11;
    const int close = 10'000 + (minute + 1) * 7 % 11;
    return fmt::format("{},{},{},{},{},{}", stamp(minute), dollars(open), dollars(open + 20),
                       dollars(open - 20), dollars(close), 1000 + minute);
  }

  /// The start of a minute: the session opens at 14:30 UTC.
  static std::string stamp(int minute) {
    const int since_midnight = 14 * 60 + 30 + minute;
    return fmt::format("2019-02-11T{:02}:{:02}:00Z", since_midnight / 60, since_midnight % 60);
  }

  BarFile with(std::size_t line, const std::string& text) const {
    BarFile file = *this;
    file.lines_.at(line - 1) = text;
    return file;
  }

  BarFile without(std::size_t line) const {
    BarFile file = *this;
    file.lines_.erase(file.lines_.begin() + static_cast<std::ptrdiff_t>(line) - 1);
    return file;
  }

  std::string text() const {
    std::string text;
    for (const std::string& line : lines_) text += line + "\n";
    return text;
  }

 private:
  static std::string dollars(int cents) {
    return fmt::format("{}.{:02}", cents / 100, cents % 100);
  }

  std::vector<std::string> lines_;
};

}  // namespace st0ck::test
