#include "st0ck/net/memory_web_socket.hpp"

#include "st0ck/net/send_queue.hpp"
#include "st0ck/net/web_socket_url.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace st0ck::net {

/// Both ends and the way between them. Tasks on the scheduler hold it weakly, so that nothing is
/// kept alive by a deadline an hour away.
class MemoryPeer::Link : public std::enable_shared_from_this<MemoryPeer::Link> {
 public:
  Link(Scheduler& scheduler, core::Duration latency, WebSocketRequest request,
       WebSocketListener listener)
      : scheduler_{scheduler},
        latency_{latency},
        request_{std::move(request)},
        listener_{std::move(listener)},
        queue_{request_.limits} {}

  const WebSocketRequest& request() const { return request_; }
  bool is_alive() const { return state_ != State::Finished; }

  // The client's calls.

  void begin(std::shared_ptr<MemoryWebSocketTransport::Script> script) {
    if (const auto url = parse_web_socket_url(request_.url); !url) {
      return finish({.end = WebSocketEnd::BadRequest, .message = url.error().message});
    }
    limit(request_.limits.handshake_deadline,
          {.end = WebSocketEnd::TimedOut, .message = "not open in time"});
    // The peer keeps the link alive until the script has seen it.
    scheduler_.call_after(latency_, [self = shared_from_this(), script = std::move(script)] {
      if (self->is_alive()) (*script)(MemoryPeer{self});
    });
  }

  core::Status send(MessageKind kind, std::string_view bytes) {
    if (state_ != State::Open) {
      return core::fail(core::Errc::Unavailable, "{}: not open, nothing can be sent", request_.url);
    }
    if (auto pushed = queue_.push(kind, bytes); !pushed) {
      return core::at(request_.url, pushed.error());
    }
    if (is_silent_) return {};
    to_server([this] {
      const SendQueue::Message message = queue_.front();
      queue_.pop();
      if (on_message_) on_message_(MemoryPeer{shared_from_this()}, message.kind, message.bytes);
    });
    return {};
  }

  void close(std::uint16_t code) {
    if (state_ == State::Finished || state_ == State::Closing) return;
    if (state_ == State::Opening) {
      return finish({.end = WebSocketEnd::ClosedByUs, .message = "closed before it was open"});
    }
    state_ = State::Closing;
    limit(request_.limits.close_deadline,
          {.end = WebSocketEnd::ClosedByUs, .message = "closed; the other side did not answer"});
    to_server([this, code] {
      tell_server(code);
      to_client({}, [this, code] {
        finish({.end = WebSocketEnd::ClosedByUs, .message = "closed", .code = code});
      });
    });
  }

  void detach() {
    const bool was_alive = is_alive();
    state_ = State::Finished;
    is_detached_ = true;
    scheduler_.cancel(limit_);
    // The listener may be running at this moment; it is let go when it cannot.
    scheduler_.call_after({}, [self = shared_from_this()] { self->listener_ = {}; });
    if (!was_alive) return;
    scheduler_.call_after(latency_, [self = shared_from_this()] {
      if (!self->is_silent_) self->tell_server(0);
      self->forget_the_server();
    });
  }

  // The server's calls.

  void accept(core::Duration wait) {
    to_client(wait, [this] {
      if (state_ != State::Opening) return;
      state_ = State::Open;
      was_open_ = true;
      opened_at_ = scheduler_.elapsed();
      scheduler_.cancel(limit_);
      if (is_silent_) expect_silence();
      listener_.on_open();
    });
  }

  void end(core::Duration wait, WebSocketClosed closed) {
    to_client(wait, [this, closed = std::move(closed)] { finish(closed); });
  }

  void deliver(MessageKind kind, std::string bytes, core::Duration wait) {
    to_client(wait, [this, kind, bytes = std::move(bytes)] {
      if (state_ != State::Open) return;
      if (bytes.size() > static_cast<std::size_t>(request_.limits.message_max.bytes)) {
        return finish({.end = WebSocketEnd::TooLarge, .message = "a message above the limit"});
      }
      listener_.on_message(kind, bytes);
    });
  }

  void drop(std::string message) {
    finish({.end = WebSocketEnd::Lost, .message = std::move(message)});
  }

  void go_silent() {
    if (std::exchange(is_silent_, true)) return;
    if (state_ == State::Open) expect_silence();
  }

  void on_message(OnMessage callback) { on_message_ = std::move(callback); }
  void on_closed(OnClosed callback) { on_closed_ = std::move(callback); }

 private:
  enum class State : std::uint8_t { Opening, Open, Closing, Finished };

  // A ping that leaves after the way broke has no pong; that moment is known now, so that a
  // campaign needs no task per ping.
  void expect_silence() {
    const WebSocketLimits& limits = request_.limits;
    if (limits.ping_interval.count() <= 0) return;
    const auto interval = std::max(limits.ping_interval, limits.pong_deadline);
    const auto since = scheduler_.elapsed() - opened_at_;
    // The first ping comes after the plain interval.
    const auto first = limits.ping_interval;
    const auto pings = since < first ? 0 : (since - first) / interval + 1;
    const auto next_ping = first + interval * pings;
    limit(next_ping - since + limits.pong_deadline,
          {.end = WebSocketEnd::Silent, .message = "no pong in time"});
  }

