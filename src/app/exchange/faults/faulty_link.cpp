#include "src/app/exchange/faults/faulty_link.hpp"

#include "src/app/exchange/faults/stream_faults.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::app::exchange {

FaultyLink::FaultyLink(FaultParts parts, FaultPoint point, alpaca::Codec codec,
                       net::WebSocketListener owner)
    : parts_{std::move(parts)},
      point_{point},
      codec_{codec},
      owner_{std::make_shared<const net::WebSocketListener>(std::move(owner))} {}

FaultyLink::~FaultyLink() {
  for (const net::TaskId task : {late_task_, aside_task_, cut_task_}) parts_.scheduler.cancel(task);
}

net::WebSocketListener FaultyLink::listener() {
  const std::weak_ptr<FaultyLink> weak = weak_from_this();
  return {.on_open =
              [weak] {
                const auto self = weak.lock();
                if (!self || self->state_ == State::Gone) return;
                const auto owner = self->owner_;
                owner->on_open();
              },
          .on_message =
              [weak](net::MessageKind kind, std::string_view bytes) {
                if (const auto self = weak.lock()) self->hear(kind, bytes);
              },
          .on_closed =
              [weak](const net::WebSocketClosed& closed) {
                const auto self = weak.lock();
                if (!self || std::exchange(self->state_, State::Gone) == State::Gone) return;
                const auto owner = self->owner_;
                owner->on_closed(closed);
              }};
}

/// Who was forgotten is a stranger, whatever it says.
void FaultyLink::hear(net::MessageKind kind, std::string_view bytes) {
  if (state_ == State::Passing) {
    const auto owner = owner_;
    return owner->on_message(kind, bytes);
  }
  if (state_ == State::Forgotten) (void)socket_->send(kind, not_authenticated());
}

core::Status FaultyLink::send(net::MessageKind kind, std::string_view bytes) {
  if (state_ == State::Gone)
    return core::fail(core::Errc::Unavailable, "cut off by the scenario, nothing can be sent");
  // Into the void, as the owner must not know.
  if (state_ == State::Hanging) return {};
  if (is_about_connection(point_, bytes)) return pass(kind, bytes);
  if (state_ == State::Forgotten) return {};
  const FaultVerdict verdict =
      parts_.judge(point_, codec_ == alpaca::Codec::Json ? bytes : "a frame of MessagePack");
  return verdict ? strike(verdict, kind, bytes) : pass(kind, bytes);
}

core::Status FaultyLink::strike(const FaultVerdict& verdict, net::MessageKind kind,
                                std::string_view bytes) {
  const FaultRule& rule = *verdict.rule;
  switch (rule.kind) {
    case FaultKind::Lose: return {};
    case FaultKind::Delay: return hold_up(kind, bytes, verdict.delay);
    case FaultKind::Overtake: return set_aside(kind, bytes, rule);
    case FaultKind::Truncate:
      return pass(kind, bytes.substr(0, static_cast<std::size_t>(rule.bytes)));
    case FaultKind::Duplicate:
      for (std::int64_t copy = 0; copy < rule.copies; ++copy)
        if (auto passed = pass(kind, bytes); !passed) return passed;
      return pass(kind, bytes);
    case FaultKind::Close:
    case FaultKind::Hang:
    case FaultKind::Forget: befall(verdict); return {};
    default: return pass(kind, bytes);
  }
}

void FaultyLink::befall(const FaultVerdict& verdict) {
  if (state_ == State::Gone || state_ == State::Hanging) return;
  const FaultRule& rule = *verdict.rule;
  if (rule.kind == FaultKind::Hang) return hang(rule.hangs_for);
  if (rule.kind == FaultKind::Forget) return forget(rule.says);
  if (rule.code == 0) return cut("by the scenario");
  socket_->close(static_cast<std::uint16_t>(rule.code), "by the scenario");
}

/// Behind what waits already.
core::Status FaultyLink::pass(net::MessageKind kind, std::string_view bytes) {
  if (!late_.empty()) return hold_up(kind, bytes, {});
  const auto sent = forward(kind, bytes);
  for (Message& message : aside_) --message.places;
  release_aside(false);
  return sent;
}

core::Status FaultyLink::forward(net::MessageKind kind, std::string_view bytes) {
  return socket_->send(kind, bytes);
}

