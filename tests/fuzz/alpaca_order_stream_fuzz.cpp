// Feeds arbitrary text to both sides of the order stream. What is read must be written again so
// that it is read at all: a relay would not lose a fill.

#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"
#include "st0ck/core/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace st0ck::alpaca;
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  OrderStreamReader reader;
  if (const auto request = reader.read_request(bytes))
    ST0CK_ASSERT(reader.read_request(to_frame(*request)) == *request,
                 "a request that we write is read equal");
  if (const auto message = reader.read_message(bytes))
    ST0CK_ASSERT(!to_frame(*message).empty(), "every message has a frame");
  return 0;
}
