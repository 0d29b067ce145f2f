#include "src/net/web_socket_session.hpp"

#include "src/net/dialer.hpp"
#include "st0ck/net/send_queue.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace st0ck::net {
namespace {

namespace http = beast::http;
namespace websocket = beast::websocket;
using Stream = websocket::stream<Channel, false>;

constexpr std::size_t kReasonMax = 123;            // RFC 6455, 5.5: of 125 bytes two are the code.
constexpr std::size_t kWriteBufferBytes = 16'384;  // What a client masks and sends at a time.
constexpr std::size_t kReadBufferBytes = 65'536;   // Most messages fit without growing it.
constexpr std::size_t kShownOfBody = 120;

// The start of a refusal's body, for the message; it comes from outside.
std::string shown(std::string_view body) {
  std::string text{body.substr(0, kShownOfBody)};
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, ' ');
  return text.empty() ? text : ": " + text;
}

std::string in_seconds(core::Duration span) {
  return fmt::format("{:g} s", std::chrono::duration<double>(span).count());
}

bool is_abrupt(const error_code& error) {
  return error == asio::error::eof || error == asio::error::connection_reset ||
         error == asio::error::connection_aborted || error == asio::error::broken_pipe ||
         error == asio::ssl::error::stream_truncated ||
         error.category() == boost::system::system_category();
}

WebSocketEnd end_of(const error_code& error) {
  if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
    return WebSocketEnd::TooLarge;
  }
  return is_abrupt(error) ? WebSocketEnd::Lost : WebSocketEnd::Broken;
}

class Session final : public WebSocketSession, public std::enable_shared_from_this<Session> {
 public:
  Session(asio::io_context& io, beast::role_type role, std::string name,
          const WebSocketLimits& limits, WebSocketListener listener)
      : io_{io},
        role_{role},
        name_{std::move(name)},
        limits_{limits},
        listener_{std::move(listener)},
        queue_{limits},
        timer_{io.get_executor()} {}

  void open_as_client(WebSocketDestination destination) {
    destination_ = std::move(destination);
    after(limits_.handshake_deadline, &Session::handshake_took_too_long);
    dialer_ =
        dial(io_, destination_.url, destination_.trust, limits_.handshake_deadline,
             [self = shared_from_this()](auto channel) { self->on_dialed(std::move(channel)); });
  }

  void open_as_server(Channel channel, http::request<http::string_body> upgrade,
                      std::shared_ptr<void> held) {
    held_ = std::move(held);
    upgrade_ = std::move(upgrade);
    after(limits_.handshake_deadline, &Session::handshake_took_too_long);
    make_stream(std::move(channel));
    stream_->async_accept(*upgrade_, [self = shared_from_this()](const error_code& error) {
      self->on_upgraded(error);
    });
  }

  core::Status send(MessageKind kind, std::string_view bytes) override {
    const bool may_queue =
        state_ == State::Open ||
        (state_ == State::Opening && role_ == beast::role_type::server && !closes_once_open_);
    if (!may_queue) {
      return core::fail(core::Errc::Unavailable, "{}: not open, nothing can be sent", name_);
    }
    if (auto pushed = queue_.push(kind, bytes); !pushed) return core::at(name_, pushed.error());
    if (state_ == State::Open) write_next();
    return {};
  }

  void close(std::uint16_t code, std::string_view reason) override {
    if (state_ == State::Closing || state_ == State::Finished || closes_once_open_) return;
    if (state_ == State::Opening && role_ == beast::role_type::client) {
      return finish({.end = WebSocketEnd::ClosedByUs, .message = "closed before it was open"});
    }
    our_reason_.code = code;
    our_reason_.reason.assign(reason.data(), std::min(reason.size(), kReasonMax));
    after(limits_.close_deadline, &Session::close_took_too_long);
    // The answer to the upgrade is on its way, and what was said since is to follow it.
    if (state_ == State::Opening) {
      closes_once_open_ = true;
    } else {
      begin_close();
    }
  }

