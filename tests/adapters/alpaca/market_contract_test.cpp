#include "support/market_contract.hpp"

#include "adapters/alpaca/stream_stage.hpp"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

namespace st0ck::alpaca::test {
namespace {

using namespace std::chrono_literals;

/// The stream against a provider that also repeats itself, is late, and breaks off in each half.
class StreamOnTrial : public st0ck::test::MarketOnTrial {
 public:
  const core::Clock& clock() const override { return stage_.clock; }

  void play_first_half(market::EventSink& sink) override {
    stage_.logger.expect_any();
    start_again(sink);
    play();
  }
  void play_second_half(market::EventSink& /*sink*/) override { play(); }

  bool can_stop() const override { return true; }
  void stop() override { stage_.stream->stop(); }
  void start_again(market::EventSink& sink) override {
    stage_.stream->start(StreamStage::all_needs(), sink);
    stage_.run(5s);
  }
  std::string subscriptions() const override {
    const Channels& channels = stage_.server.subscriptions.back();
    return fmt::format("{} {} {} {} {}", channels.quotes, channels.trades, channels.bars,
                       channels.statuses, channels.lulds);
  }

 private:
  void play() {
    for (int minute = 0; minute < 6; ++minute) {
      const auto start = std::chrono::floor<std::chrono::minutes>(stage_.clock.now());
      stage_.run(start + 50s - stage_.clock.now());
      stage_.quote();
      stage_.trade();
      stage_.server.quote("SPY", a_quote(stage_.clock.now() - 1s));
      stage_.server.trade("SPY", a_trade(stage_.clock.now() - 2s));
      if (minute == 3) stage_.server.drop();
      stage_.run(start + 1min - stage_.clock.now());
      stage_.server.bar("SPY", a_bar(start));
      stage_.server.bar("SPY", a_bar(start));
      stage_.server.trade("SPY", a_trade(start + 59s));
      stage_.status("H", "T1");
      stage_.status("T");
      stage_.run(3s);
    }
  }

  StreamStage stage_;
};

}  // namespace
}  // namespace st0ck::alpaca::test

namespace st0ck::test {
INSTANTIATE_TYPED_TEST_SUITE_P(AlpacaStream, MarketContract, alpaca::test::StreamOnTrial);
}  // namespace st0ck::test
