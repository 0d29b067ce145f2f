#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace st0ck::app::exchange {

/// A client's end of a loopback socket, byte by byte: it sees what a library would hide, and waits
/// for nothing but for turns of the server.
class RawClient {
 public:
  /// `turn` lets the server work.
  RawClient(std::uint16_t port, std::function<void()> turn);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool is_connected() const { return socket_ >= 0; }

  /// Whether the server has ended the connection, in order or not.
  bool is_ended();

  void send(std::string_view bytes);

  /// All bytes that come until the server has nothing more to say.
  std::string take();

  /// Request with the good keys; its whole answer, empty where none comes.
  std::string ask(std::string_view method, std::string_view target, std::string_view body = "");

  // As a WebSocket, once `open_stream` was answered with 101.
  bool open_stream(std::string_view target);
  void say(std::string_view text);
  void ping();

  /// A frame: its opcode and what it carries; nothing where none comes.
  std::optional<std::pair<int, std::string>> frame();

  /// The next frame of text or bytes.
  std::string message();

 private:
  void read();
  void frame_of(int opcode, std::string_view payload);

  int socket_ = -1;
  std::function<void()> turn_;
  std::string bytes_;
  bool is_ended_ = false;
};

}  // namespace st0ck::app::exchange
