#pragma once

#include "src/net/channel.hpp"
#include "st0ck/net/web_socket_transport.hpp"
#include "st0ck/net/web_socket_url.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>

namespace st0ck::net {

/// One WebSocket over a Channel. It lives as long as its context has work for it or somebody holds
/// it; the owner of the listener holds it through a WebSocketConnection.
class WebSocketSession {
 public:
  virtual ~WebSocketSession() = default;

  virtual core::Status send(MessageKind kind, std::string_view bytes) = 0;
  virtual void close(std::uint16_t code, std::string_view reason) = 0;

  /// Reads nothing any more and sends no pings.
  virtual void freeze() = 0;

  /// Ends at once; the listener is told.
  virtual void drop(WebSocketClosed closed) = 0;

  /// Ends at once; the listener hears nothing any more.
  virtual void detach() = 0;
};

/// Where a client's session goes and whom it trusts.
struct WebSocketDestination {
  WebSocketUrl url;
  HeaderFields headers;
  std::shared_ptr<asio::ssl::context> trust;
};

std::shared_ptr<WebSocketSession> open_client_session(asio::io_context& io,
                                                      WebSocketDestination destination,
                                                      const WebSocketLimits& limits,
                                                      WebSocketListener listener);

/// Answers a request for an upgrade. `held` is let go once the socket is closed.
std::shared_ptr<WebSocketSession> open_server_session(
    Channel channel, beast::http::request<beast::http::string_body> upgrade, std::string peer,
    const WebSocketLimits& limits, WebSocketListener listener, std::shared_ptr<void> held);

/// A session that never was; its listener is told why.
std::shared_ptr<WebSocketSession> failed_session(asio::io_context& io, WebSocketClosed closed,
                                                 WebSocketListener listener);

std::unique_ptr<WebSocketConnection> connection_of(std::shared_ptr<WebSocketSession> session);

}  // namespace st0ck::net
