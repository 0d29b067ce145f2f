#include "adapters/alpaca/stream_stage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

// What the stream does when something breaks: reconnecting, filling gaps, noticing silence.
namespace st0ck::alpaca::test {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

TEST(StreamBreaks, SubscribesToTheSameAndFetchesWhatWasMissed) {
  StreamStage stage;
  stage.start_and_connect();
  stage.minutes_until("15:02:00");
  stage.logger.expect("DATA_STREAM_CLOSED");
  stage.server.manners.accepts = false;
  stage.server.drop();
  stage.minutes_until("15:05:00");
  EXPECT_EQ(stage.bars_told(), (Strings{"15:00", "15:01"}));
  EXPECT_EQ(stage.sink.states.back(), "down DATA_UNREACHABLE");

  stage.server.manners.accepts = true;
  stage.minutes_until("15:07:00");

  EXPECT_EQ(stage.bars_told(),
            (Strings{"15:00", "15:01", "15:02", "15:03", "15:04", "15:05", "15:06"}));
  EXPECT_EQ(stage.sink.states,
            (Strings{"connected", "down DATA_CONNECTION_LOST", "down DATA_UNREACHABLE",
                     "degraded DATA_BACK_FILL", "connected"}));
  for (const Channels& channels : stage.server.subscriptions)
    EXPECT_EQ(channels, stage.server.subscriptions.front());
  EXPECT_EQ(stage.stream->stats().connections, 2U);
}

TEST(StreamBreaks, TellsMissedBarsBeforeAnythingNewerButQuotes) {
  StreamStage stage;
  stage.start_and_connect();
  stage.minutes_until("15:02:00");
  stage.logger.expect("DATA_STREAM_CLOSED");
  stage.logger.expect("DATA_BACK_FILL_FAILED");
  stage.server.manners.history_refusal = net::HttpResponse{.status = 404};
  stage.server.manners.accepts = false;
  stage.server.drop();
  stage.minutes_until("15:03:00");
  stage.server.manners.accepts = true;
  stage.run_until("15:03:50");
  ASSERT_TRUE(stage.stream->stats().is_streaming);
  stage.server.manners.history_refusal.reset();

  // Streaming, but the history does not answer yet.
  stage.server.bar("QQQ", a_bar(at("15:02:00")));
  const auto quotes = stage.sink.quotes.size();
  stage.quote();
  stage.trade();
  stage.run(100ms);
  EXPECT_EQ(stage.sink.quotes.size(), quotes + 1);
  EXPECT_EQ(stage.sink.trades.size(), 0U);
  EXPECT_EQ(stage.bars_told(StreamStage::kQqq), Strings{});
  EXPECT_EQ(stage.sink.states.back(), "degraded DATA_BACK_FILL_FAILED");

  stage.run(1min);
  EXPECT_EQ(stage.bars_told(), (Strings{"15:00", "15:01", "15:02"}));
  EXPECT_EQ(stage.bars_told(StreamStage::kQqq), (Strings{"15:02"}));
  EXPECT_EQ(stage.stream->stats().trades_withheld, 1U);
}

TEST(StreamBreaks, SaysWhatToDoWhereThePlanDoesNotPermitTheHistory) {
  StreamStage stage;
  stage.start_and_connect();
  stage.logger.expect("DATA_STREAM_CLOSED");
  stage.logger.expect("DATA_BACK_FILL_FAILED");
  stage.server.manners.history_refusal = net::HttpResponse{
      .status = 403,
      .body = R"({"message":"subscription does not permit querying recent SIP data"})"};
  stage.server.manners.accepts = false;
  stage.server.drop();
  stage.run_until("15:02:00");
  stage.server.manners.accepts = true;
  stage.run(1min);

  for (const auto& entry : stage.logger.entries())
    if (entry.code == "DATA_BACK_FILL_FAILED")
      EXPECT_NE(entry.message.find("need the feed iex"), std::string::npos) << entry.message;
}

TEST(StreamBreaks, StartsOverAtTheLatestMinuteWhenTooManyBarsAreHeld) {
  AlpacaStreamSettings settings = patient();
  settings.held_bars_max = 2;
  settings.back_fill_pause_first = settings.back_fill_pause_max = 30s;
  StreamStage stage{"15:00:10", settings};
  stage.start_and_connect();
  stage.logger.expect("DATA_STREAM_CLOSED");
  stage.logger.expect("DATA_BACK_FILL_FAILED");
  stage.server.manners.history_refusal = net::HttpResponse{.status = 404};
  stage.server.manners.accepts = false;
  stage.server.drop();
  stage.minutes_until("15:02:00");
  stage.server.manners.accepts = true;
  stage.minutes_until("15:09:00");
  stage.server.manners.history_refusal.reset();
  stage.minutes_until("15:11:00");

  EXPECT_EQ(stage.bars_told(), (Strings{"15:00", "15:01", "15:02", "15:03", "15:04", "15:05",
                                        "15:06", "15:07", "15:08", "15:09", "15:10"}));
}

TEST(StreamBreaks, FillsOverANightAndAWeekendOnlyWhatWasTraded) {
  StreamStage stage{"20:57:10"};  // 15:57 in New York, on a Tuesday.
  stage.start_and_connect();
  stage.minutes_until("20:58:00");
  stage.logger.expect("DATA_STREAM_CLOSED");
  stage.server.manners.accepts = false;
  stage.server.drop();
  stage.minutes_until("21:02:00");
  stage.run(1h);
  stage.server.manners.accepts = true;
  stage.run(1min);

  EXPECT_EQ(stage.bars_told(), (Strings{"20:57", "20:58", "20:59"}));
  EXPECT_EQ(stage.sink.states.back(), "connected");
}

TEST(StreamBreaks, GivesUpWhereTryingAgainCannotHelp) {
  const std::pair<std::uint32_t, std::string> cases[] = {{402, "down DATA_AUTH_FAILED"},
                                                         {405, "down DATA_SYMBOL_LIMIT"},
                                                         {409, "down DATA_PLAN_INSUFFICIENT"}};
  for (const auto& [code, state] : cases) {
    StreamStage stage;
    stage.logger.expect("DATA_STREAM_ERROR");
    stage.logger.expect("DATA_STREAM_GIVEN_UP");
    (code == 402 ? stage.server.manners.authentication_error
                 : stage.server.manners.subscription_error) = code;

    stage.start();
    stage.run(24h);

    EXPECT_EQ(stage.sink.states, (Strings{state}));
    EXPECT_EQ(stage.server.connects, 1U);
  }
}

TEST(StreamBreaks, TriesAgainAfterTheKeysWereMended) {
  StreamStage stage;
  stage.logger.expect("DATA_STREAM_ERROR");
  stage.logger.expect("DATA_STREAM_GIVEN_UP");
  stage.server.manners.authentication_error = 402;
  stage.start_and_connect();
  stage.server.manners.authentication_error.reset();

  stage.start();
  stage.run(5s);

  EXPECT_EQ(stage.sink.states.back(), "connected");
}

TEST(StreamBreaks, BacksOffWhileAnOldConnectionLingers) {
  StreamStage stage;
  stage.logger.expect("DATA_STREAM_ERROR");
  stage.server.manners.authentication_error = 406;

  stage.start();
  stage.run(14s);
  EXPECT_EQ(stage.server.connects, 1U);
  EXPECT_EQ(stage.sink.states, (Strings{"down DATA_CONNECTION_LIMIT"}));

  stage.server.manners.authentication_error.reset();
  stage.run(10s);
  EXPECT_EQ(stage.sink.states.back(), "connected");
}

TEST(StreamBreaks, ConnectsAnewAfterASlowClientAndABrokenFrame) {
  StreamStage stage;
  stage.logger.expect("DATA_STREAM_ERROR");
  stage.start_and_connect();

  stage.server.send_error(407);
  stage.run(10s);
  stage.server.send(R"([{"T":"q","S":"SPY")");
  stage.run(10s);

  EXPECT_EQ(stage.sink.states, (Strings{"connected", "down DATA_SLOW_CLIENT", "connected",
                                        "down DATA_FRAME_BROKEN", "connected"}));
}

TEST(StreamBreaks, AcceptsNoOtherSubscriptionThanItsOwn) {
  StreamStage stage;
  stage.server.manners.echo = [](Channels& echo) { echo.bars.pop_back(); };
  stage.start();
  stage.run(1min);
  EXPECT_EQ(stage.sink.states, (Strings{"down DATA_SUBSCRIPTION_DIFFERS"}));

  stage.server.manners.echo = [](Channels& echo) { std::ranges::reverse(echo.bars); };
  stage.run(1min);
  EXPECT_EQ(stage.sink.states.back(), "connected");
}

TEST(StreamBreaks, TriesABoundedNumberOfTimesAMinuteWhateverTheServerDoes) {
  using Manners = MemoryDataServer::Manners;
  const std::vector<std::function<void(Manners&)>> faults{
      [](Manners& it) { it.accepts = false; },
      [](Manners& it) { it.greets = false; },
      [](Manners& it) { it.answers_authentication = false; },
      [](Manners& it) { it.answers_subscription = false; },
      [](Manners& it) { it.authentication_error = 406; },
      [](Manners& it) { it.subscription_error = 500; },
      [](Manners& it) { it.echo = [](Channels& echo) { echo.clear(); }; },
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    StreamStage stage;
    if (i == 0) stage.logger.expect("DATA_STREAM_CLOSED");
    if (i == 4 || i == 5) stage.logger.expect("DATA_STREAM_ERROR");
    faults[i](stage.server.manners);
    stage.start();

    std::uint64_t before = 0;
    for (int minute = 0; minute < 60; ++minute) {
      stage.run(1min);
      const std::uint64_t attempts = stage.stream->stats().attempts;
      EXPECT_LE(attempts - before, 20U) << "fault " << i << ", minute " << minute;
      before = attempts;
    }
    EXPECT_GE(before, 60U) << "fault " << i;
    EXPECT_LE(before, 400U) << "fault " << i;
  }
}

TEST(StreamBreaks, NoticesASilenceWithinItsBoundAndItsEnd) {
  StreamStage stage{"15:00:10", AlpacaStreamSettings{}};
  stage.start_and_connect();
  stage.quote();
  stage.run(1ms);

  stage.run(5s - 1ms);
  EXPECT_EQ(stage.sink.states, (Strings{"connected"}));
  stage.run(1ms);
  EXPECT_EQ(stage.sink.states, (Strings{"connected", "degraded FEED_STALE"}));

  stage.quote();
  stage.run(2ms);
  EXPECT_EQ(stage.sink.states.back(), "connected");
}

TEST(StreamBreaks, IsNotStaleWhileAnyQuoteComes) {
  StreamStage stage{"15:00:10", AlpacaStreamSettings{}};
  stage.start_and_connect();
  for (int i = 0; i < 100; ++i) {
    stage.quote("QQQ");
    stage.run(4s);
  }
  EXPECT_EQ(stage.sink.states, (Strings{"connected"}));
}

TEST(StreamBreaks, ConnectsAnewAfterALongSilence) {
  StreamStage stage{"15:00:10", AlpacaStreamSettings{}};
  stage.start_and_connect();

  stage.run(90s);

  EXPECT_EQ(stage.server.connects, 2U);
  EXPECT_EQ(std::ranges::count(stage.sink.states, "down DATA_SILENT"), 1);
}

TEST(StreamBreaks, IsNeverStaleOutsideTheSession) {
  StreamStage stage{"12:00:00", AlpacaStreamSettings{}};
  stage.start_and_connect();

  stage.run_until("14:30:00");
  EXPECT_EQ(stage.sink.states, (Strings{"connected"}));
  stage.run(5s - 1ms);
  EXPECT_EQ(stage.sink.states, (Strings{"connected"}));
  stage.run(1ms);
  EXPECT_EQ(stage.sink.states.back(), "degraded FEED_STALE");
}

TEST(StreamBreaks, IsStaleNoMoreOnceTheSessionIsOver) {
  StreamStage stage{"20:59:50", AlpacaStreamSettings{}};
  stage.start_and_connect();

  stage.run_until("20:59:59");
  EXPECT_EQ(stage.sink.states.back(), "degraded FEED_STALE");
  stage.run_until("21:00:01");
  EXPECT_EQ(stage.sink.states.back(), "connected");
  stage.run(12h);
  EXPECT_EQ(stage.sink.states.back(), "connected");
  EXPECT_EQ(stage.server.connects, 1U);
}

TEST(StreamBreaks, ExpectsNoQuotesOfWhatIsHalted) {
  StreamStage stage{"15:00:10", AlpacaStreamSettings{}};
  stage.start_and_connect();
  stage.quote();
  stage.status("H", "T1", "SPY");
  stage.status("P", "LUDP", "QQQ");

  stage.run(10min);
  EXPECT_EQ(stage.sink.states, (Strings{"connected"}));

  stage.status("T", "", "QQQ");
  stage.run(4s);
  EXPECT_EQ(stage.sink.states, (Strings{"connected"}));
  stage.run(2s);
  EXPECT_EQ(stage.sink.states.back(), "degraded FEED_STALE");
}

TEST(StreamBreaks, LearnsFromAPrintThatAHaltEndedInABreak) {
  StreamStage stage;
  stage.start_and_connect();
  stage.status("H", "T1");
  stage.run(1s);
  stage.trade();
  stage.run(1s);
  EXPECT_EQ(stage.sink.statuses.back().state, market::TradingState::Halted);
  stage.logger.expect("DATA_STREAM_CLOSED");
  stage.server.drop();
  stage.run(5s);

  stage.trade("SPY", "Z");  // Out of sequence: it proves nothing.
  stage.run(1s);
  EXPECT_EQ(stage.sink.statuses.back().state, market::TradingState::Halted);
  stage.trade();
  stage.run(1s);

  EXPECT_EQ(stage.sink.statuses.back().state, market::TradingState::Trading);
  EXPECT_TRUE(stage.sink.statuses.back().reason.empty());
}

/// What random breaks do to a stream: at any moment, of any kind, also while it mends another one.
struct Fault {
  int after_ms = 0;
  int kind = 0;
};

RC_GTEST_PROP(StreamBreaksProperty, TellEachMinuteBarOnceAndInOrder, ()) {
  const auto faults =
      *rc::gen::resize(30, rc::gen::container<std::vector<Fault>>(rc::gen::build<Fault>(
                               rc::gen::set(&Fault::after_ms, rc::gen::inRange(0, 90'000)),
                               rc::gen::set(&Fault::kind, rc::gen::inRange(0, 7)))));
  const auto delivery_ms = *rc::gen::inRange(1, 1500);
  AlpacaStreamSettings settings = patient();
  settings.held_bars_max = static_cast<std::size_t>(*rc::gen::inRange(2, 40));
  settings.seed = static_cast<std::uint64_t>(*rc::gen::inRange(1, 1000));
  StreamStage stage{"15:00:10", settings};
  stage.logger.expect_any();
  stage.server.manners.rows_max = static_cast<std::size_t>(*rc::gen::inRange(1, 20));
  stage.start_and_connect();

  // Each minute has a bar of SPY, each third one of QQQ, published a moment after its end.
  int minute = 0;
  const core::Timestamp begin = at("15:00:00");
  std::function<void()> publish = [&] {
    const auto start = begin + std::chrono::minutes{minute++};
    stage.server.bar("SPY", a_bar(start));
    if (minute % 3 == 0) stage.server.bar("QQQ", a_bar(start));
    stage.scheduler.call_after(1min, publish);
  };
  stage.scheduler.call_after(
      at("15:01:00") - stage.clock.now() + std::chrono::milliseconds{delivery_ms}, publish);
  for (const Fault& fault : faults) {
    stage.run(std::chrono::milliseconds{fault.after_ms});
    auto& manners = stage.server.manners;
    switch (fault.kind) {
      case 0: stage.server.drop(); break;
      case 1: stage.server.go_silent(); break;
      case 2: manners.accepts = !manners.accepts; break;
      case 3: stage.server.send("[{"); break;
      case 4: stage.server.send_error(407); break;
      case 5:
        manners.history_refusal = manners.history_refusal
                                      ? std::nullopt
                                      : std::optional{net::HttpResponse{.status = 503}};
        break;
      default: stage.server.http.add_fault({.kind = net::HttpFault::Kind::LostAnswer}); break;
    }
  }
  stage.server.manners.accepts = true;
  stage.server.manners.history_refusal.reset();
  stage.run(5min);
  const auto end = std::chrono::ceil<std::chrono::minutes>(stage.clock.now());
  stage.run(end + 30s - stage.clock.now());

  std::vector<core::Timestamp> spy;
  std::vector<core::Timestamp> qqq;
  for (const auto& bar : stage.sink.bars)
    (bar.instrument == StreamStage::kSpy ? spy : qqq).push_back(bar.start);
  std::vector<core::Timestamp> spy_expected;
  std::vector<core::Timestamp> qqq_expected;
  for (int i = 0; begin + std::chrono::minutes{i} < end; ++i) {
    spy_expected.push_back(begin + std::chrono::minutes{i});
    if ((i + 1) % 3 == 0) qqq_expected.push_back(begin + std::chrono::minutes{i});
  }
  RC_ASSERT(spy == spy_expected);
  RC_ASSERT(qqq == qqq_expected);
  for (const Channels& channels : stage.server.subscriptions)
    RC_ASSERT(channels == stage.server.subscriptions.front());
}

}  // namespace
}  // namespace st0ck::alpaca::test
