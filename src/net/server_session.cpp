#include "src/net/gzip.hpp"
#include "src/net/server_answer.hpp"
#include "src/net/server_core.hpp"
#include "src/net/web_socket_session.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <array>
#include <utility>

namespace st0ck::net {
namespace {

namespace http = beast::http;
using Request = http::request<http::string_body>;

// What is read at a time; also the room that a body is read through.
constexpr std::size_t kReadBytes = 16'384;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

ServerResponse plain(int status, std::string_view text) {
  return {.status = status, .body = fmt::format("{}\n", text), .content_type = "text/plain"};
}

// How a request that cannot be read is answered; nothing where nobody is left to answer.
std::optional<int> status_of(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return 505;
  if (error == http::error::end_of_stream || error == http::error::partial_message) {
    return std::nullopt;
  }
  const error_code any_of_http = http::error::bad_method;
  if (error.category() == any_of_http.category()) return 400;
  return std::nullopt;
}

core::Result<ServerRequest> read_request(const Request& request, const std::string& peer) {
  if (request.version() == 11 && request.count(http::field::host) != 1) {
    return core::fail(core::Errc::BadInput, "a request has exactly one Host field");
  }
  auto target = parse_request_target(view(request.target()));
  if (!target) return tl::unexpected(std::move(target.error()));
  ServerRequest read;
  read.method = request.method() == http::verb::head ? "GET" : view(request.method_string());
  read.target = std::move(*target);
  for (const auto& field : request) {
    read.headers.push_back(
        {std::string{view(field.name_string())}, std::string{view(field.value())}});
  }
  read.peer = peer;
  return read;
}

/// One connection: reads a request, has it answered, and begins again.
class ServerSession final : public std::enable_shared_from_this<ServerSession> {
 public:
  ServerSession(std::shared_ptr<ServerCore> core, Socket socket, std::string peer)
      : core_{std::move(core)},
        peer_{std::move(peer)},
        timer_{socket.get_executor()},
        buffer_{static_cast<std::size_t>(core_->settings.header_max.bytes) + kReadBytes},
        channel_{core_->tls ? Channel{std::move(socket), *core_->tls}
                            : Channel{std::move(socket)}} {}

  void start() {
    const auto weakly = [weak = weak_from_this()](void (ServerSession::*step)()) {
      return [weak, step] {
        if (const auto self = weak.lock()) ((*self).*step)();
      };
    };
    ticket_ = core_->connections->add(
        {.stop = weakly(&ServerSession::stop), .drop = weakly(&ServerSession::drop)});
    if (!channel_.is_tls()) return read_head();
    after(settings().idle_deadline, &ServerSession::drop);
    channel_.async_tls_handshake(asio::ssl::stream_base::server,
                                 [self = shared_from_this()](const error_code& error) {
                                   if (self->state_ == State::Gone) return;
                                   if (error) return self->drop();
                                   self->read_head();
                                 });
  }

 private:
  enum class State : std::uint8_t { Reading, Answering, Writing, Ending, Gone };

  const HttpServerSettings& settings() const { return core_->settings; }

  ServerResponse refusal(int status, std::string_view why) const {
    if (!core_->handlers.on_refusal) return plain(status, why);
    ServerResponse response = core_->handlers.on_refusal(status, why);
    response.status = status;
    return response;
  }

  // Reading.

  void read_head() {
    state_ = State::Reading;
    form_ = {};
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(settings().header_max.bytes));
    parser_->body_limit(static_cast<std::uint64_t>(settings().body_max.bytes));
    after(settings().idle_deadline, &ServerSession::request_took_too_long);
    http::async_read_header(channel_, buffer_, *parser_,
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                              self->on_head(error);
                            });
  }

