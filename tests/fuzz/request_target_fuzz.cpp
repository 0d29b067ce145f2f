// Any bytes must give a target or an error; what was read can be escaped and read again.

#include "st0ck/core/assert.hpp"
#include "st0ck/net/request_target.hpp"
#include "st0ck/net/web_socket_url.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace st0ck;

std::string escaped(std::string_view text) {
  std::string all;
  for (const char c : text) all += fmt::format("%{:02x}", static_cast<unsigned char>(c));
  return all;
}

void read_again(const net::RequestTarget& target) {
  std::string text = "/";
  for (const auto& segment : target.segments) text += escaped(segment) + '/';
  text += '?';
  for (const auto& [name, value] : target.query) text += escaped(name) + '=' + escaped(value) + '&';
  const auto again = net::parse_request_target(text);
  ST0CK_ASSERT(again && again->segments == target.segments && again->query == target.query,
               "a target that was read survives being escaped");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (const auto target = net::parse_request_target(bytes)) {
    ST0CK_ASSERT(target->path.size() <= size, "decoding never makes a path longer");
    read_again(*target);
  }
  if (const auto url = net::parse_web_socket_url(bytes)) {
    ST0CK_ASSERT(!url->host.empty() && url->port != 0 && url->target.starts_with('/'),
                 "an address that was read is complete");
  }
  return 0;
}
