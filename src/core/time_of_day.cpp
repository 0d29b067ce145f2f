#include "st0ck/core/time_of_day.hpp"

#include <fmt/format.h>

#include <chrono>

namespace st0ck::core {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The two digits at `at`, or -1.
int two_digits(std::string_view text, std::size_t at) {
  if (!is_digit(text[at]) || !is_digit(text[at + 1])) return -1;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

}  // namespace

std::optional<TimeOfDay> parse_time_of_day(std::string_view text) {
  const bool with_seconds = text.size() == 8;
  if ((text.size() != 5 && !with_seconds) || text[2] != ':') return std::nullopt;
  if (with_seconds && text[5] != ':') return std::nullopt;
  const int hour = two_digits(text, 0);
  const int minute = two_digits(text, 3);
  const int second = with_seconds ? two_digits(text, 6) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;
  return TimeOfDay{std::chrono::hours{hour} + std::chrono::minutes{minute} +
                   std::chrono::seconds{second}};
}

std::string to_string(TimeOfDay time) {
  const std::chrono::hh_mm_ss clock{time.since_midnight};
  if (clock.seconds().count() == 0)
    return fmt::format("{:02}:{:02}", clock.hours().count(), clock.minutes().count());
  return fmt::format("{:02}:{:02}:{:02}", clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

}  // namespace st0ck::core
