#include "st0ck/market/csv/csv_values.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/short_decimal.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <limits>

namespace st0ck::market {

namespace {

using core::Timestamp;
using namespace std::chrono_literals;

constexpr std::size_t kDateSize = 10;
constexpr std::size_t kTimeSize = 8;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Two digits as a number; over 99 when they are none.
constexpr unsigned two_digits(std::string_view text, std::size_t at) {
  if (!is_digit(text[at]) || !is_digit(text[at + 1])) return 100;
  return static_cast<unsigned>((text[at] - '0') * 10 + (text[at + 1] - '0'));
}

/// `HH:MM:SS`, exactly.
std::optional<core::Duration> clock_time(std::string_view text) {
  if (text[2] != ':' || text[5] != ':') return std::nullopt;
  const unsigned hour = two_digits(text, 0);
  const unsigned minute = two_digits(text, 3);
  const unsigned second = two_digits(text, 6);
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
}

/// Whether `text` has the shape that all but a few files write: `DATE?HH:MM:SS`, and `Z` in UTC.
bool is_common_shape(std::string_view text, CsvTime writing) {
  if (writing == CsvTime::NewYork) return text.size() == 19 && text[kDateSize] == ' ';
  return text.size() == 20 && text[kDateSize] == 'T' && text.back() == 'Z';
}

std::optional<std::int64_t> read_any_decimal(std::string_view text, int digits) {
  const auto value = core::parse_decimal(text, digits);
  return value ? std::optional{*value} : std::nullopt;
}

/// `12`, `12.5`: what a reader refuses of these, it refuses for their size or their decimals.
bool is_plain_decimal(std::string_view text) {
  const auto whole = text.substr(0, text.find('.'));
  const auto rest = text.substr(whole.size());
  const auto decimals = rest.empty() ? rest : rest.substr(1);
  return !whole.empty() && (rest.empty() || !decimals.empty()) &&
         std::ranges::all_of(whole, is_digit) && std::ranges::all_of(decimals, is_digit);
}

bool is_zero(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c >= '1' && c <= '9'; });
}

template <typename Amount>
std::string within_limits(std::string_view allowed) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  return fmt::format("{}, at most {}, with at most {} decimals", allowed,
                     Amount::from_raw(kMax).to_string(), Amount::kDigits);
}

}  // namespace

std::optional<std::int64_t> read_decimal(std::string_view text, int digits) {
  const auto value = core::read_short_decimal(text, digits);
  return value ? value : read_any_decimal(text, digits);
}

std::optional<core::Price> read_price(std::string_view text) {
  const auto raw = read_decimal(text, core::Price::kDigits);
  if (!raw || *raw <= 0) return std::nullopt;
  return core::Price::from_raw(*raw);
}

std::optional<core::Volume> read_volume(std::string_view text) {
  const auto raw = read_decimal(text, core::Volume::kDigits);
  if (!raw || *raw < 0) return std::nullopt;
  return core::Volume::from_raw(*raw);
}

std::string price_allowed(std::string_view text) {
  constexpr std::string_view kAllowed = "a decimal above zero";
  if (!is_plain_decimal(text) || is_zero(text)) return std::string{kAllowed};
  return within_limits<core::Price>(kAllowed);
}

std::string volume_allowed(std::string_view text) {
  constexpr std::string_view kAllowed = "a decimal of zero or more";
  if (!is_plain_decimal(text)) return std::string{kAllowed};
  return within_limits<core::Volume>(kAllowed);
}

std::optional<std::uint32_t> read_count(std::string_view text) {
  std::uint32_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return count;
}

std::optional<CsvTimes::Moment> CsvTimes::read(std::string_view text) {
  if (text.size() == kDateSize) {
    const auto date = core::parse_date(text);
    if (!date) return std::nullopt;
    return Moment{{}, *date};
  }
  if (is_common_shape(text, writing_)) {
    const auto since_midnight = clock_time(text.substr(kDateSize + 1, kTimeSize));
    if (!since_midnight || !remember(text.substr(0, kDateSize))) return std::nullopt;
    return Moment{midnight_ + *since_midnight, std::nullopt};
  }
  if (writing_ == CsvTime::NewYork) return std::nullopt;
  const auto time = core::parse_timestamp(text);
  if (!time) return std::nullopt;
  return Moment{*time, std::nullopt};
}

bool CsvTimes::remember(std::string_view text) {
  if (std::ranges::equal(text, date_text_)) return true;
  const auto date = core::parse_date(text);
  if (!date) return false;
  // In New York from noon backwards: the clocks change on Sundays only, when the exchange is
  // closed, so that a session's day has one offset.
  midnight_ = writing_ == CsvTime::NewYork ? core::from_new_york(*date, 12h) - 12h
                                           : Timestamp{std::chrono::sys_days{*date}};
  std::ranges::copy(text, date_text_.begin());
  return true;
}

std::string_view CsvTimes::expected() const {
  if (writing_ == CsvTime::NewYork)
    return "a New York time like 2019-02-11 09:31:00, or a date like 2019-02-11";
  return "a UTC time like 2019-02-11T14:30:00Z, a date like 2019-02-11, or epoch nanoseconds";
}

}  // namespace st0ck::market
