#pragma once

#include "st0ck/net/web_socket_transport.hpp"

#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace st0ck::net {

/// Whom a client believes.
struct TlsTrust {
  std::string ca_file{};  ///< PEM file of authorities; empty is the system's store.
};

/// WebSockets over TCP and TLS on one io_context, whose thread alone may use it and which outlives
/// it and its connections. Whoever runs the context decides whether it blocks or spins.
///
/// Messages are not compressed: what saves bytes on the wire costs the time that a stream of
/// quotes does not have.
class BeastWebSocketTransport final : public WebSocketTransport {
 public:
  /// Fails when the authorities cannot be read.
  static core::Result<std::unique_ptr<BeastWebSocketTransport>> create(boost::asio::io_context& io,
                                                                       const TlsTrust& trust = {});
  ~BeastWebSocketTransport() override;

  std::unique_ptr<WebSocketConnection> connect(WebSocketRequest request,
                                               WebSocketListener listener) override;

 private:
  struct Parts;
  explicit BeastWebSocketTransport(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace st0ck::net