  void freeze() override {
    is_frozen_ = true;
    if (state_ != State::Open) return;
    ++timer_id_;
    timer_.cancel();
    // The read that waits would answer pings.
    error_code ignored;
    stream_->next_layer().socket().cancel(ignored);
  }

  void drop(WebSocketClosed closed) override { finish(std::move(closed)); }

  void detach() override {
    is_detached_ = true;
    finish({});
  }

 private:
  enum class State : std::uint8_t { Opening, Open, Closing, Finished };

  // Opening.

  void on_dialed(tl::expected<Channel, WebSocketClosed> channel) {
    if (state_ == State::Finished) return;
    dialer_.reset();
    if (!channel) return finish(std::move(channel.error()));
    make_stream(std::move(*channel));
    stream_->set_option(websocket::stream_base::decorator(
        [headers = destination_.headers](websocket::request_type& request) {
          for (const auto& [name, value] : headers) request.insert(name, value);
        }));
    stream_->async_handshake(
        answer_, destination_.url.host_field(), destination_.url.target,
        [self = shared_from_this()](const error_code& error) { self->on_upgraded(error); });
  }

  void make_stream(Channel channel) {
    stream_.emplace(std::move(channel));
    stream_->auto_fragment(false);
    stream_->write_buffer_bytes(kWriteBufferBytes);
    stream_->read_message_max(static_cast<std::size_t>(limits_.message_max.bytes));
    stream_->control_callback([this](websocket::frame_type kind, beast::string_view) {
      if (kind == websocket::frame_type::pong) awaits_pong_ = false;
      if (kind == websocket::frame_type::close) on_close_frame();
    });
    buffer_.reserve(kReadBufferBytes);
  }

  void on_upgraded(const error_code& error) {
    if (state_ == State::Finished) return;
    upgrade_.reset();
    if (error == websocket::error::upgrade_declined) {
      return finish(
          {.end = WebSocketEnd::Refused,
           .message = fmt::format("the server answered {} {}{}", answer_.result_int(),
                                  std::string_view{answer_.reason()}, shown(answer_.body())),
           .http_status = static_cast<int>(answer_.result_int())});
    }
    if (error) {
      return finish({.end = is_abrupt(error) ? WebSocketEnd::Lost : WebSocketEnd::Broken,
                     .message = fmt::format("the upgrade failed ({})", error.message())});
    }
    answer_ = {};
    state_ = State::Open;
    was_open_ = true;
    if (!closes_once_open_ && !is_frozen_) wait_for_ping(limits_.ping_interval);
    write_next();
    listener_.on_open();
    if (closes_once_open_ && state_ == State::Open) begin_close();
    read();
  }

  void handshake_took_too_long() {
    finish({.end = WebSocketEnd::TimedOut,
            .message = fmt::format("not open after {}", in_seconds(limits_.handshake_deadline))});
  }

  // Reading.

  void read() {
    if (state_ == State::Finished || is_frozen_) return;
    stream_->async_read(buffer_, [self = shared_from_this()](const error_code& error, std::size_t) {
      self->on_read(error);
    });
  }

  void on_read(const error_code& error) {
    if (state_ == State::Finished || is_frozen_) return;
    if (error) return on_failed(error);
    if (state_ == State::Open) {
      const auto bytes = buffer_.cdata();
      listener_.on_message(stream_->got_text() ? MessageKind::Text : MessageKind::Binary,
                           {static_cast<const char*>(bytes.data()), bytes.size()});
    }
    buffer_.clear();
    read();
  }

  // Beast answers a close frame by itself; what then hangs is cut off.
  void on_close_frame() {
    got_close_ = true;
    if (state_ != State::Open) return;
    is_closed_by_peer_ = true;
    after(limits_.close_deadline, &Session::close_took_too_long);
  }

