#include "st0ck/net/web_socket_url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace st0ck::net {
namespace {

using core::Errc;

constexpr std::uint16_t kPlainPort = 80;
constexpr std::uint16_t kTlsPort = 443;

bool is_visible(char c) { return c > ' ' && c < '\x7F'; }

// Enough to keep out what would end up in a Host field or a name look-up and is no host.
bool is_host_character(char c) {
  constexpr std::string_view kMarks = "-._:";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kMarks.find(c) != std::string_view::npos;
}

// Cuts off and returns the start of `rest`, or nothing when it is another.
bool take(std::string_view& rest, std::string_view start) {
  if (!rest.starts_with(start)) return false;
  rest.remove_prefix(start.size());
  return true;
}

std::optional<std::uint16_t> read_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

struct Authority {
  std::string_view host;
  std::string_view port;  // With its colon; empty without one.
};

std::optional<Authority> split(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    return Authority{authority.substr(1, end - 1), authority.substr(end + 1)};
  }
  const auto colon = authority.find(':');
  if (colon == std::string_view::npos) return Authority{authority, {}};
  return Authority{authority.substr(0, colon), authority.substr(colon)};
}

}  // namespace

std::string WebSocketUrl::host_field() const {
  std::string text = host.find(':') == std::string::npos ? host : '[' + host + ']';
  if (port != (is_tls ? kTlsPort : kPlainPort)) text += ':' + std::to_string(port);
  return text;
}

core::Result<WebSocketUrl> parse_web_socket_url(std::string_view text) {
  const auto bad = [&](std::string_view finding) {
    return core::fail(Errc::BadInput, "WebSocket address '{}': {}", text, finding);
  };
  if (!std::ranges::all_of(text, is_visible)) {
    return core::fail(Errc::BadInput,
                      "WebSocket address: blanks and control characters, "
                      "allowed is visible ASCII");
  }
  if (text.find('#') != std::string_view::npos) return bad("a fragment, allowed is none");
  WebSocketUrl url;
  std::string_view rest = text;
  url.is_tls = take(rest, "wss://");
  if (!url.is_tls && !take(rest, "ws://")) return bad("must begin with ws:// or wss://");
  const auto slash = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) {
    // Not shown: what stands before the @ may be a password.
    return core::fail(Errc::BadInput, "WebSocket address: a user name, allowed is none");
  }
  const auto parts = split(authority);
  if (!parts || parts->host.empty() || !std::ranges::all_of(parts->host, is_host_character)) {
    return bad("no usable host");
  }
  url.host = parts->host;
  url.port = url.is_tls ? kTlsPort : kPlainPort;
  if (!parts->port.empty()) {
    const auto port =
        parts->port.starts_with(':') ? read_port(parts->port.substr(1)) : std::nullopt;
    if (!port) return bad("the port must be 1 to 65535");
    url.port = *port;
  }
  url.target = rest.substr(slash);
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  return url;
}

}  // namespace st0ck::net
