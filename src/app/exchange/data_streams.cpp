#include "src/app/exchange/data_streams.hpp"

#include "src/app/exchange/tape_rows.hpp"
#include "st0ck/core/new_york_time.hpp"

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>

namespace st0ck::app::exchange {

namespace {

using alpaca::Codec;
using alpaca::TapeBarKind;

constexpr std::string_view kTestSymbol = "FAKEPACA";
constexpr core::Duration kTestInterval = std::chrono::seconds{1};
constexpr core::Duration kSlowInterval = std::chrono::milliseconds{100};
constexpr std::uint16_t kPolicyViolation = 1008;

Codec codec_of(const net::ServerRequest& request) {
  const auto type = request.header("Content-Type").value_or(std::string_view{});
  return type.find("msgpack") == std::string_view::npos ? Codec::Json : Codec::Msgpack;
}

DataChannel channel_of(TapeBarKind kind) {
  switch (kind) {
    case TapeBarKind::Minute: return DataChannel::Bars;
    case TapeBarKind::Updated: return DataChannel::UpdatedBars;
    case TapeBarKind::Daily: return DataChannel::DailyBars;
  }
  return DataChannel::Bars;
}

core::Timestamp shown_start(TapeBarKind kind, const market::Bar& bar) {
  if (kind != TapeBarKind::Daily) return bar.start;
  return core::from_new_york(core::to_new_york(bar.start).date, core::Duration::zero());
}

}  // namespace

struct DataStreams::Client {
  Client(DataStreamKind of, std::string of_path, Codec of_codec, DataSession of_session)
      : kind{of},
        path{std::move(of_path)},
        codec{of_codec},
        session{std::move(of_session)},
        frame{of_codec} {}

