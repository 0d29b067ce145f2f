#pragma once

#include "st0ck/adapters/alpaca/wire/trading/order.hpp"
#include "st0ck/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace st0ck::alpaca {

/// What happened to an order. `Other` is a word that this version does not know.
enum class TradeEvent : std::uint8_t {
  New,
  PendingNew,
  Accepted,
  Held,
  PartialFill,
  Fill,
  Canceled,
  Expired,
  DoneForDay,
  Replaced,
  Rejected,
  PendingCancel,
  PendingReplace,
  OrderCancelRejected,
  OrderReplaceRejected,
  Stopped,
  Suspended,
  Calculated,
  Restated,
  TradeBust,
  TradeCorrect,
  Other,
};

std::string_view text_of(TradeEvent event);

/// A message about an order; `price`, `quantity` and the position after it are those of the one
/// execution that a fill reports.
struct TradeUpdate {
  TradeEvent event = TradeEvent::New;
  std::optional<std::string> execution_id{};
  std::optional<core::Timestamp> time{};
  std::optional<core::Price> price{};
  std::optional<core::Quantity> quantity{};
  std::optional<core::Quantity> position_quantity{};
  Order order{};

  friend bool operator==(const TradeUpdate&, const TradeUpdate&) = default;
};

struct Authorization {
  bool is_authorized = false;
  std::string action = "authenticate";  ///< What was answered; `listen` came before the login.

  friend bool operator==(const Authorization&, const Authorization&) = default;
};

/// The streams that are listened to now.
struct Listening {
  std::vector<std::string> streams;

  friend bool operator==(const Listening&, const Listening&) = default;
};

struct StreamError {
  std::string message;

  friend bool operator==(const StreamError&, const StreamError&) = default;
};

/// A stream that nobody asked for.
struct OtherStream {
  std::string name;

  friend bool operator==(const OtherStream&, const OtherStream&) = default;
};

/// What the server says.
using OrderStreamMessage =
    std::variant<Authorization, Listening, TradeUpdate, StreamError, OtherStream>;

struct Authenticate {
  std::string key;
  std::string secret;

  friend bool operator==(const Authenticate&, const Authenticate&) = default;
};

/// Replaces the streams that were listened to before.
struct Listen {
  std::vector<std::string> streams;

  friend bool operator==(const Listen&, const Listen&) = default;
};

/// What a client says.
using OrderStreamRequest = std::variant<Authenticate, Listen>;

std::string to_frame(const OrderStreamRequest& request);
std::string to_frame(const OrderStreamMessage& message);

/// Reads the JSON frames of the order stream, text or binary alike, for either side.
class OrderStreamReader {
 public:
  explicit OrderStreamReader(std::size_t bytes_max = std::size_t{1} << 20);
  ~OrderStreamReader();
  OrderStreamReader(const OrderStreamReader&) = delete;
  OrderStreamReader& operator=(const OrderStreamReader&) = delete;

  /// For clients. A frame that is refused may have told a fill: orders must be asked for again.
  core::Result<OrderStreamMessage> read_message(std::string_view frame);

  /// For servers: logging in has two forms.
  core::Result<OrderStreamRequest> read_request(std::string_view frame);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace st0ck::alpaca
