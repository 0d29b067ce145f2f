#pragma once

#include "st0ck/core/byte_size.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/header_field.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace st0ck::net {

enum class MessageKind : std::uint8_t { Text, Binary };

/// The bounds of one WebSocket, as either side.
struct WebSocketLimits {
  /// From the call to the open socket: resolving, connecting, TLS and the upgrade together.
  core::Duration handshake_deadline = std::chrono::seconds{10};

  /// From one ping to the next; none are sent when not positive. Never shorter than the deadline.
  core::Duration ping_interval = std::chrono::seconds{10};

  /// A ping without its pong for so long ends the connection.
  core::Duration pong_deadline = std::chrono::seconds{5};

  /// How long `close` waits for what is queued to leave and for the other side's close frame.
  core::Duration close_deadline = std::chrono::seconds{2};

  /// A longer message, in one frame or in many, ends the connection.
  core::ByteSize message_max = core::mebibytes(16);

  /// What waits to be sent; one more is refused.
  core::ByteSize send_queue_max = core::mebibytes(4);
  std::size_t send_queue_messages_max = 4096;
};

/// What to connect to, and how.
struct WebSocketRequest {
  std::string url;  ///< `ws://` or `wss://`, host, port, path and query.
  HeaderFields headers{};
  WebSocketLimits limits{};
};

/// Why a WebSocket ended, or never opened.
enum class WebSocketEnd : std::uint8_t {
  BadRequest,   ///< The URL or a header cannot be used; nothing was sent.
  Unresolved,   ///< The host has no address.
  Unreachable,  ///< No address of the host took the connection.
  Untrusted,    ///< TLS failed, mostly because the certificate was refused.
  Refused,      ///< The server answered the upgrade with another status than 101.
  TimedOut,     ///< The handshake was not done by its deadline.
  ClosedByUs,   ///< `close` was called, or the server was stopped.
  ClosedByPeer,
  Silent,    ///< A ping got no pong in time.
  TooLarge,  ///< A message was longer than the limit.
  Broken,    ///< The other side broke the protocol.
  Lost,      ///< The connection ended without a close frame.
};

/// Returns the enumerator's name.
std::string_view name_of(WebSocketEnd end);

/// How a WebSocket ended.
struct WebSocketClosed {
  WebSocketEnd end = WebSocketEnd::Lost;
  std::string message;         ///< One sentence: which URL or peer, what happened, what to check.
  bool was_open = false;       ///< Whether on_open was called.
  std::uint16_t code = 0;      ///< Of the close frame that came (RFC 6455, 7.4); 0 without one.
  std::string close_reason{};  ///< The text of that frame.
  int http_status = 0;         ///< Of a refused upgrade.
};

/// What a WebSocket tells its owner, on the thread of its transport and never inside a call of the
/// owner's. After on_closed, and after the connection was destroyed, nothing more is called; what
/// the functions hold is released soon after.
struct WebSocketListener {
  std::function<void()> on_open = [] {};

  /// `bytes` are valid during the call.
  std::function<void(MessageKind kind, std::string_view bytes)> on_message =
      [](MessageKind, std::string_view) {};

  /// Once for each connection that was not destroyed before.
  std::function<void(const WebSocketClosed& closed)> on_closed = [](const WebSocketClosed&) {};
};

/// One WebSocket that is being opened, open or closed. Destroying it, also inside a callback, drops
/// the connection at once and without a word.
class WebSocketConnection {
 public:
  virtual ~WebSocketConnection() = default;

  /// Takes the bytes into the queue, and to the network as soon as that takes them. Refused when
  /// the queue is full, which is for the owner to act upon: the other side does not keep up.
  virtual core::Status send(MessageKind kind, std::string_view bytes) = 0;

  /// Sends what is queued, then a close frame with `code` and at most 123 bytes of `reason`, and
  /// waits for the other side's. No on_message comes any more; on_closed does.
  virtual void close(std::uint16_t code = 1000, std::string_view reason = {}) = 0;

  /// Reads and answers nothing any more, pings included, while the socket stays open: for servers
  /// that are half-open on purpose. Where it is not offered, nothing happens.
  virtual void freeze() {}
};

/// Opens WebSockets: over the network in a program, in memory in tests and campaigns.
class WebSocketTransport {
 public:
  virtual ~WebSocketTransport() = default;

  /// Whatever is wrong with the request or on the way arrives at on_closed.
  virtual std::unique_ptr<WebSocketConnection> connect(WebSocketRequest request,
                                                       WebSocketListener listener) = 0;
};

}  // namespace st0ck::net
