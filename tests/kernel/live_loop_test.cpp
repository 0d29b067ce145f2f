#include "st0ck/kernel/live_loop.hpp"

#include "st0ck/kernel/live_clock.hpp"
#include "support/kernel_stage.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace st0ck::kernel {
namespace {

using st0ck::test::ProbeEngine;
using testing::ElementsAre;

/// One bot `a` that hears quotes of SPY; the kernel's clock is the wall's.
class LiveLoopTest : public testing::Test {
 protected:
  LiveLoopTest() {
    definition.symbol = core::Symbol{"SPY"};
    spy = table.define(definition).id;
    auto made = std::make_unique<ProbeEngine>(
        "a", std::vector<market::DataNeed>{{spy, market::DataKind::Quotes}}, heard);
    probe = made.get();
    kernel.add_bot({core::BotId{"a"}, core::EngineName{"probe"}, 1}, std::move(made), {});
    kernel.start({});
  }

  void quote() {
    market::Quote quote;
    quote.instrument = spy;
    quote.time = clock.now();
    quote.bid = core::Price::whole(10);
    quote.ask = core::Price::whole(11);
    kernel.on_quote(quote);
  }

  st0ck::test::RecordingLogger log;
  LiveClock clock;
  market::InstrumentTable table;
  market::Instrument definition;
  core::InstrumentId spy;
  OrderUpdateQueue updates;
  st0ck::test::ScriptedBroker broker{clock, updates};
  st0ck::test::RecordingSink records;
  Kernel kernel{{clock, table, broker, updates, &records, log},
                core::AccountId{"default"},
                core::Money::whole(10'000)};
  boost::asio::io_context io;
  LiveLoop loop{io, clock, kernel, {}};
  std::vector<std::string> heard;
  ProbeEngine* probe = nullptr;
};

TEST_F(LiveLoopTest, RunsWhatWasPostedInItsOrder) {
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) loop.post([&order, i] { order.push_back(i); });
  loop.post([&] { loop.stop(); });

  ASSERT_TRUE(loop.run());

  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(LiveLoopTest, ReturnsAtOnceWhenItWasStoppedBefore) {
  loop.stop();

  ASSERT_TRUE(loop.run());

  SUCCEED();
}

TEST_F(LiveLoopTest, LeavesWhatIsPostedBehindAStop) {
  bool is_run = false;
  loop.post([&] { loop.stop(); });
  loop.post([&] { is_run = true; });

  ASSERT_TRUE(loop.run());

  EXPECT_FALSE(is_run);
}

TEST_F(LiveLoopTest, FiresATimerOfThePastAfterItsHandler) {
  probe->does_on_quote = [&](auto& context, const auto&) {
    context.set_timer(context.now() - std::chrono::hours{1}, 1);
    heard.emplace_back("a is done");
  };
  loop.post([&] { quote(); });
  loop.post([&] { loop.stop(); });

  ASSERT_TRUE(loop.run());

  EXPECT_THAT(heard, ElementsAre("a quote", "a is done", "a timer 1"));
}

TEST_F(LiveLoopTest, FiresATimerWhenItIsDue) {
  core::Timestamp deadline;
  core::Timestamp fired;
  probe->does_on_quote = [&](auto& context, const auto&) {
    deadline = context.now() + std::chrono::milliseconds{3};
    context.set_timer(deadline, 1);
  };
  probe->does_on_timer = [&](auto& context, auto) {
    fired = context.now();
    loop.stop();
  };
  loop.post([&] { quote(); });

  ASSERT_TRUE(loop.run());

  EXPECT_GE(fired, deadline);
}

TEST_F(LiveLoopTest, FiresAnEarlierTimerThatIsSetWhileItWaits) {
  probe->does_on_quote = [&](auto& context, const auto&) {
    const bool is_first = heard.size() == 1;
    context.set_timer(context.now() + std::chrono::milliseconds{is_first ? 500 : 2},
                      is_first ? 1 : 2);
  };
  probe->does_on_timer = [&](auto&, auto) { loop.stop(); };
  loop.post([&] { quote(); });
  loop.post([&] { quote(); });

  ASSERT_TRUE(loop.run());

  EXPECT_EQ(heard.back(), "a timer 2");
}

TEST_F(LiveLoopTest, FiresTimersThatWereSetBeforeItRan) {
  probe->does_on_quote = [&](auto& context, const auto&) { context.set_timer(context.now(), 1); };
  probe->does_on_timer = [&](auto&, auto) { loop.stop(); };
  quote();

  ASSERT_TRUE(loop.run());

  EXPECT_THAT(heard, ElementsAre("a quote", "a timer 1"));
}

TEST_F(LiveLoopTest, DrainsWhatTheBrokerSaidInsideAHandler) {
  probe->does_on_quote = [&](auto& context, const auto&) {
    context.submit(st0ck::test::one_share(spy, trading::Side::Buy));
  };
  probe->does_on_order = [&](auto&, const OrderNews& news) {
    if (news.fill) loop.stop();
  };
  const core::Date today = core::to_new_york(clock.now()).date;
  loop.post([&] {
    kernel.on_session_phase(
        {market::Phase::Prepare,
         {today, clock.now() - std::chrono::hours{1}, clock.now() + std::chrono::hours{1}}});
    quote();
  });
  loop.post([&] { broker.fill(0, core::Price::whole(11)); });

  ASSERT_TRUE(loop.run());

  EXPECT_THAT(heard, ElementsAre("a prepare", "a quote", "a accepted", "a fill"));
}

/// A stream or a broker has handlers of its own on the context.
TEST_F(LiveLoopTest, SeesToTheKernelAfterHandlersThatItDidNotPost) {
  probe->does_on_quote = [&](auto& context, const auto&) {
    context.set_timer(context.now() + std::chrono::microseconds{10}, 1);
  };
  probe->does_on_timer = [&](auto&, auto) { loop.stop(); };
  boost::asio::post(io, [&] { quote(); });

  ASSERT_TRUE(loop.run());

  EXPECT_THAT(heard, ElementsAre("a quote", "a timer 1"));
}

/// Says something at given times, and notes when it was asked to.
struct ScheduledTalk final : market::DataSource {
  std::optional<core::Timestamp> next_time() const override {
    if (times.empty()) return std::nullopt;
    return times.front();
  }
  core::Status step(market::EventSink&) override {
    heard->push_back(name);
    times.erase(times.begin());
    return {};
  }
  std::string name;
  std::vector<core::Timestamp> times;
  std::vector<std::string>* heard = nullptr;
};

TEST_F(LiveLoopTest, StepsSourcesInTheOrderOfTheirTimesAndBeforeTimers) {
  const core::Timestamp now = clock.now();
  const auto later = now + std::chrono::milliseconds{2};
  ScheduledTalk first;
  first.name = "first";
  first.times = {now, later};
  first.heard = &heard;
  ScheduledTalk second;
  second.name = "second";
  second.times = {now - std::chrono::seconds{1}};
  second.heard = &heard;
  probe->does_on_quote = [&](auto& context, const auto&) { context.set_timer(later, 1); };
  quote();
  heard.clear();
  LiveLoop with_sources{io, clock, kernel, {.sources = {&first, &second}}};
  probe->does_on_timer = [&](auto&, auto) { with_sources.stop(); };

  ASSERT_TRUE(with_sources.run());

  EXPECT_THAT(heard, ElementsAre("second", "first", "first", "a timer 1"));
}

TEST_F(LiveLoopTest, HoldsTimersAndSourcesBackUntilItIsReady) {
  bool is_ready = false;
  ScheduledTalk source;
  source.name = "source";
  source.times = {clock.now()};
  source.heard = &heard;
  probe->does_on_quote = [&](auto& context, const auto&) { context.set_timer(context.now(), 1); };
  quote();
  LiveLoop waiting{io, clock, kernel, {.is_ready = [&] { return is_ready; }, .sources = {&source}}};
  probe->does_on_timer = [&](auto&, auto) { waiting.stop(); };
  waiting.post([&] {
    heard.emplace_back("a handler");
    is_ready = true;
  });

  ASSERT_TRUE(waiting.run());

  EXPECT_THAT(heard, ElementsAre("a quote", "a handler", "source", "a timer 1"));
}

TEST_F(LiveLoopTest, EndsWithWhatItsHealthFinds) {
  int looks = 0;
  LiveLoop sick{io, clock, kernel, {.spins = true, .health = [&]() -> core::Status {
                                      if (++looks < 3) return {};
                                      return core::fail(core::Errc::Io, "the journal is gone");
                                    }}};

  const auto ended = sick.run();

  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message, "the journal is gone");
}

TEST_F(LiveLoopTest, TakesPostsFromAnotherThread) {
  std::vector<int> order;
  std::thread poster{[&] {
    for (int i = 0; i < 100; ++i) loop.post([&order, i] { order.push_back(i); });
    loop.post([&] { loop.stop(); });
  }};

  ASSERT_TRUE(loop.run());
  poster.join();

  ASSERT_EQ(order.size(), 100U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

}  // namespace
}  // namespace st0ck::kernel
