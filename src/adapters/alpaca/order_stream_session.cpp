#include "st0ck/adapters/alpaca/order_stream_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::alpaca {

namespace {

constexpr std::string_view kTradeUpdates = "trade_updates";

}  // namespace

OrderStreamSession::Action OrderStreamSession::step(const Event& event) {
  if (state_ == State::Ended) return Wait{};
  return std::visit([this](const auto& it) { return on(it); }, event);
}

OrderStreamSession::Action OrderStreamSession::on(const Opened&) {
  if (state_ != State::Opening) return Wait{};
  state_ = State::Authenticating;
  return Send{keys_};
}

OrderStreamSession::Action OrderStreamSession::on(const OrderStreamMessage& message) {
  return std::visit([this](const auto& it) { return on(it); }, message);
}

/// A frame that is none of the protocol's means nothing before the stream is live.
OrderStreamSession::Action OrderStreamSession::on(const Unreadable& event) {
  if (state_ != State::Live) return Wait{};
  return AskAgain{event.reason};
}

OrderStreamSession::Action OrderStreamSession::on(const TooLate&) {
  if (state_ == State::Live) return Wait{};
  return end(state_ == State::Subscribing ? "no answer to the subscription"
                                          : "no answer to the login");
}

OrderStreamSession::Action OrderStreamSession::on(const Closed& event) { return end(event.reason); }

OrderStreamSession::Action OrderStreamSession::on(const Authorization& answer) {
  if (!answer.is_authorized)
    return end(fmt::format("{} was refused: check key id and secret", answer.action), true);
  if (state_ != State::Authenticating) return Wait{};
  state_ = State::Subscribing;
  return Send{Listen{{std::string{kTradeUpdates}}}};
}

/// Says what is listened to now; it may say so unasked.
OrderStreamSession::Action OrderStreamSession::on(const Listening& answer) {
  const bool is_listening = std::find(answer.streams.begin(), answer.streams.end(),
                                      kTradeUpdates) != answer.streams.end();
  if (state_ == State::Live && !is_listening)
    return end("the server does not send order updates any more");
  if (state_ != State::Subscribing) return Wait{};
  if (!is_listening) return end("the server does not send order updates");
  state_ = State::Live;
  return Live{};
}

OrderStreamSession::Action OrderStreamSession::on(const TradeUpdate& update) {
  // It was sent, so it happened; that the subscription was not confirmed yet does not matter.
  if (state_ != State::Live && state_ != State::Subscribing) return Wait{};
  return Deliver{update};
}

OrderStreamSession::Action OrderStreamSession::on(const StreamError& error) {
  return end(fmt::format("the server reports: {}", error.message.substr(0, 200)));
}

OrderStreamSession::Action OrderStreamSession::on(const OtherStream&) { return Wait{}; }

OrderStreamSession::Action OrderStreamSession::end(std::string reason, bool is_refused) {
  state_ = State::Ended;
  return End{std::move(reason), is_refused};
}

}  // namespace st0ck::alpaca
