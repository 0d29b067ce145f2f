#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"
#include "st0ck/adapters/alpaca/wire/data/symbol_map.hpp"

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

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

}  // namespace
}  // namespace st0ck::benchmarks
