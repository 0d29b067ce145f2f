#include "st0ck/adapters/alpaca/alpaca_stream.hpp"

#include "adapters/alpaca/stream_stage.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace st0ck::alpaca::test {
namespace {

using namespace std::chrono_literals;
using market::DataKind;
using Strings = std::vector<std::string>;

AlpacaStreamSettings with_codec(Codec codec) {
  AlpacaStreamSettings settings = patient();
  settings.codec = codec;
  return settings;
}

class AlpacaStreamOfEachCodec : public ::testing::TestWithParam<Codec> {};
INSTANTIATE_TEST_SUITE_P(Codecs, AlpacaStreamOfEachCodec,
                         ::testing::Values(Codec::Json, Codec::Msgpack));

TEST_P(AlpacaStreamOfEachCodec, TellsWhatTheProviderTells) {
  StreamStage stage{"15:00:10", with_codec(GetParam())};
  stage.start_and_connect();

  stage.quote("SPY", "100.25");
  stage.trade("QQQ", "I");
  stage.status("H", "T1");
  stage.server.bands("SPY", {.time = stage.clock.now(),
                             .up = price("110.00"),
                             .down = price("90.00"),
                             .indicator = 'B',
                             .tape = 'C'});
  stage.run_until("15:01:00");
  stage.server.bar("SPY", a_bar(at("15:00:00")));
  stage.run(1s);

  EXPECT_EQ(stage.sink.states, (Strings{"connected"}));
  ASSERT_EQ(stage.sink.quotes.size(), 1U);
  const market::Quote& quote = stage.sink.quotes.front();
  EXPECT_EQ(quote.instrument, StreamStage::kSpy);
  EXPECT_EQ(quote.time, at("15:00:11"));
  EXPECT_EQ(quote.bid, price("100.25"));
  EXPECT_EQ(quote.ask_size, core::Volume::whole(200));
  ASSERT_EQ(stage.sink.trades.size(), 1U);
  EXPECT_EQ(stage.sink.trades.front().instrument, StreamStage::kQqq);
  EXPECT_EQ(stage.sink.trades.front().conditions.view(), "I");
  ASSERT_EQ(stage.sink.statuses.size(), 2U);
  EXPECT_EQ(stage.sink.statuses.back().state, market::TradingState::Halted);
  EXPECT_EQ(stage.sink.statuses.back().reason.view(), "T1");
  EXPECT_EQ(stage.sink.statuses.back().band_high, price("110.00"));
  ASSERT_EQ(stage.sink.bars.size(), 1U);
  const market::Bar& bar = stage.sink.bars.front();
  EXPECT_EQ(bar.start, at("15:00:00"));
  EXPECT_EQ(bar.end, at("15:01:00"));
  EXPECT_EQ(bar.vwap, price("100.25"));
  EXPECT_EQ(bar.trade_count, 10U);
}

TEST(AlpacaStream, DoesNothingInsideTheCallThatStartsIt) {
  StreamStage stage;

  stage.start();

  EXPECT_EQ(stage.sink.count(), 0U);
  EXPECT_EQ(stage.server.connects, 0U);
}

TEST(AlpacaStream, AsksForWhatIsNeededOnce) {
  StreamStage stage;
  const std::vector<market::DataNeed> needs{{StreamStage::kSpy, DataKind::Quotes},
                                            {StreamStage::kSpy, DataKind::Quotes},
                                            {StreamStage::kQqq, DataKind::Statuses}};

  stage.stream->start(needs, stage.sink);
  stage.run(1s);

  ASSERT_EQ(stage.server.subscriptions.size(), 1U);
  Channels expected;
  expected.quotes = {"SPY"};
  expected.statuses = expected.lulds = {"QQQ"};
  EXPECT_EQ(stage.server.subscriptions.front(), expected);
  EXPECT_EQ(stage.server.urls, (Strings{"wss://stream.data.alpaca.markets/v2/iex"}));
  EXPECT_EQ(stage.server.authentications, (std::vector<DataAuth>{{"the-key", "the-secret"}}));
}

TEST(AlpacaStream, CountsWhatNobodyHasAskedFor) {
  StreamStage stage;
  const std::vector<market::DataNeed> needs{{StreamStage::kSpy, DataKind::Quotes}};
  stage.stream->start(needs, stage.sink);
  stage.run(1s);

  DataFrame frame{Codec::Json};
  frame.add("TSLA", a_quote(stage.clock.now()));
  frame.add("SPY", a_trade(stage.clock.now()));
  stage.server.send(frame.take());
  stage.run(1s);

  EXPECT_EQ(stage.stream->stats().wire.unknown_symbols, 1U);
  EXPECT_EQ(stage.sink.quotes.size() + stage.sink.trades.size(), 0U);
}

TEST(AlpacaStream, TellsNothingOlderThanBefore) {
  StreamStage stage;
  stage.start_and_connect();
  const core::Timestamp now = stage.clock.now();

  for (const auto time : {now, now - 1s, now + 1ms}) {
    stage.server.quote("SPY", a_quote(time));
    stage.server.trade("SPY", a_trade(time));
  }
  stage.run(1s);

  EXPECT_EQ(stage.sink.quotes.size(), 2U);
  EXPECT_EQ(stage.sink.trades.size(), 2U);
  EXPECT_EQ(stage.stream->stats().late_quotes, 1U);
  EXPECT_EQ(stage.stream->stats().late_trades, 1U);
}

TEST(AlpacaStream, TellsNoPrintOfABarAfterIt) {
  StreamStage stage;
  stage.start_and_connect();
  stage.run_until("15:01:00");
  stage.server.bar("SPY", a_bar(at("15:00:00")));

  stage.server.trade("SPY", a_trade(at("15:00:59")));
  stage.run(1s);

  EXPECT_EQ(stage.sink.bars.size(), 1U);
  EXPECT_EQ(stage.sink.trades.size(), 0U);
  EXPECT_EQ(stage.stream->stats().late_trades, 1U);
}

TEST(AlpacaStream, DropsBarsOutsideTheRegularHours) {
  StreamStage stage{"14:20:10"};
  stage.start_and_connect();
  stage.minutes_until("14:33:00");

  EXPECT_EQ(stage.bars_told(), (Strings{"14:30", "14:31", "14:32"}));
  EXPECT_EQ(stage.stream->stats().bars.outside_hours, 10U);
}

TEST(AlpacaStream, TellsNothingAfterItWasStopped) {
  StreamStage stage;
  stage.start_and_connect();

  stage.stream->stop();
  stage.quote();
  stage.run(1h);

  EXPECT_EQ(stage.sink.states, (Strings{"connected"}));
  EXPECT_EQ(stage.sink.quotes.size(), 0U);
  EXPECT_FALSE(stage.server.is_connected());
  EXPECT_EQ(stage.server.connects, 1U);
}

TEST(AlpacaStream, DeliversAgainAfterAStopAndAStart) {
  StreamStage stage;
  stage.start_and_connect();
  stage.minutes_until("15:03:00");
  stage.stream->stop();

  stage.start();
  stage.run(5s);
  stage.minutes_until("15:05:00");

  ASSERT_EQ(stage.server.subscriptions.size(), 2U);
  EXPECT_EQ(stage.server.subscriptions[0], stage.server.subscriptions[1]);
  EXPECT_EQ(stage.bars_told(), (Strings{"15:00", "15:01", "15:02", "15:03", "15:04"}));
}

TEST(AlpacaStream, MayBeStoppedStartedAndDestroyedInsideAnyEvent) {
  enum class Deed { Stop, Restart, Destroy };
  for (const Deed deed : {Deed::Stop, Deed::Restart, Deed::Destroy}) {
    for (std::size_t nth = 1; nth <= 9; ++nth) {
      StreamStage stage;
      bool is_done = false;
      stage.sink.at_event = [&] {
        if (is_done || stage.sink.count() != nth) return;
        is_done = true;
        if (deed == Deed::Stop) stage.stream->stop();
        if (deed == Deed::Restart) stage.start();
        if (deed == Deed::Destroy) stage.stream.reset();
      };
      stage.start_and_connect();
      // One frame with all kinds of messages, a break, and bars to be fetched.
      DataFrame frame{Codec::Json};
      const core::Timestamp now = stage.clock.now();
      frame.add("SPY", a_quote(now));
      frame.add("SPY", a_trade(now));
      frame.add("SPY", TapeBands{.time = now, .up = price("2"), .down = price("1")});
      frame.add("SPY", a_quote(now));
      stage.server.send(frame.take());
      stage.run(100ms);
      stage.logger.expect_any();
      stage.server.drop();
      stage.server.history["SPY"] = {a_bar(at("15:00:00")), a_bar(at("15:01:00"))};
      stage.server.manners.accepts = false;
      stage.run_until("15:02:10");
      stage.server.manners.accepts = true;
      stage.run(1min);

      EXPECT_TRUE(is_done) << nth;
      if (deed != Deed::Restart) EXPECT_EQ(stage.sink.count(), nth);
    }
  }
}

TEST(AlpacaStream, NeverSaysItsKeys) {
  StreamStage stage;
  stage.server.manners.authentication_error = 402;
  stage.logger.expect("DATA_STREAM_ERROR");
  stage.logger.expect("DATA_STREAM_GIVEN_UP");
  stage.start_and_connect();

  for (const auto& entry : stage.logger.entries()) {
    EXPECT_EQ(entry.json.find("the-key"), std::string::npos);
    EXPECT_EQ(entry.json.find("the-secret"), std::string::npos);
  }
}

TEST(AlpacaStream, SaysWhatItsFeedCannotGive) {
  AlpacaStreamSettings settings = patient();
  settings.feed = Feed::DelayedSip;
  StreamStage stage{"15:00:10", settings};
  stage.logger.expect("FEED_INSUFFICIENT");
  const std::vector<market::DataNeed> needs{{StreamStage::kSpy, DataKind::Quotes}};
  const auto checked = stage.stream->check(needs);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("delayed_sip"), std::string::npos);

