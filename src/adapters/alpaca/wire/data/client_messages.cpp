#include "st0ck/adapters/alpaca/wire/data/client_messages.hpp"

#include "fields.hpp"
#include "src/adapters/alpaca/wire/codec/document.hpp"
#include "src/adapters/alpaca/wire/codec/writer.hpp"

#include <utility>

namespace st0ck::alpaca {

namespace {

using core::Errc;

constexpr std::string_view kChannelKeys[] = {"trades",    "quotes",    "bars",  "updatedBars",
                                             "dailyBars", "statuses",  "lulds", "imbalances",
                                             "news",      "orderbooks"};

void put(Writer& writer, std::string_view key, std::string_view value) {
  writer.key(key);
  writer.text(value);
}

void write(Writer& writer, const DataAuth& auth) {
  writer.begin_object(3);
  put(writer, "action", "auth");
  put(writer, "key", auth.key);
  put(writer, "secret", auth.secret);
  writer.end_object();
}

void write(Writer& writer, std::string_view action, Channels channels) {
  std::size_t told = 0;
  for (const auto key : kChannelKeys) told += channel_of(channels, key)->empty() ? 0U : 1U;
  writer.begin_object(1 + told);
  put(writer, "action", action);
  for (const auto key : kChannelKeys) {
    const auto& symbols = *channel_of(channels, key);
    if (symbols.empty()) continue;
    writer.key(key);
    writer.begin_array(symbols.size());
    for (const auto& symbol : symbols) writer.text(symbol);
    writer.end_array();
  }
  writer.end_object();
}

void write(Writer& writer, const Subscribe& request) {
  write(writer, "subscribe", request.channels);
}
void write(Writer& writer, const Unsubscribe& request) {
  write(writer, "unsubscribe", request.channels);
}

core::Result<DataRequest> read_auth(Value message) {
  const Scalar& key = message["key"].scalar();
  const Scalar& secret = message["secret"].scalar();
  if (key.kind != Scalar::Kind::Text || secret.kind != Scalar::Kind::Text)
    return core::fail(Errc::BadInput, "auth: key and secret must be texts");
  return DataAuth{.key = std::string{key.text}, .secret = std::string{secret.text}};
}

}  // namespace

std::string to_frame(Codec codec, const DataRequest& request) {
  std::string out;
  if (codec == Codec::Json) {
    JsonWriter writer{out};
    std::visit([&](const auto& message) { write(writer, message); }, request);
  } else {
    MsgpackWriter writer{out};
    std::visit([&](const auto& message) { write(writer, message); }, request);
  }
  return out;
}

struct DataRequestReader::Parts {
  explicit Parts(std::size_t bytes_max)
      : document{{.bytes_max = bytes_max, .nodes_max = bytes_max}} {}

  Document document;
};

DataRequestReader::DataRequestReader(std::size_t bytes_max)
    : parts_{std::make_unique<Parts>(bytes_max)} {}
DataRequestReader::~DataRequestReader() = default;

core::Result<DataRequest> DataRequestReader::read(std::string_view frame) {
  // No map of msgpack begins like JSON text: `{` would be the number 123.
  const auto first = frame.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && frame[first] == '{';
  const auto message =
      is_json ? parts_->document.read_json(frame) : parts_->document.read_msgpack(frame);
  if (!message) return core::at("data stream request", message.error());
  const std::string_view action = (*message)["action"].scalar().word();
  if (action == "auth") return read_auth(*message);
  const bool subscribes = action == "subscribe";
  if (!subscribes && action != "unsubscribe")
    return core::fail(Errc::BadInput,
                      "data stream request: action '{}' (allowed are auth, subscribe, unsubscribe)",
                      action.substr(0, 40));
  Channels channels;
  if (!fill(channels, *message))
    return core::fail(Errc::BadInput, "data stream request: a channel is not a list of symbols");
  if (subscribes) return Subscribe{std::move(channels)};
  return Unsubscribe{std::move(channels)};
}

}  // namespace st0ck::alpaca
