#include "src/app/faults/socket_link.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/net/beast_web_socket.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/curl_transport.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>
#include <utility>

namespace st0ck::app::faults {

namespace {

using namespace std::chrono_literals;

/// For what the scheduler's time decides: longer than any day takes.
constexpr core::Duration kNever = 1h;
/// A socket that is half-open is found by the machine's time, of which a day takes a second or two.
constexpr core::Duration kPingEvery = 200ms;
/// Name and connection of a handshake take a thread's turn or two, which no handler tells of.
constexpr core::Duration kConnectsWithin = 20ms;
constexpr core::Duration kTurn = 1ms;
/// Turns without anything to do before it is believed that nothing is under way.
constexpr int kQuietTurns = 3;

}  // namespace

/// One handshake under way, by the machine's time.
struct SocketLink::Opening {
  Wall::time_point begun = Wall::now();
};

/// Curl, with the scheduler's deadlines.
class SocketLink::Http final : public net::HttpTransport {
 public:
  explicit Http(SocketLink& link) : link_{link}, curl_{link.io_} {}
  ~Http() override {
    for (const auto& [number, deadline] : deadlines_) link_.scheduler_.cancel(deadline);
  }

  net::HttpCallId send(net::HttpRequest request, net::HttpDone done) override {
    const std::uint64_t number = ++last_;
    const core::Duration within = std::exchange(request.timeout, kNever);
    const std::string place = net::place_of(request);  // Method and URL without the query.
    link_.note_request(request);
    request.url = link_.address_of(request.url);
    const net::HttpCallId id = curl_.send(
        std::move(request),
        guard_.wrap([this, number, place, done = std::move(done)](net::HttpResult result) {
          finish(number, place, std::move(result), done);
        }));
    deadlines_[number] = link_.scheduler_.call_after(within, guard_.wrap([this, id, number] {
      late_ = number;
      curl_.cancel(id);
    }));
    return id;
  }

  void cancel(net::HttpCallId id) override { curl_.cancel(id); }
  std::size_t connections_open() const override { return curl_.connections_open(); }

 private:
  void finish(std::uint64_t number, const std::string& place, net::HttpResult result,
              const net::HttpDone& done) {
    link_.scheduler_.cancel(deadlines_[number]);
    deadlines_.erase(number);
    if (result) {
      link_.note_answer(place, result->status, link_.scheduler_.elapsed());
      link_.note(LinkEvent::Answered, fmt::format("{} {} {}", place, result->status, result->body));
    } else {
      if (late_ == number) result.error().is_timeout = true;
      link_.note(LinkEvent::Broken, result.error().message);
    }
    done(std::move(result));
  }

  SocketLink& link_;
  std::map<std::uint64_t, net::TaskId> deadlines_;
  std::uint64_t last_ = 0;
  std::uint64_t late_ = 0;
  net::CurlTransport curl_;
  net::CallbackGuard guard_;
};

/// One WebSocket of Beast's, with the scheduler's deadline for its handshake.
class SocketLink::Socket final : public net::WebSocketConnection {
 public:
  Socket(SocketLink& link, net::WebSocketTransport& transport, net::WebSocketRequest request,
         net::WebSocketListener listener)
      : link_{link}, url_{request.url}, listener_{std::move(listener)} {
    const core::Duration within = std::exchange(request.limits.handshake_deadline, kNever);
    request.limits.ping_interval = request.limits.pong_deadline = kPingEvery;
    request.url = link.address_of(request.url);
    opening_ = std::make_shared<Opening>();
    link.opening_ = opening_;
    inner_ = transport.connect(std::move(request), own_listener());
    deadline_ = link.scheduler_.call_after(within, [this] { give_up(); });
  }
  ~Socket() override { link_.scheduler_.cancel(deadline_); }

  core::Status send(net::MessageKind kind, std::string_view bytes) override {
    if (inner_ == nullptr)
      return core::fail(core::Errc::Unavailable, "not open, nothing can be sent");
    return inner_->send(kind, bytes);
  }
  void close(std::uint16_t code, std::string_view reason) override {
    if (inner_ != nullptr) inner_->close(code, reason);
  }

 private:
  /// What it calls may destroy this, last of all.
  net::WebSocketListener own_listener() {
    net::WebSocketListener own;
    own.on_open = guard_.wrap([this] {
      opening_.reset();
      link_.scheduler_.cancel(deadline_);
      const auto on_open = listener_.on_open;
      on_open();
    });
    own.on_message = [this, is_of_market = url_.find("/stream") == std::string::npos,
                      alive = guard_.watch()](net::MessageKind kind, std::string_view bytes) {
      if (alive.expired()) return;
      if (is_of_market) link_.note_market_heard(link_.scheduler_.elapsed());
      const auto on_message = listener_.on_message;
      on_message(kind, bytes);
    };
    own.on_closed = guard_.wrap([this](const net::WebSocketClosed& closed) { end(closed); });
    return own;
  }

