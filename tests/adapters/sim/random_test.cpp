#include "st0ck/adapters/sim/random.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace st0ck::adapters::sim {
namespace {

// The numbers that the authors' reference code gives for these states.
TEST(Random, IsXoshiro256StarStar) {
  Random random{Random::State{1, 2, 3, 4}};

  for (const std::uint64_t expected :
       {std::uint64_t{11520}, std::uint64_t{0}, std::uint64_t{1509978240},
        std::uint64_t{1215971899390074240}, std::uint64_t{1216172134540287360},
        std::uint64_t{607988272756665600}, std::uint64_t{16172922978634559625u},
        std::uint64_t{8476171486693032832}})
    EXPECT_EQ(random.next(), expected);
}

TEST(Random, IsSeededBySplitMix64) {
  std::uint64_t state = 1477776061723855037;

  for (const std::uint64_t expected :
       {std::uint64_t{1985237415132408290}, std::uint64_t{2979275885539914483},
        std::uint64_t{13511426838097143398u}, std::uint64_t{8488337342461049707},
        std::uint64_t{15141737807933549159u}})
    EXPECT_EQ(split_mix(state), expected);
}

TEST(Random, GivesEachNameAStreamOfItsOwn) {
  EXPECT_EQ(Random::for_name(1, "SPY").next(), Random::for_name(1, "SPY").next());
  EXPECT_NE(Random::for_name(1, "SPY").next(), Random::for_name(1, "QQQ").next());
  EXPECT_NE(Random::for_name(1, "SPY").next(), Random::for_name(2, "SPY").next());
}

TEST(Random, StaysBelowItsBoundAndReachesAllOfIt) {
  Random random{7};
  std::vector<int> counts(10);

  for (int i = 0; i < 10'000; ++i) ++counts.at(static_cast<std::size_t>(random.below(10)));

  // 1000 each, with a standard deviation of 30.
  for (const int count : counts) {
    EXPECT_GT(count, 850);
    EXPECT_LT(count, 1150);
  }
}

TEST(Random, DrawsABellOfItsNominalDeviation) {
  Random random{7};
  constexpr int kCount = 100'000;
  double sum = 0;
  double squares = 0;

  for (int i = 0; i < kCount; ++i) {
    const auto drawn = static_cast<double>(random.bell());
    sum += drawn;
    squares += drawn * drawn;
  }

  // The mean's own deviation is 1/316 of the bell's; four times that.
  EXPECT_NEAR(sum / kCount, 0, 480);
  const double nominal = static_cast<double>(Random::kBellDeviation);
  EXPECT_NEAR(squares / kCount / (nominal * nominal), 1, 0.02);
}

}  // namespace
}  // namespace st0ck::adapters::sim
