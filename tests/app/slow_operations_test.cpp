#include "src/app/slow_operations.hpp"

#include "src/app/loop_watch.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "support/recording_logger.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <utility>

namespace st0ck::app {
namespace {

using namespace std::chrono_literals;

class SlowOperationsTest : public testing::Test {
 protected:
  net::SimulatedScheduler scheduler;
  st0ck::test::RecordingLogger log;
  SlowOperations slow{log.get(), scheduler};
};

TEST_F(SlowOperationsTest, AreThoseLongerThanTheLimit) {
  slow.note("http", "orders", 100ms - 1ns);
  slow.note("http", "orders", 100ms);
  EXPECT_TRUE(slow.counts().empty());

  slow.note("http", "orders", 100ms + 1ns);

  EXPECT_EQ(slow.counts().at("http.orders").count, 1U);
  EXPECT_EQ(log.count("SLOW_OPERATION"), 1U);
}

TEST_F(SlowOperationsTest, AreToldOnceInAWhileWithTheirNumber) {
  for (const auto time : {101ms, 300ms, 200ms}) slow.note("http", "orders", time);
  EXPECT_EQ(log.count("SLOW_OPERATION"), 1U);
  slow.note("http", "account", 101ms);
  EXPECT_EQ(log.count("SLOW_OPERATION"), 2U) << "another operation";
  scheduler.run_for(10s);
  slow.note("http", "orders", 150ms);

  EXPECT_EQ(log.count("SLOW_OPERATION"), 3U);
  EXPECT_NE(log.entries().back().json.find("\"times\":3"), std::string::npos)
      << log.entries().back().json;
  EXPECT_EQ(slow.counts().at("http.orders").count, 4U);
  EXPECT_EQ(slow.counts().at("http.orders").longest, core::Duration{300ms});
}

TEST_F(SlowOperationsTest, WithoutASecondNameHaveThePlainOne) {
  slow.note("core_loop", "", 1s);
  EXPECT_EQ(slow.counts().at("core_loop").count, 1U);
}

/// Runs a task when the test says so, however late.
class LateScheduler final : public net::Scheduler {
 public:
  core::Duration elapsed() const override { return now; }
  net::TaskId call_after(core::Duration wait, std::function<void()> task) override {
    asked_for = wait;
    task_ = std::move(task);
    return net::TaskId{1};
  }
  void cancel(net::TaskId) override { task_ = nullptr; }
  void run_after(core::Duration time) {
    now += time;
    std::exchange(task_, nullptr)();
  }

  core::Duration now{};
  core::Duration asked_for{};

 private:
  std::function<void()> task_;
};

TEST(LoopWatch, TellsHowLateTheLoopCameToWhatWasDue) {
  LateScheduler scheduler;
  st0ck::test::RecordingLogger log;
  SlowOperations slow{log.get(), scheduler};
  LoopWatch watch{scheduler, slow};

  scheduler.run_after(scheduler.asked_for + 20ms);
  EXPECT_TRUE(slow.counts().empty());
  scheduler.run_after(scheduler.asked_for + 150ms);
  scheduler.run_after(scheduler.asked_for);

  EXPECT_EQ(watch.delay_max(), core::Duration{150ms});
  EXPECT_EQ(slow.counts().at("core_loop").count, 1U);
}

}  // namespace
}  // namespace st0ck::app
