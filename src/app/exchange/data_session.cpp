#include "src/app/exchange/data_session.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace st0ck::app::exchange {

namespace {

using alpaca::Channels;
using List = std::vector<std::string> Channels::*;

/// By channel.
constexpr std::array<List, kDataChannels> kLists{
    &Channels::trades,     &Channels::quotes,    &Channels::bars,  &Channels::updated_bars,
    &Channels::daily_bars, &Channels::statuses,  &Channels::lulds, &Channels::imbalances,
    &Channels::news,       &Channels::orderbooks};

/// Symbols of all channels together, whoever asks.
constexpr std::size_t kSymbolsMax = 50'000;
constexpr std::string_view kAll = "*";

constexpr std::size_t place_of(DataChannel channel) { return static_cast<std::size_t>(channel); }

bool is_symbol(const std::string& text) {
  return text == kAll || core::parse_symbol(text).has_value();
}

/// Whether the streams of this kind have the channel.
bool has_channel(DataStreamKind kind, std::size_t channel) {
  const bool is_news = channel == place_of(DataChannel::News);
  const bool is_crypto = channel == place_of(DataChannel::Orderbooks);
  switch (kind) {
    case DataStreamKind::News: return is_news;
    case DataStreamKind::Options:
      return channel == place_of(DataChannel::Trades) || channel == place_of(DataChannel::Quotes);
    default: return !is_news && !is_crypto;
  }
}

}  // namespace

std::optional<DataStreamKind> data_stream_kind(const std::vector<std::string>& path) {
  const auto is = [&](std::size_t place, std::string_view word) { return path[place] == word; };
  std::size_t size = path.size();
  if (size > 0 && path.back().empty()) --size;
  if (size == 2 && is(0, "v2")) {
    if (is(1, "iex") || is(1, "sip")) return DataStreamKind::Stocks;
    if (is(1, "delayed_sip")) return DataStreamKind::DelayedStocks;
    if (is(1, "test")) return DataStreamKind::Test;
  }
  if (size == 2 && is(0, "v1beta1")) {
    if (is(1, "indicative") || is(1, "opra")) return DataStreamKind::Options;
    if (is(1, "news")) return DataStreamKind::News;
    if (is(1, "boats") || is(1, "overnight")) return DataStreamKind::NotOffered;
  }
  if (size == 3 && is(0, "v1beta3") && is(1, "crypto")) return DataStreamKind::NotOffered;
  return std::nullopt;
}

DataSession::DataSession(const Terms& terms, const DataKeys& keys,
                         const market::InstrumentTable& instruments, HasPlace has_place)
    : terms_{terms},
      keys_{keys},
      instruments_{instruments},
      has_place_{std::move(has_place)},
      frames_{terms.codec},
      wanted_(instruments.size()) {}

DataReply DataSession::open(const net::HeaderFields& headers) {
  DataReply reply{{frames_.success("connected")}};
  DataReply next;
  if (terms_.kind == DataStreamKind::Options && terms_.codec == alpaca::Codec::Json) {
    next = ending(412);
  } else if (DataKeys::are_shown(headers)) {
    next = authenticate(net::find_header(headers, "APCA-API-KEY-ID").value_or(""),
                        net::find_header(headers, "APCA-API-SECRET-KEY").value_or(""));
  }
  for (std::string& frame : next.frames) reply.frames.push_back(std::move(frame));
  reply.is_end = next.is_end;
  return reply;
}

DataReply DataSession::hear(const core::Result<alpaca::DataRequest>& message) {
  if (!message) return error(400);
  if (const auto* auth = std::get_if<alpaca::DataAuth>(&*message)) {
    if (is_authenticated()) return error(403);
    return authenticate(auth->key, auth->secret);
  }
  if (!is_authenticated()) return error(401);
  if (const auto* asked = std::get_if<alpaca::Subscribe>(&*message))
    return subscribe(asked->channels);
  return unsubscribe(std::get<alpaca::Unsubscribe>(*message).channels);
}

DataReply DataSession::time_out() { return is_authenticated() ? DataReply{} : ending(404); }

DataReply DataSession::authenticate(std::string_view key, std::string_view secret) {
  if (!keys_.are_right(key, secret)) return error(402);
  if (terms_.kind == DataStreamKind::NotOffered || !terms_.is_paid) return ending(409);
  if (!has_place_(key)) return ending(406);
  key_ = key;
  return {{frames_.success("authenticated")}};
}

DataReply DataSession::subscribe(const Channels& asked) {
  if (const auto code = refusal_of(asked)) return error(*code);
  if (terms_.kind == DataStreamKind::Options)
    return {{frames_.error(409, "option data are not offered by this exchange yet")}};
  Lists lists = lists_;
  for (std::size_t i = 0; i < kDataChannels; ++i)
    for (const std::string& symbol : asked.*kLists[i]) lists[i].insert(symbol);
  if (is_above_limit(lists)) return error(405);
  adopt(std::move(lists));
  return {{echo()}};
}

DataReply DataSession::unsubscribe(const Channels& asked) {
  Lists lists = lists_;
  for (std::size_t i = 0; i < kDataChannels; ++i) {
    for (const std::string& symbol : asked.*kLists[i]) {
      if (symbol == kAll)
        lists[i].clear();
      else
        lists[i].erase(symbol);
    }
  }
  adopt(std::move(lists));
  return {{echo()}};
}

std::optional<std::uint32_t> DataSession::refusal_of(const Channels& asked) const {
  for (std::size_t i = 0; i < kDataChannels; ++i) {
    const auto& symbols = asked.*kLists[i];
    if (symbols.empty()) continue;
    if (!has_channel(terms_.kind, i)) return 410;
    if (!std::ranges::all_of(symbols, is_symbol)) return 400;
    const bool is_star = std::ranges::find(symbols, kAll) != symbols.end();
    if (is_star && terms_.kind == DataStreamKind::Options && i == place_of(DataChannel::Quotes))
      return 413;
  }
  return std::nullopt;
}

bool DataSession::is_above_limit(const Lists& lists) const {
  std::size_t all = 0;
  for (const Symbols& symbols : lists) all += symbols.size();
  if (all > kSymbolsMax) return true;
  if (!terms_.symbols_max) return false;
  const Symbols& trades = lists[place_of(DataChannel::Trades)];
  const Symbols& quotes = lists[place_of(DataChannel::Quotes)];
  return trades.contains(kAll) || quotes.contains(kAll) ||
         trades.size() + quotes.size() > *terms_.symbols_max;
}

void DataSession::adopt(Lists lists) {
  lists_ = std::move(lists);
  for (const market::Instrument& instrument : instruments_) {
    unsigned wanted = 0;
    for (std::size_t i = 0; i < kDataChannels; ++i)
      if (lists_[i].contains(kAll) || lists_[i].contains(instrument.symbol.view()))
        wanted |= 1U << i;
    wanted_[instrument.id.value()] = static_cast<std::uint16_t>(wanted);
  }
}

bool DataSession::wants(DataChannel channel, std::string_view symbol) const {
  const Symbols& symbols = lists_[place_of(channel)];
  return symbols.contains(kAll) || symbols.contains(symbol);
}

std::string DataSession::echo() const {
  Channels channels;
  for (std::size_t i = 0; i < kDataChannels; ++i)
    (channels.*kLists[i]).assign(lists_[i].begin(), lists_[i].end());
  channels.corrections = channels.trades;
  channels.cancel_errors = channels.trades;
  return frames_.subscription(channels);
}

}  // namespace st0ck::app::exchange
