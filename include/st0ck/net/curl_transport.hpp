#pragma once

#include "st0ck/net/http_transport.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace st0ck::net {

struct CurlSettings {
  /// Resolving, connecting and the TLS handshake together.
  core::Duration connect_timeout = std::chrono::seconds{5};
  /// How long the addresses of a name are kept (spec st0ck 12); TLS checks the name all the same.
  core::Duration addresses_kept = std::chrono::seconds{300};
  std::size_t response_size_max = std::size_t{16} << 20;  ///< Of the decoded body.
  std::size_t header_size_max = std::size_t{64} << 10;    ///< Of all header fields together.
  std::size_t calls_max = 256;                            ///< On their way at a time.
  /// Connections that stay open while idle, and how long: shorter than servers and balancers
  /// leave them open (commonly 60 s), since one that they close while we send fails the request.
  std::size_t idle_connections_max = 8;
  core::Duration idle_time_max = std::chrono::seconds{50};
  /// Certificates in PEM that servers must be signed by; empty for the system's.
  std::string ca_file{};
  std::string user_agent = "st0ck";
};

/// HTTP by libcurl, driven by an io_context on its thread: HTTP/1.1, over TLS also HTTP/2 for
/// requests without a body where the server offers it; connections are kept and used again, bodies
/// may come compressed by gzip.
///
/// Redirects are not followed, proxies and cookies not used. TLS is 1.2 or newer; certificate and
/// host are always checked. A request leaves once: curl's own repetition on a connection that the
/// server had closed is stopped, because the server may have acted before it closed.
class CurlTransport : public HttpTransport {
 public:
  /// The context outlives the transport and runs on the thread that uses it.
  explicit CurlTransport(boost::asio::io_context& io, CurlSettings settings = {});
  ~CurlTransport() override;

  HttpCallId send(HttpRequest request, HttpDone done) override;
  void cancel(HttpCallId call) override;
  std::size_t connections_open() const override;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace st0ck::net
