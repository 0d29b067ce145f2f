#include "st0ck/kernel/timer_queue.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace st0ck::kernel {
namespace {

core::Timestamp at(std::int64_t nanoseconds) { return core::timestamp_from_ns(nanoseconds); }

TEST(TimerQueue, IsEmptyAtFirst) {
  TimerQueue queue;

  EXPECT_EQ(queue.next_deadline(), std::nullopt);
  EXPECT_FALSE(queue.pop_due(at(1'000)).has_value());
}

TEST(TimerQueue, GivesTimersByTheirDeadlines) {
  TimerQueue queue;
  queue.set(at(30), 0, 3);
  queue.set(at(10), 0, 1);
  queue.set(at(20), 0, 2);

  EXPECT_EQ(queue.pop_due(at(30))->topic, 1U);
  EXPECT_EQ(queue.pop_due(at(30))->topic, 2U);
  EXPECT_EQ(queue.pop_due(at(30))->topic, 3U);
  EXPECT_EQ(queue.size(), 0U);
}

TEST(TimerQueue, GivesEqualDeadlinesInTheOrderOfSetting) {
  TimerQueue queue;
  for (TimerTopic topic = 0; topic < 20; ++topic) queue.set(at(10), topic % 3, topic);

  for (TimerTopic topic = 0; topic < 20; ++topic) {
    const auto timer = queue.pop_due(at(10));
    ASSERT_TRUE(timer.has_value());
    EXPECT_EQ(timer->topic, topic);
    EXPECT_EQ(timer->bot, topic % 3);
  }
}

TEST(TimerQueue, GivesATimerAtItsDeadlineNotBefore) {
  TimerQueue queue;
  queue.set(at(10), 0, 1);

  EXPECT_FALSE(queue.pop_due(at(9)).has_value());
  EXPECT_TRUE(queue.pop_due(at(10)).has_value());
}

TEST(TimerQueue, ForgetsACancelledTimer) {
  TimerQueue queue;
  const core::TimerId first = queue.set(at(10), 0, 1);
  queue.set(at(20), 0, 2);

  queue.cancel(first);

  EXPECT_EQ(queue.next_deadline(), at(20));
  EXPECT_EQ(queue.pop_due(at(99))->topic, 2U);
}

TEST(TimerQueue, IgnoresTheCancelOfATimerThatHasFired) {
  TimerQueue queue;
  const core::TimerId fired = queue.set(at(10), 0, 1);
  queue.pop_due(at(10));
  queue.set(at(20), 0, 2);

  queue.cancel(fired);
  queue.cancel(core::TimerId{77});

  EXPECT_EQ(queue.size(), 1U);
}

/// The plain twin: timers by deadline and number.
using Twin = std::map<std::pair<core::Timestamp, core::TimerId>, TimerTopic>;

TEST(TimerQueue, DoesWhatASortedMapDoes) {
  EXPECT_TRUE(rc::check([](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& steps) {
    TimerQueue queue;
    Twin twin;
    std::vector<core::TimerId> ids;
    for (const auto& [choice, number] : steps) {
      if (choice % 4 < 2) {
        const core::TimerId id = queue.set(at(number % 16), 0, number);
        twin.emplace(std::pair{at(number % 16), id}, number);
        ids.push_back(id);
      } else if (choice % 4 == 2 && !ids.empty()) {
        const core::TimerId id = ids[number % ids.size()];
        queue.cancel(id);
        std::erase_if(twin, [&](const auto& entry) { return entry.first.second == id; });
      } else {
        const auto timer = queue.pop_due(at(number % 16));
        const bool is_due = !twin.empty() && twin.begin()->first.first <= at(number % 16);
        RC_ASSERT(timer.has_value() == is_due);
        if (!is_due) continue;
        RC_ASSERT(timer->id == twin.begin()->first.second);
        RC_ASSERT(timer->topic == twin.begin()->second);
        twin.erase(twin.begin());
      }
      RC_ASSERT(queue.size() == twin.size());
      RC_ASSERT(queue.next_deadline().has_value() == !twin.empty());
      if (!twin.empty()) RC_ASSERT(*queue.next_deadline() == twin.begin()->first.first);
    }
  }));
}

}  // namespace
}  // namespace st0ck::kernel
