#include "st0ck/kernel/live_clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <vector>

namespace st0ck::kernel {
namespace {

core::Timestamp at(std::int64_t nanoseconds) { return core::timestamp_from_ns(nanoseconds); }

TEST(LiveClock, TellsItsSourcesTime) {
  std::int64_t time = 100;
  const LiveClock clock{[&] { return at(time); }};

  EXPECT_EQ(clock.now(), at(100));
  time = 101;
  EXPECT_EQ(clock.now(), at(101));
  EXPECT_EQ(clock.steps_back(), 0U);
}

TEST(LiveClock, StandsStillWhileItsSourceIsBehindAndCountsTheStepOnce) {
  std::int64_t time = 100;
  const LiveClock clock{[&] { return at(time); }};
  clock.now();

  for (const std::int64_t behind : {40, 50, 30, 99}) {
    time = behind;
    EXPECT_EQ(clock.now(), at(100));
  }
  EXPECT_EQ(clock.steps_back(), 1U);
  time = 100;
  EXPECT_EQ(clock.now(), at(100));
  time = 110;
  EXPECT_EQ(clock.now(), at(110));

  EXPECT_EQ(clock.steps_back(), 1U);
}

TEST(LiveClock, CountsASecondStep) {
  std::int64_t time = 100;
  const LiveClock clock{[&] { return at(time); }};
  for (const std::int64_t next : {100, 90, 120, 119}) {
    time = next;
    clock.now();
  }

  EXPECT_EQ(clock.steps_back(), 2U);
  EXPECT_EQ(clock.now(), at(120));
}

TEST(LiveClock, NeverGoesBack) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint32_t>& times) {
    std::size_t next = 0;
    const LiveClock clock{[&] { return at(times[next++]); }};
    core::Timestamp last{};
    for (std::size_t i = 0; i < times.size(); ++i) {
      const core::Timestamp now = clock.now();
      RC_ASSERT(now >= last);
      last = now;
    }
  }));
}

TEST(LiveClock, TellsAModernTimeByDefault) {
  const LiveClock clock;

  EXPECT_GT(clock.now(), at(1'700'000'000'000'000'000));
}

}  // namespace
}  // namespace st0ck::kernel
