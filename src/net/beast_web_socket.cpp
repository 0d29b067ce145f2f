#include "st0ck/net/beast_web_socket.hpp"

#include "src/net/web_socket_session.hpp"

#include <boost/asio/ssl/context.hpp>

#include <algorithm>

namespace st0ck::net {

struct BeastWebSocketTransport::Parts {
  asio::io_context& io;
  std::shared_ptr<asio::ssl::context> trust;
};

namespace {

// What the handshake itself writes.
bool is_reserved(const HeaderField& field) {
  constexpr std::string_view kReserved[] = {"Host",
                                            "Upgrade",
                                            "Connection",
                                            "Content-Length",
                                            "Transfer-Encoding",
                                            "Sec-WebSocket-Key",
                                            "Sec-WebSocket-Version",
                                            "Sec-WebSocket-Extensions"};
  return std::ranges::any_of(kReserved,
                             [&](std::string_view name) { return is_same_name(name, field.name); });
}

core::Status check(const HeaderFields& headers) {
  for (const HeaderField& field : headers) {
    // Values stay out of messages: they hold keys.
    if (!is_valid(field)) {
      return core::fail(core::Errc::BadInput, "header '{}': has characters that no header may have",
                        field.name);
    }
    if (is_reserved(field)) {
      return core::fail(core::Errc::BadInput, "header '{}': belongs to the handshake", field.name);
    }
  }
  return {};
}

}  // namespace

core::Result<std::unique_ptr<BeastWebSocketTransport>> BeastWebSocketTransport::create(
    asio::io_context& io, const TlsTrust& trust) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  error_code error;
  context->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
  context->set_verify_mode(asio::ssl::verify_peer, error);
  if (trust.ca_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(trust.ca_file, error);
  }
  if (error) {
    return core::fail(core::Errc::NotFound, "TLS authorities '{}': cannot be read ({})",
                      trust.ca_file.empty() ? "of the system" : trust.ca_file, error.message());
  }
  return std::unique_ptr<BeastWebSocketTransport>{
      new BeastWebSocketTransport{std::make_unique<Parts>(Parts{io, std::move(context)})}};
}

BeastWebSocketTransport::BeastWebSocketTransport(std::unique_ptr<Parts> parts)
    : parts_{std::move(parts)} {}

BeastWebSocketTransport::~BeastWebSocketTransport() = default;

std::unique_ptr<WebSocketConnection> BeastWebSocketTransport::connect(WebSocketRequest request,
                                                                      WebSocketListener listener) {
  const auto refuse = [&](const core::Error& error) {
    return connection_of(failed_session(parts_->io,
                                        {.end = WebSocketEnd::BadRequest, .message = error.message},
                                        std::move(listener)));
  };
  auto url = parse_web_socket_url(request.url);
  if (!url) return refuse(url.error());
  if (const auto checked = check(request.headers); !checked) return refuse(checked.error());
  return connection_of(
      open_client_session(parts_->io, {std::move(*url), std::move(request.headers), parts_->trust},
                          request.limits, std::move(listener)));
}

}  // namespace st0ck::net
