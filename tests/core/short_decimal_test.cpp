#include "st0ck/core/short_decimal.hpp"

#include "st0ck/core/fixed_point.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace st0ck::core {
namespace {

TEST(ShortDecimal, ReadsWhatIsUsuallyWritten) {
  EXPECT_EQ(read_short_decimal("12", 9), 12'000'000'000);
  EXPECT_EQ(read_short_decimal("12.5", 9), 12'500'000'000);
  EXPECT_EQ(read_short_decimal("0.000000001", 9), 1);
  EXPECT_EQ(read_short_decimal("999999999.999999999", 9), std::nullopt) << "nineteen characters";
  EXPECT_EQ(read_short_decimal("999999999.99999999", 9), 999'999'999'999'999'990);
  EXPECT_EQ(read_short_decimal("100", 0), 100);
}

TEST(ShortDecimal, LeavesAllElseToACompleteReader) {
  for (const char* text : {"", ".", "1.", ".5", "-1", "+1", "1e3", "1.2.3", " 1", "0x1",
                           "0.0000000001", "1000000000000"})
    EXPECT_EQ(read_short_decimal(text, 9), std::nullopt) << text;
}

RC_GTEST_PROP(ShortDecimal, SaysWhatTheCompleteReaderSays, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"0123456789."}));
  if (const auto read = read_short_decimal(text, 9)) {
    const auto complete = parse_decimal(text, 9);
    RC_ASSERT(complete);
    RC_ASSERT(*complete == *read);
  }
}

}  // namespace
}  // namespace st0ck::core