  DataStreamKind kind;
  std::string path;
  Codec codec;
  DataSession session;
  alpaca::DataFrame frame;              ///< What is to go out with the next flush.
  std::optional<net::TaskId> deadline;  ///< For its keys; of a slow one, the next try to say so.
  core::Duration slow_until{};          ///< By the scheduler.
  bool is_ending = false;
  std::unique_ptr<net::WebSocketConnection> connection;
};

DataStreams::DataStreams(const Parts& parts, const DataStreamsSettings& settings)
    : parts_{parts}, settings_{settings} {
  parts_.record.add_listener(*this);
}

DataStreams::~DataStreams() {
  parts_.record.remove_listener(*this);
  if (flush_task_) parts_.scheduler.cancel(*flush_task_);
  if (test_task_) parts_.scheduler.cancel(*test_task_);
  for (const auto& client : clients_)
    if (client->deadline) parts_.scheduler.cancel(*client->deadline);
}

bool DataStreams::handles(const net::ServerRequest& request) const {
  return data_stream_kind(request.target.segments).has_value();
}

void DataStreams::upgrade(const net::ServerRequest& request, const net::WebSocketUpgrade& upgrade) {
  const auto kind = data_stream_kind(request.target.segments);
  if (!kind) return upgrade.refuse({.status = 404, .body = R"({"message":"endpoint not found."})"});
  if (clients_.size() >= settings_.clients_max)
    return upgrade.refuse({.status = 503, .body = R"({"message":"too many connections."})"});

  const Codec codec = codec_of(request);
  const bool is_basic = settings_.plan == DataPlan::Basic;
  DataSession::Terms terms{.kind = *kind, .codec = codec};
  terms.is_paid = !is_basic || request.target.path.find("/sip") == std::string::npos;
  if (is_basic) terms.symbols_max = settings_.symbols_max_basic;
  std::string path = request.target.path;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  auto has_place_here = [this, path](std::string_view key) { return has_place(key, path); };
  Client& client = *clients_.emplace_back(std::make_unique<Client>(
      *kind, path, codec,
      DataSession{terms, parts_.keys, parts_.record.instruments(), std::move(has_place_here)}));

  // Both callbacks end with the connection, which the client owns.
  client.connection = upgrade.accept(
      {.on_message = [this, &client](auto, std::string_view bytes) { hear(client, bytes); },
       .on_closed = [this, &client](const auto&) { forget(client); }});
  client.deadline = parts_.scheduler.call_after(settings_.auth_deadline, [this, &client] {
    client.deadline.reset();
    say(client, client.session.time_out());
  });
  say(client, client.session.open(request.headers));
  if (*kind == DataStreamKind::Test && !test_task_)
    test_task_ = parts_.scheduler.call_after(kTestInterval, [this] { tell_test(); });
}

/// One connection of a key to each stream.
bool DataStreams::has_place(std::string_view key, std::string_view path) const {
  return std::ranges::none_of(clients_, [&](const auto& client) {
    return !client->is_ending && client->path == path && client->session.key() == key;
  });
}

void DataStreams::hear(Client& client, std::string_view message) {
  if (client.is_ending) return;
  // What was said before belongs to the subscription before.
  flush(client);
  if (client.is_ending) return;
  say(client, client.session.hear(reader_.read(message)));
}

void DataStreams::say(Client& client, const DataReply& reply) {
  for (const std::string& frame : reply.frames)
    if (!send(client, frame)) return let_slow_go(client);
  if (reply.is_end) let_go(client, "the error before this says why");
}

bool DataStreams::send(Client& client, std::string_view frame) {
  const auto kind = client.codec == Codec::Json ? net::MessageKind::Text : net::MessageKind::Binary;
  return client.connection->send(kind, frame).has_value();
}

void DataStreams::flush(Client& client) {
  if (client.frame.size() == 0 || client.is_ending) return;
  if (!send(client, client.frame.take())) let_slow_go(client);
}

/// The queue is full. A client that reads again in time finds the reason at its end.
void DataStreams::let_slow_go(Client& client) {
  if (std::exchange(client.is_ending, true)) return;
  if (client.deadline) parts_.scheduler.cancel(*client.deadline);
  client.slow_until = parts_.scheduler.elapsed() + settings_.slow_deadline;
  tell_slow(client);
}

void DataStreams::tell_slow(Client& client) {
  client.deadline.reset();
  const auto frames = client.session.too_slow().frames;
  const bool is_told =
      std::ranges::all_of(frames, [&](const std::string& frame) { return send(client, frame); });
  if (is_told || parts_.scheduler.elapsed() >= client.slow_until)
    return client.connection->close(kPolicyViolation, "slow client");
  client.deadline =
      parts_.scheduler.call_after(kSlowInterval, [this, &client] { tell_slow(client); });
}

void DataStreams::flush_later() {
  if (flush_task_) return;
  flush_task_ = parts_.scheduler.call_after(core::Duration::zero(), [this] {
    flush_task_.reset();
    flush_all();
  });
}

void DataStreams::flush_all() {
  for (const auto& client : clients_) flush(*client);
}

void DataStreams::let_go(Client& client, std::string_view reason) {
  if (std::exchange(client.is_ending, true)) return;
  client.connection->close(kPolicyViolation, reason);
}

void DataStreams::forget(const Client& client) {
  if (client.deadline) parts_.scheduler.cancel(*client.deadline);
  std::erase_if(clients_, [&](const auto& each) { return each.get() == &client; });
}

void DataStreams::on_quote(const market::Quote& quote) { tell({quote.time, quote}); }

void DataStreams::on_trade(const NumberedTrade& trade) { tell({trade.trade.time, trade}); }

void DataStreams::on_bar(const market::Bar& bar) {
  tell({bar.end, ToldBar{TapeBarKind::Minute, bar}});
}

void DataStreams::on_updated_bar(const market::Bar& bar) {
  tell({parts_.clock.now(), ToldBar{TapeBarKind::Updated, bar}});
}

void DataStreams::on_daily_bar(const market::Bar& bar) {
  tell({bar.end, ToldBar{TapeBarKind::Daily, bar}});
}

void DataStreams::on_status(const market::TradingStatus& status) {
  tell({status.time, ToldStatus{status}});
}

void DataStreams::on_bands(const market::TradingStatus& status) {
  tell({status.time, ToldBands{status}});
}

void DataStreams::tell(Told told) {
  tell(DataStreamKind::Stocks, told);
  const core::Timestamp now = told.time;
  delayed_.push_back(std::move(told));
  if (delayed_.size() > settings_.delayed_max) delayed_.pop_front();
  tell_delayed(now);
}

void DataStreams::tell_delayed(core::Timestamp now) {
  while (!delayed_.empty() && delayed_.front().time <= now - kSipDelay) {
    tell(DataStreamKind::DelayedStocks, delayed_.front());
    delayed_.pop_front();
  }
}

void DataStreams::tell(DataStreamKind kind, const Told& told) {
  if (clients_.empty()) return;
  const auto add = [&](core::InstrumentId id, DataChannel channel, const auto& make_row,
                       auto... bar_kind) {
    for (const auto& client : clients_) {
      if (client->kind != kind || client->is_ending || !client->session.wants(channel, id))
        continue;
      const std::string_view symbol = parts_.record.instruments()[id].symbol.view();
      client->frame.add(symbol, bar_kind...,
                        make_row(tape_listing(parts_.record.listing_exchange(id))));
      if (client->frame.size() >= settings_.frame_messages_max) flush(*client);
      flush_later();
    }
  };
  const auto visit = [&](const auto& what) {
    using What = std::decay_t<decltype(what)>;
    if constexpr (std::is_same_v<What, market::Quote>) {
      add(what.instrument, DataChannel::Quotes,
          [&](const TapeListing& listing) { return tape_row(what, listing); });
    } else if constexpr (std::is_same_v<What, NumberedTrade>) {
      add(what.trade.instrument, DataChannel::Trades,
          [&](const TapeListing& listing) { return tape_row(what, listing); });
    } else if constexpr (std::is_same_v<What, ToldBar>) {
      add(
          what.bar.instrument, channel_of(what.kind),
          [&](const TapeListing&) { return tape_row(what.bar, shown_start(what.kind, what.bar)); },
          what.kind);
    } else if constexpr (std::is_same_v<What, ToldStatus>) {
      add(what.status.instrument, DataChannel::Statuses,
          [&](const TapeListing& listing) { return tape_status(what.status, listing); });
    } else {
      add(what.status.instrument, DataChannel::Lulds,
          [&](const TapeListing& listing) { return tape_bands(what.status, listing); });
    }
  };
  std::visit(visit, told.what);
}

/// A quote and a print each second, and a bar each minute, whatever the hour.
void DataStreams::tell_test() {
  test_task_.reset();
  const auto is_test = [](const auto& client) { return client->kind == DataStreamKind::Test; };
  if (std::ranges::none_of(clients_, is_test)) return;
  const std::uint64_t second = ++test_seconds_;
  const core::Timestamp now = parts_.clock.now();
  const auto cents = static_cast<std::int64_t>(13'000 + second % 100);
  const core::Price price = core::Price::from_raw(cents * (core::Price::kOne / 100));
  const core::Price cent = core::Price::from_raw(core::Price::kOne / 100);
  const core::Volume size = core::Volume::whole(100);
  const TapeListing listing;
  market::Quote quote;
  quote.time = now;
  quote.bid = price - cent;
  quote.ask = price + cent;
  quote.bid_size = quote.ask_size = size;
  NumberedTrade trade;
  trade.trade.time = now;
  trade.trade.price = price;
  trade.trade.size = size;
  trade.trade.exchange = listing.exchange;
  trade.number = second;
  for (const auto& client : clients_) {
    if (!is_test(client) || client->is_ending) continue;
    const auto wants = [&](DataChannel channel) {
      return client->session.wants(channel, kTestSymbol);
    };
    if (wants(DataChannel::Quotes)) client->frame.add(kTestSymbol, tape_row(quote, listing));
    if (wants(DataChannel::Trades)) client->frame.add(kTestSymbol, tape_row(trade, listing));
    if (second % 60 == 0 && wants(DataChannel::Bars)) {
      market::Bar bar;
      bar.start = now - std::chrono::minutes{1};
      bar.end = now;
      bar.open = bar.high = bar.low = bar.close = price;
      bar.volume = core::Volume::whole(6'000);
      bar.trade_count = 60;
      client->frame.add(kTestSymbol, TapeBarKind::Minute, tape_row(bar, bar.start));
    }
    flush(*client);
  }
  test_task_ = parts_.scheduler.call_after(kTestInterval, [this] { tell_test(); });
}

}  // namespace st0ck::app::exchange
