#include "st0ck/kernel/kernel.hpp"
#include "support/allocation_counter.hpp"
#include "support/kernel_stage.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>

namespace st0ck::kernel {
namespace {

/// Counts what it is given, as a journal with a full buffer of its own would.
class CountingSink final : public RecordSink {
 public:
  void append(RecordKind, core::Sequence, core::Timestamp,
              std::span<const std::byte> payload) override {
    bytes += payload.size();
  }

  std::uint64_t bytes = 0;
};

/// Hears everything, looks at the quote and its position, and does nothing.
class IdleEngine final : public Engine {
 public:
  explicit IdleEngine(core::InstrumentId instrument) : instrument_{instrument} {}

  std::vector<market::DataNeed> needs() const override {
    return {{instrument_, market::DataKind::Quotes},
            {instrument_, market::DataKind::Trades},
            {instrument_, market::DataKind::Bars}};
  }
  void on_quote(EngineContext& context, const market::Quote&) override { look(context); }
  void on_trade(EngineContext& context, const market::Trade&) override { look(context); }
  void on_bar(EngineContext& context, const market::Bar&) override { look(context); }

  std::uint64_t looks = 0;

 private:
  void look(EngineContext& context) {
    if (context.quote(instrument_).is_fresh() && context.position(instrument_) == nullptr) ++looks;
    context.cancel_timer(context.set_timer(context.now() + std::chrono::seconds{1}, 1));
    context.note_refusal(instrument_, core::Code{"WAITS"});
  }

  core::InstrumentId instrument_;
};

TEST(KernelAllocation, AMarketEventAllocatesNothingOnceWarm) {
  test::RecordingLogger log;
  test::KernelStage stage{log};
  CountingSink sink;
  Kernel kernel{{stage.clock, stage.table, stage.broker, stage.updates, &sink, log},
                stage.account,
                core::Money::whole(10'000)};
  auto made = std::make_unique<IdleEngine>(stage.spy);
  const IdleEngine& engine = *made;
  kernel.add_bot({core::BotId{"a"}, core::EngineName{"idle"}, 1}, std::move(made), {});
  kernel.start(stage.run);
  stage.clock.advance_to(stage.session().open);
  market::Trade trade;
  trade.instrument = stage.spy;
  trade.price = core::Price::whole(10);
  trade.size = core::Volume::whole(100);
  market::Bar bar;
  bar.instrument = stage.spy;
  bar.open = bar.high = bar.low = bar.close = core::Price::whole(10);
  const auto tick = [&] {
    stage.clock.advance_to(stage.clock.now() + std::chrono::milliseconds{1});
    kernel.on_quote(stage.quote_of(stage.spy, "10.00", "10.01"));
    trade.time = stage.clock.now();
    kernel.on_trade(trade);
    bar.start = stage.clock.now();
    bar.end = bar.start + std::chrono::milliseconds{1};
    kernel.on_bar(bar);
  };
  for (int i = 0; i < 10; ++i) tick();

  const std::uint64_t before = test::allocations_of_this_thread();
  for (int i = 0; i < 1'000; ++i) tick();
  const std::uint64_t allocations = test::allocations_of_this_thread() - before;

  EXPECT_EQ(allocations, 0U);
  EXPECT_EQ(engine.looks, 3'030U);
  EXPECT_GT(sink.bytes, 0U);
}

}  // namespace
}  // namespace st0ck::kernel
