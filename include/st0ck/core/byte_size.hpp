#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::core {

/// An amount of memory or disk space.
struct ByteSize {
  std::int64_t bytes = 0;

  friend constexpr auto operator<=>(ByteSize, ByteSize) = default;
};

constexpr ByteSize kibibytes(std::int64_t count) { return {count * 1024}; }
constexpr ByteSize mebibytes(std::int64_t count) { return {count * 1024 * 1024}; }

/// Reads a whole number with its unit, `B`, `KiB`, `MiB` or `GiB`; nothing for any other text.
std::optional<ByteSize> parse_byte_size(std::string_view text);

/// Writes the size in the largest unit that keeps it whole.
std::string to_string(ByteSize size);

}  // namespace st0ck::core
