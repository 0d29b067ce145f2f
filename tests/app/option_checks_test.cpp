#include "src/app/option_checks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace st0ck::app {
namespace {

/// What is said of a value; empty where it passes.
std::string said_of(const CLI::Validator& check, const std::string& text) {
  std::string value = text;
  return check(value);
}

TEST(OptionChecks, LetNumbersOfTheRangePassAlone) {
  const CLI::Validator check = number_from(0.5, 10);

  for (const char* text : {"0.5", "10", "1e1", "3.25"}) EXPECT_EQ(said_of(check, text), "");
  for (const char* text : {"nan", "NAN", "-nan", "inf", "-inf", "0.499", "10.01", "-1", "1e400", "",
                           " 1", "1x", "0x1"})
    EXPECT_NE(said_of(check, text), "") << text;
  EXPECT_EQ(said_of(check, "nan"), "found 'nan', allowed is a number from 0.5 to 10");
}

TEST(OptionChecks, LetWholeNumbersOfTheRangePassAlone) {
  const CLI::Validator check = whole_number_from(1);

  for (const char* text : {"1", "007", "18446744073709551615"}) EXPECT_EQ(said_of(check, text), "");
  for (const char* text : {"0", "-1", "+1", "1.0", "1e3", "nan", "", "18446744073709551616"})
    EXPECT_NE(said_of(check, text), "") << text;
  EXPECT_EQ(said_of(whole_number_from(0, 256), "257"),
            "found '257', allowed is a whole number from 0 to 256");
}

TEST(OptionChecks, LetWordsPassThatAHeaderCanCarry) {
  EXPECT_EQ(said_of(word(), "PK-1_x~"), "");
  for (const char* text : {"", "two words", "tab\t", "\x7f", "\xc3\xa9"})
    EXPECT_NE(said_of(word(), text), "") << text;
}

TEST(OptionChecks, LetNoEmptyTextPass) {
  EXPECT_EQ(said_of(not_empty(), "x"), "");
  EXPECT_NE(said_of(not_empty(), ""), "");
}

}  // namespace
}  // namespace st0ck::app
