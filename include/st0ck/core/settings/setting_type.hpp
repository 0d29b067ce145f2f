#pragma once

#include "st0ck/core/byte_size.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/time_of_day.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace st0ck::core {

/// How a type is written in a settings file.
///
/// A specialisation has `kName` (one word, for listings), `kForm` (what a message says is
/// allowed), `kPlainOnly` (quotes make it another type), `parse` (nothing for text of another
/// form) and `format` (canonical: parses back to the same value). Enumerations have none: their
/// words are declared with the field.
template <typename Value>
struct SettingType;

/// The most bytes that one value may have.
inline constexpr std::size_t kSettingTextMax = 4096;

namespace setting_text {
std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_number(std::string_view text);
std::string format_number(double value);
std::optional<Duration> parse_duration(std::string_view text);
std::string format_duration(Duration value);
}  // namespace setting_text

template <>
struct SettingType<bool> {
  static constexpr std::string_view kName = "bool";
  static constexpr std::string_view kForm = "true or false";
  static constexpr bool kPlainOnly = true;
  static std::optional<bool> parse(std::string_view text) {
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
  }
  static std::string format(bool value) { return value ? "true" : "false"; }
};

template <std::integral Value>
struct SettingType<Value> {
  static_assert(sizeof(Value) < 8 || std::is_signed_v<Value>, "use std::int64_t");
  static constexpr std::string_view kName = "integer";
  static constexpr std::string_view kForm = "a whole number";
  static constexpr bool kPlainOnly = true;
  static std::optional<Value> parse(std::string_view text) {
    const auto value = setting_text::parse_integer(text);
    if (!value || !std::in_range<Value>(*value)) return std::nullopt;
    return static_cast<Value>(*value);
  }
  static std::string format(Value value) { return std::to_string(value); }
};

template <>
struct SettingType<double> {
  static constexpr std::string_view kName = "number";
  static constexpr std::string_view kForm = "a number";
  static constexpr bool kPlainOnly = true;
  static std::optional<double> parse(std::string_view text) {
    return setting_text::parse_number(text);
  }
  static std::string format(double value) { return setting_text::format_number(value); }
};

template <>
struct SettingType<std::string> {
  static constexpr std::string_view kName = "text";
  static constexpr std::string_view kForm = "text";
  static constexpr bool kPlainOnly = false;
  static std::optional<std::string> parse(std::string_view text) { return std::string{text}; }
  static std::string format(const std::string& value) { return value; }
};

template <>
struct SettingType<std::filesystem::path> {
  static constexpr std::string_view kName = "path";
  static constexpr std::string_view kForm = "the path of a file or folder";
  static constexpr bool kPlainOnly = false;
  static std::optional<std::filesystem::path> parse(std::string_view text) {
    if (text.empty()) return std::nullopt;
    return std::filesystem::path{text};
  }
  static std::string format(const std::filesystem::path& value) { return value.string(); }
};

/// Shared by the decimal types of core: exact, never through `double`.
template <typename Value>
struct DecimalSettingType {
  static constexpr bool kPlainOnly = false;
  static std::optional<Value> parse(std::string_view text) {
    const auto value = Value::parse(text);
    if (!value) return std::nullopt;
    return *value;
  }
  static std::string format(Value value) { return value.to_string(); }
};

template <>
struct SettingType<Price> : DecimalSettingType<Price> {
  static constexpr std::string_view kName = "price";
  static constexpr std::string_view kForm = "a price like 12.34";
};

template <>
struct SettingType<Quantity> : DecimalSettingType<Quantity> {
  static constexpr std::string_view kName = "quantity";
  static constexpr std::string_view kForm = "a quantity like 100";
};

template <>
struct SettingType<Volume> : DecimalSettingType<Volume> {
  static constexpr std::string_view kName = "volume";
  static constexpr std::string_view kForm = "a volume like 150000";
};

template <>
struct SettingType<Money> : DecimalSettingType<Money> {
  static constexpr std::string_view kName = "money";
  static constexpr std::string_view kForm = "an amount like 25000.00";
};

template <>
struct SettingType<Rate> {
  static constexpr std::string_view kName = "rate";
  static constexpr std::string_view kForm = "a rate like 0.05 or 5%";
  static constexpr bool kPlainOnly = false;
  static std::optional<Rate> parse(std::string_view text) { return parse_rate(text); }
  static std::string format(Rate value) { return value.to_string(); }
};

template <>
struct SettingType<Duration> {
  static constexpr std::string_view kName = "duration";
  static constexpr std::string_view kForm = "a duration like 250ms, 10s, 5m or 1h30m";
  static constexpr bool kPlainOnly = false;
  static std::optional<Duration> parse(std::string_view text) {
    return setting_text::parse_duration(text);
  }
  static std::string format(Duration value) { return setting_text::format_duration(value); }
};

template <>
struct SettingType<TimeOfDay> {
  static constexpr std::string_view kName = "time";
  static constexpr std::string_view kForm = "a time of day like 09:30";
  static constexpr bool kPlainOnly = false;
  static std::optional<TimeOfDay> parse(std::string_view text) { return parse_time_of_day(text); }
  static std::string format(TimeOfDay value) { return to_string(value); }
};

template <>
struct SettingType<Date> {
  static constexpr std::string_view kName = "date";
  static constexpr std::string_view kForm = "a date like 2019-02-11";
  static constexpr bool kPlainOnly = false;
  static std::optional<Date> parse(std::string_view text) {
    const auto date = parse_date(text);
    if (!date) return std::nullopt;
    return *date;
  }
  static std::string format(Date value) { return format_date(value); }
};

template <>
struct SettingType<ByteSize> {
  static constexpr std::string_view kName = "size";
  static constexpr std::string_view kForm = "a size like 512KiB or 64MiB";
  static constexpr bool kPlainOnly = false;
  static std::optional<ByteSize> parse(std::string_view text) { return parse_byte_size(text); }
  static std::string format(ByteSize value) { return to_string(value); }
};

template <>
struct SettingType<Symbol> {
  static constexpr std::string_view kName = "symbol";
  static constexpr std::string_view kForm = "a symbol of 1 to 24 of A-Z, 0-9, '.', '-', '/'";
  static constexpr bool kPlainOnly = false;
  static std::optional<Symbol> parse(std::string_view text) {
    const auto symbol = parse_symbol(text);
    if (!symbol) return std::nullopt;
    return *symbol;
  }
  static std::string format(const Symbol& value) { return value.str(); }
};

/// Shared by the names of accounts, bots and engines.
template <typename Name>
struct NameSettingType {
  static constexpr std::string_view kName = "name";
  static constexpr bool kPlainOnly = false;
  static std::optional<Name> parse(std::string_view text) {
    if (!check_name("name", text, Name::kCapacity)) return std::nullopt;
    return Name{text};
  }
  static std::string format(const Name& value) { return value.str(); }
};

template <>
struct SettingType<AccountId> : NameSettingType<AccountId> {
  static constexpr std::string_view kForm =
      "a name of 1 to 16 of a-z, 0-9 and _, starting with a letter";
};

template <>
struct SettingType<BotId> : NameSettingType<BotId> {
  static constexpr std::string_view kForm =
      "a name of 1 to 16 of a-z, 0-9 and _, starting with a letter";
};

template <>
struct SettingType<EngineName> : NameSettingType<EngineName> {
  static constexpr std::string_view kForm =
      "a name of 1 to 12 of a-z, 0-9 and _, starting with a letter";
};

}  // namespace st0ck::core
