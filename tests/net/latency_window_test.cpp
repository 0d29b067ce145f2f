#include "st0ck/net/latency_window.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace st0ck::net {
namespace {

using namespace std::chrono_literals;

TEST(LatencyWindow, TellsPercentilesByTheNearestRank) {
  LatencyWindow window;
  for (int i = 100; i >= 1; --i) window.add(std::chrono::milliseconds{i}, 0s);

  EXPECT_EQ(window.percentile(50, 0s), 50ms);
  EXPECT_EQ(window.percentile(99, 0s), 99ms);
  EXPECT_EQ(window.percentile(100, 0s), 100ms);
  EXPECT_EQ(window.percentile(1, 0s), 1ms);
}

TEST(LatencyWindow, ForgetsWhatIsOldOrTooMuch) {
  LatencyWindow window{10s, 2};
  EXPECT_EQ(window.percentile(50, 0s), std::nullopt);
  window.add(1ms, 0s);
  window.add(2ms, 5s);
  EXPECT_EQ(window.percentile(50, 5s), 1ms);
  EXPECT_EQ(window.percentile(50, 10s), 2ms);

  window.add(3ms, 5s);

  EXPECT_EQ(window.percentile(1, 5s), 2ms);
  EXPECT_EQ(window.percentile(50, 15s), std::nullopt);
}

}  // namespace
}  // namespace st0ck::net
