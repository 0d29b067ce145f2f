#include "scripted_http_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <utility>

namespace st0ck::net::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::size_t body_size(std::string_view head) {
  constexpr std::string_view kName = "Content-Length: ";
  const auto at = head.find(kName);
  if (at == std::string_view::npos) return 0;
  return static_cast<std::size_t>(std::atoi(head.data() + at + kName.size()));
}

}  // namespace

ScriptedReply reply(int status, std::string_view body, std::string_view more_headers) {
  return {fmt::format("HTTP/1.1 {} Said\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(),
                      more_headers, body)};
}

bool run_until(asio::io_context& io, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!condition() && std::chrono::steady_clock::now() < deadline) {
    io.restart();
    io.run_one_for(std::chrono::milliseconds{100});
  }
  return condition();
}

class ScriptedHttpServer::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, Script script, std::optional<TestCertificate> certificate)
      : acceptor_{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}},
        script_{std::move(script)} {
    if (!certificate) return;
    tls_.emplace(asio::ssl::context::tls_server);
    tls_->use_certificate(asio::buffer(certificate->certificate), asio::ssl::context::pem);
    tls_->use_private_key(asio::buffer(certificate->key), asio::ssl::context::pem);
    SSL_CTX_set_alpn_select_cb(tls_->native_handle(), &Impl::on_alpn, this);
  }

  void accept() {
    acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      if (error) return;
      ++self->connections_;
      self->serve(std::move(socket));
      self->accept();
    });
  }

  void stop() {
    acceptor_.close();
    script_ = nullptr;
    for (const auto& weak : sockets_) {
      if (const auto session = weak.lock()) session->stop();
    }
  }

  bool is_tls() const { return tls_.has_value(); }

  tcp::acceptor acceptor_;
  Script script_;
  std::optional<asio::ssl::context> tls_;
  std::vector<ReceivedRequest> requests_;
  std::size_t connections_ = 0;
  bool was_offered_http2_ = false;
  bool is_reading_ = true;

 private:
  struct AnySession {
    virtual ~AnySession() = default;
    virtual void stop() = 0;
  };

  template <typename Stream>
  struct Session : AnySession, std::enable_shared_from_this<Session<Stream>> {
    Session(Stream from, std::shared_ptr<Impl> its_server)
        : stream{std::move(from)}, server{std::move(its_server)}, number{server->connections_} {}

    void stop() override { close(); }

    void close() {
      error_code ignored;
      stream.lowest_layer().close(ignored);
    }

    void read() {
      asio::async_read_until(stream, asio::dynamic_buffer(buffer), kHeadEnd,
                             [self = this->shared_from_this()](error_code error, std::size_t size) {
                               if (error || !self->server->script_) return self->close();
                               self->read_body(size);
                             });
    }

    void read_body(std::size_t head_size) {
      request = {.head = buffer.substr(0, head_size), .body = {}, .connection = number};
      buffer.erase(0, head_size);
      const std::size_t size = body_size(request.head);
      const std::size_t missing = size > buffer.size() ? size - buffer.size() : 0;
      asio::async_read(stream, asio::dynamic_buffer(buffer), asio::transfer_exactly(missing),
                       [self = this->shared_from_this(), size](error_code error, std::size_t) {
                         if (error || !self->server->script_) return self->close();
                         self->request.body = self->buffer.substr(0, size);
                         self->buffer.erase(0, size);
                         self->answer();
                       });
    }

    void answer() {
      server->requests_.push_back(request);
      answered = server->script_(request);
      asio::async_write(stream, asio::buffer(answered.bytes),
                        [self = this->shared_from_this()](error_code error, std::size_t) {
                          if (error) return self->close();
                          self->go_on();
                        });
    }

    void go_on() {
      if (answered.then == ScriptedReply::Then::KeepOpen) return read();
      if (answered.then == ScriptedReply::Then::Reset) {
        stream.lowest_layer().set_option(tcp::socket::linger{true, 0});
      }
      close();
    }

    Stream stream;
    std::shared_ptr<Impl> server;
    std::size_t number;
    std::string buffer;
    ReceivedRequest request;
    ScriptedReply answered;
  };

  void serve(tcp::socket socket) {
    if (!is_reading_) {
      idle_.push_back(std::move(socket));
      return;
    }
    if (!tls_) {
      auto session = std::make_shared<Session<tcp::socket>>(std::move(socket), shared_from_this());
      sockets_.emplace_back(session);
      session->read();
      return;
    }
    using Secure = asio::ssl::stream<tcp::socket>;
    auto session =
        std::make_shared<Session<Secure>>(Secure{std::move(socket), *tls_}, shared_from_this());
    sockets_.emplace_back(session);
    session->stream.async_handshake(asio::ssl::stream_base::server, [session](error_code error) {
      if (error) return session->close();
      session->read();
    });
  }

  static int on_alpn(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                     const unsigned char* offered, unsigned size, void* impl) {
    const std::string_view names{reinterpret_cast<const char*>(offered), size};
    static_cast<Impl*>(impl)->was_offered_http2_ = names.find("\x02h2") != std::string_view::npos;
    static constexpr unsigned char kHttp1[] = "http/1.1";
    *chosen = kHttp1;
    *chosen_size = 8;
    return SSL_TLSEXT_ERR_OK;
  }

  std::vector<std::weak_ptr<AnySession>> sockets_;
  std::vector<tcp::socket> idle_;
};

ScriptedHttpServer::ScriptedHttpServer(asio::io_context& io, Script script,
                                       std::optional<TestCertificate> certificate)
    : impl_{std::make_shared<Impl>(io, std::move(script), std::move(certificate))} {
  impl_->accept();
}

ScriptedHttpServer::~ScriptedHttpServer() { impl_->stop(); }

std::string ScriptedHttpServer::url(std::string_view path) const {
  return impl_->is_tls() ? fmt::format("https://localhost:{}{}", port(), path)
                         : fmt::format("http://127.0.0.1:{}{}", port(), path);
}

unsigned short ScriptedHttpServer::port() const { return impl_->acceptor_.local_endpoint().port(); }

void ScriptedHttpServer::stop_reading() { impl_->is_reading_ = false; }

const std::vector<ReceivedRequest>& ScriptedHttpServer::requests() const {
  return impl_->requests_;
}

std::size_t ScriptedHttpServer::connections() const { return impl_->connections_; }

bool ScriptedHttpServer::was_offered_http2() const { return impl_->was_offered_http2_; }

}  // namespace st0ck::net::test
