#include "src/app/faults/exchange_link.hpp"

#include "st0ck/net/web_socket_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace st0ck::app::faults {

namespace {

net::HttpFailure failure(net::HttpFailureKind kind, const net::HttpRequest& request,
                         std::string_view what, bool is_timeout = false) {
  return {.kind = kind,
          .message = fmt::format("{}: {}", net::place_of(request), what),
          .is_timeout = is_timeout};
}

core::Result<net::ServerRequest> server_request_of(const net::HttpRequest& request) {
  auto target = net::parse_request_target(request.url);
  if (!target) return tl::unexpected(target.error());
  net::ServerRequest received;
  received.method = net::name_of(request.method);
  received.target = std::move(*target);
  for (const net::HttpHeader& header : request.headers)
    received.headers.push_back({header.name, header.value});
  received.body = request.body;
  received.peer = "127.0.0.1";
  return received;
}

net::HttpResponse client_response_of(net::ServerResponse response) {
  net::HttpResponse received;
  received.status = response.status;
  received.headers.add("Content-Type", response.content_type);
  for (const net::HeaderField& field : response.headers)
    received.headers.add(field.name, field.value);
  received.body = std::move(response.body);
  return received;
}

}  // namespace

/// One request, whose client may be gone before it ends.
struct ExchangeLink::Call {
  net::HttpRequest request;
  std::function<void(net::HttpResult)> end;  ///< Of the client; empty once it has ended.
  bool is_reused = false;
  bool is_sent = true;     ///< Whether the exchange may have seen it.
  std::uint64_t cuts = 0;  ///< Restarts before it was sent.
};

/// The client's end of requests.
class ExchangeLink::Http final : public net::HttpTransport {
 public:
  explicit Http(ExchangeLink& link) : link_{link} {}
  ~Http() override {
    for (const auto& [id, open] : calls_) {
      open.call->end = nullptr;
      link_.scheduler_.cancel(open.timeout);
    }
  }

  net::HttpCallId send(net::HttpRequest request, net::HttpDone done) override {
    const auto id = net::HttpCallId{++last_id_};
    if (link_.cuts_ != cuts_seen_) idle_ = 0;
    cuts_seen_ = link_.cuts_;
    Open& open = calls_[id];
    open.done = std::move(done);
    open.call = std::make_shared<Call>();
    open.call->is_reused = idle_ > 0;
    open.call->cuts = link_.cuts_;
    if (idle_ > 0) --idle_;
    open.timeout = link_.scheduler_.call_after(request.timeout, guard_.wrap([this, id] {
      const Call& late = *calls_.at(id).call;
      finish(id, tl::unexpected(late.is_sent ? failure(net::HttpFailureKind::NoAnswer, late.request,
                                                       "no answer in time", true)
                                             : failure(net::HttpFailureKind::NotSent, late.request,
                                                       "no connection in time", true)));
    }));
    open.call->request = std::move(request);
    open.call->end =
        guard_.wrap([this, id](net::HttpResult result) { finish(id, std::move(result)); });
    link_.send(open.call);
    return id;
  }

  void cancel(net::HttpCallId id) override {
    const auto found = calls_.find(id);
    if (found == calls_.end()) return;
    Open& open = found->second;
    open.call->end = nullptr;
    link_.scheduler_.cancel(open.timeout);
    const auto kind =
        open.call->is_sent ? net::HttpFailureKind::NoAnswer : net::HttpFailureKind::NotSent;
    open.timeout = link_.scheduler_.call_after(
        {}, guard_.wrap([this, id, cancelled = failure(kind, open.call->request, "cancelled")] {
          finish(id, tl::unexpected(cancelled));
        }));
  }

  std::size_t connections_open() const override { return calls_.size() + idle_; }

 private:
  struct Open {
    std::shared_ptr<Call> call;
    net::HttpDone done;
    net::TaskId timeout{};
  };

  void finish(net::HttpCallId id, net::HttpResult result) {
    auto ended = calls_.extract(id);
    if (ended.empty()) return;
    Open& open = ended.mapped();
    open.call->end = nullptr;
    link_.scheduler_.cancel(open.timeout);
    if (result) {
      result->is_reused = open.call->is_reused;
      link_.note_answer(open.call->request.url, result->status, link_.scheduler_.elapsed());
      ++idle_;
    } else {
      link_.note(LinkEvent::Broken, result.error().message);
    }
    // Last: it may destroy this.
    const net::HttpDone done = std::move(open.done);
    done(std::move(result));
  }

  ExchangeLink& link_;
  std::map<net::HttpCallId, Open> calls_;
  std::size_t idle_ = 0;
  std::uint64_t cuts_seen_ = 0;
  std::uint64_t last_id_ = 0;
  net::CallbackGuard guard_;
};

/// The exchange's end of one WebSocket, as long as either side needs it.
struct ExchangeLink::ServerEnd {
  ServerEnd(net::MemoryPeer its_peer, bool is_of_market, net::WebSocketListener its_listener)
      : peer{std::move(its_peer)}, is_market{is_of_market}, listener{std::move(its_listener)} {}

  /// The owner is told once, and never after it has let go.
  void tell_closed(net::WebSocketEnd end, std::uint16_t code) {
    if (std::exchange(is_over, true)) return;
    const auto owner = std::exchange(listener, {});
    owner.on_closed({.end = end, .message = "closed", .was_open = true, .code = code});
  }

  net::MemoryPeer peer;
  bool is_market;
  net::WebSocketListener listener;
  bool is_frozen = false;
  bool is_over = false;
};

