#include "st0ck/core/utf8.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace st0ck::core {
namespace {

TEST(Utf8, MeasuresWellFormedCharacters) {
  EXPECT_EQ(utf8_character_size("a"), 1U);
  EXPECT_EQ(utf8_character_size("\xc3\xa9"), 2U);
  EXPECT_EQ(utf8_character_size("\xe2\x82\xac x"), 3U);
  EXPECT_EQ(utf8_character_size("\xf4\x8f\xbf\xbf"), 4U);
  EXPECT_EQ(utf8_character_size(std::string_view("\0", 1)), 1U);
}

TEST(Utf8, RefusesIllFormedCharacters) {
  EXPECT_EQ(utf8_character_size(""), 0U);
  EXPECT_EQ(utf8_character_size("\x80"), 0U) << "a lone continuation";
  EXPECT_EQ(utf8_character_size("\xc3"), 0U) << "cut short";
  EXPECT_EQ(utf8_character_size("\xc3z"), 0U) << "no continuation";
  EXPECT_EQ(utf8_character_size("\xc0\x80"), 0U) << "overlong";
  EXPECT_EQ(utf8_character_size("\xe0\x80\x80"), 0U) << "overlong";
  EXPECT_EQ(utf8_character_size("\xed\xa0\x80"), 0U) << "a surrogate";
  EXPECT_EQ(utf8_character_size("\xf4\x90\x80\x80"), 0U) << "above U+10FFFF";
  EXPECT_EQ(utf8_character_size("\xe2\x82z"), 0U) << "a broken third byte";
  EXPECT_EQ(utf8_character_size("\xff"), 0U);
}

}  // namespace
}  // namespace st0ck::core
