#pragma once

#include "bind.hpp"
#include "sqlite.hpp"
#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/fixed_text.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/records.hpp"

#include <fmt/format.h>

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace st0ck::storage {

/// How many enumerators a stored enumeration has, counted from 0.
template <typename Word>
constexpr int kEnumerators = 0;
template <>
inline constexpr int kEnumerators<trading::Side> = 2;
template <>
inline constexpr int kEnumerators<trading::OrderType> = 5;
template <>
inline constexpr int kEnumerators<trading::TimeInForce> = 6;
template <>
inline constexpr int kEnumerators<trading::Purpose> = 2;
template <>
inline constexpr int kEnumerators<trading::GroupKind> = 4;
template <>
inline constexpr int kEnumerators<trading::GroupRole> = 4;
template <>
inline constexpr int kEnumerators<trading::OrderState> = trading::kOrderStates;
template <>
inline constexpr int kEnumerators<kernel::DecisionKind> = 5;
template <>
inline constexpr int kEnumerators<trading::LedgerEntryKind> = 6;
template <>
inline constexpr int kEnumerators<trading::DifferenceKind> = 6;
template <>
inline constexpr int kEnumerators<market::Phase> = 3;

/// Takes the columns of a statement's row one after the other, checking each against its type. The
/// first that does not fit is kept as the error.
class RowReader {
 public:
  explicit RowReader(const Statement& statement) : statement_{statement} {}

  const core::Status& status() const { return status_; }

  /// Reads the next columns into the values.
  template <typename... Values>
  void read(Values&... values) {
    (read_value(values), ...);
  }

 private:
  template <std::integral T>
  void read_value(T& value) {
    const std::int64_t found = statement_.integer(column_);
    // A 64-bit counter is stored as its signed twin.
    const bool fits = sizeof(T) == sizeof found || std::in_range<T>(found);
    if (!fits) refuse(std::to_string(found), "a smaller number");
    value = static_cast<T>(found);
    ++column_;
  }
  void read_value(bool& flag) {
    const std::int64_t found = statement_.integer(column_);
    if (found != 0 && found != 1) refuse(std::to_string(found), "0 or 1");
    flag = found == 1;
    ++column_;
  }
  void read_value(std::string& text) { text = statement_.text(column_++); }
  template <typename Tag, std::size_t Capacity>
  void read_value(core::FixedText<Tag, Capacity>& text) {
    using Text = core::FixedText<Tag, Capacity>;
    const std::string_view found = statement_.text(column_);
    if (Text::fits(found)) {
      text = Text{found};
    } else {
      refuse(found, fmt::format("at most {} characters", Capacity));
    }
    ++column_;
  }
  template <typename Tag, int Digits>
  void read_value(core::FixedPoint<Tag, Digits>& amount) {
    amount = core::FixedPoint<Tag, Digits>::from_raw(statement_.integer(column_++));
  }
  template <typename Tag, typename Rep>
  void read_value(core::Id<Tag, Rep>& id) {
    Rep value{};
    read_value(value);
    id = core::Id<Tag, Rep>{value};
  }
  void read_value(core::Timestamp& time) {
    time = core::timestamp_from_ns(statement_.integer(column_++));
  }
  void read_value(core::Date& date) {
    const auto parsed = core::parse_date(statement_.text(column_));
    if (parsed) {
      date = *parsed;
    } else {
      refuse(statement_.text(column_), "a date");
    }
    ++column_;
  }
  void read_value(core::Multiplier& multiplier) {
    std::uint32_t value = 0;
    read_value(value);
    if (value == 0) refuse("0", "a positive multiplier");
    multiplier = core::Multiplier{value};
  }
  template <typename Word>
    requires(kEnumerators<Word> > 0)
  void read_value(Word& word) {
    const std::string_view found = statement_.text(column_);
    int i = 0;
    while (i < kEnumerators<Word> && name_of(static_cast<Word>(i)) != found) ++i;
    if (i == kEnumerators<Word>) {
      refuse(found, "a name that st0ck writes");
    } else {
      word = static_cast<Word>(i);
    }
    ++column_;
  }
  template <typename T>
  void read_value(std::optional<T>& value) {
    if (statement_.is_null(column_)) {
      value.reset();
      ++column_;
    } else {
      read_value(value.emplace());
    }
  }

  void refuse(std::string_view found, std::string_view allowed) {
    if (!status_) return;
    status_ = core::fail(core::Errc::Corrupt, "column {} holds '{}', expected {}", column_ + 1,
                         found, allowed);
  }

  const Statement& statement_;
  int column_ = 0;
  core::Status status_;
};

}  // namespace st0ck::storage
