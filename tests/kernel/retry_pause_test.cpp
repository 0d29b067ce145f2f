#include "st0ck/kernel/retry_pause.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace st0ck::kernel {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

const core::Timestamp kStart = core::timestamp_from_ns(1'700'000'000'000'000'000);

TEST(RetryPause, DoublesUpToItsBound) {
  RetryPause pause{seconds{10}, seconds{35}};
  core::Timestamp now = kStart;

  for (const auto wait : {10, 20, 35, 35}) {
    const core::Timestamp until = pause.begin(now);
    EXPECT_EQ(until, now + seconds{wait});
    EXPECT_TRUE(pause.is_under_way(until - nanoseconds{1}));
    EXPECT_FALSE(pause.is_under_way(until));
    now = until;
  }
}

TEST(RetryPause, BeginsAnewOnceNothingFailedForLongerThanItsBound) {
  RetryPause pause{seconds{10}, seconds{60}};
  const core::Timestamp first = pause.begin(kStart);

  const core::Timestamp second = pause.begin(first + seconds{60});
  EXPECT_EQ(second, first + seconds{60} + seconds{20}) << "just within";
  const core::Timestamp late = second + seconds{60} + nanoseconds{1};
  EXPECT_EQ(pause.begin(late), late + seconds{10});
}

TEST(RetryPause, IsOverAndShortAgainAfterAReset) {
  RetryPause pause{seconds{10}, seconds{60}};
  pause.begin(kStart);

  pause.reset();

  EXPECT_FALSE(pause.is_under_way(kStart));
  EXPECT_EQ(pause.begin(kStart), kStart + seconds{10});
}

}  // namespace
}  // namespace st0ck::kernel