  void give_up() {
    inner_.reset();
    end({.end = net::WebSocketEnd::TimedOut,
         .message = fmt::format("{}: the handshake was not done in time", url_)});
  }

  void end(const net::WebSocketClosed& closed) {
    opening_.reset();
    link_.scheduler_.cancel(deadline_);
    link_.note(LinkEvent::Broken, closed.message);
    const auto on_closed = listener_.on_closed;
    on_closed(closed);
  }

  SocketLink& link_;
  std::string url_;
  net::WebSocketListener listener_;
  std::shared_ptr<const Opening> opening_;
  net::TaskId deadline_{};
  std::unique_ptr<net::WebSocketConnection> inner_;
  net::CallbackGuard guard_;
};

class SocketLink::Sockets final : public net::WebSocketTransport {
 public:
  Sockets(SocketLink& link, std::unique_ptr<net::WebSocketTransport> transport)
      : link_{link}, transport_{std::move(transport)} {}

  std::unique_ptr<net::WebSocketConnection> connect(net::WebSocketRequest request,
                                                    net::WebSocketListener listener) override {
    return std::make_unique<Socket>(link_, *transport_, std::move(request), std::move(listener));
  }

 private:
  SocketLink& link_;
  std::unique_ptr<net::WebSocketTransport> transport_;
};

core::Result<std::unique_ptr<SocketLink>> SocketLink::open(boost::asio::io_context& io,
                                                           net::Scheduler& scheduler,
                                                           exchange::ExchangeHost& host,
                                                           LinkLog log) {
  std::unique_ptr<SocketLink> link{new SocketLink{io, scheduler, host, std::move(log)}};
  if (const auto listens = link->listen(0); !listens) return tl::unexpected(listens.error());
  return link;
}

core::Status SocketLink::listen(std::uint16_t port) {
  net::HttpServerSettings settings;
  settings.port = port;
  auto server = exchange::ExchangeServer::listen(io_, scheduler_, settings, host_);
  if (!server) return tl::unexpected(server.error());
  server_ = std::move(*server);
  return {};
}

core::Status SocketLink::cut_all() {
  const std::uint16_t port = server_->port();
  server_.reset();
  return listen(port);
}

SocketLink::SocketLink(boost::asio::io_context& io, net::Scheduler& scheduler,
                       exchange::ExchangeHost& host, LinkLog log)
    : io_{io}, scheduler_{scheduler}, host_{host}, log_{std::move(log)} {}

SocketLink::~SocketLink() = default;

std::unique_ptr<net::HttpTransport> SocketLink::make_http() {
  return std::make_unique<Http>(*this);
}

std::unique_ptr<net::WebSocketTransport> SocketLink::make_web_sockets() {
  auto transport = net::BeastWebSocketTransport::create(io_);
  ST0CK_ASSERT(transport.has_value(), "the system's authorities can be read");
  return std::make_unique<Sockets>(*this, std::move(*transport));
}

/// Until nothing is readable any more: what one end writes the other has at once on one machine.
bool SocketLink::deliver() {
  bool was_any = false;
  for (int quiet = 0; quiet < kQuietTurns;) {
    io_.restart();  // A server that restarts leaves it without work.
    const std::size_t handled = is_connecting() ? io_.run_one_for(kTurn) : io_.poll();
    was_any = was_any || handled > 0;
    quiet = handled > 0 || is_connecting() ? 0 : quiet + 1;
  }
  return was_any;
}

/// A handshake that the exchange lets wait on purpose is not waited for.
bool SocketLink::is_connecting() {
  const auto opening = opening_.lock();
  return opening != nullptr && Wall::now() - opening->begun < kConnectsWithin;
}

void SocketLink::note_request(const net::HttpRequest& request) {
  if (log_) note(LinkEvent::Sent, fmt::format("{} {}", net::place_of(request), request.body));
  ++requests_;
  if (request.method == net::HttpMethod::Get) return;
  ++order_requests_;
  if (on_order_request) on_order_request(order_requests_);
}

/// The same with this machine in place of the exchange's name.
std::string SocketLink::address_of(std::string_view url) const {
  std::string address{url};
  if (const auto at = address.find(kName); at != std::string::npos)
    address.replace(at, kName.size(), fmt::format("127.0.0.1:{}", server_->port()));
  return address;
}

}  // namespace st0ck::app::faults
