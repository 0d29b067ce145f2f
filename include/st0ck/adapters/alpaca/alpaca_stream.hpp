#pragma once

#include "st0ck/adapters/alpaca/bar_gate.hpp"
#include "st0ck/adapters/alpaca/data_stream_session.hpp"
#include "st0ck/adapters/alpaca/feed_watch.hpp"
#include "st0ck/adapters/alpaca/feeds.hpp"
#include "st0ck/adapters/alpaca/history.hpp"
#include "st0ck/adapters/alpaca/wire/data/client_messages.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/stream_source.hpp"
#include "st0ck/net/reconnect.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/net/socket_keys.hpp"
#include "st0ck/net/web_socket_transport.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace st0ck::alpaca {

struct AlpacaStreamSettings {
  core::Code provider{"alpaca"};
  std::string base_url = "wss://stream.data.alpaca.markets";
  Feed feed = Feed::Iex;
  Codec codec = Codec::Json;
  /// Streams of one key exclude each other: the provider allows one connection per account and
  /// endpoint. It stands in messages, so it is a name, not a secret.
  std::string socket_key = "alpaca-data";
  net::WebSocketLimits socket{};
  net::ReconnectSettings reconnect{};
  DataSessionSettings session{};
  DataDecoderSettings decoder{};
  FeedWatchSettings watch{};
  /// How long after its minute the provider's history surely has a bar; clocks that differ by less
  /// lose none.
  core::Duration bar_settle = std::chrono::seconds{2};
  /// Pauses after a back-fill that failed: each doubles up to the longest.
  core::Duration back_fill_pause_first = std::chrono::seconds{2};
  core::Duration back_fill_pause_max = std::chrono::seconds{30};
  std::size_t held_bars_max = 10'000;
  std::uint64_t seed = 1;  ///< Of the jitter between attempts.
};

/// What a stream has counted since it was made, and where it stands.
struct AlpacaStreamStats {
  bool is_streaming = false;
  DataCounters wire{};  ///< Of the present subscriptions.
  BarGate::Counters bars{};
  std::uint64_t connections = 0;  ///< That came to streaming.
  std::uint64_t attempts = 0;
  std::uint64_t late_quotes = 0;  ///< Older than the one before: not told.
  std::uint64_t late_trades = 0;
  std::uint64_t trades_withheld = 0;  ///< While older bars were being fetched.
  std::uint64_t corrections = 0;      ///< Of prints, cancels included; not told.
  std::uint64_t back_fills = 0;
};

/// The provider's data stream as a market.
///
/// Quotes, trades and statuses are told as they come, with the provider's times; of an instrument
/// none is told that is older than the one before. Minute bars of the regular hours are told each
/// once and in order: after a break those that were missed come from the history first. While that
/// goes on, quotes and statuses flow, trades are withheld.
///
/// It says of itself: Connected, with a reason of `unavailability` where the feed cannot give all
/// that was asked for; Degraded with `DATA_BACK_FILL` or `DATA_BACK_FILL_FAILED` while
/// bars are missing, `FEED_STALE` in a silence; Down with a reason of DataStreamSession while there
/// is no stream. One thread; may be stopped, started and destroyed inside any call of the sink.
class AlpacaStream final : public market::StreamSource {
 public:
  struct Parts {
    net::Scheduler& scheduler;
    net::WebSocketTransport& transport;
    net::SocketKeys& sockets;
    const core::Clock& clock;
    const market::InstrumentTable& instruments;
    AlpacaHistory& history;
    core::Logger log;
  };

  /// The parts outlive this. `keys` are sent to the provider and appear nowhere else.
  AlpacaStream(AlpacaStreamSettings settings, DataAuth keys, const Parts& parts,
               core::ExchangeCalendar calendar = core::ExchangeCalendar::xnys());
  ~AlpacaStream() override;
  AlpacaStream(const AlpacaStream&) = delete;
  AlpacaStream& operator=(const AlpacaStream&) = delete;

  core::Status check(std::span<const market::DataNeed> needs) const override;
  void start(std::span<const market::DataNeed> needs, market::EventSink& sink) override;
  void stop() override;

  AlpacaStreamStats stats() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace st0ck::alpaca