  stage.start_and_connect();

  EXPECT_EQ(stage.sink.states, (Strings{"down FEED_DELAYED"}));
  EXPECT_EQ(stage.server.connects, 0U);
}

TEST(AlpacaStream, DeliversTheRestWhereOneNeedIsUnavailable) {
  StreamStage stage;
  stage.logger.expect("FEED_INSUFFICIENT");
  const std::vector<market::DataNeed> needs{{StreamStage::kSpy, DataKind::Quotes},
                                            {StreamStage::kOption, DataKind::Quotes}};

  stage.stream->start(needs, stage.sink);
  stage.run(1s);
  stage.quote();
  stage.run(1s);

  EXPECT_EQ(stage.sink.states, (Strings{"connected FEED_OTHER_PRODUCT"}));
  EXPECT_EQ(stage.sink.quotes.size(), 1U);
}

TEST(AlpacaStream, HasOneSocketPerKey) {
  StreamStage stage;
  stage.start_and_connect();
  HearingSink second_sink;
  AlpacaStream second{AlpacaStreamSettings{},
                      DataAuth{"the-key", "the-secret"},
                      {stage.scheduler, stage.server.sockets, stage.keys, stage.clock,
                       stage.instruments, stage.history, stage.logger.get()}};

  second.start(StreamStage::all_needs(), second_sink);
  stage.run(10s);
  EXPECT_EQ(second_sink.states, (Strings{"down DATA_SOCKET_TAKEN"}));
  EXPECT_EQ(stage.server.connects, 1U);

  stage.stream->stop();
  stage.run(5s);
  EXPECT_EQ(second_sink.states.back(), "connected");
  EXPECT_EQ(stage.server.connects, 2U);
}

}  // namespace
}  // namespace st0ck::alpaca::test