  void on_head(const error_code& error) {
    if (state_ != State::Reading) return;
    if (error) return on_unreadable(error);
    const Request& head = parser_->get();
    form_ = {.version = head.version(),
             .keep_alive = head.keep_alive() && !is_stopping_,
             .is_head = head.method() == http::verb::head,
             .takes_gzip = accepts_gzip(view(head[http::field::accept_encoding]))};
    if (core_->rate && !core_->rate->take(peer_, since_start())) return refuse_rate();
    after(settings().body_deadline, &ServerSession::request_took_too_long);
    if (parser_->is_done()) return dispatch();
    if (beast::iequals(head[http::field::expect], "100-continue")) return allow_body();
    read_body();
  }

  void refuse_rate() {
    form_.keep_alive = false;
    auto response = refusal(429, "too many requests in this second");
    response.headers.push_back({"Retry-After", "1"});
    answer(std::move(response));
  }

  void allow_body() {
    asio::async_write(channel_, asio::buffer(kContinue),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (self->state_ != State::Reading) return;
                        if (error) return self->drop();
                        self->read_body();
                      });
  }

  void read_body() {
    http::async_read(channel_, buffer_, *parser_,
                     [self = shared_from_this()](const error_code& error, std::size_t) {
                       if (self->state_ != State::Reading) return;
                       if (error) return self->on_unreadable(error);
                       self->dispatch();
                     });
  }

  void on_unreadable(const error_code& error) {
    const auto status = status_of(error);
    if (!status) return drop();
    form_.keep_alive = false;
    answer(refusal(*status, error.message()));
  }

  void request_took_too_long() {
    if (!parser_->got_some()) return drop();
    form_.keep_alive = false;
    error_code ignored;
    // The read that still waits; its handler will see another state.
    channel_.socket().cancel(ignored);
    answer(refusal(408, "the request did not come in time"));
  }

  // Answering.

  void dispatch() {
    Request request = parser_->release();
    auto read = read_request(request, peer_);
    if (!read) {
      form_.keep_alive = false;
      return answer(refusal(400, read.error().message));
    }
    state_ = State::Answering;
    ++answer_id_;
    after(unless_stopping(settings().answer_deadline), &ServerSession::answer_took_too_long);
    if (beast::websocket::is_upgrade(request)) return dispatch_upgrade(*read, std::move(request));
    read->body = std::move(request.body());
    if (!core_->handlers.on_request) return answer(refusal(404, "only WebSockets here"));
    core_->handlers.on_request(*read, Responder{sender()});
  }

  void dispatch_upgrade(const ServerRequest& read, Request request) {
    if (!core_->handlers.on_upgrade) return answer(refusal(404, "no WebSockets here"));
    auto accept = [weak = weak_from_this(), core = core_, id = answer_id_,
                   request = std::move(request)](WebSocketListener listener) mutable {
      const auto self = weak.lock();
      if (!self || self->answer_id_ != id || self->state_ != State::Answering) {
        return connection_of(
            failed_session(core->io, {.end = WebSocketEnd::Lost, .message = "the client is gone"},
                           std::move(listener)));
      }
      return self->become_web_socket(std::move(request), std::move(listener));
    };
    core_->handlers.on_upgrade(read, WebSocketUpgrade{std::move(accept), sender()});
  }

  std::unique_ptr<WebSocketConnection> become_web_socket(Request request,
                                                         WebSocketListener listener) {
    state_ = State::Gone;
    stop_timer();
    // Messages that came with the request.
    const auto early = buffer_.cdata();
    channel_.put_back({static_cast<const char*>(early.data()), early.size()});
    const auto session = open_server_session(std::move(channel_), std::move(request), peer_,
                                             settings().web_socket, std::move(listener), ticket_);
    const std::weak_ptr<WebSocketSession> weak = session;
    ticket_->set(
        {.stop =
             [weak] {
               if (const auto self = weak.lock()) self->close(1001, "the server stops");
             },
         .drop =
             [weak] {
               if (const auto self = weak.lock()) {
                 self->drop({.end = WebSocketEnd::ClosedByUs, .message = "the server was stopped"});
               }
             }});
    ticket_.reset();
    return connection_of(session);
  }

  /// The way to answer the request at hand; without effect when that was answered.
  Responder::Send sender() {
    return [weak = weak_from_this(), id = answer_id_](ServerResponse response) {
      const auto self = weak.lock();
      if (self && self->answer_id_ == id && self->state_ == State::Answering) {
        self->answer(std::move(response));
      }
    };
  }

  void answer_took_too_long() { answer(refusal(503, "the answer was not ready in time")); }

  void answer(ServerResponse response) {
    if (response.delivery == ServerDelivery::Cut) return drop();
    if (response.delivery == ServerDelivery::Hang) return hang();
    state_ = State::Writing;
    answer_ = make_answer(std::move(response), form_, settings().gzip_min);
    after(unless_stopping(settings().write_deadline), &ServerSession::drop);
    http::async_write(channel_, answer_,
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (self->state_ != State::Writing) return;
                        if (error) return self->drop();
                        if (self->form_.keep_alive) return self->read_head();
                        self->end();
                      });
  }

  // Ending.

  /// Says that nothing more comes, and reads on until the client has seen it: a socket closed over
  /// unread bytes would be reset, and the answer lost with it.
  void end() {
    state_ = State::Ending;
    after(settings().close_deadline, &ServerSession::drop);
    channel_.async_end([self = shared_from_this()](const error_code& error) {
      if (self->state_ != State::Ending) return;
      if (error || self->channel_.is_tls()) return self->drop();
      self->discard();
    });
  }

  void discard() {
    channel_.async_read_some(asio::buffer(discarded_),
                             [self = shared_from_this()](const error_code& error, std::size_t) {
                               if (self->state_ != State::Ending) return;
                               if (error) return self->drop();
                               self->discard();
                             });
  }

  /// Half-open on purpose: what the client sends is taken and never answered.
  void hang() {
    state_ = State::Ending;
    is_hanging_ = true;
    stop_timer();
    discard();
  }

  void stop() {
    is_stopping_ = true;
    form_.keep_alive = false;
    if (state_ == State::Reading || is_hanging_) return drop();
    if (state_ == State::Answering) {
      after(settings().close_deadline, &ServerSession::answer_took_too_long);
    }
    if (state_ == State::Writing) after(settings().close_deadline, &ServerSession::drop);
  }

  void drop() {
    state_ = State::Gone;
    stop_timer();
    channel_.close();
    ticket_.reset();
  }

  // Waiting.

  static core::Duration since_start() {
    return std::chrono::steady_clock::now().time_since_epoch();
  }

  core::Duration unless_stopping(core::Duration deadline) const {
    return is_stopping_ ? settings().close_deadline : deadline;
  }

  /// The one wait of each state; a new one replaces it. It keeps the session while a handler
  /// thinks about its answer.
  void after(core::Duration wait, void (ServerSession::*step)()) {
    timer_.expires_after(wait);
    timer_.async_wait([self = shared_from_this(), id = ++timer_id_, step](const error_code&) {
      if (self->timer_id_ == id) ((*self).*step)();
    });
  }

  void stop_timer() {
    ++timer_id_;
    timer_.cancel();
  }

  std::shared_ptr<ServerCore> core_;
  std::string peer_;
  std::shared_ptr<ConnectionList::Ticket> ticket_;
  Timer timer_;
  std::uint64_t timer_id_ = 0;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  AnswerForm form_;
  Answer answer_;
  std::uint64_t answer_id_ = 0;
  State state_ = State::Reading;
  bool is_stopping_ = false;
  bool is_hanging_ = false;
  std::array<char, 4096> discarded_{};
  Channel channel_;
};

}  // namespace

void serve(std::shared_ptr<ServerCore> core, Socket socket, std::string peer) {
  std::make_shared<ServerSession>(std::move(core), std::move(socket), std::move(peer))->start();
}

}  // namespace st0ck::net
