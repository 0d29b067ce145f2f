// Feeds arbitrary text to the reader of decimals: what it accepts must come back from its own
// text, and must be the number that the text says.

#include "st0ck/core/assert.hpp"
#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/rate.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace st0ck::core;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  for (const int digits : {0, 6, 9}) {
    const auto raw = parse_decimal(text, digits);
    if (!raw) continue;
    const std::string formatted = format_decimal(*raw, digits, digits);
    const auto again = parse_decimal(formatted, digits);
    ST0CK_ASSERT(again && *again == *raw, "a formatted decimal parses to itself");
    // Both are correctly rounded readings of the same number.
    ST0CK_ASSERT(
        std::strtod(formatted.c_str(), nullptr) == std::strtod(std::string{text}.c_str(), nullptr),
        "a decimal keeps its value");
  }
  (void)parse_rate(text);
  return 0;
}
