#include "st0ck/net/simulated_scheduler.hpp"

#include <gtest/gtest.h>

#include <string>

namespace st0ck::net {
namespace {

using std::chrono::seconds;

TEST(SimulatedScheduler, RunsTasksInTheOrderOfTheirTimesThenOfTheirGiving) {
  SimulatedScheduler scheduler;
  std::string ran;
  scheduler.call_after(seconds{2}, [&] { ran += 'c'; });
  scheduler.call_after(seconds{1}, [&] { ran += 'a'; });
  scheduler.call_after(seconds{1}, [&] { ran += 'b'; });

  scheduler.run_until(seconds{2});

  EXPECT_EQ(ran, "abc");
  EXPECT_EQ(scheduler.elapsed(), seconds{2});
}

TEST(SimulatedScheduler, RunsWhatATaskAddsWhenItIsDueInTheSameSpan) {
  SimulatedScheduler scheduler;
  std::string ran;
  scheduler.call_after(seconds{1}, [&] {
    scheduler.call_after(seconds{1}, [&] { ran += 'b'; });
    scheduler.call_after(seconds{9}, [&] { ran += 'x'; });
    ran += 'a';
  });

  scheduler.run_for(seconds{3});

  EXPECT_EQ(ran, "ab");
  EXPECT_EQ(scheduler.elapsed(), seconds{3});
  EXPECT_EQ(scheduler.next_due(), seconds{10});
}

TEST(SimulatedScheduler, DropsACancelledTaskEvenFromAnotherOfTheSameTime) {
  SimulatedScheduler scheduler;
  std::string ran;
  TaskId second{};
  scheduler.call_after(seconds{1}, [&] { scheduler.cancel(second); });
  second = scheduler.call_after(seconds{1}, [&] { ran += 'b'; });

  scheduler.run_for(seconds{5});

  EXPECT_EQ(ran, "");
  EXPECT_FALSE(scheduler.run_one());
}

}  // namespace
}  // namespace st0ck::net
