#pragma once

#include "src/adapters/alpaca/wire/codec/document.hpp"
#include "src/adapters/alpaca/wire/codec/scalar.hpp"
#include "st0ck/adapters/alpaca/wire/data/channels.hpp"
#include "st0ck/market/events.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// The fields of all messages on the tape, by their short keys.
enum class Field : std::uint8_t {
  Type,
  Symbol,
  Id,
  Exchange,
  Price,
  Size,
  Conditions,
  Time,
  Tape,
  BidPrice,
  BidSize,
  BidExchange,
  AskPrice,
  AskSize,
  AskExchange,
  Open,
  High,
  Low,
  Volume,
  TradeCount,
  Vwap,
  StatusCode,
  StatusMessage,
  ReasonCode,
  ReasonMessage,
  Up,
  Down,
  Action,
  OriginalId,
  OriginalPrice,
  OriginalSize,
  OriginalConditions,
  CorrectedId,
  CorrectedPrice,
  CorrectedSize,
  CorrectedConditions,
  Message,
  Code,
  None,
};

/// Bars have their close where trades and quotes have their conditions: `c`.
inline constexpr Field kClose = Field::Conditions;

inline constexpr std::size_t kFields = static_cast<std::size_t>(Field::None);

inline constexpr std::array<std::string_view, kFields> kKeys{
    "T",  "S",  "i",  "x",  "p",  "s",  "c",  "t",  "z",  "bp", "bs",  "bx",  "ap",
    "as", "ax", "o",  "h",  "l",  "v",  "n",  "vw", "sc", "sm", "rc",  "rm",  "u",
    "d",  "a",  "oi", "op", "os", "oc", "ci", "cp", "cs", "cc", "msg", "code"};

/// The key of a field, for messages.
constexpr std::string_view key_of(Field field) {
  return field == Field::None ? "?" : kKeys[static_cast<std::size_t>(field)];
}

/// A key of one or two letters as a number.
constexpr std::uint16_t letters_number(std::string_view key) {
  const auto first = static_cast<unsigned char>(key.front());
  const auto second = key.size() > 1 ? static_cast<unsigned char>(key[1]) : 0U;
  return static_cast<std::uint16_t>(first | second << 8U);
}

/// Finds the field of a short key with one look: the multiplier was searched for one that gives
/// no two of ours the same place, which the compiler checks.
class KeyTable {
 public:
  consteval KeyTable() {
    for (std::size_t i = 0; i < kFields; ++i) {
      if (kKeys[i].size() > 2) continue;
      Entry& entry = entries_[place_of(letters_number(kKeys[i]))];
      if (entry.field != Field::None) throw "two keys share a place";
      entry = {.letters = letters_number(kKeys[i]), .field = static_cast<Field>(i)};
    }
  }

  constexpr Field find(std::uint16_t letters) const {
    const Entry& entry = entries_[place_of(letters)];
    return entry.letters == letters ? entry.field : Field::None;
  }

 private:
  struct Entry {
    std::uint16_t letters = 0;
    Field field = Field::None;
  };

  static constexpr std::size_t place_of(std::uint16_t letters) {
    return (letters * 547U & 0xffffU) >> 9U;
  }

  std::array<Entry, 128> entries_{};
};

inline constexpr KeyTable kShortKeys;

/// The field of a key; None for what no message on the tape has.
inline Field field_of(std::string_view key) {
  if (key.size() == 1 || key.size() == 2) return kShortKeys.find(letters_number(key));
  if (key == "msg") return Field::Message;
  return key == "code" ? Field::Code : Field::None;
}

/// Lists of letters are put together: `["@","I"]` is `@I`.
constexpr bool is_letter_list(Field field) {
  return field == Field::Conditions || field == Field::OriginalConditions ||
         field == Field::CorrectedConditions;
}

/// Sale conditions as they are collected, letter by letter.
struct Letters {
  std::array<char, market::SaleConditions::kCapacity> bytes{};
  std::uint8_t count = 0;
  Refusal refusal = Refusal::None;

  void add(const Scalar& element);
  std::string_view view() const { return {bytes.data(), count}; }
};

/// The fields of one message, of either codec. Only what `present` names is set, so that a message
/// costs what it holds.
class Fields {
 public:
  void clear() { present_ = 0; }

  /// Makes a field present; what is returned holds something old until it is set.
  Scalar& place(Field field) {
    present_ |= bit(field);
    return scalars_[static_cast<std::size_t>(field)];
  }

  /// The same for a list of letters.
  Letters& letters(Field field) { return letters_[letters_index(field)] = Letters{}; }

  bool has(Field field) const { return (present_ & bit(field)) != 0; }
  const Scalar& operator[](Field field) const {
    return has(field) ? scalars_[static_cast<std::size_t>(field)] : kAbsent;
  }
  const Letters& letters_of(Field field) const { return letters_[letters_index(field)]; }

 private:
  static const Scalar kAbsent;

  static std::uint64_t bit(Field field) { return std::uint64_t{1} << static_cast<unsigned>(field); }
  static std::size_t letters_index(Field field) {
    if (field == Field::Conditions) return 0;
    return field == Field::OriginalConditions ? 1 : 2;
  }

  std::uint64_t present_ = 0;
  std::array<Scalar, kFields> scalars_;
  std::array<Letters, 3> letters_;
};

/// Fills `fields` from an object of a document.
void fill(Fields& fields, Value object);

/// The list of a channel by its key, `updatedBars`; null where there is no such channel.
std::vector<std::string>* channel_of(Channels& channels, std::string_view key);

/// The lists of an object of a document; false where one is not a list of texts.
bool fill(Channels& channels, Value object);

}  // namespace st0ck::alpaca
