#include "st0ck/core/time_text.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "whole_seconds.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace st0ck::core {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr auto kFirstYear = 1900y;
constexpr auto kLastYear = 2200y;
constexpr std::int64_t kEpochNanosecondsMin = 100'000'000'000'000'000;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads text from the front. The first thing that is not as it must be makes `failed` true for
/// good, so that a caller may read on and ask once at the end.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_{text} {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }
  bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }

  /// Exactly `count` digits.
  unsigned digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    unsigned value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return fail();
      value = value * 10 + static_cast<unsigned>(rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  void expect(char c) {
    if (next_is(c))
      rest_.remove_prefix(1);
    else
      failed_ = true;
  }

  bool accept(char c) {
    if (!next_is(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// One to nine decimals of a second.
  Duration fraction() {
    std::int64_t value = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && is_digit(rest_[count]); ++count) {
      if (count == 9) return Duration{fail()};
      value = value * 10 + (rest_[count] - '0');
    }
    if (count == 0) return Duration{fail()};
    rest_.remove_prefix(count);
    for (; count < 9; ++count) value *= 10;
    return Duration{value};
  }

 private:
  unsigned fail() {
    failed_ = true;
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

Date read_date(Cursor& cursor) {
  const unsigned year = cursor.digits(4);
  cursor.expect('-');
  const unsigned month = cursor.digits(2);
  cursor.expect('-');
  const unsigned day = cursor.digits(2);
  return Date{std::chrono::year{static_cast<int>(year)}, std::chrono::month{month},
              std::chrono::day{day}};
}

std::optional<seconds> read_time_of_day(Cursor& cursor) {
  const unsigned hour = cursor.digits(2);
  cursor.expect(':');
  const unsigned minute = cursor.digits(2);
  cursor.expect(':');
  const unsigned second = cursor.digits(2);
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return hours{hour} + minutes{minute} + seconds{second};
}

/// `Z`, `+hh:mm` or `-hh:mm`: local minus UTC.
std::optional<minutes> read_offset(Cursor& cursor) {
  if (cursor.accept('Z')) return minutes{0};
  const bool negative = cursor.accept('-');
  if (!negative) cursor.expect('+');
  const unsigned hour = cursor.digits(2);
  cursor.expect(':');
  const unsigned minute = cursor.digits(2);
  if (hour > 23 || minute > 59) return std::nullopt;
  const minutes offset = hours{hour} + minutes{minute};
  return negative ? -offset : offset;
}

bool is_allowed(Date date) {
  return date.ok() && date.year() >= kFirstYear && date.year() <= kLastYear;
}

bool all_digits(std::string_view text) {
  for (const char c : text)
    if (!is_digit(c)) return false;
  return true;
}

std::string_view shown(std::string_view text) { return text.substr(0, 40); }

tl::unexpected<Error> not_a_timestamp(std::string_view text) {
  return fail(Errc::BadInput,
              "'{}' is not a time (allowed are 2019-02-11T14:30:00Z, an offset like -05:00 for the "
              "Z, 2019-02-11, and nanoseconds since 1970)",
              shown(text));
}

tl::unexpected<Error> date_not_allowed(std::string_view text, Date date) {
  if (!date.ok()) return fail(Errc::OutOfRange, "'{}' has a date that does not exist", shown(text));
  return fail(Errc::OutOfRange, "'{}' is outside the years {} to {}", shown(text),
              static_cast<int>(kFirstYear), static_cast<int>(kLastYear));
}

Result<Timestamp> parse_epoch_nanoseconds(std::string_view text) {
  if (text.size() > 19) return fail(Errc::OutOfRange, "'{}' is too large for a time", shown(text));
  std::uint64_t value = 0;
  for (const char c : text) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  constexpr auto kEnd = sys_days{(kLastYear + std::chrono::years{1}) / std::chrono::January / 1};
  if (value < static_cast<std::uint64_t>(kEpochNanosecondsMin) ||
      value >= static_cast<std::uint64_t>(Timestamp{kEnd}.time_since_epoch().count()))
    return fail(Errc::OutOfRange,
                "'{}' is not a time in nanoseconds since 1970 (allowed are the years 1973 to {})",
                shown(text), static_cast<int>(kLastYear));
  return timestamp_from_ns(static_cast<std::int64_t>(value));
}

/// Collects the text of a time in place: every form has a known greatest length.
class TextBuffer {
 public:
  TextBuffer& put(char c) {
    bytes_[size_++] = c;
    return *this;
  }

  TextBuffer& digits(std::int64_t value, std::size_t count) {
    for (std::size_t i = count; i-- > 0; value /= 10)
      bytes_[size_ + i] = static_cast<char>('0' + value % 10);
    size_ += count;
    return *this;
  }

  TextBuffer& date(Date date, bool with_hyphens) {
    digits(static_cast<int>(date.year()), 4);
    if (with_hyphens) put('-');
    digits(static_cast<unsigned>(date.month()), 2);
    if (with_hyphens) put('-');
    return digits(static_cast<unsigned>(date.day()), 2);
  }

  /// HH:MM:SS of a time of day.
  TextBuffer& time(Duration time) {
    const auto whole = std::chrono::floor<seconds>(time).count();
    return digits(whole / 3600, 2)
        .put(':')
        .digits(whole / 60 % 60, 2)
        .put(':')
        .digits(whole % 60, 2);
  }

  std::string str() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 40> bytes_;
  std::size_t size_ = 0;
};

void put_fraction(TextBuffer& text, Duration fraction) {
  const std::int64_t ns = fraction.count();
  if (ns == 0) return;
  text.put('.');
  if (ns % 1'000'000 == 0)
    text.digits(ns / 1'000'000, 3);
  else if (ns % 1'000 == 0)
    text.digits(ns / 1'000, 6);
  else
    text.digits(ns, 9);
}

}  // namespace

Result<Timestamp> parse_timestamp(std::string_view text) {
  if (all_digits(text) && !text.empty()) return parse_epoch_nanoseconds(text);

  Cursor cursor{text};
  const Date date = read_date(cursor);
  std::optional<seconds> time_of_day{0s};
  std::optional<minutes> offset{0min};
  Duration fraction{0};
  if (!cursor.at_end()) {
    cursor.expect('T');
    time_of_day = read_time_of_day(cursor);
    if (cursor.accept('.')) fraction = cursor.fraction();
    offset = read_offset(cursor);
  }
  if (cursor.failed() || !cursor.at_end()) return not_a_timestamp(text);
  if (!is_allowed(date)) return date_not_allowed(text, date);
  if (!time_of_day || !offset)
    return fail(Errc::OutOfRange, "'{}' has a time that does not exist", shown(text));
  return Timestamp{sys_days{date}} + *time_of_day - *offset + fraction;
}

Result<Date> parse_date(std::string_view text) {
  Cursor cursor{text};
  const Date date = read_date(cursor);
  if (cursor.failed() || !cursor.at_end())
    return fail(Errc::BadInput, "'{}' is not a date (allowed is the form 2019-02-11)", shown(text));
  if (!is_allowed(date)) return date_not_allowed(text, date);
  return date;
}

std::string format_utc(Timestamp time) {
  const auto [whole, fraction] = whole_seconds(time);
  const auto date = std::chrono::floor<days>(whole);
  TextBuffer text;
  text.date(Date{date}, true).put('T').time(whole - date);
  put_fraction(text, fraction);
  return text.put('Z').str();
}

std::string format_new_york(Timestamp time) {
  const NewYorkTime local = to_new_york(time);
  TextBuffer text;
  text.date(local.date, true).put(' ').time(local.time_of_day);
  put_fraction(text, std::chrono::floor<milliseconds>(local.time_of_day % 1s));
  const auto west = -std::chrono::floor<minutes>(local.utc_offset).count();
  text.put(' ').put('-').digits(west / 60, 2).put(':').digits(west % 60, 2);
  return text.str();
}

std::string format_date(Date date) {
  TextBuffer text;
  return text.date(date, true).str();
}

std::string format_date_compact(Date date) {
  TextBuffer text;
  return text.date(date, false).str();
}

}  // namespace st0ck::core
