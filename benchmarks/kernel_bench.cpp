#include "benchmarks/bench_support.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/replay.hpp"
#include "st0ck/kernel/simulated_clock.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <utility>
#include <vector>

namespace st0ck::kernel {
namespace {

/// Hears every quote and does nothing.
class IdleEngine : public Engine {
 public:
  explicit IdleEngine(core::InstrumentId instrument) : instrument_{instrument} {}
  std::vector<market::DataNeed> needs() const override {
    return {{instrument_, market::DataKind::Quotes, std::chrono::seconds{2}}};
  }
  void on_quote(EngineContext&, const market::Quote& quote) override {
    benchmark::DoNotOptimize(quote.bid);
  }

 private:
  core::InstrumentId instrument_;
};

class JournalSink : public RecordSink {
 public:
  explicit JournalSink(JournalWriter& journal) : journal_{journal} {}
  void append(RecordKind kind, core::Sequence, core::Timestamp time,
              std::span<const std::byte> payload) override {
    is_sound_ = journal_.append(static_cast<std::uint16_t>(kind), time, payload) && is_sound_;
  }
  bool is_sound() const { return is_sound_; }

 private:
  JournalWriter& journal_;
  bool is_sound_ = true;
};

/// What does a quote cost the core thread through kernel, journal buffer and one idle engine?
/// By processor time of that thread, as the journal's thread works beside it.
void event(benchmark::State& state) {
  const benchmarks::BenchFolder folder;
  benchmarks::RewritingFiles files;
  auto journal = JournalWriter::open({.directory = folder / "journal",
                                      .identity = "bench",
                                      .segment_size_max = std::uint64_t{1} << 50,
                                      .durable = false,
                                      .files = &files},
                                     JournalMode::Append);
  if (!journal) return state.SkipWithError(journal.error().message.c_str());
  JournalSink sink{**journal};
  market::InstrumentTable instruments;
  market::Instrument definition;
  definition.symbol = core::Symbol{"SPY"};
  const core::InstrumentId instrument = instruments.define(definition).id;
  SimulatedClock clock;
  OrderUpdateQueue updates;
  SilentBroker broker;
  core::NullLogSink silence;
  Kernel kernel{{clock, instruments, broker, updates, &sink, core::Logger{silence, clock}},
                core::AccountId{"bench"},
                core::Money::whole(100'000)};
  kernel.add_bot({core::BotId{"idle"}, core::EngineName{"idle"}, 1},
                 std::make_unique<IdleEngine>(instrument), {});
  market::Quote quote;
  quote.instrument = instrument;
  quote.bid = core::Price::whole(100);
  quote.ask = core::Price::whole(101);

  for (auto _ : state) {
    quote.time += std::chrono::microseconds{1};
    clock.advance_to(quote.time);
    kernel.on_quote(quote);
  }
  if (!sink.is_sound()) state.SkipWithError("the journal failed");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(event)->Name("kernel/event");

}  // namespace
}  // namespace st0ck::kernel
