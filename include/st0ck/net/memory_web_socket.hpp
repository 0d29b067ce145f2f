#pragma once

#include "st0ck/net/scheduler.hpp"
#include "st0ck/net/web_socket_transport.hpp"

#include <functional>
#include <memory>
#include <string>

namespace st0ck::net {

/// The far end of a WebSocket in memory: what a scripted server does with one client. Copies are
/// the same end, and outlive the client without harm: what they do then is lost on the way.
class MemoryPeer {
 public:
  const WebSocketRequest& request() const;

  /// Whether the client is opening or open, as the client sees it.
  bool is_alive() const;

  // The answer to the handshake, once; without one the client's deadline runs out. `wait` is the
  // server's own time, the way comes on top of it.
  void accept(core::Duration wait = {});
  void refuse(int http_status, core::Duration wait = {});
  void fail(WebSocketEnd end, std::string message, core::Duration wait = {});

  /// A message to the client. Nothing overtakes what was sent before it.
  void deliver(MessageKind kind, std::string bytes, core::Duration wait = {});

  void close(std::uint16_t code, std::string reason = {}, core::Duration wait = {});

  /// The connection breaks; the client sees it at once.
  void drop(std::string message = "connection reset");

  /// Half-open: from now on nothing arrives on either side. The client finds out by a ping without
  /// its pong, or never when it sends none; what it sends waits in its queue.
  void go_silent();

  /// What the client sends, and how it ended: by `close` (its code) or by being destroyed (0).
  // They are given the peer, because one that held it would hold itself.
  using OnMessage = std::function<void(MemoryPeer peer, MessageKind kind, std::string_view bytes)>;
  using OnClosed = std::function<void(std::uint16_t code)>;
  void on_message(OnMessage callback);
  void on_closed(OnClosed callback);

 private:
  friend class MemoryWebSocketTransport;
  class Link;
  explicit MemoryPeer(std::shared_ptr<Link> link) : link_{std::move(link)} {}
  std::shared_ptr<Link> link_;
};

/// WebSockets without a network: each connect calls the server's script with the far end. Time is
/// the scheduler's, which outlives everything here; deadlines, pings and the order of messages are
/// those of the real transport.
class MemoryWebSocketTransport final : public WebSocketTransport {
 public:
  using Script = std::function<void(MemoryPeer peer)>;

  struct Settings {
    core::Duration latency = std::chrono::milliseconds{1};  ///< One way.
  };

  /// `script` runs when a connect has reached the server, never inside the call.
  MemoryWebSocketTransport(Scheduler& scheduler, Script script, Settings settings);
  MemoryWebSocketTransport(Scheduler& scheduler, Script script)
      : MemoryWebSocketTransport{scheduler, std::move(script), Settings{}} {}

  std::unique_ptr<WebSocketConnection> connect(WebSocketRequest request,
                                               WebSocketListener listener) override;

 private:
  class Connection;

  Scheduler& scheduler_;
  std::shared_ptr<Script> script_;
  Settings settings_;
};

}  // namespace st0ck::net
