#include "src/app/commands/close_names.hpp"

#include <gtest/gtest.h>

namespace st0ck::app {
namespace {

const std::vector<std::string> kIds{"scalper-st0cka-20190211-1", "scalper-st0cka-20190211-2",
                                    "scalper-st0cka-20190212-1", "scalper-st0cka-20190212-10"};

TEST(CloseNames, AreThoseThatAFewLettersLeadTo) {
  EXPECT_EQ(close_names("trdaes", {"trades", "orders"}), (std::vector<std::string>{"trades"}));
}

TEST(CloseNames, BeginWithTheClosestAndAreThreeAtMost) {
  const auto names = close_names("scalper-st0cka-20190211-3", kIds);

  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(names[0], "scalper-st0cka-20190211-1");
  EXPECT_EQ(names[1], "scalper-st0cka-20190211-2");
}

TEST(CloseNames, HoldWhatTheWordIsAPartOf) {
  EXPECT_EQ(close_names("20190212-10", kIds),
            (std::vector<std::string>{"scalper-st0cka-20190212-10"}));
}

TEST(CloseNames, AreNoneForAWordThatIsLikeNothing) {
  EXPECT_TRUE(close_names("quantity", kIds).empty());
  EXPECT_TRUE(close_names("", kIds).empty());
  EXPECT_TRUE(close_names(std::string(100'000, 'x'), kIds).empty());
}

TEST(DidYouMean, IsNothingWithoutNames) {
  EXPECT_EQ(did_you_mean({}), "");
  EXPECT_EQ(did_you_mean({"a", "b"}), "; did you mean a, b?");
}

}  // namespace
}  // namespace st0ck::app
