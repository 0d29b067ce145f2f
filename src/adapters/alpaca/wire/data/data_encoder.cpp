#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"

#include "src/adapters/alpaca/wire/codec/writer.hpp"
#include "tape_writer.hpp"

#include <utility>

namespace st0ck::alpaca {

namespace {

template <typename Write>
void with_writer(Codec codec, std::string& out, Write write_to) {
  if (codec == Codec::Json) {
    JsonWriter writer{out};
    write_to(writer);
  } else {
    MsgpackWriter writer{out};
    write_to(writer);
  }
}

template <typename Write>
std::string frame_of(Codec codec, Write write_to) {
  std::string out;
  with_writer(codec, out, [&](Writer& writer) {
    writer.begin_array(1);
    write_to(writer);
    writer.end_array();
  });
  return out;
}

void put(Writer& writer, std::string_view key, std::string_view value) {
  writer.key(key);
  writer.text(value);
}

constexpr std::string_view letter_of(TapeBarKind kind) {
  switch (kind) {
    case TapeBarKind::Minute: return "b";
    case TapeBarKind::Updated: return "u";
    case TapeBarKind::Daily: return "d";
  }
  return "b";
}

/// What every client wants to find in a reply; the others are told where they hold something.
struct ChannelList {
  std::string_view key;
  const std::vector<std::string>& symbols;
  bool is_always_told;
};

}  // namespace

DataFrame::DataFrame(Codec codec, TapeProduct product) : codec_{codec}, product_{product} {}

void DataFrame::add(std::string_view symbol, const TapeTrade& trade) {
  ++messages_;
  with_writer(codec_, body_, [&](Writer& out) { write(out, {"t", symbol}, trade, product_); });
}

void DataFrame::add(std::string_view symbol, const TapeQuote& quote) {
  ++messages_;
  with_writer(codec_, body_, [&](Writer& out) { write(out, {"q", symbol}, quote, product_); });
}

void DataFrame::add(std::string_view symbol, TapeBarKind kind, const TapeBar& bar) {
  ++messages_;
  with_writer(codec_, body_, [&](Writer& out) { write(out, {letter_of(kind), symbol}, bar); });
}

void DataFrame::add(std::string_view symbol, const TapeStatus& status) {
  ++messages_;
  with_writer(codec_, body_, [&](Writer& out) { write(out, {"s", symbol}, status); });
}

void DataFrame::add(std::string_view symbol, const TapeBands& bands) {
  ++messages_;
  with_writer(codec_, body_, [&](Writer& out) { write(out, {"l", symbol}, bands); });
}

void DataFrame::add(std::string_view symbol, const TapeCorrection& correction) {
  ++messages_;
  with_writer(codec_, body_, [&](Writer& out) { write(out, {"c", symbol}, correction); });
}

void DataFrame::add(std::string_view symbol, const TapeCancel& cancel) {
  ++messages_;
  with_writer(codec_, body_, [&](Writer& out) { write(out, {"x", symbol}, cancel); });
}

std::string DataFrame::take() {
  std::string frame;
  if (codec_ == Codec::Json) {
    frame = '[' + std::exchange(body_, {}) + ']';
  } else {
    MsgpackWriter{frame}.begin_array(messages_);
    frame += std::exchange(body_, {});
  }
  messages_ = 0;
  return frame;
}

std::string DataFrame::success(std::string_view message) const {
  return frame_of(codec_, [&](Writer& writer) {
    writer.begin_object(2);
    put(writer, "T", "success");
    put(writer, "msg", message);
    writer.end_object();
  });
}

std::string DataFrame::error(std::uint32_t code) const {
  return error(code, data_error_message(code));
}

std::string DataFrame::error(std::uint32_t code, std::string_view message) const {
  return frame_of(codec_, [&](Writer& writer) {
    writer.begin_object(3);
    put(writer, "T", "error");
    writer.key("code");
    writer.count(code);
    put(writer, "msg", message);
    writer.end_object();
  });
}

std::string DataFrame::subscription(const Channels& channels) const {
  const ChannelList lists[] = {
      {"trades", channels.trades, true},
      {"quotes", channels.quotes, true},
      {"bars", channels.bars, true},
      {"updatedBars", channels.updated_bars, true},
      {"dailyBars", channels.daily_bars, true},
      {"statuses", channels.statuses, true},
      {"lulds", channels.lulds, true},
      {"corrections", channels.corrections, true},
      {"cancelErrors", channels.cancel_errors, true},
      {"imbalances", channels.imbalances, false},
      {"news", channels.news, false},
      {"orderbooks", channels.orderbooks, false},
  };
  const auto is_told = [](const ChannelList& list) {
    return list.is_always_told || !list.symbols.empty();
  };
  std::size_t told = 0;
  for (const auto& list : lists) told += is_told(list) ? 1U : 0U;
  return frame_of(codec_, [&](Writer& writer) {
    writer.begin_object(1 + told);
    put(writer, "T", "subscription");
    for (const auto& list : lists) {
      if (!is_told(list)) continue;
      writer.key(list.key);
      writer.begin_array(list.symbols.size());
      for (const auto& symbol : list.symbols) writer.text(symbol);
      writer.end_array();
    }
    writer.end_object();
  });
}

std::string_view data_error_message(std::uint32_t code) {
  switch (code) {
    case 400: return "invalid syntax";
    case 401: return "not authenticated";
    case 402: return "auth failed";
    case 403: return "already authenticated";
    case 404: return "auth timeout";
    case 405: return "symbol limit exceeded";
    case 406: return "connection limit exceeded";
    case 407: return "slow client";
    case 408: return "v2 not enabled";
    case 409: return "insufficient subscription";
    case 410: return "invalid subscribe action for this feed";
    case 411: return "insufficient scope";
    case 412: return "option messages are only available in MsgPack";
    case 413: return "star subscription not allowed for option quotes";
    case 500: return "internal error";
    default: return {};
  }
}

}  // namespace st0ck::alpaca
