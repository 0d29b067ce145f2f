#include "src/app/exchange/identifiers.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace st0ck::app::exchange {

namespace {

std::string uuid_of(std::uint64_t high, std::uint64_t low) {
  constexpr std::uint64_t kVersionMask = 0xF000;
  constexpr std::uint64_t kVersion4 = 0x4000;
  constexpr std::uint64_t kVariantMask = 0xC000;
  constexpr std::uint64_t kVariant = 0x8000;
  const std::uint64_t version = (high & 0xFFFF & ~kVersionMask) | kVersion4;
  const std::uint64_t variant = ((low >> 48U) & ~kVariantMask) | kVariant;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFF,
                     version, variant, low & 0xFFFF'FFFF'FFFF);
}

bool is_hexadecimal(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f') ||
         (letter >= 'A' && letter <= 'F');
}

}  // namespace

std::string Identifiers::next() {
  const std::uint64_t high = random_.next();
  return uuid_of(high, random_.next());
}

std::string Identifiers::of_name(std::string_view name) {
  auto random = adapters::sim::Random::for_name(0, name);
  const std::uint64_t high = random.next();
  return uuid_of(high, random.next());
}

bool is_uuid(std::string_view text) {
  constexpr std::size_t kLength = 36;
  if (text.size() != kLength) return false;
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !is_hexadecimal(text[i])) return false;
  }
  return true;
}

}  // namespace st0ck::app::exchange
