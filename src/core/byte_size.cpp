#include "st0ck/core/byte_size.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace st0ck::core {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t bytes;
};

constexpr std::array<Unit, 4> kUnits{
    {{"GiB", 1024 * 1024 * 1024}, {"MiB", 1024 * 1024}, {"KiB", 1024}, {"B", 1}}};

}  // namespace

std::optional<ByteSize> parse_byte_size(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0) return std::nullopt;
  const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : kUnits) {
    ByteSize size;
    if (name == unit.name && !__builtin_mul_overflow(count, unit.bytes, &size.bytes)) return size;
  }
  return std::nullopt;
}

std::string to_string(ByteSize size) {
  for (const Unit& unit : kUnits)
    if (size.bytes != 0 && size.bytes % unit.bytes == 0)
      return fmt::format("{}{}", size.bytes / unit.bytes, unit.name);
  return "0B";
}

}  // namespace st0ck::core
