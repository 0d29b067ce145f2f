#include "st0ck/adapters/alpaca/order_stream.hpp"

#include <fmt/format.h>

#include <random>
#include <utility>

namespace st0ck::alpaca {

namespace {

net::Reconnect::RandomSource random_source(std::uint64_t seed) {
  return [random = std::mt19937_64{seed}]() mutable { return random(); };
}

/// Through a copy, as whoever is called may destroy the stream and with it the function.
template <typename Function, typename... Args>
void call(const Function& function, const Args&... args) {
  const Function copy = function;
  copy(args...);
}

}  // namespace

OrderStream::OrderStream(const Parts& parts, std::string url, Credentials credentials,
                         const OrderStreamSettings& settings, std::uint64_t seed, Listener listener)
    : parts_{parts},
      url_{std::move(url)},
      credentials_{std::move(credentials)},
      settings_{settings},
      listener_{std::move(listener)},
      reconnect_{settings.reconnect, random_source(seed)},
      reader_{static_cast<std::size_t>(settings.limits.message_max.bytes)} {
  attempt_when_it_is_time();
}

OrderStream::~OrderStream() {
  parts_.scheduler.cancel(next_attempt_);
  parts_.scheduler.cancel(deadline_);
}

bool OrderStream::is_live() const {
  return session_ && session_->state() == OrderStreamSession::State::Live;
}

void OrderStream::attempt_when_it_is_time() {
  const auto wait = reconnect_.wait_before_attempt(parts_.scheduler.elapsed());
  if (!wait) return;
  next_attempt_ = parts_.scheduler.call_after(*wait, guard_.wrap([this] { attempt(); }));
}

void OrderStream::attempt() {
  if (const auto wait = reconnect_.wait_before_attempt(parts_.scheduler.elapsed());
      wait && wait->count() > 0)
    return attempt_when_it_is_time();
  // The venue cuts the second socket off, or both.
  auto lease = parts_.keys.take(url_ + " " + credentials_.key_id);
  if (!lease) {
    next_attempt_ =
        parts_.scheduler.call_after(settings_.key_pause, guard_.wrap([this] { attempt(); }));
    return;
  }
  lease_.emplace(std::move(*lease));
  connect();
}

void OrderStream::connect() {
  ++attempts_;
  is_refused_ = false;
  reconnect_.attempt_begins(parts_.scheduler.elapsed());
  session_.emplace(credentials_.key_id, credentials_.secret);
  net::WebSocketListener listener;
  listener.on_open = guard_.wrap([this] { perform(OrderStreamSession::Opened{}); });
  listener.on_message =
      guard_.wrap([this](net::MessageKind, std::string_view bytes) { on_message(bytes); });
  listener.on_closed = guard_.wrap([this](const net::WebSocketClosed& closed) {
    is_refused_ = net::is_final(closed);
    perform(OrderStreamSession::Closed{
        fmt::format("{}: {}", net::name_of(closed.end), closed.message)});
  });
  socket_ =
      parts_.transport.connect({.url = url_, .limits = settings_.limits}, std::move(listener));
}

/// Paper sends JSON in binary frames, live in either; a frame of one byte is a sign of life.
void OrderStream::on_message(std::string_view bytes) {
  if (bytes.size() <= 1) return;
  auto message = reader_.read_message(bytes);
  if (!message) return perform(OrderStreamSession::Unreadable{message.error().message});
  perform(OrderStreamSession::Event{std::move(*message)});
}

void OrderStream::perform(const OrderStreamSession::Event& event) {
  if (!session_) return;
  const OrderStreamSession::Action action = session_->step(event);
  std::visit([this](const auto& it) { perform(it); }, action);
}

void OrderStream::perform(const OrderStreamSession::Send& send) {
  if (auto sent = socket_->send(net::MessageKind::Text, to_frame(send.request)); !sent)
    return perform(OrderStreamSession::Closed{sent.error().message});
  parts_.scheduler.cancel(deadline_);
  deadline_ = parts_.scheduler.call_after(
      settings_.answer_deadline, guard_.wrap([this] { perform(OrderStreamSession::TooLate{}); }));
}

void OrderStream::perform(const OrderStreamSession::Live&) {
  parts_.scheduler.cancel(deadline_);
  reconnect_.opened(parts_.scheduler.elapsed());
  parts_.log.info("ORDER_STREAM_UP", url_);
  call(listener_.on_live);
}

void OrderStream::perform(const OrderStreamSession::Deliver& deliver) {
  call(listener_.on_update, deliver.update);
}

void OrderStream::perform(const OrderStreamSession::AskAgain& ask) {
  parts_.log.warn("ORDER_MESSAGE_REFUSED", fmt::format("{}; the orders are asked for", ask.reason));
  call(listener_.on_gap);
}

void OrderStream::perform(const OrderStreamSession::End& end) {
  drop();
  // No end is final: what a server refuses now it may take in a minute, and the pauses see to it
  // that it is not asked often.
  reconnect_.ended(parts_.scheduler.elapsed(), false);
  attempt_when_it_is_time();
  parts_.log.warn("ORDER_STREAM_DOWN", fmt::format("{}: {}", url_, end.reason));
  call(listener_.on_down, OrderStreamSession::End{end.reason, end.is_refused || is_refused_});
}

void OrderStream::drop() {
  parts_.scheduler.cancel(deadline_);
  socket_.reset();
  session_.reset();
  lease_.reset();
}

}  // namespace st0ck::alpaca
