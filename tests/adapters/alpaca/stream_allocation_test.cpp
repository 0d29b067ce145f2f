#include "adapters/alpaca/stream_stage.hpp"
#include "st0ck/market/null_event_sink.hpp"
#include "support/allocation_counter.hpp"
#include "support/hand_web_socket.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

// The way of a frame from the socket to the sink, once warm.
namespace st0ck::alpaca::test {
namespace {

using namespace std::chrono_literals;

class CountingSink final : public market::NullEventSink {
 public:
  void on_quote(const market::Quote&) override { ++events; }
  void on_trade(const market::Trade&) override { ++events; }
  void on_bar(const market::Bar&) override { ++events; }
  std::uint64_t events = 0;
};

TEST(AlpacaStreamAllocations, AreNoneForQuotesTradesAndBarsOnceWarm) {
  for (const Codec codec : {Codec::Json, Codec::Msgpack}) {
    AlpacaStreamSettings settings = patient();
    settings.codec = codec;
    StreamStage stage{"15:00:10", settings};
    st0ck::test::HandWebSocket transport;
    CountingSink sink;
    AlpacaStream stream{settings,
                        {"key", "secret"},
                        {stage.scheduler, transport, stage.keys, stage.clock, stage.instruments,
                         stage.history, stage.logger.get()}};
    stream.start(StreamStage::all_needs(), sink);
    stage.run(1ms);
    const auto kind = codec == Codec::Json ? net::MessageKind::Text : net::MessageKind::Binary;
    Channels channels;
    channels.quotes = channels.trades = channels.bars = channels.statuses =
        channels.lulds = {"SPY", "QQQ"};
    transport.listener.on_open();
    transport.listener.on_message(kind, DataFrame{codec}.success("connected"));
    transport.listener.on_message(kind, DataFrame{codec}.success("authenticated"));
    transport.listener.on_message(kind, DataFrame{codec}.subscription(channels));
    ASSERT_TRUE(stream.stats().is_streaming);

    std::vector<std::string> frames;
    for (int i = 0; i < 20; ++i) {
      DataFrame frame{codec};
      const auto start = at("15:00:00") + std::chrono::minutes{i};
      frame.add("SPY", a_quote(start));
      frame.add("QQQ", a_trade(start));
      frame.add("SPY", TapeBarKind::Minute, a_bar(start));
      frames.push_back(frame.take());
    }
    for (int i = 0; i < 5; ++i)
      transport.listener.on_message(kind, frames[static_cast<std::size_t>(i)]);

    const auto before = st0ck::test::allocations_of_this_thread();
    for (std::size_t i = 5; i < frames.size(); ++i) transport.listener.on_message(kind, frames[i]);

    EXPECT_EQ(st0ck::test::allocations_of_this_thread() - before, 0U);
    EXPECT_EQ(sink.events, 60U);
  }
}

}  // namespace
}  // namespace st0ck::alpaca::test
