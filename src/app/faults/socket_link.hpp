#pragma once

#include "src/app/exchange/exchange_server.hpp"
#include "src/app/faults/link_log.hpp"
#include "src/app/faults/trader_link.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/net/scheduler.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace st0ck::app::faults {

/// Sockets of this machine between a trader and an exchange of one process: st0ck-exchange's
/// server at a port that the system chooses, and the transports that st0ckd trades with. Time is
/// the scheduler's all the same: it stands still while bytes are on their way, and the deadlines
/// of requests and handshakes are its own.
class SocketLink final : public TraderLink {
 public:
  /// The host of URLs that means the exchange.
  static constexpr std::string_view kName = "exchange";

  /// All outlives the link, and the link outlives its transports. Fails where no port can be had.
  static core::Result<std::unique_ptr<SocketLink>> open(boost::asio::io_context& io,
                                                        net::Scheduler& scheduler,
                                                        exchange::ExchangeHost& host,
                                                        LinkLog log = {});
  ~SocketLink() override;

  std::unique_ptr<net::HttpTransport> make_http() override;
  std::unique_ptr<net::WebSocketTransport> make_web_sockets() override;
  bool deliver() override;
  std::uint64_t requests() const override { return requests_; }

  /// Ends every connection and listens at the same port again, as a server that restarts does.
  core::Status cut_all();

  /// Connections that the exchange has open.
  std::size_t connections() const { return server_->connections(); }

 private:
  class Http;
  class Sockets;
  class Socket;
  struct Opening;
  using Wall = std::chrono::steady_clock;

  SocketLink(boost::asio::io_context& io, net::Scheduler& scheduler, exchange::ExchangeHost& host,
             LinkLog log);
  core::Status listen(std::uint16_t port);
  std::string address_of(std::string_view url) const;
  void note_request(const net::HttpRequest& request);
  bool is_connecting();
  void note(LinkEvent event, const std::string& what) const {
    if (log_) log_(event, what);
  }

  boost::asio::io_context& io_;
  net::Scheduler& scheduler_;
  exchange::ExchangeHost& host_;
  LinkLog log_;
  std::unique_ptr<exchange::ExchangeServer> server_;
  std::weak_ptr<const Opening> opening_;  ///< The last handshake that began.
  std::uint64_t requests_ = 0;
  std::uint64_t order_requests_ = 0;
};

}  // namespace st0ck::app::faults
