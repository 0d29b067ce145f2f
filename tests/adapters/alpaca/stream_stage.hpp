#pragma once

#include "adapters/alpaca/amounts.hpp"
#include "adapters/alpaca/memory_data_server.hpp"
#include "st0ck/adapters/alpaca/alpaca_stream.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "support/recording_logger.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca::test {

/// Time on the wall that goes with a scheduler's.
class StageClock final : public core::Clock {
 public:
  StageClock(const net::Scheduler& scheduler, core::Timestamp start)
      : scheduler_{scheduler}, start_{start} {}
  core::Timestamp now() const override { return start_ + scheduler_.elapsed(); }

 private:
  const net::Scheduler& scheduler_;
  core::Timestamp start_;
};

/// Keeps what it is told, and lets a test act on each event.
class HearingSink final : public market::EventSink {
 public:
  void on_quote(const market::Quote& quote) override { heard(quotes, quote); }
  void on_trade(const market::Trade& trade) override { heard(trades, trade); }
  void on_bar(const market::Bar& bar) override { heard(bars, bar); }
  void on_session_phase(const market::SessionPhase& /*phase*/) override {}
  void on_trading_status(const market::TradingStatus& status) override { heard(statuses, status); }
  void on_provider_status(const market::ProviderStatus& status) override {
    std::string text{name_of(status.state)};
    if (!status.reason.empty()) text += " " + status.reason.str();
    heard(states, text);
  }

  std::size_t count() const {
    return quotes.size() + trades.size() + bars.size() + statuses.size() + states.size();
  }

  std::vector<market::Quote> quotes;
  std::vector<market::Trade> trades;
  std::vector<market::Bar> bars;
  std::vector<market::TradingStatus> statuses;
  std::vector<std::string> states;
  std::function<void()> at_event = [] {};

 private:
  template <typename Event>
  void heard(std::vector<Event>& events, Event event) {
    events.push_back(std::move(event));
    at_event();
  }
};

/// `15:00:00` UTC, which is 10:00 in New York, on the day of these tests.
inline core::Timestamp at(std::string_view time) {
  return core::parse_timestamp(fmt::format("2026-03-03T{}Z", time)).value();
}

inline TapeBar a_bar(core::Timestamp start, std::string_view close = "100.50") {
  return {.start = start,
          .open = price("100.00"),
          .high = price("101.00"),
          .low = price("99.00"),
          .close = price(close),
          .volume = core::Volume::whole(1000),
          .trade_count = 10,
          .vwap = price("100.25")};
}

inline TapeQuote a_quote(core::Timestamp time, std::string_view bid = "100.00",
                         std::string_view ask = "200.00") {
  return {.time = time,
          .bid = price(bid),
          .ask = price(ask),
          .bid_size = core::Volume::whole(300),
          .ask_size = core::Volume::whole(200),
          .conditions = market::SaleConditions{"R"},
          .bid_exchange = 'V',
          .ask_exchange = 'Q',
          .tape = 'C'};
}

inline TapeTrade a_trade(core::Timestamp time, std::string_view conditions = "") {
  return {.time = time,
          .price = price("100.01"),
          .size = core::Volume::whole(5),
          .conditions = market::SaleConditions{conditions},
          .exchange = 'V',
          .tape = 'C',
          .id = 1};
}

/// Settings for tests in which quotes are few: no silence is noticed.
inline AlpacaStreamSettings patient() {
  AlpacaStreamSettings settings;
  settings.watch.stale_after = settings.watch.silent_after = std::chrono::hours{48};
  return settings;
}

/// A stream of SPY (0), QQQ (1) and the option OPT (2) against a provider in memory, in simulated
/// time.
class StreamStage {
 public:
  static constexpr core::InstrumentId kSpy{0};
  static constexpr core::InstrumentId kQqq{1};
  static constexpr core::InstrumentId kOption{2};

  explicit StreamStage(std::string_view start = "15:00:10",
                       AlpacaStreamSettings settings = patient())
      : clock{scheduler, at(start)},
        logger{clock},
        server{scheduler, settings.codec},
        history{{.rows_per_page = 100}, {clock, instruments, reader}} {
    for (const char* symbol : {"SPY", "QQQ"}) {
      market::Instrument stock;
      stock.symbol = core::Symbol{symbol};
      instruments.define(stock);
    }
    market::Instrument option;
    option.symbol = core::Symbol{"SPY260320C00600000"};
    option.asset_class = market::AssetClass::Option;
    instruments.define(option);
    make(settings);
  }

  void make(const AlpacaStreamSettings& settings) {
    stream.emplace(settings, DataAuth{"the-key", "the-secret"},
                   AlpacaStream::Parts{scheduler, server.sockets, keys, clock, instruments, history,
                                       logger.get()});
  }

  static std::vector<market::DataNeed> all_needs() {
    std::vector<market::DataNeed> needs;
    for (const auto id : {kSpy, kQqq})
      for (const auto kind : {market::DataKind::Quotes, market::DataKind::Trades,
                              market::DataKind::Bars, market::DataKind::Statuses})
        needs.push_back({id, kind});
    return needs;
  }

  void start() { stream->start(all_needs(), sink); }

  /// Starts, and waits until the stream delivers.
  void start_and_connect() {
    start();
    run(std::chrono::seconds{1});
  }

  void run(core::Duration span) { scheduler.run_for(span); }
  void run_until(std::string_view time) { scheduler.run_for(at(time) - clock.now()); }

  void quote(const std::string& symbol = "SPY", std::string_view bid = "100.00") {
    server.quote(symbol, a_quote(clock.now(), bid));
  }

  void trade(const std::string& symbol = "SPY", std::string_view conditions = "") {
    server.trade(symbol, a_trade(clock.now(), conditions));
  }

  void status(const std::string& code, const std::string& reason = "",
              const std::string& symbol = "SPY") {
    server.status(symbol, {.time = clock.now(),
                           .status_code = core::Code{code},
                           .reason_code = core::Code{reason},
                           .status_message = "words",
                           .reason_message = "more words",
                           .tape = 'C'});
  }

  /// Goes through the minutes until `end`, with a bar of SPY and a quote for each.
  void minutes_until(std::string_view end) {
    while (clock.now() < at(end)) {
      const auto minute = std::chrono::floor<std::chrono::minutes>(clock.now());
      scheduler.run_for(minute + std::chrono::minutes{1} - clock.now());
      server.bar("SPY", a_bar(minute));
      quote();
      run(std::chrono::milliseconds{10});
    }
  }

  /// The starts of the bars that were told, as `15:01`.
  std::vector<std::string> bars_told(core::InstrumentId instrument = kSpy) const {
    std::vector<std::string> starts;
    for (const auto& bar : sink.bars)
      if (bar.instrument == instrument) starts.push_back(core::format_utc(bar.start).substr(11, 5));
    return starts;
  }

  net::SimulatedScheduler scheduler;
  StageClock clock;
  st0ck::test::RecordingLogger logger;
  market::InstrumentTable instruments;
  MemoryDataServer server;
  net::RateLimiter limiter{scheduler, clock, {}};
  net::HttpPool pool{scheduler, server.http, {.name = "stock_data"}};
  net::HttpClient client{scheduler, clock, limiter, pool, net::RetrySettings{}, 1};
  RestReader reader{scheduler, client, {.base_url = "http://data"}, {"the-key", "the-secret"}};
  AlpacaHistory history;
  net::SocketKeys keys{scheduler, std::chrono::seconds{1}};
  HearingSink sink;
  std::optional<AlpacaStream> stream;
};

}  // namespace st0ck::alpaca::test
