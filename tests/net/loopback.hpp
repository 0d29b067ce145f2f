#pragma once

#include "st0ck/net/http_server.hpp"
#include "st0ck/net/web_socket_transport.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace st0ck::net::loopback {

/// Runs the context until the condition holds; false when it does not within ten seconds, which
/// only a fault makes it.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& condition);

/// Runs the context until nothing is left on it; false when something is after ten seconds.
bool run_dry(boost::asio::io_context& io);

/// What a WebSocket told its owner.
struct Heard {
  int opened = 0;
  std::vector<std::pair<MessageKind, std::string>> messages;
  std::vector<WebSocketClosed> closed;

  WebSocketListener listener();
  WebSocketEnd end() const { return closed.empty() ? WebSocketEnd::BadRequest : closed[0].end; }
};

/// A plain socket of the test's own on loopback, which sends what the test wants and keeps what
/// comes. Never blocks but for the connect.
class RawSocket {
 public:
  static RawSocket to(std::uint16_t port);
  explicit RawSocket(int handle) : handle_{handle} {}
  RawSocket(RawSocket&& other) noexcept;
  RawSocket& operator=(RawSocket&&) = delete;
  ~RawSocket();

  void send(std::string_view bytes);
  void end_sending();

  /// All that has come up to now.
  const std::string& received();
  bool has(std::string_view text) { return received().find(text) != std::string::npos; }
  bool is_closed();

  /// The rest of `received` is read again from its beginning.
  void forget() { received_.clear(); }

 private:
  int handle_;
  std::string received_;
  bool is_closed_ = false;
};

/// A listening socket of the test's own.
class RawListener {
 public:
  RawListener();
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;
  ~RawListener();

  std::uint16_t port() const { return port_; }
  std::optional<RawSocket> accept();

 private:
  int handle_;
  std::uint16_t port_ = 0;
};

/// The answer to an upgrade request that a server must give (RFC 6455, 4.2.2).
std::string upgrade_answer(const std::string& request);

/// One frame as a server sends it; `first_byte` holds FIN and opcode. Bodies up to 125 bytes.
std::string server_frame(std::uint8_t first_byte, std::string_view body);

/// One frame as a client sends it, masked with zeros.
std::string client_frame(std::uint8_t first_byte, std::string_view body);

/// A client's request for an upgrade of `target`.
std::string upgrade_request(std::string_view target);

}  // namespace st0ck::net::loopback
