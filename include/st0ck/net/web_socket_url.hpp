#pragma once

#include "st0ck/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace st0ck::net {

/// The parts of a `ws://` or `wss://` address.
struct WebSocketUrl {
  bool is_tls = false;
  std::string host;      ///< Name or address; IPv6 without its brackets.
  std::uint16_t port{};  ///< 80 or 443 where none is named.
  std::string target;    ///< Path and query as they are sent; at least `/`.

  /// The Host field: brackets around IPv6, the port unless it is the scheme's own.
  std::string host_field() const;
};

/// Reads an address; refuses user names, fragments, blanks and control characters.
core::Result<WebSocketUrl> parse_web_socket_url(std::string_view text);

}  // namespace st0ck::net
