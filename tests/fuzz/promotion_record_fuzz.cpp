// Reads any bytes as a promotion record. What reads without a problem is what st0ck writes, byte
// for byte: nothing in a file is outside of its seal.

#include "src/app/promotion/record.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto sealed = st0ck::app::parse_promotion(text);
  if (!sealed) return 0;
  if (st0ck::app::promotion_text(*sealed) != text) std::abort();
  return 0;
}
