#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace st0ck::alpaca {

/// Why a message, or a value in it, is refused.
enum class Refusal : std::uint8_t {
  None,
  NotAnObject,
  MissingField,
  WrongType,
  NotANumber,
  TooLarge,
  TooManyDecimals,  ///< It would have to be rounded.
  BadTime,
  TooLong,
  UnknownWord,
};

inline constexpr std::size_t kRefusals = 10;

std::string_view name_of(Refusal refusal);

/// What was found and is allowed instead, for messages: `is too large`.
std::string_view explanation_of(Refusal refusal);

}  // namespace st0ck::alpaca
