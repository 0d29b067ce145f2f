#include "st0ck/kernel/simulated_loop.hpp"

#include "kernel/scripted_source.hpp"
#include "support/kernel_stage.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::kernel {
namespace {

using st0ck::test::ProbeEngine;
using testing::ElementsAre;
using Ending = SimulatedLoop::Ending;

/// One bot `a` that hears quotes of SPY from a scripted source.
class SimulatedLoopTest : public testing::Test {
 protected:
  SimulatedLoopTest() {
    auto made = std::make_unique<ProbeEngine>(
        "a", std::vector<market::DataNeed>{{stage.spy, market::DataKind::Quotes}}, heard);
    probe = made.get();
    stage.add_bot("a", "probe", std::move(made));
    stage.begin();
  }

  core::Result<Ending> run(SimulatedLoop::Options options = {}) {
    SimulatedLoop loop{stage.clock, source, stage.kernel, std::move(options)};
    return loop.run();
  }

  core::Timestamp at(int second) const {
    return stage.session().open + std::chrono::seconds{second};
  }
  void add_quote(int second) { source.add_quote(at(second), stage.spy); }

  st0ck::test::RecordingLogger log;
  st0ck::test::KernelStage stage{log};
  test::ScriptedSource source;
  std::vector<std::string> heard;
  ProbeEngine* probe = nullptr;
};

TEST_F(SimulatedLoopTest, EndsAtOnceWithoutData) { EXPECT_EQ(run().value(), Ending::EndOfData); }

TEST_F(SimulatedLoopTest, MovesTheClockFromEventToEvent) {
  std::vector<core::Timestamp> times;
  probe->does_on_quote = [&](auto& context, const auto&) { times.push_back(context.now()); };
  for (const int second : {0, 1, 5}) add_quote(second);

  EXPECT_EQ(run().value(), Ending::EndOfData);

  EXPECT_THAT(times, ElementsAre(at(0), at(1), at(5)));
}

TEST_F(SimulatedLoopTest, FiresTimersBetweenTheData) {
  std::vector<core::Timestamp> times;
  probe->does_on_quote = [&](auto& context, const auto&) {
    context.set_timer(context.now() + std::chrono::seconds{2}, 1);
  };
  probe->does_on_timer = [&](auto& context, auto) { times.push_back(context.now()); };
  for (const int second : {0, 1, 10}) add_quote(second);

  EXPECT_EQ(run().value(), Ending::EndOfData);

  EXPECT_THAT(heard, ElementsAre("a quote", "a quote", "a timer 1", "a timer 1", "a quote"));
  EXPECT_THAT(times, ElementsAre(at(2), at(3)));
}

/// A command that comes while the loop waits may make something due before what it waited for.
TEST_F(SimulatedLoopTest, DoesAtItsTimeWhatAnInputMakesDueWhileItWaits) {
  std::vector<core::Timestamp> times;
  std::function<void()> set_timer;
  probe->does_on_quote = [&](auto& context, const auto&) {
    set_timer = [&context] { context.set_timer(context.now() + std::chrono::seconds{1}, 1); };
  };
  probe->does_on_timer = [&](auto& context, auto) { times.push_back(context.now()); };
  for (const int second : {0, 5}) add_quote(second);
  SimulatedLoop::Options options;
  options.speed = 10'000;
  options.take_inputs = [&] {
    if (set_timer) std::exchange(set_timer, {})();
  };

  EXPECT_EQ(run(std::move(options)).value(), Ending::EndOfData);

  EXPECT_THAT(times, ElementsAre(at(1)));
  EXPECT_THAT(heard, ElementsAre("a quote", "a timer 1", "a quote"));
}

/// A run that is made again finds the place of an input by the records alone.
TEST_F(SimulatedLoopTest, TakesInputsOnlyWhereTheLastStepHasLeftARecord) {
  std::vector<core::Timestamp> taken;
  add_quote(0);
  for (const int second : {1, 2})
    source.add(at(second), [](market::EventSink&) -> core::Status { return {}; });
  add_quote(3);
  SimulatedLoop::Options options;
  options.speed = 100'000;
  options.take_inputs = [&] { taken.push_back(stage.clock.now()); };

  EXPECT_EQ(run(std::move(options)).value(), Ending::EndOfData);

  EXPECT_THAT(taken, testing::Contains(at(0)));
  EXPECT_THAT(taken, testing::Not(testing::Contains(at(1))));
  EXPECT_THAT(taken, testing::Not(testing::Contains(at(2))));
}

TEST_F(SimulatedLoopTest, PutsAllDataOfAMomentBeforeItsTimers) {
  probe->does_on_quote = [&](auto& context, const auto&) {
    if (context.now() == at(0)) context.set_timer(at(1), 1);
  };
  for (const int second : {0, 1, 1, 2}) add_quote(second);

  EXPECT_EQ(run().value(), Ending::EndOfData);

  EXPECT_THAT(heard, ElementsAre("a quote", "a quote", "a quote", "a timer 1", "a quote"));
}

TEST_F(SimulatedLoopTest, PutsOrderUpdatesBeforeDataOfTheSameMoment) {
  probe->does_on_quote = [&](auto& context, const auto&) {
    context.submit(st0ck::test::one_share(stage.spy, trading::Side::Buy));
  };
  source.add(at(0), [&](market::EventSink& sink) -> core::Status {
    sink.on_session_phase({market::Phase::Prepare, stage.session()});
    return {};
  });
  for (const int second : {0, 0}) add_quote(second);

  EXPECT_EQ(run().value(), Ending::EndOfData);

  EXPECT_THAT(heard, ElementsAre("a prepare", "a quote", "a accepted", "a quote"));
}

TEST_F(SimulatedLoopTest, FiresTimersDueAtTheLastMomentAndNoLaterOnes) {
  probe->does_on_quote = [&](auto& context, const auto&) {
    context.set_timer(context.now() - std::chrono::seconds{5}, 1);
    context.set_timer(context.now(), 2);
    context.set_timer(context.now() + core::Duration{1}, 3);
  };
  add_quote(0);

  EXPECT_EQ(run().value(), Ending::EndOfData);

  EXPECT_THAT(heard, ElementsAre("a quote", "a timer 1", "a timer 2"));
}

TEST_F(SimulatedLoopTest, FiresATimerOfThePastBeforeLaterData) {
  probe->does_on_quote = [&](auto& context, const auto&) {
    context.set_timer(context.now() - std::chrono::hours{1}, 1);
  };
  for (const int second : {5, 6}) add_quote(second);

  EXPECT_EQ(run().value(), Ending::EndOfData);

  EXPECT_THAT(heard, ElementsAre("a quote", "a timer 1", "a quote", "a timer 1"));
}

TEST_F(SimulatedLoopTest, StopsAfterTheStepThatAskedForIt) {
  for (int second = 0; second < 10; ++second) add_quote(second);
  SimulatedLoop loop{stage.clock, source, stage.kernel, {}};
  probe->does_on_quote = [&](auto& context, const auto&) {
    if (context.now() == at(3)) loop.stop();
  };

  EXPECT_EQ(loop.run().value(), Ending::Stopped);

  EXPECT_EQ(heard.size(), 4U);
  EXPECT_EQ(stage.clock.now(), at(3));
}

TEST_F(SimulatedLoopTest, EndsWithTheErrorOfBadData) {
  add_quote(0);
  source.add(at(1), [](market::EventSink&) -> core::Status {
    return core::fail(core::Errc::BadInput, "bars.csv:7: found 'x', allowed: a price");
  });
  add_quote(2);

  const auto ending = run();

  ASSERT_FALSE(ending.has_value());
  EXPECT_EQ(ending.error().message, "bars.csv:7: found 'x', allowed: a price");
  EXPECT_THAT(heard, ElementsAre("a quote"));
}

TEST_F(SimulatedLoopTest, EndsSoonAfterItsHealthFails) {
  bool is_healthy = true;
  for (int second = 0; second < 10'000; ++second) add_quote(second);
  probe->does_on_quote = [&](auto& context, const auto&) {
    if (context.now() == at(100)) is_healthy = false;
  };
  SimulatedLoop::Options options;
  options.health = [&]() -> core::Status {
    if (is_healthy) return {};
    return core::fail(core::Errc::NoSpace, "journal: the disk is full");
  };

  const auto ending = run(std::move(options));

  ASSERT_FALSE(ending.has_value());
  EXPECT_EQ(ending.error().code, core::Errc::NoSpace);
  EXPECT_LT(heard.size(), 2'000U);
}

TEST_F(SimulatedLoopTest, LooksAtItsHealthBeforeItCallsARunComplete) {
  bool is_healthy = true;
  add_quote(0);
  probe->does_on_quote = [&](auto&, const auto&) { is_healthy = false; };
  SimulatedLoop::Options options;
  options.health = [&]() -> core::Status {
    if (is_healthy) return {};
    return core::fail(core::Errc::NoSpace, "journal: the disk is full");
  };

  EXPECT_FALSE(run(std::move(options)).has_value());
}

// --- Paced runs: the spans are tiny, so that nothing waits for more than a few milliseconds.

using Wall = std::chrono::steady_clock;

TEST_F(SimulatedLoopTest, KeepsPaceWithAMultipleOfRealTime) {
  for (const int second : {0, 1, 2, 3}) add_quote(second);
  SimulatedLoop::Options options;
  options.speed = 1'000;

  const auto begin = Wall::now();
  EXPECT_EQ(run(std::move(options)).value(), Ending::EndOfData);

  EXPECT_GE(Wall::now() - begin, std::chrono::milliseconds{3});
  EXPECT_EQ(heard.size(), 4U);
}

TEST_F(SimulatedLoopTest, SkipsClosedHours) {
  for (const int second : {0, 100'000, 200'000}) add_quote(second);
  SimulatedLoop::Options options;
  options.speed = 1;

  EXPECT_EQ(run(std::move(options)).value(), Ending::EndOfData);  // Else it takes two days.

  EXPECT_EQ(heard.size(), 3U);
}

TEST_F(SimulatedLoopTest, HurriesWhileItIsToldTo) {
  for (int second = 0; second < 600; ++second) add_quote(second);
  SimulatedLoop::Options options;
  options.speed = 1;
  options.is_hurrying = [] { return true; };

  EXPECT_EQ(run(std::move(options)).value(), Ending::EndOfData);  // Else it takes ten minutes.

  EXPECT_EQ(heard.size(), 600U);
}

TEST_F(SimulatedLoopTest, PacesFromWhereItStoppedHurrying) {
  for (int second = 0; second < 600; ++second) add_quote(second);
  SimulatedLoop::Options options;
  options.speed = 1'000;
  options.is_hurrying = [&] { return heard.size() < 598; };

  const auto begin = Wall::now();
  EXPECT_EQ(run(std::move(options)).value(), Ending::EndOfData);

  EXPECT_LT(Wall::now() - begin, std::chrono::milliseconds{500}) << "600 ms at this speed";
}

TEST_F(SimulatedLoopTest, StopsWhilePaced) {
  for (int second = 0; second < 10; ++second) add_quote(second);
  SimulatedLoop::Options options;
  options.speed = 1'000;
  SimulatedLoop loop{stage.clock, source, stage.kernel, std::move(options)};
  probe->does_on_quote = [&](auto&, const auto&) { loop.stop(); };

  EXPECT_EQ(loop.run().value(), Ending::Stopped);

  EXPECT_EQ(heard.size(), 1U);
}

}  // namespace
}  // namespace st0ck::kernel
