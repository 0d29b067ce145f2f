#include "st0ck/net/rate_headers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace st0ck::net {
namespace {

using std::chrono::seconds;

constexpr core::Duration kWaitMax = std::chrono::hours{24};
// Seconds since 1970 have ten digits until 2286, and nobody asks for a wait of 30 years.
constexpr std::uint64_t kSecondsSince1970Min = 1'000'000'000;
constexpr std::uint64_t kSecondsSince1970Max = 9'000'000'000;

constexpr std::array<std::string_view, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// Digits only: no sign, no blank, no fraction.
std::optional<std::uint64_t> parse_digits(std::string_view text, std::size_t size_max) {
  if (text.empty() || text.size() > size_max) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint32_t> parse_count(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  const auto count = parse_digits(trimmed(*text), 9);
  if (!count) return std::nullopt;
  return static_cast<std::uint32_t>(*count);
}

core::Duration wait_of(std::uint64_t whole_seconds) {
  constexpr auto kMax = static_cast<std::uint64_t>(std::chrono::ceil<seconds>(kWaitMax).count());
  return seconds{std::min(whole_seconds, kMax)};
}

core::Duration wait_until(core::Timestamp time, core::Timestamp now) {
  return std::clamp(time - now, core::Duration{0}, kWaitMax);
}

template <std::size_t Size>
std::optional<unsigned> index_of(std::string_view word,
                                 const std::array<std::string_view, Size>& words) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<unsigned>(found - words.begin());
}

}  // namespace

std::optional<core::Timestamp> parse_http_date(std::string_view text) {
  // Each field has its place: `Sun, 06 Nov 1994 08:49:37 GMT`.
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto weekday = index_of(text.substr(0, 3), kWeekdays);
  const auto day = parse_digits(text.substr(5, 2), 2);
  const auto month = index_of(text.substr(8, 3), kMonths);
  const auto year = parse_digits(text.substr(12, 4), 4);
  const auto hour = parse_digits(text.substr(17, 2), 2);
  const auto minute = parse_digits(text.substr(20, 2), 2);
  const auto second = parse_digits(text.substr(23, 2), 2);
  if (!weekday || !day || !month || !year || !hour || !minute || !second) return std::nullopt;
  if (*year < 1970 || *year > 2200 || *hour > 23 || *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  const core::Date date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{*month + 1},
                        std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const std::chrono::sys_days days{date};
  if (std::chrono::weekday{days}.c_encoding() != *weekday) return std::nullopt;
  return days + std::chrono::hours{*hour} + std::chrono::minutes{*minute} + seconds{*second};
}

std::optional<core::Duration> parse_retry_after(std::string_view text, core::Timestamp now) {
  text = trimmed(text);
  if (const auto whole = parse_digits(text, 9)) return wait_of(*whole);
  if (const auto date = parse_http_date(text)) return wait_until(*date, now);
  return std::nullopt;
}

std::optional<core::Duration> parse_rate_reset(std::string_view text, core::Timestamp now) {
  const auto number = parse_digits(trimmed(text), 10);
  if (!number || *number > kSecondsSince1970Max) return std::nullopt;
  if (*number < kSecondsSince1970Min) return wait_of(*number);
  return wait_until(core::Timestamp{seconds{*number}}, now);
}

ServerLimits read_server_limits(const HttpHeaders& headers, core::Timestamp now) {
  ServerLimits limits{.limit = parse_count(headers.find("X-RateLimit-Limit")),
                      .remaining = parse_count(headers.find("X-RateLimit-Remaining")),
                      .reset_in = {},
                      .retry_in = {}};
  if (limits.limit == 0U) limits.limit.reset();
  if (const auto text = headers.find("X-RateLimit-Reset")) {
    limits.reset_in = parse_rate_reset(*text, now);
  }
  if (const auto text = headers.find("Retry-After")) {
    limits.retry_in = parse_retry_after(*text, now);
  }
  return limits;
}

}  // namespace st0ck::net
