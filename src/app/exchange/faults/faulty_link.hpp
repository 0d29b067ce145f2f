#pragma once

#include "src/app/exchange/faults/fault_parts.hpp"
#include "st0ck/adapters/alpaca/wire/data/client_messages.hpp"
#include "st0ck/net/web_socket_transport.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::app::exchange {

/// One stream's way to its client, with the faults of a plan on it.
class FaultyLink : public std::enable_shared_from_this<FaultyLink> {
 public:
  /// Most messages that a link holds back; then it is as if the client did not keep up.
  static constexpr std::size_t kHeldMax = 4096;

  FaultyLink(FaultParts parts, FaultPoint point, alpaca::Codec codec, net::WebSocketListener owner);
  ~FaultyLink();
  FaultyLink(const FaultyLink&) = delete;
  FaultyLink& operator=(const FaultyLink&) = delete;

  /// What the socket is given; then the socket itself.
  net::WebSocketListener listener();
  void set_socket(std::unique_ptr<net::WebSocketConnection> socket) { socket_ = std::move(socket); }

  FaultPoint point() const { return point_; }
  core::Status send(net::MessageKind kind, std::string_view bytes);
  void close(std::uint16_t code, std::string_view reason);
  void freeze();

  /// A fault that no message has brought about.
  void befall(const FaultVerdict& verdict);

  /// The owner has gone.
  void let_go();

 private:
  enum class State : std::uint8_t { Passing, Hanging, Forgotten, Gone };

  struct Message {
    net::MessageKind kind;
    std::string bytes;
    core::Duration due{};     ///< By the scheduler, at the latest.
    std::int64_t places = 0;  ///< That are to go first.
  };

  core::Status strike(const FaultVerdict& verdict, net::MessageKind kind, std::string_view bytes);
  core::Status pass(net::MessageKind kind, std::string_view bytes);
  core::Status forward(net::MessageKind kind, std::string_view bytes);
  core::Status hold_up(net::MessageKind kind, std::string_view bytes, core::Duration wait);
  core::Status set_aside(net::MessageKind kind, std::string_view bytes, const FaultRule& rule);
  void release_late();
  void release_aside(bool by_time);
  void cut(std::string_view why);
  void hang(core::Duration until_cut);
  void forget(bool says);
  std::string not_authenticated() const;
  void hear(net::MessageKind kind, std::string_view bytes);
  net::TaskId later(core::Duration wait, void (FaultyLink::*step)());

  FaultParts parts_;
  FaultPoint point_;
  alpaca::Codec codec_;
  /// Shared, as it may let go of the link from within a call.
  std::shared_ptr<const net::WebSocketListener> owner_;
  std::unique_ptr<net::WebSocketConnection> socket_;
  State state_ = State::Passing;
  std::deque<Message> late_;   ///< In order; what is said meanwhile waits behind.
  std::deque<Message> aside_;  ///< To be overtaken.
  net::TaskId late_task_{};
  net::TaskId aside_task_{};
  net::TaskId cut_task_{};
};

}  // namespace st0ck::app::exchange
