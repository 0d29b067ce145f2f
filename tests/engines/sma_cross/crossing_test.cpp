#include "engines/sma_cross/crossing.hpp"

#include "support/orders.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace st0ck::engines::sma_cross {
namespace {

using test::price;

core::Price cents(std::int64_t count) { return core::Price::from_raw(count * 10'000'000); }

std::vector<Cross> crosses_of(std::int64_t fast, std::int64_t slow,
                              const std::vector<std::int64_t>& closes) {
  Crossing crossing{fast, slow};
  std::vector<Cross> crosses;
  for (const std::int64_t close : closes) crosses.push_back(crossing.add(cents(close)));
  return crosses;
}

TEST(RollingSum, HoldsTheLastClosesOnly) {
  RollingSum sum{2};

  sum.add(price("1.00"));
  EXPECT_FALSE(sum.is_full());
  sum.add(price("2.00"));
  sum.add(price("4.01"));

  EXPECT_TRUE(sum.is_full());
  EXPECT_EQ(sum.sum(), price("6.01"));
  EXPECT_EQ(sum.average(), price("3.005"));
}

TEST(RollingSum, BeginsAnewAfterAClear) {
  RollingSum sum{2};
  sum.add(price("1.00"));
  sum.add(price("2.00"));

  sum.clear();

  EXPECT_FALSE(sum.is_full());
  EXPECT_EQ(sum.average(), core::Price{});
}

TEST(Crossing, SaysNothingWhileItWarmsUp) {
  EXPECT_EQ(crosses_of(1, 3, {100, 200}), (std::vector<Cross>{Cross::None, Cross::None}));
}

TEST(Crossing, TakesTheFirstStandingForNoCross) {
  EXPECT_EQ(crosses_of(1, 2, {100, 200}).back(), Cross::None);
}

// Averages of one and two closes: the fast one is above where the last close is above the other.
TEST(Crossing, CrossesUpAndDownOnce) {
  EXPECT_EQ(crosses_of(1, 2, {100, 90, 95, 96, 80, 70}),
            (std::vector<Cross>{Cross::None, Cross::None, Cross::Up, Cross::None, Cross::Down,
                                Cross::None}));
}

TEST(Crossing, LooksPastClosesWhereTheAveragesAreEqual) {
  EXPECT_EQ(crosses_of(1, 2, {100, 90, 90, 91}).back(), Cross::Up);
  EXPECT_EQ(crosses_of(1, 2, {90, 100, 100, 101}).back(), Cross::None);
}

TEST(Crossing, ComparesExactlyWhereAveragesCannotBeWritten) {
  // Thirds: (100 + 100 + 101) / 3 lies above 100, by a third of a cent.
  EXPECT_EQ(crosses_of(3, 6, {101, 100, 100, 100, 100, 100, 101}).back(), Cross::Up);
}

TEST(Crossing, ForgetsWhereItStoodAfterAClear) {
  Crossing crossing{1, 2};
  crossing.add(price("2.00"));
  crossing.add(price("1.00"));
  crossing.clear();
  crossing.add(price("1.00"));

  EXPECT_EQ(crossing.add(price("2.00")), Cross::None);
  EXPECT_EQ(crossing.sign(), 1);
}

/// The same from whole windows, with rationals instead of running sums.
std::vector<Cross> crosses_by_hand(std::int64_t fast, std::int64_t slow,
                                   const std::vector<std::int64_t>& closes) {
  std::vector<Cross> crosses;
  std::int64_t last = 0;
  for (std::size_t i = 0; i < closes.size(); ++i) {
    Cross cross = Cross::None;
    if (i + 1 >= static_cast<std::size_t>(slow)) {
      const auto end = closes.begin() + static_cast<std::ptrdiff_t>(i) + 1;
      const std::int64_t difference = std::accumulate(end - fast, end, std::int64_t{0}) * slow -
                                      std::accumulate(end - slow, end, std::int64_t{0}) * fast;
      if (difference > 0 && last < 0) cross = Cross::Up;
      if (difference < 0 && last > 0) cross = Cross::Down;
      if (difference != 0) last = difference;
    }
    crosses.push_back(cross);
  }
  return crosses;
}

RC_GTEST_PROP(Crossing, AgreesWithWholeWindows, ()) {
  const auto fast = *rc::gen::inRange<std::int64_t>(1, 6);
  const auto slow = *rc::gen::inRange<std::int64_t>(fast + 1, 9);
  const auto closes =
      *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(95, 106));

  RC_ASSERT(crosses_of(fast, slow, closes) == crosses_by_hand(fast, slow, closes));
}

}  // namespace
}  // namespace st0ck::engines::sma_cross
