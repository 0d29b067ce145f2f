// Feeds arbitrary bytes to the reader of records: two bytes of kind, then the body. What it accepts
// must be written again with the same bytes.

#include "st0ck/core/assert.hpp"
#include "st0ck/kernel/record_codec.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <variant>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace st0ck;
  std::uint16_t number = 0;
  if (size < sizeof number) return 0;
  std::memcpy(&number, data, sizeof number);
  const auto body = std::as_bytes(std::span{data, size}).subspan(sizeof number);
  const auto record = kernel::decode(static_cast<kernel::RecordKind>(number), body);
  if (!record) {
    ST0CK_ASSERT(record.error().code == core::Errc::Corrupt, "bad bytes are corrupt");
    return 0;
  }
  kernel::PayloadBuffer buffer;
  std::visit([&](const auto& plain) { kernel::encode(plain, buffer); }, *record);
  ST0CK_ASSERT(std::ranges::equal(buffer.view(), body), "a record has one form");
  return 0;
}