class ExchangeLink::ServerSocket final : public net::WebSocketConnection {
 public:
  ServerSocket(ExchangeLink& link, std::shared_ptr<ServerEnd> end)
      : link_{link}, end_{std::move(end)} {}
  ~ServerSocket() override {
    end_->is_over = true;
    // The owner may be running at this moment; it is let go when it cannot.
    link_.scheduler_.call_after({}, [end = end_] { end->listener = {}; });
    end_->peer.drop();
  }
  ServerSocket(const ServerSocket&) = delete;
  ServerSocket& operator=(const ServerSocket&) = delete;

  core::Status send(net::MessageKind kind, std::string_view bytes) override {
    if (end_->is_over || is_closing_)
      return core::fail(core::Errc::Unavailable, "not open, nothing can be sent");
    end_->peer.deliver(kind, std::string{bytes});
    if (end_->is_market && !end_->is_frozen && end_->peer.is_alive())
      link_.note_market_heard(link_.scheduler_.elapsed());
    return {};
  }

  void close(std::uint16_t code, std::string_view reason) override {
    if (end_->is_over || std::exchange(is_closing_, true)) return;
    end_->peer.close(code, std::string{reason});
    link_.scheduler_.call_after(2 * link_.settings_.socket_latency,
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
  std::shared_ptr<ServerEnd> end_;
  bool is_closing_ = false;
};

ExchangeLink::ExchangeLink(net::Scheduler& scheduler, exchange::ExchangeHost& host,
                           const Settings& settings, LinkLog log)
    : scheduler_{scheduler},
      host_{host},
      settings_{settings},
      log_{std::move(log)},
      random_{settings.seed} {
  host_.when_restarted([this](core::Duration) { cut_all(); });
}

ExchangeLink::~ExchangeLink() { host_.when_restarted({}); }

std::unique_ptr<net::HttpTransport> ExchangeLink::make_http() {
  return std::make_unique<Http>(*this);
}

std::unique_ptr<net::WebSocketTransport> ExchangeLink::make_web_sockets() {
  return std::make_unique<net::MemoryWebSocketTransport>(
      scheduler_, guard_.wrap([this](net::MemoryPeer peer) { open_socket(std::move(peer)); }),
      net::MemoryWebSocketTransport::Settings{.latency = settings_.socket_latency});
}

core::Duration ExchangeLink::latency() {
  const auto span = static_cast<std::uint64_t>(
      std::max<std::int64_t>((settings_.latency_max - settings_.latency_min).count(), 1));
  return settings_.latency_min + core::Duration{static_cast<std::int64_t>(random_() % span)};
}

void ExchangeLink::send(const std::shared_ptr<Call>& call) {
  if (log_)
    note(LinkEvent::Sent, fmt::format("{} {}", net::place_of(call->request), call->request.body));
  scheduler_.call_after(latency(), guard_.wrap([this, call] { arrive(call); }));
  if (call->request.method == net::HttpMethod::Get) return;
  ++order_requests_;
  if (on_order_request) on_order_request(order_requests_);
}

/// A connection that a restart has cut meanwhile answers nothing; one that is new is refused.
void ExchangeLink::arrive(const std::shared_ptr<Call>& call) {
  if (host_.is_down() || call->cuts != cuts_) {
    const auto kind = call->is_reused || call->cuts != cuts_ ? net::HttpFailureKind::NoAnswer
                                                             : net::HttpFailureKind::NotSent;
    call->is_sent = kind == net::HttpFailureKind::NoAnswer;
    return end_later(call, tl::unexpected(failure(kind, call->request, "connection refused")));
  }
  auto request = server_request_of(call->request);
  if (!request)
    return end_later(call, tl::unexpected(failure(net::HttpFailureKind::Invalid, call->request,
                                                  request.error().message)));
  ++requests_;
  open_.push_back(call);
  host_.on_request(*request, net::Responder{guard_.wrap([this, call](net::ServerResponse response) {
    answer(call, std::move(response));
  })});
}

void ExchangeLink::answer(const std::shared_ptr<Call>& call, net::ServerResponse response) {
  if (call->cuts != cuts_) return;  // Its connection is gone.
  switch (response.delivery) {
    case net::ServerDelivery::Hang: return;
    case net::ServerDelivery::Cut:
      return end_later(call, tl::unexpected(failure(net::HttpFailureKind::NoAnswer, call->request,
                                                    "cut without an answer")));
    case net::ServerDelivery::Send: break;
  }
  if (log_)
    note(LinkEvent::Answered,
         fmt::format("{} {} {}", net::place_of(call->request), response.status, response.body));
  end_later(call, client_response_of(std::move(response)));
}

void ExchangeLink::end_later(const std::shared_ptr<Call>& call, net::HttpResult result) {
  scheduler_.call_after(latency(), guard_.wrap([this, call, result = std::move(result)] {
    std::erase(open_, call);
    // Moved out first: it empties its own place.
    if (const auto end = call->end) end(result);
  }));
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
  peer.on_message([weak](net::MemoryPeer, net::MessageKind kind, std::string_view bytes) {
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

/// The exchange restarts: no connection outlives it, whatever was on its way.
void ExchangeLink::cut_all() {
  ++cuts_;
  note(LinkEvent::Broken, "every connection: the exchange restarts");
  for (const auto& call : std::exchange(open_, {})) {
    const auto end = call->end;
    if (!end) continue;
    call->end = nullptr;
    scheduler_.call_after(
        {}, [end, cut = failure(net::HttpFailureKind::NoAnswer, call->request,
                                "cut without an answer")] { end(tl::unexpected(cut)); });
  }
  for (const auto& weak : std::exchange(sockets_, {})) {
    const auto end = weak.lock();
    if (!end || end->is_over) continue;
    end->peer.drop("cut by a restart");
    scheduler_.call_after({}, [weak] {
      if (const auto open = weak.lock()) open->tell_closed(net::WebSocketEnd::Lost, 0);
    });
  }
}

}  // namespace st0ck::app::faults
