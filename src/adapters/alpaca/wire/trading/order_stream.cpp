#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"

#include "describe_order.hpp"
#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"

namespace st0ck::alpaca {

template <>
struct Names<TradeEvent> {
  static constexpr Name<TradeEvent> kList[] = {
      {"new", TradeEvent::New},
      {"pending_new", TradeEvent::PendingNew},
      {"accepted", TradeEvent::Accepted},
      {"held", TradeEvent::Held},
      {"partial_fill", TradeEvent::PartialFill},
      {"fill", TradeEvent::Fill},
      {"canceled", TradeEvent::Canceled},
      {"expired", TradeEvent::Expired},
      {"done_for_day", TradeEvent::DoneForDay},
      {"replaced", TradeEvent::Replaced},
      {"rejected", TradeEvent::Rejected},
      {"pending_cancel", TradeEvent::PendingCancel},
      {"pending_replace", TradeEvent::PendingReplace},
      {"order_cancel_rejected", TradeEvent::OrderCancelRejected},
      {"order_replace_rejected", TradeEvent::OrderReplaceRejected},
      {"stopped", TradeEvent::Stopped},
      {"suspended", TradeEvent::Suspended},
      {"calculated", TradeEvent::Calculated},
      {"restated", TradeEvent::Restated},
      {"trade_bust", TradeEvent::TradeBust},
      {"trade_correct", TradeEvent::TradeCorrect},
  };
  static constexpr std::optional<TradeEvent> kOther = TradeEvent::Other;
};

// Found by the reader and the writer through their arguments, so not in the namespace below.

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, TradeUpdate>
void describe(Fields& fields, T& update) {
  fields.field("event", update.event);
  fields.if_set("execution_id", update.execution_id);
  fields.if_set("timestamp", update.time);
  fields.if_set("price", update.price);
  fields.if_set("qty", update.quantity);
  fields.if_set("position_qty", update.position_quantity);
  fields.field("order", update.order);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, Listening> ||
           std::is_same_v<std::remove_const_t<T>, Listen>
void describe(Fields& fields, T& message) {
  fields.field("streams", message.streams);
}

template <typename Fields>
void describe(Fields& fields, const Authorization& message) {
  fields.field("status", std::string{message.is_authorized ? "authorized" : "unauthorized"});
  fields.field("action", message.action);
}

template <typename Fields>
void describe(Fields& fields, const StreamError& message) {
  fields.field("error_message", message.message);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, Authenticate>
void describe(Fields& fields, T& message) {
  fields.field("key_id", message.key);
  fields.field("secret_key", message.secret);
}

namespace {

using core::Errc;

/// The newer way to log in has its keys beside the action.
struct FlatAuthenticate {
  Authenticate keys;
};

template <typename Fields>
void describe(Fields& fields, FlatAuthenticate& message) {
  fields.field("key", message.keys.key);
  fields.field("secret", message.keys.secret);
}

/// `{"stream":name,"data":{...}}`, or with an action in the stream's place.
template <typename T>
std::string envelope(std::string_view kind, std::string_view name, const T& data) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_object();
  writer.key(kind);
  writer.text(name);
  writer.key("data");
  {
    ObjectWriter fields{writer};
    describe(fields, data);
  }
  writer.end_object();
  return out;
}

template <typename T>
core::Result<OrderStreamMessage> message_of(std::string_view name, Value data) {
  auto message = read_object<T>(name, data);
  if (!message) return tl::unexpected<core::Error>(message.error());
  return std::move(*message);
}

template <typename T>
core::Result<OrderStreamRequest> request_of(std::string_view name, Value data) {
  auto request = read_object<T>(name, data);
  if (!request) return tl::unexpected<core::Error>(request.error());
  return std::move(*request);
}

core::Result<OrderStreamMessage> authorization_of(Value data) {
  const std::string_view status = data["status"].scalar().word();
  if (status != "authorized" && status != "unauthorized")
    return core::fail(Errc::BadInput,
                      "authorization.status '{}' (allowed are authorized, unauthorized)",
                      status.substr(0, 40));
  return Authorization{.is_authorized = status == "authorized",
                       .action = std::string{data["action"].scalar().word()}};
}

/// Writes each kind of frame.
struct FrameOf {
  std::string operator()(const Authenticate& it) const {
    return envelope("action", "authenticate", it);
  }
  std::string operator()(const Listen& it) const { return envelope("action", "listen", it); }
  std::string operator()(const Authorization& it) const {
    return envelope("stream", "authorization", it);
  }
  std::string operator()(const Listening& it) const { return envelope("stream", "listening", it); }
  std::string operator()(const TradeUpdate& it) const {
    return envelope("stream", "trade_updates", it);
  }
  std::string operator()(const StreamError& it) const { return envelope("action", "error", it); }
  std::string operator()(const OtherStream& it) const {
    return envelope("stream", it.name, Listening{});
  }
};

}  // namespace

std::string_view text_of(TradeEvent event) {
  return event == TradeEvent::Other ? "other" : text_of<TradeEvent>(event);
}

std::string to_frame(const OrderStreamRequest& request) { return std::visit(FrameOf{}, request); }
std::string to_frame(const OrderStreamMessage& message) { return std::visit(FrameOf{}, message); }

struct OrderStreamReader::Parts {
  explicit Parts(std::size_t bytes_max)
      : document{{.bytes_max = bytes_max, .nodes_max = bytes_max}} {}

  Document document;
};

OrderStreamReader::OrderStreamReader(std::size_t bytes_max)
    : parts_{std::make_unique<Parts>(bytes_max)} {}
OrderStreamReader::~OrderStreamReader() = default;

core::Result<OrderStreamMessage> OrderStreamReader::read_message(std::string_view frame) {
  const auto message = parts_->document.read_json(frame);
  if (!message) return core::at("order stream", message.error());
  const Value data = (*message)["data"];
  const std::string_view stream = (*message)["stream"].scalar().word();
  if (stream == "trade_updates") return message_of<TradeUpdate>("trade_updates", data);
  if (stream == "authorization") return authorization_of(data);
  if (stream == "listening") return message_of<Listening>("listening", data);
  if (!stream.empty()) return OtherStream{std::string{stream}};
  if ((*message)["action"].scalar().word() == "error")
    return StreamError{std::string{data["error_message"].scalar().word()}};
  return core::fail(Errc::BadInput, "order stream: neither a stream nor an error");
}

core::Result<OrderStreamRequest> OrderStreamReader::read_request(std::string_view frame) {
  const auto message = parts_->document.read_json(frame);
  if (!message) return core::at("order stream request", message.error());
  const std::string_view action = (*message)["action"].scalar().word();
  if (action == "listen") return request_of<Listen>("listen", (*message)["data"]);
  if (action == "authenticate" && (*message)["data"].is_object())
    return request_of<Authenticate>("authenticate", (*message)["data"]);
  if (action == "auth" || action == "authenticate") {
    auto keys = read_object<FlatAuthenticate>("auth", *message);
    if (!keys) return tl::unexpected<core::Error>(keys.error());
    return std::move(keys->keys);
  }
  return core::fail(Errc::BadInput,
                    "order stream request: action '{}' (allowed are authenticate, auth, listen)",
                    action.substr(0, 40));
}

}  // namespace st0ck::alpaca
