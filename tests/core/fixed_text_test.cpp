#include "st0ck/core/fixed_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <compare>
#include <string>
#include <string_view>
#include <type_traits>

namespace st0ck::core {
namespace {

using Short = FixedText<struct ShortTag, 4>;
using Other = FixedText<struct OtherTag, 4>;

static_assert(std::is_trivially_copyable_v<Short>);
static_assert(sizeof(Short) == 5);
static_assert(!std::is_convertible_v<std::string_view, Short>);
static_assert(!std::is_constructible_v<Short, Other>);
static_assert(Short{"abc"} == Short{"abc"} && Short{"abc"} < Short{"abd"});

TEST(FixedText, HoldsTextUpToItsCapacity) {
  EXPECT_TRUE(Short{}.empty());
  EXPECT_EQ(Short{"abcd"}.view(), "abcd");
  EXPECT_EQ(Short{"ab"}.size(), 2U);
  EXPECT_TRUE(Short::fits("abcd"));
  EXPECT_FALSE(Short::fits("abcde"));
}

TEST(FixedText, KeepsEveryByte) {
  const std::string_view text{"a\0\xFF", 3};

  EXPECT_EQ(Short{text}.view(), text);
}

TEST(FixedText, ComparesLikeItsText) {
  EXPECT_TRUE(rc::check([](const std::string& left, const std::string& right) {
    const std::string a = left.substr(0, 4);
    const std::string b = right.substr(0, 4);
    RC_ASSERT((Short{a} == Short{b}) == (a == b));
    RC_ASSERT(((Short{a} <=> Short{b}) < 0) == (a < b));
    RC_ASSERT(Short{a}.str() == a);
  }));
}

TEST(FixedText, IsFormattedLikeText) { EXPECT_EQ(fmt::format("[{:>5}]", Short{"ab"}), "[   ab]"); }

TEST(FixedTextDeathTest, TakesNothingThatDoesNotFit) {
  EXPECT_DEATH(Short{"abcde"}, "a short text fits its capacity");
}

}  // namespace
}  // namespace st0ck::core
