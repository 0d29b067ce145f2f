#include "st0ck/net/curl_transport.hpp"

#include "src/net/curl_call.hpp"
#include "st0ck/core/assert.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <utility>
#include <vector>

namespace st0ck::net {
namespace {

using boost::asio::posix::stream_descriptor;

/// A socket that curl waits for.
struct Watch {
  Watch(boost::asio::io_context& io, curl_socket_t socket) : descriptor{io, socket} {}

  stream_descriptor descriptor;
  int wanted = 0;  // CURL_POLL_IN and CURL_POLL_OUT.
  int waiting = 0;
};

void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  ST0CK_ASSERT(started == CURLE_OK, "libcurl starts");
}

}  // namespace

class CurlTransport::Impl : public SocketObserver,
                            public std::enable_shared_from_this<CurlTransport::Impl> {
 public:
  Impl(boost::asio::io_context& io, CurlSettings settings)
      : io_{io}, settings_{std::move(settings)}, timer_{io} {
    start_curl();
    multi_ = curl_multi_init();
    ST0CK_ASSERT(multi_ != nullptr, "libcurl has memory for its handles");
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Impl::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Impl::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS,
                      static_cast<long>(settings_.idle_connections_max));
  }

  HttpCallId send(HttpRequest request, HttpDone done) {
    const auto id = HttpCallId{++last_id_};
    auto call = std::make_unique<CurlCall>(std::move(request), std::move(done), settings_);
    auto obstacle = calls_.size() < settings_.calls_max
                        ? call->set_up(*this)
                        : call->failure(HttpFailureKind::NotSent,
                                        "not sent: as many requests as may be are on their way");
    if (!obstacle && curl_multi_add_handle(multi_, call->easy()) != CURLM_OK) {
      obstacle = call->failure(HttpFailureKind::NotSent, "not sent: libcurl takes no more");
    }
    if (obstacle) {
      answer_later(std::move(call), std::move(*obstacle));
    } else {
      ids_.emplace(call->easy(), id);
      calls_.emplace(id, std::move(call));
    }
    return id;
  }

  void cancel(HttpCallId id) {
    auto cancelled = calls_.extract(id);
    if (cancelled.empty()) return;
    HttpFailure failure = cancelled.mapped()->cancelled();
    let_go(*cancelled.mapped());
    answer_later(std::move(cancelled.mapped()), std::move(failure));
  }

  std::size_t sockets_open() const { return sockets_open_; }

  /// Nothing is answered any more.
  void stop() {
    for (const auto& [id, call] : calls_) let_go(*call);
    calls_.clear();
    curl_multi_cleanup(multi_);
    multi_ = nullptr;
    while (!watches_.empty()) stop_watching(watches_.begin()->first);
    timer_.cancel();
  }

  void on_open() override { ++sockets_open_; }
  void on_close(curl_socket_t socket) override {
    --sockets_open_;
    stop_watching(socket);
  }

 private:
  static int on_socket(CURL*, curl_socket_t socket, int what, void* impl, void*) {
    static_cast<Impl*>(impl)->watch(socket, what);
    return 0;
  }

  static int on_timer(CURLM*, long wait_ms, void* impl) {
    static_cast<Impl*>(impl)->set_timer(wait_ms);
    return 0;
  }

  void let_go(const CurlCall& call) {
    ids_.erase(call.easy());
    curl_multi_remove_handle(multi_, call.easy());
  }

  void answer_later(std::unique_ptr<CurlCall> call, HttpFailure failure) {
    boost::asio::post(
        io_, [weak = weak_from_this(), done = call->take_done(), failure = std::move(failure)] {
          const auto self = weak.lock();
          if (self && self->multi_ != nullptr) done(tl::unexpected(failure));
        });
  }

  void set_timer(long wait_ms) {
    // Also what was due but has not run yet: curl does not mind to be woken for nothing.
    timer_.cancel();
    if (wait_ms < 0) return;
    if (wait_ms == 0) return act_soon();  // A timer costs system calls.
    timer_.expires_after(std::chrono::milliseconds{wait_ms});
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (!error && self && self->multi_ != nullptr) self->act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  void act_soon() {
    if (std::exchange(is_acting_soon_, true)) return;
    boost::asio::post(io_, [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self || self->multi_ == nullptr) return;
      self->is_acting_soon_ = false;
      self->act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  void watch(curl_socket_t socket, int what) {
    if (what == CURL_POLL_REMOVE) {
      stop_watching(socket);
      return;
    }
    auto& watch = watches_[socket];
    if (!watch) watch = std::make_shared<Watch>(io_, socket);
    watch->wanted = what;
    wait_for(socket, *watch);
  }

  // The socket is curl's: Asio lets go of it, before curl closes it and its number is used again.
  void stop_watching(curl_socket_t socket) {
    const auto found = watches_.find(socket);
    if (found == watches_.end()) return;
    found->second->descriptor.release();
    watches_.erase(found);
  }

  void wait_for(curl_socket_t socket, Watch& watch) {
    if ((watch.wanted & CURL_POLL_IN) != 0) wait_for(socket, watch, CURL_POLL_IN);
    if ((watch.wanted & CURL_POLL_OUT) != 0) wait_for(socket, watch, CURL_POLL_OUT);
  }

  void wait_for(curl_socket_t socket, Watch& watch, int direction) {
    if ((watch.waiting & direction) != 0) return;
    watch.waiting |= direction;
    const bool is_in = direction == CURL_POLL_IN;
    watch.descriptor.async_wait(
        is_in ? stream_descriptor::wait_read : stream_descriptor::wait_write,
        [weak = weak_from_this(), watch_alive = std::weak_ptr{watches_.at(socket)}, socket,
         direction](const boost::system::error_code& error) {
          const auto self = weak.lock();
          if (!self || self->multi_ == nullptr) return;
          // A socket of the same number may be another by now.
          if (const auto same = watch_alive.lock()) self->on_ready(socket, *same, direction, error);
        });
  }

  void on_ready(curl_socket_t socket, Watch& watch, int direction,
                const boost::system::error_code& error) {
    watch.waiting &= ~direction;
    if (error == boost::asio::error::operation_aborted) return;
    if ((watch.wanted & direction) == 0) return;
    const int event = error                       ? CURL_CSELECT_ERR
                      : direction == CURL_POLL_IN ? CURL_CSELECT_IN
                                                  : CURL_CSELECT_OUT;
    act(socket, event);
    if (multi_ == nullptr) return;
    const auto found = watches_.find(socket);
    if (found != watches_.end()) wait_for(socket, *found->second);
  }

  void act(curl_socket_t socket, int events) {
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    answer_ended();
  }

  void answer_ended() {
    // Told apart first: an answer may send, cancel or destroy.
    std::vector<std::pair<HttpDone, HttpResult>> ended;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;  // The message goes with the handle.
      auto call = calls_.extract(ids_.at(easy));
      HttpResult result = call.mapped()->result(code);
      let_go(*call.mapped());
      ended.emplace_back(call.mapped()->take_done(), std::move(result));
    }
    for (auto& [done, result] : ended) {
      if (multi_ == nullptr) return;
      done(std::move(result));
    }
  }

  boost::asio::io_context& io_;
  CurlSettings settings_;
  boost::asio::steady_timer timer_;
  CURLM* multi_ = nullptr;
  std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  std::map<HttpCallId, std::unique_ptr<CurlCall>> calls_;
  std::map<CURL*, HttpCallId> ids_;
  std::size_t sockets_open_ = 0;
  std::uint64_t last_id_ = 0;
  bool is_acting_soon_ = false;
};

CurlTransport::CurlTransport(boost::asio::io_context& io, CurlSettings settings)
    : impl_{std::make_shared<Impl>(io, std::move(settings))} {}

CurlTransport::~CurlTransport() { impl_->stop(); }

HttpCallId CurlTransport::send(HttpRequest request, HttpDone done) {
  return impl_->send(std::move(request), std::move(done));
}

void CurlTransport::cancel(HttpCallId call) { impl_->cancel(call); }

std::size_t CurlTransport::connections_open() const { return impl_->sockets_open(); }

}  // namespace st0ck::net