core::Status FaultyLink::hold_up(net::MessageKind kind, std::string_view bytes,
                                 core::Duration wait) {
  if (late_.size() >= kHeldMax)
    return core::fail(core::Errc::Unavailable, "the scenario holds back {} messages", kHeldMax);
  core::Duration due = parts_.scheduler.elapsed() + wait;
  if (!late_.empty()) due = std::max(due, late_.back().due);
  late_.push_back({kind, std::string{bytes}, due});
  if (late_.size() == 1) late_task_ = later(wait, &FaultyLink::release_late);
  return {};
}

void FaultyLink::release_late() {
  while (!late_.empty() && late_.front().due <= parts_.scheduler.elapsed()) {
    const Message message = std::move(late_.front());
    late_.pop_front();
    if (state_ == State::Passing) (void)forward(message.kind, message.bytes);
  }
  if (!late_.empty())
    late_task_ = later(late_.front().due - parts_.scheduler.elapsed(), &FaultyLink::release_late);
}

core::Status FaultyLink::set_aside(net::MessageKind kind, std::string_view bytes,
                                   const FaultRule& rule) {
  if (aside_.size() >= kHeldMax) return pass(kind, bytes);
  const core::Duration due = parts_.scheduler.elapsed() + rule.delay;
  aside_.push_back({kind, std::string{bytes}, due, rule.places});
  if (aside_.size() == 1) {
    const std::weak_ptr<FaultyLink> weak = weak_from_this();
    aside_task_ = parts_.scheduler.call_after(rule.delay, [weak] {
      if (const auto self = weak.lock()) self->release_aside(true);
    });
  }
  return {};
}

void FaultyLink::release_aside(bool by_time) {
  const core::Duration now = parts_.scheduler.elapsed();
  std::deque<Message> kept;
  for (Message& message : aside_) {
    if (message.places > 0 && message.due > now)
      kept.push_back(std::move(message));
    else if (state_ == State::Passing)
      (void)forward(message.kind, message.bytes);
  }
  aside_ = std::move(kept);
  if (!by_time || aside_.empty()) return;
  const auto next = std::ranges::min_element(aside_, {}, &Message::due);
  const std::weak_ptr<FaultyLink> weak = weak_from_this();
  aside_task_ = parts_.scheduler.call_after(next->due - now, [weak] {
    if (const auto self = weak.lock()) self->release_aside(true);
  });
}

/// The socket goes without a word; the owner hears of it as of a client that is lost, never inside
/// its own call.
void FaultyLink::cut(std::string_view why) {
  if (std::exchange(state_, State::Gone) == State::Gone) return;
  socket_.reset();
  const std::weak_ptr<FaultyLink> weak = weak_from_this();
  parts_.scheduler.call_after({}, [weak, message = "cut " + std::string{why}] {
    const auto self = weak.lock();
    if (self == nullptr || self->owner_ == nullptr) return;
    const auto owner = self->owner_;
    owner->on_closed({.end = net::WebSocketEnd::Lost, .message = message, .was_open = true});
  });
}

void FaultyLink::hang(core::Duration until_cut) {
  state_ = State::Hanging;
  late_.clear();
  aside_.clear();
  socket_->freeze();
  const std::weak_ptr<FaultyLink> weak = weak_from_this();
  cut_task_ = parts_.scheduler.call_after(until_cut, [weak] {
    if (const auto self = weak.lock()) self->cut("after hanging");
  });
}

void FaultyLink::forget(bool says) {
  state_ = State::Forgotten;
  if (!says) return;
  const bool is_text = point_ == FaultPoint::MarketData && codec_ == alpaca::Codec::Json;
  (void)socket_->send(is_text ? net::MessageKind::Text : net::MessageKind::Binary,
                      not_authenticated());
}

std::string FaultyLink::not_authenticated() const {
  constexpr std::uint32_t kNotAuthenticated = 401;
  if (point_ == FaultPoint::MarketData) return alpaca::DataFrame{codec_}.error(kNotAuthenticated);
  return alpaca::to_frame(alpaca::OrderStreamMessage{
      alpaca::Authorization{.is_authorized = false, .action = "listen"}});
}

void FaultyLink::close(std::uint16_t code, std::string_view reason) {
  if (state_ != State::Gone && state_ != State::Hanging) socket_->close(code, reason);
}

void FaultyLink::freeze() {
  if (state_ != State::Gone) socket_->freeze();
}

void FaultyLink::let_go() {
  state_ = State::Gone;
  owner_.reset();
  socket_.reset();
}

net::TaskId FaultyLink::later(core::Duration wait, void (FaultyLink::*step)()) {
  return parts_.scheduler.call_after(wait, [weak = weak_from_this(), step] {
    if (const auto self = weak.lock()) ((*self).*step)();
  });
}

}  // namespace st0ck::app::exchange