  template <typename Step>
  void to_server(Step step) {
    to_server_due_ = std::max(to_server_due_, scheduler_.elapsed() + latency_);
    travel(to_server_due_, std::move(step));
  }

  template <typename Step>
  void to_client(core::Duration wait, Step step) {
    to_client_due_ = std::max(to_client_due_, scheduler_.elapsed() + latency_ + wait);
    travel(to_client_due_, std::move(step));
  }

  template <typename Step>
  void travel(core::Duration due, Step step) {
    scheduler_.call_after(due - scheduler_.elapsed(),
                          [weak = weak_from_this(), step = std::move(step)]() mutable {
                            const auto self = weak.lock();
                            if (self && self->is_alive() && !self->is_silent_) step();
                          });
  }

  /// Ends the connection so, unless something else comes first.
  void limit(core::Duration wait, WebSocketClosed closed) {
    scheduler_.cancel(limit_);
    limit_ = scheduler_.call_after(wait, [weak = weak_from_this(), closed = std::move(closed)] {
      if (const auto self = weak.lock()) self->finish(closed);
    });
  }

  void finish(WebSocketClosed closed) {
    if (!is_alive()) return;
    state_ = State::Finished;
    scheduler_.cancel(limit_);
    closed.was_open = was_open_;
    closed.message = request_.url + ": " + closed.message;
    scheduler_.call_after({}, [self = shared_from_this(), closed = std::move(closed)] {
      const auto listener = std::exchange(self->listener_, {});
      self->forget_the_server();
      if (!self->is_detached_) listener.on_closed(closed);
    });
  }

  void forget_the_server() {
    on_message_ = nullptr;
    on_closed_ = nullptr;
  }

  void tell_server(std::uint16_t code) {
    const auto callback = std::exchange(on_closed_, nullptr);
    if (callback) callback(code);
  }

  Scheduler& scheduler_;
  core::Duration latency_;
  WebSocketRequest request_;
  WebSocketListener listener_;
  SendQueue queue_;
  State state_ = State::Opening;
  bool was_open_ = false;
  bool is_silent_ = false;
  bool is_detached_ = false;
  core::Duration opened_at_{};
  core::Duration to_client_due_{};
  core::Duration to_server_due_{};
  TaskId limit_{};
  OnMessage on_message_;
  OnClosed on_closed_;
};

const WebSocketRequest& MemoryPeer::request() const { return link_->request(); }
bool MemoryPeer::is_alive() const { return link_->is_alive(); }
void MemoryPeer::accept(core::Duration wait) { link_->accept(wait); }

void MemoryPeer::refuse(int http_status, core::Duration wait) {
  link_->end(wait, {.end = WebSocketEnd::Refused,
                    .message = "the server answered " + std::to_string(http_status),
                    .http_status = http_status});
}

void MemoryPeer::fail(WebSocketEnd end, std::string message, core::Duration wait) {
  link_->end(wait, {.end = end, .message = std::move(message)});
}

void MemoryPeer::deliver(MessageKind kind, std::string bytes, core::Duration wait) {
  link_->deliver(kind, std::move(bytes), wait);
}

void MemoryPeer::close(std::uint16_t code, std::string reason, core::Duration wait) {
  link_->end(wait, {.end = WebSocketEnd::ClosedByPeer,
                    .message = "closed by the other side with code " + std::to_string(code),
                    .code = code,
                    .close_reason = std::move(reason)});
}

void MemoryPeer::drop(std::string message) { link_->drop(std::move(message)); }
void MemoryPeer::go_silent() { link_->go_silent(); }

void MemoryPeer::on_message(OnMessage callback) { link_->on_message(std::move(callback)); }

void MemoryPeer::on_closed(OnClosed callback) { link_->on_closed(std::move(callback)); }

class MemoryWebSocketTransport::Connection final : public WebSocketConnection {
 public:
  explicit Connection(std::shared_ptr<MemoryPeer::Link> link) : link_{std::move(link)} {}
  ~Connection() override { link_->detach(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  core::Status send(MessageKind kind, std::string_view bytes) override {
    return link_->send(kind, bytes);
  }
  void close(std::uint16_t code, std::string_view /*reason*/) override { link_->close(code); }

 private:
  std::shared_ptr<MemoryPeer::Link> link_;
};

MemoryWebSocketTransport::MemoryWebSocketTransport(Scheduler& scheduler, Script script,
                                                   Settings settings)
    : scheduler_{scheduler},
      script_{std::make_shared<Script>(std::move(script))},
      settings_{settings} {}

std::unique_ptr<WebSocketConnection> MemoryWebSocketTransport::connect(WebSocketRequest request,
                                                                       WebSocketListener listener) {
  auto link = std::make_shared<MemoryPeer::Link>(scheduler_, settings_.latency, std::move(request),
                                                 std::move(listener));
  link->begin(script_);
  return std::make_unique<Connection>(std::move(link));
}

}  // namespace st0ck::net
