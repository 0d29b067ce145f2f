#include "src/app/latency_samples.hpp"

#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

namespace st0ck::app {
namespace {

using namespace std::chrono_literals;

TEST(LatencySamples, TellNothingBeforeTheFirst) {
  const LatencySamples samples{500ms};

  EXPECT_EQ(samples.count(), 0U);
  EXPECT_EQ(samples.percentile(50), std::nullopt);
  EXPECT_EQ(samples.max(), std::nullopt);
}

TEST(LatencySamples, CountAllThatExceedTheTarget) {
  LatencySamples samples{500ms, 2};
  for (const auto time : {501ms, 500ms, 499ms, 502ms}) samples.add(time);

  EXPECT_EQ(samples.count(), 4U);
  EXPECT_EQ(samples.over_target(), 2U);
}

TEST(LatencySamples, ForgetTheOldestAndRememberTheLongest) {
  LatencySamples samples{std::nullopt, 2};
  for (const auto time : {9ms, 1ms, 2ms}) samples.add(time);

  EXPECT_EQ(samples.percentile(50), 1ms);
  EXPECT_EQ(samples.percentile(100), 2ms);
  EXPECT_EQ(samples.max(), 9ms);
}

/// The least time that at least so many of the last `kept` do not exceed, by sorting them all.
core::Duration percentile_by_sorting(const std::vector<core::Duration>& all, std::size_t kept,
                                     std::size_t per_cent) {
  std::vector<core::Duration> last{
      all.end() - static_cast<std::ptrdiff_t>(std::min(kept, all.size())), all.end()};
  std::sort(last.begin(), last.end());
  std::size_t place = 0;
  while ((place + 1) * 100 < per_cent * last.size()) ++place;
  return last[place];
}

TEST(LatencySamples, AgreeWithSortingWhateverComes) {
  constexpr std::uint64_t kSeed = 20190212;
  std::mt19937_64 random{kSeed};
  for (const std::size_t kept : {1U, 2U, 7U, 100U}) {
    LatencySamples samples{std::nullopt, kept};
    std::vector<core::Duration> all;
    for (int i = 0; i < 300; ++i) {
      all.emplace_back(static_cast<std::int64_t>(random() % 50));  // So that some are equal.
      samples.add(all.back());

      for (const std::size_t per_cent : {1U, 50U, 95U, 99U, 100U})
        ASSERT_EQ(samples.percentile(per_cent), percentile_by_sorting(all, kept, per_cent))
            << "seed " << kSeed << ", kept " << kept << ", sample " << i << ", " << per_cent;
    }
  }
}

TEST(LatencySamples, TakeNoMemoryOnceMade) {
  LatencySamples samples{500ms, 100};

  const std::uint64_t before = st0ck::test::allocations_of_this_thread();
  for (int i = 0; i < 1'000; ++i) samples.add(1ms);

  EXPECT_EQ(st0ck::test::allocations_of_this_thread() - before, 0U);
}

}  // namespace
}  // namespace st0ck::app
