#include "st0ck/net/http_server.hpp"

#include "src/net/server_core.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

#include <utility>

namespace st0ck::net {
namespace {

using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;

// Out of file handles, say: another try at once would spin.
constexpr auto kWaitAfterFailure = std::chrono::milliseconds{100};

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

core::Result<std::shared_ptr<asio::ssl::context>> read_identity(const ServerIdentity& identity) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code error;
  context->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
  context->use_certificate_chain_file(identity.certificate_file, error);
  if (error) {
    return core::fail(core::Errc::NotFound, "server certificate {}: cannot be read ({})",
                      identity.certificate_file, error.message());
  }
  context->use_private_key_file(identity.key_file, asio::ssl::context::pem, error);
  if (error) {
    return core::fail(core::Errc::NotFound,
                      "server key {}: cannot be read or is not the certificate's ({})",
                      identity.key_file, error.message());
  }
  return context;
}

core::Status open(Acceptor& acceptor, const HttpServerSettings& settings) {
  error_code error;
  const auto failed = [&] {
    return core::fail(
        error == asio::error::address_in_use ? core::Errc::AlreadyExists : core::Errc::Io,
        "server {}:{}: cannot listen ({})", settings.address, settings.port, error.message());
  };
  const auto address = asio::ip::make_address(settings.address, error);
  if (error) {
    return core::fail(core::Errc::BadInput,
                      "server address '{}': no address, allowed is one of this machine's",
                      settings.address);
  }
  const Tcp::endpoint endpoint{address, settings.port};
  acceptor.open(endpoint.protocol(), error);
  if (error) return failed();
  // A restart must not wait for the last run's connections to be forgotten.
  acceptor.set_option(Acceptor::reuse_address{true}, error);
  acceptor.bind(endpoint, error);
  if (error) return failed();
  acceptor.listen(Acceptor::max_listen_connections, error);
  if (error) return failed();
  return {};
}

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<HttpServer::Impl> {
 public:
  explicit Impl(std::shared_ptr<ServerCore> core)
      : core_{std::move(core)},
        acceptor_{core_->io.get_executor()},
        retry_{core_->io.get_executor()} {}

  Acceptor& acceptor() { return acceptor_; }

  std::uint16_t port() const {
    error_code ignored;
    return acceptor_.local_endpoint(ignored).port();
  }

  std::size_t connections() const { return core_->connections->size(); }

  void accept() {
    acceptor_.async_accept([self = shared_from_this()](const error_code& error, Socket socket) {
      if (!self->acceptor_.is_open()) return;
      if (error) return self->accept_later();
      self->take(std::move(socket));
      self->accept();
    });
  }

  void stop() {
    close();
    core_->connections->stop_all();
  }

  void drop() {
    close();
    core_->connections->drop_all();
  }

 private:
  void accept_later() {
    retry_.expires_after(kWaitAfterFailure);
    retry_.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error && self->acceptor_.is_open()) self->accept();
    });
  }

  void take(Socket socket) {
    error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return;
    if (connections() >= core_->settings.connections_max) return refuse(std::move(socket));
    socket.set_option(Tcp::no_delay{true}, error);
    serve(core_, std::move(socket), peer.address().to_string());
  }

  // As far as a word fits into a fresh socket; a client of TLS would not understand it.
  void refuse(Socket socket) const {
    if (core_->tls) return;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(kFull), ignored);
    socket.shutdown(Socket::shutdown_send, ignored);
  }

  void close() {
    error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
  }

  std::shared_ptr<ServerCore> core_;
  Acceptor acceptor_;
  Timer retry_;
};

core::Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::io_context& io,
                                                             HttpServerSettings settings,
                                                             HttpServerHandlers handlers) {
  auto core = std::make_shared<ServerCore>(
      ServerCore{.io = io, .settings = std::move(settings), .handlers = std::move(handlers)});
  if (core->settings.requests_per_second_max) {
    core->rate.emplace(*core->settings.requests_per_second_max);
  }
  if (core->settings.tls) {
    auto context = read_identity(*core->settings.tls);
    if (!context) return tl::unexpected(std::move(context.error()));
    core->tls = std::move(*context);
  }
  auto impl = std::make_shared<Impl>(core);
  if (auto opened = open(impl->acceptor(), core->settings); !opened) {
    return tl::unexpected(std::move(opened.error()));
  }
  impl->accept();
  return std::unique_ptr<HttpServer>{new HttpServer{std::move(impl)}};
}

HttpServer::HttpServer(std::shared_ptr<Impl> impl) : impl_{std::move(impl)} {}
HttpServer::~HttpServer() { impl_->drop(); }
std::uint16_t HttpServer::port() const { return impl_->port(); }
std::size_t HttpServer::connections() const { return impl_->connections(); }
void HttpServer::stop() { impl_->stop(); }

}  // namespace st0ck::net