  void on_failed(const error_code& error) {
    if (got_close_) return finish_closed();
    if (state_ == State::Closing) {
      return finish({.end = WebSocketEnd::ClosedByUs,
                     .message = fmt::format("closed; the other side sent no close frame ({})",
                                            error.message())});
    }
    const WebSocketEnd end = end_of(error);
    if (end == WebSocketEnd::TooLarge) {
      return finish({.end = end,
                     .message = fmt::format("a message above the limit of {}",
                                            core::to_string(limits_.message_max))});
    }
    finish({.end = end, .message = error.message()});
  }

  // Writing.

  void write_next() {
    if (is_writing_ || queue_.empty()) return;
    is_writing_ = true;
    const SendQueue::Message& message = queue_.front();
    stream_->text(message.kind == MessageKind::Text);
    stream_->async_write(asio::buffer(message.bytes),
                         [self = shared_from_this()](const error_code& error, std::size_t) {
                           self->on_written(error);
                         });
  }

  void on_written(const error_code& error) {
    is_writing_ = false;
    if (state_ == State::Finished) return;
    // The reader knows more about how it ended, and always ends too.
    if (error) return;
    queue_.pop();
    write_next();
    if (!is_writing_ && state_ == State::Closing) write_close();
  }

  // Closing.

  void begin_close() {
    state_ = State::Closing;
    if (!is_writing_) write_close();
  }

  void write_close() {
    if (is_closed_by_peer_) return;
    stream_->async_close(our_reason_, [self = shared_from_this()](const error_code& error) {
      if (self->state_ == State::Finished) return;
      if (error) return self->on_failed(error);
      self->finish_closed();
    });
  }

  void close_took_too_long() {
    if (got_close_) return finish_closed();
    finish({.end = WebSocketEnd::ClosedByUs,
            .message = fmt::format("closed; the other side did not answer within {}",
                                   in_seconds(limits_.close_deadline))});
  }

  void finish_closed() {
    const auto& reason = stream_->reason();
    finish({.end = is_closed_by_peer_ ? WebSocketEnd::ClosedByPeer : WebSocketEnd::ClosedByUs,
            .message = is_closed_by_peer_ ? fmt::format("closed by the other side with code {}",
                                                        std::uint16_t{reason.code})
                                          : "closed",
            .code = reason.code,
            .close_reason = std::string{reason.reason.c_str(), reason.reason.size()}});
  }

  /// Once: closes the socket, and tells the listener from the context.
  void finish(WebSocketClosed closed) {
    if (state_ == State::Finished) return;
    state_ = State::Finished;
    ++timer_id_;
    timer_.cancel();
    if (dialer_) dialer_->cancel();
    dialer_.reset();
    if (stream_) stream_->next_layer().close();
    held_.reset();
    closed.was_open = was_open_;
    closed.message = fmt::format("{}: {}", name_, closed.message);
    asio::post(io_, [self = shared_from_this(), closed = std::move(closed)] {
      // Taken out first: the listener may drop its connection, and more.
      const auto listener = std::exchange(self->listener_, {});
      if (!self->is_detached_) listener.on_closed(closed);
    });
  }

  // Waiting.

  void wait_for_ping(core::Duration wait) {
    if (limits_.ping_interval.count() > 0) after(wait, &Session::ping);
  }

  void ping() {
    awaits_pong_ = true;
    is_pinging_ = true;
    stream_->async_ping(
        {}, [self = shared_from_this()](const error_code&) { self->is_pinging_ = false; });
    after(limits_.pong_deadline, &Session::check_pong);
  }

  void check_pong() {
    // A pong that nobody asked for proves nothing about a ping that could not even leave.
    if (awaits_pong_ || is_pinging_) {
      return finish(
          {.end = WebSocketEnd::Silent,
           .message = fmt::format("no pong within {}", in_seconds(limits_.pong_deadline))});
    }
    wait_for_ping(std::max(limits_.ping_interval - limits_.pong_deadline, core::Duration{0}));
  }

