#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/csv/csv_format.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::market {

/// Reads a plain decimal as an integer of 10^-digits units, exactly like `core::parse_decimal`;
/// nothing for any other text. Common lengths take a few nanoseconds.
std::optional<std::int64_t> read_decimal(std::string_view text, int digits);

/// A price above zero.
std::optional<core::Price> read_price(std::string_view text);

/// A volume of zero or more.
std::optional<core::Volume> read_volume(std::string_view text);

/// What is allowed where `read_price` or `read_volume` refused `text`, for messages: with the
/// largest value and the decimals there can be where `text` has too much of either.
std::string price_allowed(std::string_view text);
std::string volume_allowed(std::string_view text);

std::optional<std::uint32_t> read_count(std::string_view text);

/// Reads the times of a file in one of its ways of writing them.
class CsvTimes {
 public:
  struct Moment {
    core::Timestamp time{};          ///< Meaningless where only a date is written.
    std::optional<core::Date> date;  ///< Set where only a date is written.
  };

  explicit CsvTimes(CsvTime writing) : writing_{writing} {}

  std::optional<Moment> read(std::string_view text);

  /// What is allowed, for messages.
  std::string_view expected() const;

 private:
  bool remember(std::string_view date);

  CsvTime writing_;
  /// The date of the row before, as written and as its midnight: most rows share it.
  std::array<char, 10> date_text_{};
  core::Timestamp midnight_{};
};

}  // namespace st0ck::market
