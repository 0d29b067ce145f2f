// Feeds arbitrary bytes to the reader of what clients of the data stream say: what is read must be
// read the same from what a client of ours would send, in either codec.

#include "st0ck/adapters/alpaca/wire/data/client_messages.hpp"
#include "st0ck/core/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace st0ck::alpaca;
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  DataRequestReader reader;
  auto request = reader.read(bytes);
  if (!request) return 0;
  // Nobody asks for corrections and cancellations: they are not sent.
  if (auto* const subscribe = std::get_if<Subscribe>(&*request)) {
    subscribe->channels.corrections.clear();
    subscribe->channels.cancel_errors.clear();
  } else if (auto* const unsubscribe = std::get_if<Unsubscribe>(&*request)) {
    unsubscribe->channels.corrections.clear();
    unsubscribe->channels.cancel_errors.clear();
  }
  ST0CK_ASSERT(reader.read(to_frame(Codec::Msgpack, *request)) == *request,
               "a request in msgpack is read equal");
  return 0;
}
