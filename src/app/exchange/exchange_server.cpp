#include "src/app/exchange/exchange_server.hpp"

#include <utility>

namespace st0ck::app::exchange {

core::Result<std::unique_ptr<ExchangeServer>> ExchangeServer::listen(
    boost::asio::io_context& io, net::Scheduler& scheduler, net::HttpServerSettings settings,
    ExchangeHost& host, std::function<void(const core::Error&)> on_failure) {
  std::unique_ptr<ExchangeServer> server{
      new ExchangeServer{io, scheduler, std::move(settings), host, std::move(on_failure)}};
  if (auto opened = server->open(); !opened) return tl::unexpected(opened.error());
  host.when_restarted([server = server.get()](core::Duration down) { server->restart(down); });
  return server;
}

ExchangeServer::ExchangeServer(boost::asio::io_context& io, net::Scheduler& scheduler,
                               net::HttpServerSettings settings, ExchangeHost& host,
                               std::function<void(const core::Error&)> on_failure)
    : io_{io},
      scheduler_{scheduler},
      settings_{std::move(settings)},
      host_{host},
      on_failure_{std::move(on_failure)} {}

ExchangeServer::~ExchangeServer() {
  host_.when_restarted({});
  scheduler_.cancel(open_task_);
}

core::Status ExchangeServer::open() {
  net::HttpServerHandlers handlers;
  handlers.on_request = [this](const net::ServerRequest& request, net::Responder respond) {
    host_.on_request(request, std::move(respond));
  };
  handlers.on_upgrade = [this](const net::ServerRequest& request, net::WebSocketUpgrade upgrade) {
    host_.on_upgrade(request, std::move(upgrade));
  };
  handlers.on_refusal = [this](int status, std::string_view why) {
    return host_.refuse(status, why);
  };
  auto server = net::HttpServer::listen(io_, settings_, std::move(handlers));
  if (!server) return tl::unexpected(server.error());
  server_ = std::move(*server);
  settings_.port = server_->port();
  return {};
}

void ExchangeServer::restart(core::Duration down) {
  server_.reset();
  scheduler_.cancel(open_task_);
  open_task_ = scheduler_.call_after(down, [this] {
    if (is_stopped_) return;
    if (const auto opened = open(); !opened && on_failure_) on_failure_(opened.error());
  });
}

void ExchangeServer::stop() {
  is_stopped_ = true;
  if (server_) server_->stop();
}

}  // namespace st0ck::app::exchange
