#pragma once

#include "src/app/exchange/exchange_host.hpp"
#include "src/app/faults/link_log.hpp"
#include "src/app/faults/trader_link.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/http_transport.hpp"
#include "st0ck/net/memory_web_socket.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/net/web_socket_transport.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace st0ck::app::faults {

/// What lies between clients and an exchange in memory, in the scheduler's time: requests and
/// WebSockets reach the ExchangeHost as its server would hand them over, and its answers, cuts,
/// hangs and restarts reach the clients as the real transports tell them.
///
/// What was sent arrives even where its sender is gone by then. A restart cuts everything, and who
/// connects while it is down is refused.
class ExchangeLink final : public TraderLink {
 public:
  struct Settings {
    core::Duration latency_min = std::chrono::milliseconds{1};  ///< Of each way of a request ...
    core::Duration latency_max = std::chrono::milliseconds{6};  ///< ... drawn by the seed.
    core::Duration socket_latency = std::chrono::milliseconds{1};
    std::uint64_t seed = 1;
  };

  /// All outlive the link, and the link outlives its transports. `log` may be empty.
  ExchangeLink(net::Scheduler& scheduler, exchange::ExchangeHost& host, const Settings& settings,
               LinkLog log = {});
  ~ExchangeLink() override;
  ExchangeLink(const ExchangeLink&) = delete;
  ExchangeLink& operator=(const ExchangeLink&) = delete;

  std::unique_ptr<net::HttpTransport> make_http() override;
  std::unique_ptr<net::WebSocketTransport> make_web_sockets() override;

  /// Requests that were handed to the exchange.
  std::uint64_t requests() const override { return requests_; }

 private:
  class Http;
  struct Call;
  class ServerSocket;
  struct ServerEnd;

  void send(const std::shared_ptr<Call>& call);
  void arrive(const std::shared_ptr<Call>& call);
  void answer(const std::shared_ptr<Call>& call, net::ServerResponse response);
  void end_later(const std::shared_ptr<Call>& call, net::HttpResult result);
  void open_socket(net::MemoryPeer peer);
  std::unique_ptr<net::WebSocketConnection> accept(net::MemoryPeer peer, bool is_market,
                                                   net::WebSocketListener listener);
  void cut_all();
  core::Duration latency();
  void note(LinkEvent event, const std::string& what) const {
    if (log_) log_(event, what);
  }

  net::Scheduler& scheduler_;
  exchange::ExchangeHost& host_;
  Settings settings_;
  LinkLog log_;
  std::mt19937_64 random_;
  std::vector<std::shared_ptr<Call>>
      open_;  ///< Handed to the exchange, or answered and on the way.
  std::vector<std::weak_ptr<ServerEnd>> sockets_;
  std::uint64_t requests_ = 0;
  std::uint64_t order_requests_ = 0;
  std::uint64_t cuts_ = 0;  ///< Restarts so far.
  net::CallbackGuard guard_;
};

}  // namespace st0ck::app::faults
