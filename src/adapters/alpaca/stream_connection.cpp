#include "stream_impl.hpp"

#include <algorithm>
#include <variant>

namespace st0ck::alpaca {

namespace {

using namespace std::chrono_literals;

/// How soon a socket key that is taken is tried again.
constexpr core::Duration kKeyPause = 500ms;

}  // namespace

void AlpacaStream::Impl::connect_after(core::Duration wait) {
  arm(connect_task_, wait, [](Impl& self) { self.connect(); });
}

void AlpacaStream::Impl::connect() {
  const auto wait = reconnect_.wait_before_attempt(now());
  if (!wait) return;
  const core::Duration longest = std::max(*wait, paused_until_ - now());
  if (longest > 0ns) return connect_after(longest);
  auto lease = parts_.sockets.take(settings_.socket_key);
  if (!lease) {
    connect_after(kKeyPause);
    if (!told_) tell(market::ProviderState::Down, core::Code{"DATA_SOCKET_TAKEN"});
    return;
  }
  lease_ = std::move(*lease);

  ++stats_.attempts;
  reconnect_.attempt_begins(now());
  session_.emplace(settings_.session, subscription_->wanted.channels);
  connection_ = parts_.transport.connect(request(), listener());
}

net::WebSocketRequest AlpacaStream::Impl::request() const {
  net::WebSocketRequest request;
  request.url = settings_.base_url + std::string{traits_of(settings_.feed).stream_path};
  if (settings_.codec == Codec::Msgpack)
    request.headers.push_back({"Content-Type", "application/msgpack"});
  request.limits = settings_.socket;
  return request;
}

net::WebSocketListener AlpacaStream::Impl::listener() {
  return {
      .on_open = later([](Impl& self) { self.step(Session::Opened{}); }),
      .on_message = later([](Impl& self, net::MessageKind kind, std::string_view bytes) {
        self.receive(kind, bytes);
      }),
      .on_closed = later([](Impl& self, const net::WebSocketClosed& closed) {
        self.parts_.log.warn("DATA_STREAM_CLOSED", closed.message);
        self.step(Session::Closed{.is_final = net::is_final(closed)});
      }),
  };
}

void AlpacaStream::Impl::receive(net::MessageKind kind, std::string_view bytes) {
  const auto subscription = subscription_;
  const std::uint64_t generation = generation_;
  frame_generation_ = generation;
  frame_time_ = now();
  const bool is_msgpack = settings_.codec == Codec::Msgpack && kind == net::MessageKind::Binary;
  const auto result = is_msgpack ? subscription->decoder.decode_msgpack(bytes)
                                 : subscription->decoder.decode_json(bytes);
  if (generation_ == generation && result != FrameResult::Ok) step(Session::BrokenFrame{});
}

void AlpacaStream::Impl::step(const Session::Event& event) {
  if (!session_) return;
  const Session::Action action = session_->step(event, now());
  parts_.scheduler.cancel(deadline_task_);
  if (const auto deadline = session_->deadline())
    arm(deadline_task_, *deadline - now(), [](Impl& self) { self.step(Session::TimePassed{}); });
  std::visit([this](const auto& it) { act(it); }, action);
}

void AlpacaStream::Impl::act(const Session::SendAuthentication& /*action*/) { send(keys_); }

void AlpacaStream::Impl::act(const Session::SendSubscription& /*action*/) {
  send(Subscribe{session_->wanted()});
}

void AlpacaStream::Impl::send(const DataRequest& request) {
  const auto kind =
      settings_.codec == Codec::Msgpack ? net::MessageKind::Binary : net::MessageKind::Text;
  const auto sent = connection_->send(kind, to_frame(settings_.codec, request));
  if (!sent) step(Session::Closed{});
}

void AlpacaStream::Impl::act(const Session::BeginStreaming& /*action*/) {
  ++stats_.connections;
  reconnect_.opened(now());
  watch_.begin(now());
  is_stale_ = false;
  if (!subscription_->wanted.quoted.empty()) arm(watch_task_, 0ns, [](Impl& self) { self.look(); });
  parts_.log.info("DATA_STREAM_SUBSCRIBED", "the data stream delivers",
                  {{"feed", traits_of(settings_.feed).name},
                   {"symbols", subscription_->wanted.symbols.size()}});
  catch_up();
}

void AlpacaStream::Impl::act(const Session::Ending& ending) {
  connection_.reset();
  lease_.reset();
  session_.reset();
  parts_.scheduler.cancel(watch_task_);
  parts_.scheduler.cancel(back_fill_task_);
  ++back_fill_;
  gate_.close();
  statuses_.doubt();
  is_stale_ = false;
  reconnect_.ended(now(), ending.is_final);
  paused_until_ = now() + ending.pause;
  if (ending.is_final) {
    parts_.log.error("DATA_STREAM_GIVEN_UP",
                     "the data stream is refused for good: check keys, feed, plan and the number "
                     "of symbols, then start again",
                     {{"reason", ending.reason}, {"feed", traits_of(settings_.feed).name}});
  } else {
    connect_after(0ns);
  }
  // Last: it may end all of this.
  tell(market::ProviderState::Down, ending.reason);
}

}  // namespace st0ck::alpaca
