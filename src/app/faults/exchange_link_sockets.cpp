#include "src/app/faults/exchange_link_ends.hpp"
#include "st0ck/net/web_socket_url.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

// The WebSockets of a link.
namespace st0ck::app::faults {

class ExchangeLink::ServerSocket final : public net::WebSocketConnection {
 public:
  ServerSocket(ExchangeLink& link, std::shared_ptr<ServerEnd> end)
      : link_{link}, scheduler_{link.scheduler_}, end_{std::move(end)} {}
  /// The exchange may let go after the link has gone.
  ~ServerSocket() override {
    end_->is_over = true;
    // The owner may be running at this moment; it is let go when it cannot.
    scheduler_.call_after({}, [end = end_] { end->listener = {}; });
    end_->peer.drop();
  }
  ServerSocket(const ServerSocket&) = delete;
  ServerSocket& operator=(const ServerSocket&) = delete;

  core::Status send(net::MessageKind kind, std::string_view bytes) override {
    if (end_->is_over || is_closing_)
      return core::fail(core::Errc::Unavailable, "not open, nothing can be sent");
    end_->peer.deliver(kind, std::string{bytes});
    if (end_->is_market && !end_->is_frozen && end_->peer.is_alive())
      link_.note_market_heard(scheduler_.elapsed());
    return {};
  }

  void close(std::uint16_t code, std::string_view reason) override {
    if (end_->is_over || std::exchange(is_closing_, true)) return;
    end_->peer.close(code, std::string{reason});
    scheduler_.call_after(2 * link_.settings_.socket_latency,
                          link_.guard_.wrap([weak = std::weak_ptr{end_}, code] {
                            if (const auto end = weak.lock())
                              end->tell_closed(net::WebSocketEnd::ClosedByUs, code);
                          }));
  }

  void freeze() override {
    end_->is_frozen = true;
    end_->peer.go_silent();
  }

 private:
  ExchangeLink& link_;
  net::Scheduler& scheduler_;
  std::shared_ptr<ServerEnd> end_;
  bool is_closing_ = false;
};

std::unique_ptr<net::WebSocketTransport> ExchangeLink::make_web_sockets() {
  return std::make_unique<net::MemoryWebSocketTransport>(
      scheduler_, guard_.wrap([this](net::MemoryPeer peer) { open_socket(std::move(peer)); }),
      net::MemoryWebSocketTransport::Settings{.latency = settings_.socket_latency});
}

/// What runs when a client's connect has come as far as the exchange.
void ExchangeLink::open_socket(net::MemoryPeer peer) {
  if (host_.is_down()) return peer.fail(net::WebSocketEnd::Unreachable, "connection refused");
  const auto url = net::parse_web_socket_url(peer.request().url);
  auto target = net::parse_request_target(url ? url->target : "/");
  if (!target) return peer.fail(net::WebSocketEnd::BadRequest, target.error().message);
  net::ServerRequest request;
  request.method = "GET";
  request.target = std::move(*target);
  request.headers = peer.request().headers;
  request.peer = "127.0.0.1";
  // The refusal comes also when the last copy of an accepted upgrade goes.
  const auto is_accepted = std::make_shared<bool>(false);
  const bool is_market = !request.target.path.starts_with("/stream");
  host_.on_upgrade(
      request,
      net::WebSocketUpgrade{[this, peer, is_market, is_accepted](net::WebSocketListener listener) {
                              *is_accepted = true;
                              return accept(peer, is_market, std::move(listener));
                            },
                            [peer, is_accepted](const net::ServerResponse& refusal) {
                              if (*is_accepted) return;
                              net::MemoryPeer refused = peer;
                              if (refusal.delivery == net::ServerDelivery::Send)
                                refused.refuse(refusal.status);
                              else if (refusal.delivery == net::ServerDelivery::Cut)
                                refused.fail(net::WebSocketEnd::Lost, "cut during the handshake");
                            }});
}

std::unique_ptr<net::WebSocketConnection> ExchangeLink::accept(net::MemoryPeer peer, bool is_market,
                                                               net::WebSocketListener listener) {
  peer.accept();
  auto end = std::make_shared<ServerEnd>(peer, is_market, std::move(listener));
  const std::weak_ptr<ServerEnd> weak = end;
  peer.on_message([weak](const net::MemoryPeer&, net::MessageKind kind, std::string_view bytes) {
    const auto open = weak.lock();
    if (!open || open->is_over) return;
    const auto on_message = open->listener.on_message;
    on_message(kind, bytes);
  });
  peer.on_closed([weak](std::uint16_t code) {
    if (const auto open = weak.lock())
      open->tell_closed(code == 0 ? net::WebSocketEnd::Lost : net::WebSocketEnd::ClosedByPeer,
                        code);
  });
  scheduler_.call_after(settings_.socket_latency, [weak] {
    const auto open = weak.lock();
    if (!open || open->is_over) return;
    const auto on_open = open->listener.on_open;
    on_open();
  });
  std::erase_if(sockets_, [](const std::weak_ptr<ServerEnd>& old) { return old.expired(); });
  sockets_.push_back(weak);
  return std::make_unique<ServerSocket>(*this, std::move(end));
}

}  // namespace st0ck::app::faults
