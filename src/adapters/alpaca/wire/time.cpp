#include "st0ck/adapters/alpaca/wire/time.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace st0ck::alpaca {

namespace {

constexpr std::size_t kDateSize = 10;
constexpr std::size_t kSecondsSize = 19;

/// Reads digits at fixed places. It goes on after what is no digit and is asked once at the end,
/// which is faster than a branch for each.
class FixedPlaces {
 public:
  explicit FixedPlaces(std::string_view text) : text_{text} {}

  bool is_sound() const { return faults_ == 0; }

  unsigned number(std::size_t at, std::size_t count) {
    unsigned value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
      const auto digit = static_cast<unsigned>(text_[i] - '0');
      faults_ |= digit > 9 ? 1U : 0U;
      value = value * 10 + digit;
    }
    return value;
  }

  void letter(std::size_t at, char c) { faults_ |= text_[at] == c ? 0U : 1U; }

 private:
  std::string_view text_;
  unsigned faults_ = 0;
};

/// What the nanoseconds of one to nine decimals are multiplied by.
constexpr std::array<std::int64_t, 10> kFractionUnits = {
    0, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};

/// `2024-03-01T14:30:00[.1 to 9 digits]Z` in 1970 to 2199.
std::optional<core::Timestamp> read_common_time(std::string_view text) {
  const std::size_t tail = text.size() - kSecondsSize - 1;
  if (text.back() != 'Z' || tail == 1 || tail > kFractionUnits.size()) return std::nullopt;
  FixedPlaces places{text};
  const unsigned year = places.number(0, 4);
  const unsigned month = places.number(5, 2);
  const unsigned day = places.number(8, 2);
  const unsigned hour = places.number(11, 2);
  const unsigned minute = places.number(14, 2);
  const unsigned second = places.number(17, 2);
  places.letter(4, '-');
  places.letter(7, '-');
  places.letter(10, 'T');
  places.letter(13, ':');
  places.letter(16, ':');
  std::int64_t fraction = 0;
  if (tail > 0) {
    places.letter(kSecondsSize, '.');
    // Nanoseconds are the common case: their count is known to the compiler.
    const unsigned digits =
        tail == 10 ? places.number(kSecondsSize + 1, 9) : places.number(kSecondsSize + 1, tail - 1);
    fraction = digits * kFractionUnits[tail - 1];
  }
  const core::Date date{std::chrono::year{static_cast<int>(year)}, std::chrono::month{month},
                        std::chrono::day{day}};
  const bool is_time = hour < 24 && minute < 60 && second < 60;
  if (!places.is_sound() || !date.ok() || !is_time || year < 1970 || year > 2199)
    return std::nullopt;
  const std::int64_t seconds = hour * 3'600 + minute * 60 + second;
  return core::Timestamp{std::chrono::sys_days{date}} + std::chrono::seconds{seconds} +
         core::Duration{fraction};
}

}  // namespace

std::optional<core::Timestamp> read_time(std::string_view text) {
  if (text.size() <= kSecondsSize || text[kDateSize] != 'T') return std::nullopt;
  if (const auto time = read_common_time(text)) return time;
  const auto time = core::parse_timestamp(text);
  return time ? std::optional{*time} : std::nullopt;
}

std::optional<core::Date> read_date_part(std::string_view text) {
  if (text.size() > kDateSize && text[kDateSize] != 'T') return std::nullopt;
  const auto date = core::parse_date(text.substr(0, kDateSize));
  return date ? std::optional{*date} : std::nullopt;
}

std::string new_york_rfc3339(core::Timestamp time) {
  const auto local = core::to_new_york(time);
  // New York's wall clock, written as if it were UTC, has the digits that are wanted.
  std::string text =
      core::format_utc(core::Timestamp{std::chrono::sys_days{local.date}} + local.time_of_day);
  text.pop_back();
  const auto west = std::chrono::floor<std::chrono::minutes>(-local.utc_offset).count();
  return text + fmt::format("-{:02}:{:02}", west / 60, west % 60);
}

}  // namespace st0ck::alpaca
