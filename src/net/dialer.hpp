#pragma once

#include "src/net/channel.hpp"
#include "st0ck/net/web_socket_transport.hpp"
#include "st0ck/net/web_socket_url.hpp"

#include <functional>
#include <memory>

namespace st0ck::net {

/// Makes the connection that a WebSocket stands on: resolves, connects to one address after the
/// other, those of IPv4 first, and does TLS. It has no deadline of its own, except that no address
/// may use up the time of those behind it.
class Dialer {
 public:
  using Done = std::function<void(tl::expected<Channel, WebSocketClosed> channel)>;

  virtual ~Dialer() = default;

  /// `done` is not called any more.
  virtual void cancel() = 0;
};

/// `done` is called once, from the context.
std::shared_ptr<Dialer> dial(asio::io_context& io, const WebSocketUrl& url,
                             std::shared_ptr<asio::ssl::context> trust, core::Duration deadline,
                             Dialer::Done done);

/// What OpenSSL found wrong with a certificate, in a sentence that says what to check.
std::string certificate_problem(long verify_result, std::string_view host);

}  // namespace st0ck::net
