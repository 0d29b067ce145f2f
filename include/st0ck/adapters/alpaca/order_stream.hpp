#pragma once

#include "st0ck/adapters/alpaca/credentials.hpp"
#include "st0ck/adapters/alpaca/order_stream_session.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/reconnect.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/net/socket_keys.hpp"
#include "st0ck/net/web_socket_transport.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace st0ck::alpaca {

struct OrderStreamSettings {
  core::Duration answer_deadline = std::chrono::seconds{5};  ///< To the login, to the subscription.
  core::Duration key_pause = std::chrono::seconds{1};        ///< While another socket has the key.
  net::ReconnectSettings reconnect{};
  net::WebSocketLimits limits{.message_max = core::mebibytes(1)};
};

/// Keeps the order stream up: performs the session, and begins anew after its end, with growing
/// pauses. Core thread only; may be destroyed within a callback.
class OrderStream {
 public:
  struct Listener {
    /// All is heard from here on, not what came before.
    std::function<void()> on_live = [] {};
    std::function<void(const TradeUpdate&)> on_update = [](const TradeUpdate&) {};
    /// Something was missed.
    std::function<void()> on_gap = [] {};
    /// An attempt or a connection ended; the next one follows by itself.
    std::function<void(const OrderStreamSession::End&)> on_down =
        [](const OrderStreamSession::End&) {};
  };
  struct Parts {
    net::Scheduler& scheduler;
    net::WebSocketTransport& transport;
    net::SocketKeys& keys;
    core::Logger log;
  };

  OrderStream(const Parts& parts, std::string url, Credentials credentials,
              const OrderStreamSettings& settings, std::uint64_t seed, Listener listener);
  ~OrderStream();
  OrderStream(const OrderStream&) = delete;
  OrderStream& operator=(const OrderStream&) = delete;

  bool is_live() const;

  /// Connections that were begun.
  std::uint64_t attempts() const { return attempts_; }

 private:
  void attempt_when_it_is_time();
  void attempt();
  void connect();
  void on_message(std::string_view bytes);
  void perform(const OrderStreamSession::Event& event);
  void perform(const OrderStreamSession::Wait&) {}
  void perform(const OrderStreamSession::Send& send);
  void perform(const OrderStreamSession::Live&);
  void perform(const OrderStreamSession::Deliver& deliver);
  void perform(const OrderStreamSession::AskAgain& ask);
  void perform(const OrderStreamSession::End& end);
  void drop();

  Parts parts_;
  std::string url_;
  Credentials credentials_;
  OrderStreamSettings settings_;
  Listener listener_;
  net::Reconnect reconnect_;
  OrderStreamReader reader_;
  std::optional<net::SocketKeys::Lease> lease_;
  std::optional<OrderStreamSession> session_;
  std::unique_ptr<net::WebSocketConnection> socket_;
  net::TaskId next_attempt_{};
  net::TaskId deadline_{};
  std::uint64_t attempts_ = 0;
  bool is_refused_ = false;  ///< The upgrade, by its status.
  net::CallbackGuard guard_;
};

}  // namespace st0ck::alpaca
