#include "st0ck/net/header_field.hpp"

#include <gtest/gtest.h>

namespace st0ck::net {
namespace {

TEST(HeaderField, IsValidAsATokenWithAValueOfOneLine) {
  EXPECT_TRUE(is_valid({"APCA-API-KEY-ID", "PK123"}));
  EXPECT_TRUE(is_valid({"x", ""}));
  EXPECT_TRUE(is_valid({"x", "caf\xC3\xA9\tau lait"}));
  EXPECT_FALSE(is_valid({"", "value"}));
  EXPECT_FALSE(is_valid({"two words", "value"}));
  EXPECT_FALSE(is_valid({"x:", "value"}));
  EXPECT_FALSE(is_valid({"x", "value\r\nHost: elsewhere"}));
  EXPECT_FALSE(is_valid({"x", std::string{"nul\0", 4}}));
}

TEST(HeaderField, IsFoundWhateverTheCaseOfItsName) {
  const HeaderFields fields{{"Content-Type", "a"}, {"content-type", "b"}};

  EXPECT_EQ(find_header(fields, "CONTENT-TYPE"), "a");
  EXPECT_EQ(find_header(fields, "Content"), std::nullopt);
}

}  // namespace
}  // namespace st0ck::net
