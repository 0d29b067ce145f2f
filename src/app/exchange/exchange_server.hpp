#pragma once

#include "src/app/exchange/exchange_host.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/net/http_server.hpp"
#include "st0ck/net/scheduler.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace st0ck::app::exchange {

/// The sockets of an exchange. Where a scenario restarts it, all of them are cut, nobody can
/// connect for a while, and then it listens at the same port again; the host goes on meanwhile.
class ExchangeServer {
 public:
  /// Listens at once; all outlives the server, and it asks the host for its restarts. `on_failure`
  /// hears of a port that could not be taken again.
  static core::Result<std::unique_ptr<ExchangeServer>> listen(
      boost::asio::io_context& io, net::Scheduler& scheduler, net::HttpServerSettings settings,
      ExchangeHost& host, std::function<void(const core::Error&)> on_failure = {});
  ~ExchangeServer();
  ExchangeServer(const ExchangeServer&) = delete;
  ExchangeServer& operator=(const ExchangeServer&) = delete;

  std::uint16_t port() const { return settings_.port; }
  std::size_t connections() const { return server_ ? server_->connections() : 0; }

  /// As HttpServer::stop.
  void stop();

 private:
  ExchangeServer(boost::asio::io_context& io, net::Scheduler& scheduler,
                 net::HttpServerSettings settings, ExchangeHost& host,
                 std::function<void(const core::Error&)> on_failure);

  core::Status open();
  void restart(core::Duration down);

  boost::asio::io_context& io_;
  net::Scheduler& scheduler_;
  net::HttpServerSettings settings_;
  ExchangeHost& host_;
  std::function<void(const core::Error&)> on_failure_;
  std::unique_ptr<net::HttpServer> server_;
  net::TaskId open_task_{};
  bool is_stopped_ = false;
};

}  // namespace st0ck::app::exchange
