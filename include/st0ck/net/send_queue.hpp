#pragma once

#include "st0ck/net/web_socket_transport.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::net {

/// Messages that wait for the network, oldest first. Filled by the owner of a WebSocket, drained by
/// its connection; full, it refuses. Warm, it allocates nothing for short messages: a slot keeps
/// its memory.
class SendQueue {
 public:
  struct Message {
    MessageKind kind = MessageKind::Text;
    std::string bytes;
  };

  explicit SendQueue(const WebSocketLimits& limits)
      : bytes_max_{static_cast<std::size_t>(limits.send_queue_max.bytes)},
        messages_max_{limits.send_queue_messages_max} {}

  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  std::size_t bytes() const { return bytes_; }

  /// Refuses what would not fit, without a change.
  core::Status push(MessageKind kind, std::string_view bytes);

  /// The oldest; it stays where it is until `pop`, whatever is pushed meanwhile.
  const Message& front() const { return *slots_[first_]; }
  void pop();

 private:
  void grow();

  std::size_t bytes_max_;
  std::size_t messages_max_;
  std::vector<std::unique_ptr<Message>> slots_;  // A ring.
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace st0ck::net
