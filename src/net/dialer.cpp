#include "src/net/dialer.hpp"

#include "src/net/address_order.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <vector>

namespace st0ck::net {
namespace {

using Resolver = asio::ip::basic_resolver<Tcp, Executor>;

class TcpDialer final : public Dialer, public std::enable_shared_from_this<TcpDialer> {
 public:
  TcpDialer(asio::io_context& io, const WebSocketUrl& url,
            std::shared_ptr<asio::ssl::context> trust, core::Duration deadline, Done done)
      : url_{url},
        trust_{std::move(trust)},
        deadline_{std::chrono::steady_clock::now() + deadline},
        done_{std::move(done)},
        resolver_{io.get_executor()},
        attempt_timer_{io.get_executor()},
        channel_{Socket{io.get_executor()}} {}

  void start() {
    resolver_.async_resolve(
        url_.host, std::to_string(url_.port),
        [self = shared_from_this()](const error_code& error, const Resolver::results_type& found) {
          self->on_resolved(error, found);
        });
  }

  void cancel() override {
    done_ = nullptr;
    stop();
  }

 private:
  void on_resolved(const error_code& error, const Resolver::results_type& found) {
    if (!done_) return;
    if (error) {
      return fail(WebSocketEnd::Unresolved,
                  fmt::format("the name has no address ({}); check the name and the resolver",
                              error.message()));
    }
    for (const auto& entry : found) addresses_.push_back(entry.endpoint());
    addresses_ = ipv4_first(addresses_);
    connect();
  }

  void connect() {
    if (next_ == addresses_.size()) {
      return fail(WebSocketEnd::Unreachable, fmt::format("no connection ({})", last_error_));
    }
    const auto address = addresses_[next_++];
    channel_ = url_.is_tls ? Channel{Socket{resolver_.get_executor()}, *trust_}
                           : Channel{Socket{resolver_.get_executor()}};
    limit_attempt();
    channel_.socket().async_connect(
        address, [self = shared_from_this(), attempt = next_](const error_code& error) {
          self->on_connected(attempt, error);
        });
  }

  // An address that swallows packets gets its share of the time that is left, no more.
  void limit_attempt() {
    const auto now = std::chrono::steady_clock::now();
    const auto share = static_cast<std::int64_t>(addresses_.size() - next_ + 1);
    attempt_timer_.expires_after((deadline_ - now) / share);
    attempt_timer_.async_wait(
        [self = shared_from_this(), attempt = next_](const error_code& error) {
          // Closed, the socket ends its connecting with an error.
          if (!error && attempt == self->next_ && !self->is_connected_) self->channel_.close();
        });
  }

  void on_connected(std::size_t attempt, const error_code& error) {
    if (!done_ || attempt != next_) return;
    attempt_timer_.cancel();
    if (error) {
      last_error_ = error == asio::error::operation_aborted ? "no answer in time" : error.message();
      return connect();
    }
    is_connected_ = true;
    error_code ignored;
    channel_.socket().set_option(Tcp::no_delay{true}, ignored);
    if (!url_.is_tls) return succeed();
    if (!name_the_host()) return fail(WebSocketEnd::Untrusted, "OpenSSL refused the host name");
    channel_.async_tls_handshake(
        asio::ssl::stream_base::client,
        [self = shared_from_this()](const error_code& result) { self->on_tls(result); });
  }

  // By name the server chooses its certificate (SNI), and by the same name we check it.
  bool name_the_host() {
    SSL* const tls = channel_.tls();
    error_code not_an_address;
    asio::ip::make_address(url_.host, not_an_address);
    if (!not_an_address) {
      return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), url_.host.c_str()) == 1;
    }
    SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // What SSL_set_tlsext_host_name expands to, without its C cast.
    std::string name = url_.host;
    return SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) ==
               1 &&
           SSL_set1_host(tls, url_.host.c_str()) == 1;
  }

  void on_tls(const error_code& error) {
    if (!done_) return;
    if (!error) return succeed();
    const long verified = SSL_get_verify_result(channel_.tls());
    fail(WebSocketEnd::Untrusted, verified == X509_V_OK
                                      ? fmt::format("TLS failed ({})", error.message())
                                      : certificate_problem(verified, url_.host));
  }

  void succeed() {
    const auto done = std::exchange(done_, nullptr);
    done(std::move(channel_));
  }

  void fail(WebSocketEnd end, std::string message) {
    const auto done = std::exchange(done_, nullptr);
    stop();
    done(tl::unexpected(WebSocketClosed{.end = end, .message = std::move(message)}));
  }

  void stop() {
    resolver_.cancel();
    attempt_timer_.cancel();
    channel_.close();
  }

  WebSocketUrl url_;
  std::shared_ptr<asio::ssl::context> trust_;
  std::chrono::steady_clock::time_point deadline_;
  Done done_;
  Resolver resolver_;
  Timer attempt_timer_;
  Channel channel_;
  std::vector<Tcp::endpoint> addresses_;
  std::size_t next_ = 0;
  bool is_connected_ = false;
  std::string last_error_;
};

}  // namespace

std::shared_ptr<Dialer> dial(asio::io_context& io, const WebSocketUrl& url,
                             std::shared_ptr<asio::ssl::context> trust, core::Duration deadline,
                             Dialer::Done done) {
  auto dialer = std::make_shared<TcpDialer>(io, url, std::move(trust), deadline, std::move(done));
  dialer->start();
  return dialer;
}

std::string certificate_problem(long verify_result, std::string_view host) {
  const auto text = X509_verify_cert_error_string(verify_result);
  switch (verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fmt::format(
          "the certificate has expired ({}); check the clock of this machine, then "
          "the server",
          text);
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("the certificate is not valid yet ({}); check the clock of this machine",
                         text);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return fmt::format(
          "the certificate is signed by nobody known here ({}); check the file of "
          "authorities, and who stands between us and the server",
          text);
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format("the certificate is not for the host '{}' ({}); check the address", host,
                         text);
    default: return fmt::format("the certificate was refused: {}", text);
  }
}

}  // namespace st0ck::net
