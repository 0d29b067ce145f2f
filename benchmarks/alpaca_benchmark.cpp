#include "benchmarks/bench_support.hpp"
#include "benchmarks/order_path.hpp"
#include "st0ck/adapters/alpaca/alpaca_stream.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"
#include "st0ck/adapters/alpaca/wire/data/symbol_map.hpp"
#include "st0ck/market/null_event_sink.hpp"
#include "st0ck/net/memory_http_transport.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "tests/support/hand_web_socket.hpp"

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::benchmarks {
namespace {

constexpr std::string_view kQuoteFrame =
    R"([{"T":"q","S":"AAPL","bx":"V","bp":189.12,"bs":300,"ax":"Q","ap":189.13,"as":200,)"
    R"("c":["R"],"z":"C","t":"2024-03-01T14:30:00.123456789Z"}])";

/// Adds up what it hears, so that nothing is left out.
class Adder final : public alpaca::DataListener {
 public:
  void on_quote(core::InstrumentId instrument, const alpaca::TapeQuote& quote) override {
    const market::Quote ours = alpaca::to_market(instrument, quote);
    sum += ours.bid.raw() + ours.ask.raw() + ours.bid_size.raw() + ours.ask_size.raw() +
           core::to_ns(ours.time) + ours.instrument.value() + quote.tape;
  }
  void on_trade(core::InstrumentId, const alpaca::TapeTrade&) override {}
  void on_bar(core::InstrumentId, alpaca::TapeBarKind, const alpaca::TapeBar&) override {}
  void on_status(core::InstrumentId, const alpaca::TapeStatus&) override {}
  void on_bands(core::InstrumentId, const alpaca::TapeBands&) override {}
  void on_correction(core::InstrumentId, const alpaca::TapeCorrection&) override {}
  void on_cancel(core::InstrumentId, const alpaca::TapeCancel&) override {}
  void on_success(std::string_view) override {}
  void on_error(std::uint32_t, std::string_view) override {}
  void on_subscription(const alpaca::Channels&) override {}
  void on_refused(const alpaca::RefusedMessage&) override {}

  std::int64_t sum = 0;
};

/// How long does a frame with one quote take to become our quote, its symbol looked up?
void alpaca_parse_quote(benchmark::State& state) {
  alpaca::SymbolMap symbols;
  for (std::uint32_t i = 0; i < 500; ++i)
    symbols.set("S" + std::to_string(i), core::InstrumentId{i});
  symbols.set("AAPL", core::InstrumentId{500});
  Adder listener;
  alpaca::DataDecoder decoder{symbols, listener};
  for (auto _ : state) {
    listener.sum = 0;
    benchmark::DoNotOptimize(decoder.decode_json(kQuoteFrame));
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["checksum"] = static_cast<double>(listener.sum % 1'000'003);
}
BENCHMARK(alpaca_parse_quote)->Name("alpaca/parse_quote");

/// How long does simdjson take to read the same fields as doubles and texts, nothing looked up?
void raw_simdjson_quote(benchmark::State& state) {
  simdjson::ondemand::parser parser;
  const simdjson::padded_string frame{kQuoteFrame};
  double sum = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    sum = 0;
    bytes = 0;
    auto document = parser.iterate(frame);
    for (auto element : document.get_array()) {
      simdjson::ondemand::object quote = element.get_object();
      for (auto field : quote) {
        const std::string_view key = field.unescaped_key();
        auto value = field.value();
        if (key == "bp" || key == "ap" || key == "bs" || key == "as") {
          sum += value.get_double().value();
        } else if (key == "c") {
          for (auto condition : value.get_array()) bytes += condition.get_string().value().size();
        } else {
          bytes += value.get_string().value().size();
        }
      }
    }
    benchmark::DoNotOptimize(sum);
    benchmark::DoNotOptimize(bytes);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["checksum"] = sum + static_cast<double>(bytes);
}
BENCHMARK(raw_simdjson_quote)->Name("raw/simdjson_quote");

/// Adds up what it is told.
class AddingSink final : public market::NullEventSink {
 public:
  void on_quote(const market::Quote& quote) override {
    sum += quote.bid.raw() + quote.ask.raw() + quote.bid_size.raw() + quote.ask_size.raw() +
           core::to_ns(quote.time) + quote.instrument.value();
  }

  std::int64_t sum = 0;
};

/// What a stream of 500 symbols needs around it.
struct StreamBench {
  StreamBench() {
    std::vector<market::DataNeed> needs;
    alpaca::Channels channels;
    for (int i = 0; i <= 500; ++i) {
      market::Instrument stock;
      stock.symbol = core::Symbol{i == 500 ? "AAPL" : "S" + std::to_string(i)};
      needs.push_back({instruments.define(stock).id, market::DataKind::Quotes});
      channels.quotes.push_back(stock.symbol.str());
    }
    const alpaca::DataFrame frame{alpaca::Codec::Json};
    stream.start(needs, sink);
    scheduler.run_for({});
    transport.listener.on_open();
    hear(frame.success("connected"));
    hear(frame.success("authenticated"));
    hear(frame.subscription(channels));
  }

  void hear(std::string_view frame) {
    transport.listener.on_message(net::MessageKind::Text, frame);
  }

  net::SimulatedScheduler scheduler;
  SteppingClock clock;
  core::NullLogSink log_sink;
  market::InstrumentTable instruments;
  test::HandWebSocket transport;
  net::SocketKeys keys{scheduler, {}};
  net::MemoryHttpTransport http{scheduler,
                                [](const net::HttpRequest&) { return net::HttpResponse{}; }};
  net::RateLimiter limiter{scheduler, clock, {}};
  net::HttpPool pool{scheduler, http, {}};
  net::HttpClient client{scheduler, clock, limiter, pool, net::RetrySettings{}, 1};
  alpaca::RestReader reader{scheduler, client, {}, {}};
  alpaca::AlpacaHistory history{{}, {clock, instruments, reader}};
  AddingSink sink;
  alpaca::AlpacaStream stream{
      {},
      {},
      {scheduler, transport, keys, clock, instruments, history, core::Logger{log_sink, clock}}};
};

/// How long does a frame with one quote take from the socket to the market's sink?
void alpaca_quote_to_sink(benchmark::State& state) {
  StreamBench bench;
  for (auto _ : state) {
    bench.sink.sum = 0;
    bench.hear(kQuoteFrame);
    benchmark::DoNotOptimize(bench.sink.sum);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["checksum"] = static_cast<double>(bench.sink.sum % 1'000'003);
}
BENCHMARK(alpaca_quote_to_sink)->Name("alpaca/quote_to_sink");

/// How long does a frame with one quote take from the socket through stream, kernel, engine, risk
/// manager and broker to the body of an order?
void alpaca_quote_to_order_bytes(benchmark::State& state) {
  net::SimulatedScheduler scheduler;
  test::HandWebSocket transport;
  std::size_t bytes = 0;
  OrderPath path{scheduler, transport, {}, [&](const std::string& body) { bytes = body.size(); }};
  scheduler.run_for({});
  transport.listener.on_open();
  for (const std::string& frame : greeting())
    transport.listener.on_message(net::MessageKind::Text, frame);
  Percentiles taken{state};
  for (auto _ : state) {
    const std::string frame = quote_frame(path.clock.now());
    bytes = 0;
    const auto begin = std::chrono::steady_clock::now();
    transport.listener.on_message(net::MessageKind::Text, frame);
    while (bytes == 0 && scheduler.next_due()) scheduler.run_one();
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    taken.add(std::chrono::duration_cast<std::chrono::nanoseconds>(passed));
    state.SetIterationTime(passed.count());
    if (bytes == 0) return state.SkipWithError("no order left");
    scheduler.run_for(std::chrono::milliseconds{1});
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(alpaca_quote_to_order_bytes)
    ->Name("alpaca/quote_to_order_bytes")
    ->UseManualTime()
    ->Iterations(kOrdersMax);

}  // namespace
}  // namespace st0ck::benchmarks
