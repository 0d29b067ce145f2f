#pragma once

#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace st0ck::alpaca {

/// One connection to the order stream, from the open socket to its end: log in, listen, pass on.
/// Knows no socket and no clock: `step` takes what happened and says what to do.
///
///     opened -> authenticate -> authorized -> listen -> listening -> updates ...
class OrderStreamSession {
 public:
  /// What happened. A message is an OrderStreamMessage.
  struct Opened {};
  struct Unreadable {
    std::string reason;
  };
  struct TooLate {};  ///< The deadline of a Send ran out.
  struct Closed {
    std::string reason;
  };
  using Event = std::variant<Opened, OrderStreamMessage, Unreadable, TooLate, Closed>;

  /// What to do.
  struct Wait {};                ///< Nothing but to go on reading.
  struct Send {                  ///< And give the answer a deadline.
    OrderStreamRequest request;  ///< May hold the secret: not for logs.
  };
  struct Live {};  ///< All is heard from now on; what was missed must be asked for.
  struct Deliver {
    TradeUpdate update;
  };
  struct AskAgain {  ///< Something was said that could not be read: it may have been a fill.
    std::string reason;
  };
  struct End {  ///< Drop the connection.
    std::string reason;
    bool is_refused = false;  ///< The keys are not accepted.
  };
  using Action = std::variant<Wait, Send, Live, Deliver, AskAgain, End>;

  enum class State : std::uint8_t { Opening, Authenticating, Subscribing, Live, Ended };

  OrderStreamSession(std::string key_id, std::string secret)
      : keys_{std::move(key_id), std::move(secret)} {}

  Action step(const Event& event);

  State state() const { return state_; }

 private:
  Action on(const Opened& event);
  Action on(const OrderStreamMessage& message);
  Action on(const Unreadable& event);
  Action on(const TooLate& event);
  Action on(const Closed& event);
  Action on(const Authorization& answer);
  Action on(const Listening& answer);
  Action on(const TradeUpdate& update);
  Action on(const StreamError& error);
  Action on(const OtherStream& other);
  Action end(std::string reason, bool is_refused = false);

  Authenticate keys_;
  State state_ = State::Opening;
};

}  // namespace st0ck::alpaca