  /// The one wait of each state; a new one replaces it.
  void after(core::Duration wait, void (Session::*step)()) {
    timer_.expires_after(wait);
    timer_.async_wait([weak = weak_from_this(), id = ++timer_id_, step](const error_code&) {
      const auto self = weak.lock();
      if (self && self->timer_id_ == id) ((*self).*step)();
    });
  }

  asio::io_context& io_;
  const beast::role_type role_;
  const std::string name_;
  const WebSocketLimits limits_;
  WebSocketListener listener_;
  beast::flat_buffer buffer_;
  SendQueue queue_;
  Timer timer_;
  std::uint64_t timer_id_ = 0;
  WebSocketDestination destination_;
  std::shared_ptr<Dialer> dialer_;
  std::optional<http::request<http::string_body>> upgrade_;
  std::shared_ptr<void> held_;
  websocket::response_type answer_;
  websocket::close_reason our_reason_;
  State state_ = State::Opening;
  bool was_open_ = false;
  bool is_detached_ = false;
  bool is_writing_ = false;
  bool is_pinging_ = false;
  bool awaits_pong_ = false;
  bool got_close_ = false;
  bool is_closed_by_peer_ = false;
  bool closes_once_open_ = false;
  bool is_frozen_ = false;
  // Last: its operations use what stands above.
  std::optional<Stream> stream_;
};

class SessionConnection final : public WebSocketConnection {
 public:
  explicit SessionConnection(std::shared_ptr<WebSocketSession> session)
      : session_{std::move(session)} {}
  ~SessionConnection() override { session_->detach(); }
  SessionConnection(const SessionConnection&) = delete;
  SessionConnection& operator=(const SessionConnection&) = delete;

  core::Status send(MessageKind kind, std::string_view bytes) override {
    return session_->send(kind, bytes);
  }
  void close(std::uint16_t code, std::string_view reason) override {
    session_->close(code, reason);
  }
  void freeze() override { session_->freeze(); }

 private:
  std::shared_ptr<WebSocketSession> session_;
};

}  // namespace

void teardown(beast::role_type /*role*/, Channel& channel, error_code& error) {
  channel.socket().shutdown(Socket::shutdown_send, error);
}

std::shared_ptr<WebSocketSession> open_client_session(asio::io_context& io,
                                                      WebSocketDestination destination,
                                                      const WebSocketLimits& limits,
                                                      WebSocketListener listener) {
  const WebSocketUrl& url = destination.url;
  // Without the query, which may hold a token.
  auto name = fmt::format("{}://{}{}", url.is_tls ? "wss" : "ws", url.host_field(),
                          url.target.substr(0, url.target.find('?')));
  auto session = std::make_shared<Session>(io, beast::role_type::client, std::move(name), limits,
                                           std::move(listener));
  session->open_as_client(std::move(destination));
  return session;
}

std::shared_ptr<WebSocketSession> open_server_session(
    Channel channel, http::request<http::string_body> upgrade, std::string peer,
    const WebSocketLimits& limits, WebSocketListener listener, std::shared_ptr<void> held) {
  auto& io = channel.get_executor().context();
  auto session = std::make_shared<Session>(io, beast::role_type::server, std::move(peer), limits,
                                           std::move(listener));
  session->open_as_server(std::move(channel), std::move(upgrade), std::move(held));
  return session;
}

std::shared_ptr<WebSocketSession> failed_session(asio::io_context& io, WebSocketClosed closed,
                                                 WebSocketListener listener) {
  auto session = std::make_shared<Session>(io, beast::role_type::client, "WebSocket",
                                           WebSocketLimits{}, std::move(listener));
  session->drop(std::move(closed));
  return session;
}

std::unique_ptr<WebSocketConnection> connection_of(std::shared_ptr<WebSocketSession> session) {
  return std::make_unique<SessionConnection>(std::move(session));
}

}  // namespace st0ck::net
