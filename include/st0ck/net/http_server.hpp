#pragma once

#include "st0ck/core/byte_size.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/net/header_field.hpp"
#include "st0ck/net/request_target.hpp"
#include "st0ck/net/web_socket_transport.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace st0ck::net {

/// What a client asks.
struct ServerRequest {
  std::string method;  ///< As sent; `GET` for a HEAD, whose answer loses its body on the way.
  RequestTarget target;
  HeaderFields headers;
  std::string body;
  std::string peer;  ///< Address of the client, without its port.

  std::optional<std::string_view> header(std::string_view name) const {
    return find_header(headers, name);
  }
};

/// What becomes of an answer: only servers that fail on purpose choose another than the first.
enum class ServerDelivery : std::uint8_t {
  Send,
  Cut,   ///< The connection ends without an answer.
  Hang,  ///< Nothing is answered, and the socket stays open until the client ends it.
};

struct ServerResponse {
  int status = 200;
  std::string body{};
  std::string content_type = "application/json";
  HeaderFields headers{};  ///< Besides those that the server writes itself.
  ServerDelivery delivery = ServerDelivery::Send;
};

/// Answers one request, now or later, on the server's thread. The first answer counts; where the
/// last copy goes without one, the client is told 500. Outlives connection and server without harm.
class Responder {
 public:
  using Send = std::function<void(ServerResponse response)>;

  explicit Responder(Send send);
  void operator()(ServerResponse response) const;

 private:
  struct Pending;
  std::shared_ptr<Pending> pending_;
};

/// Decides about one request for a WebSocket, now or later, like a Responder.
class WebSocketUpgrade {
 public:
  using Accept = std::function<std::unique_ptr<WebSocketConnection>(WebSocketListener listener)>;

  WebSocketUpgrade(Accept accept, Responder::Send refuse);

  /// The server's end: what is sent on it before on_open waits for that, and so does a close. A
  /// client that is gone by now shows as on_closed. Once; not after `refuse`.
  std::unique_ptr<WebSocketConnection> accept(WebSocketListener listener) const;

  void refuse(ServerResponse response) const;

 private:
  struct Pending;
  std::shared_ptr<Pending> pending_;
};

/// PEM files of a server's identity.
struct ServerIdentity {
  std::string certificate_file;  ///< The chain, its own certificate first.
  std::string key_file;
};

/// The bounds of an HTTP server. A deadline that passes ends the connection.
struct HttpServerSettings {
  std::string address = "127.0.0.1";  ///< One of this machine's; all with `0.0.0.0` or `::`.
  std::uint16_t port = 0;             ///< 0 lets the system choose.
  std::optional<ServerIdentity> tls{};

  core::ByteSize header_max = core::kibibytes(16);  ///< 431 above.
  core::ByteSize body_max = core::mebibytes(1);     ///< 413 above.
  std::size_t connections_max = 256;                ///< WebSockets included; 503 above.

  /// Requests that one address may make in each second; 429 above. Nothing is no limit.
  std::optional<std::uint32_t> requests_per_second_max{};

  /// From the last answer to the whole head of the next request.
  core::Duration idle_deadline = std::chrono::seconds{60};
  core::Duration body_deadline = std::chrono::seconds{20};
  core::Duration answer_deadline = std::chrono::seconds{30};  ///< 503 after it.
  core::Duration write_deadline = std::chrono::seconds{20};

  /// What a connection that is to end may take to do so, at a stop too.
  core::Duration close_deadline = std::chrono::seconds{2};

  /// Bodies from this size on are packed for clients that accept gzip.
  core::ByteSize gzip_min = core::kibibytes(4);

  WebSocketLimits web_socket{};
};

/// What the server's owner does about requests; called on the server's thread.
struct HttpServerHandlers {
  std::function<void(const ServerRequest& request, Responder respond)> on_request;

  /// Without it every request for a WebSocket is refused with 404.
  std::function<void(const ServerRequest& request, WebSocketUpgrade upgrade)> on_upgrade{};

  /// The server's own refusal in the owner's words: of what cannot be read, comes too slowly or has
  /// no handler. Its status stays. Without it they are plain text.
  std::function<ServerResponse(int status, std::string_view why)> on_refusal{};
};

/// An HTTP/1.1 and WebSocket server on one io_context, whose thread alone may use it and which
/// outlives it. Requests of one connection are handled one after the other.
///
/// Destroying it cuts off every connection; their WebSockets' listeners are told.
class HttpServer {
 public:
  /// Listens at once; fails with the address when that is taken, or the identity cannot be read.
  static core::Result<std::unique_ptr<HttpServer>> listen(boost::asio::io_context& io,
                                                          HttpServerSettings settings,
                                                          HttpServerHandlers handlers);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  std::size_t connections() const;

  /// Listens no more, closes WebSockets with 1001, lets requests that are being answered end; each
  /// step of it may take the close deadline. Then nothing of the server is left on the context.
  void stop();

 private:
  class Impl;
  explicit HttpServer(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace st0ck::net
