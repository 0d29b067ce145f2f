// Feeds arbitrary text to the readers of times: they must neither fault nor overflow, and what they
// accept must come back from its own canonical text.

#include "st0ck/core/assert.hpp"
#include "st0ck/core/time_text.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace st0ck::core;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto time = parse_timestamp(text)) {
    const auto again = parse_timestamp(format_utc(*time));
    // An offset may carry a time over the edge of the allowed years, by less than a day.
    const int year = static_cast<int>(
        std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(*time)}.year());
    ST0CK_ASSERT(again ? *again == *time : year == 1899 || year == 2201,
                 "a formatted time parses to itself");
    ST0CK_ASSERT(!format_new_york(*time).empty(), "every time has a form for people");
  }
  if (const auto date = parse_date(text))
    ST0CK_ASSERT(format_date(*date) == text, "a date has one form");
  return 0;
}
