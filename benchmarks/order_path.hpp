#pragma once

#include "st0ck/adapters/alpaca/alpaca_broker.hpp"
#include "st0ck/adapters/alpaca/alpaca_stream.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/net/http_client.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::benchmarks {

/// More orders than any bot sends in a session; the risk manager counts them for each new one.
inline constexpr std::int64_t kOrdersMax = 1500;

/// From 10:00 in New York on a trading day on, as many steps later as orders were answered: limits
/// that count orders of the last minute have as many to look at as in a busy one.
class SteppingClock final : public core::Clock {
 public:
  /// After so many steps.
  static core::Timestamp at(std::int64_t steps) {
    return core::from_new_york(core::Date{std::chrono::year{2024} / 3 / 1},
                               std::chrono::hours{10}) +
           steps * std::chrono::milliseconds{500};
  }

  core::Timestamp now() const override { return at(steps_); }
  void step() { ++steps_; }

 private:
  std::int64_t steps_ = 0;
};

/// Buys a share at the ask, at once or never, whenever it hears of a quote.
class EagerEngine final : public kernel::Engine {
 public:
  explicit EagerEngine(core::InstrumentId instrument) : instrument_{instrument} {}

  std::vector<market::DataNeed> needs() const override {
    return {{instrument_, market::DataKind::Quotes, std::chrono::seconds{2}}};
  }
  void on_quote(kernel::EngineContext& context, const market::Quote& quote) override {
    trading::OrderRequest order;
    order.instrument = instrument_;
    order.type = trading::OrderType::Limit;
    order.time_in_force = trading::TimeInForce::Ioc;
    order.terms.quantity = core::Quantity::whole(1);
    order.terms.limit = quote.ask;
    order.reason = core::Code{"EAGER"};
    context.submit(order);
  }

 private:
  core::InstrumentId instrument_;
};

/// Hands each request's bytes on, and answers it soon: orders are refused, so that nothing piles
/// up.
class OrderExit final : public net::HttpTransport {
 public:
  OrderExit(net::Scheduler& scheduler, std::function<void(const std::string& body)> send,
            std::function<void()> after_answer)
      : scheduler_{scheduler}, send_{std::move(send)}, after_answer_{std::move(after_answer)} {}

  net::HttpCallId send(net::HttpRequest request, net::HttpDone done) override {
    send_(request.body);
    scheduler_.call_after({}, [this, done = std::move(done)] {
      done(net::HttpResponse{.status = 403,
                             .body = R"({"code":40310000,"message":"insufficient buying power"})"});
      scheduler_.call_after({}, after_answer_);
    });
    return net::HttpCallId{++last_};
  }
  void cancel(net::HttpCallId) override {}
  std::size_t connections_open() const override { return 1; }

 private:
  net::Scheduler& scheduler_;
  std::function<void(const std::string&)> send_;
  std::function<void()> after_answer_;
  std::uint64_t last_ = 0;
};

/// All that lies between a frame of the data stream and the bytes of an order: stream, kernel,
/// engine, risk manager, broker, rate limits and connection pool. Nothing is journalled.
class OrderPath {
 public:
  static constexpr std::string_view kSymbol = "AAPL";

  /// Streams from `url`; `send` is given the body of each order.
  OrderPath(net::Scheduler& scheduler, net::WebSocketTransport& sockets, const std::string& url,
            std::function<void(const std::string& body)> send)
      : exit_{scheduler, std::move(send), [this] { on_answer(); }},
        limiter_{scheduler, clock, {.account = {.requests = kNoLimit}}},
        pool_{scheduler, exit_, {}},
        http_{scheduler, clock, limiter_, pool_, net::RetrySettings{}, 1},
        keys_{scheduler, {}},
        reader_{scheduler, http_, {}, {}},
        history_{{}, {clock, instruments_, reader_}},
        log_{silence_, clock},
        instrument_{define()},
        stream_{{.base_url = url},
                {},
                {scheduler, sockets, keys_, clock, instruments_, history_, log_}},
        broker_{{scheduler,
                 clock,
                 instruments_,
                 updates_,
                 http_,
                 sockets,
                 keys_,
                 log_,
                 {},
                 {core::BotId{"eager"}}},
                {}},
        kernel_{{clock, instruments_, broker_, updates_, nullptr, log_},
                core::AccountId{"bench"},
                core::Money::whole(100'000)} {
    trading::RiskLimits limits;
    limits.duplicate_window = {};
    limits.orders_per_minute_max = std::numeric_limits<std::uint32_t>::max();
    limits.trades_per_day_max = std::numeric_limits<std::uint32_t>::max();
    kernel_.add_bot({core::BotId{"eager"}, core::EngineName{"eager"}, 1},
                    std::make_unique<EagerEngine>(instrument_), limits);
    const auto session =
        core::ExchangeCalendar::xnys().session_on(core::to_new_york(clock.now()).date);
    for (const market::Phase phase : {market::Phase::Prepare, market::Phase::Open})
      kernel_.on_session_phase({phase, *session});
    const std::vector<market::DataNeed> needs{{instrument_, market::DataKind::Quotes}};
    stream_.start(needs, kernel_);
  }

  bool is_streaming() const { return stream_.stats().is_streaming; }

  SteppingClock clock;

 private:
  static constexpr std::size_t kNoLimit = 1'000'000'000;

  void on_answer() {
    kernel_.drain();
    clock.step();
  }

  core::InstrumentId define() {
    market::Instrument stock;
    stock.symbol = core::Symbol{kSymbol};
    return instruments_.define(stock).id;
  }

  OrderExit exit_;
  net::RateLimiter limiter_;
  net::HttpPool pool_;
  net::HttpClient http_;
  net::SocketKeys keys_;
  alpaca::RestReader reader_;
  market::InstrumentTable instruments_;
  alpaca::AlpacaHistory history_;
  core::NullLogSink silence_;
  core::Logger log_;
  core::InstrumentId instrument_;
  alpaca::AlpacaStream stream_;
  kernel::OrderUpdateQueue updates_;
  alpaca::AlpacaBroker broker_;
  kernel::Kernel kernel_;
};

/// What the provider says before the first quote.
inline std::vector<std::string> greeting() {
  alpaca::Channels channels;
  channels.quotes.emplace_back(OrderPath::kSymbol);
  const alpaca::DataFrame frame{alpaca::Codec::Json};
  return {frame.success("connected"), frame.success("authenticated"), frame.subscription(channels)};
}

/// A frame with one quote of that moment, for the order that comes next.
inline std::string quote_frame(core::Timestamp time) {
  return fmt::format(
      R"([{{"T":"q","S":"{}","bx":"V","bp":189.12,"bs":300,"ax":"Q","ap":189.13,"as":200,)"
      R"("c":["R"],"z":"C","t":"{}"}}])",
      OrderPath::kSymbol, core::format_utc(time));
}

}  // namespace st0ck::benchmarks
