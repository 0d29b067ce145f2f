#include "st0ck/kernel/explanation.hpp"

#include <gtest/gtest.h>

namespace st0ck::kernel {
namespace {

TEST(Explanation, NamesTheInputsInTheirOrder) {
  EXPECT_EQ(explanation_json({{"bid", "271.34"}, {"age", "3 ms"}}, nullptr),
            R"({"inputs":{"bid":"271.34","age":"3 ms"}})");
}

TEST(Explanation, OfNothingIsAnEmptyObject) {
  EXPECT_EQ(explanation_json({}, nullptr), R"({"inputs":{}})");
}

TEST(Explanation, EscapesWhatJsonDoesNotTake) {
  EXPECT_EQ(explanation_json({{"text", "a \"quote\", a \\ and\na tab\t"}}, nullptr),
            R"({"inputs":{"text":"a \"quote\", a \\ and\u000aa tab\u0009"}})");
}

TEST(Explanation, ShowsWhatEachCheckSaw) {
  trading::RiskReadings readings;
  trading::RiskReading loss;
  loss.code = "DAILY_LOSS";
  loss.setting = "daily_loss_max";
  loss.unit = trading::RiskUnit::Money;
  loss.value = 3'500'000'000;
  loss.limit = 10'000'000'000;
  readings.push_back(loss);
  trading::RiskReading quote;
  quote.code = "STALE_QUOTE";
  quote.setting = "quote_age_max";
  quote.unit = trading::RiskUnit::Nanoseconds;
  quote.limit = 2'000'000'000;
  quote.available = false;
  quote.passed = false;
  readings.push_back(quote);

  EXPECT_EQ(
      explanation_json({}, &readings),
      R"({"inputs":{},"checks":[)"
      R"({"code":"DAILY_LOSS","passed":true,"value":"3.50","limit":"10.00","setting":"daily_loss_max"},)"
      R"({"code":"STALE_QUOTE","passed":false,"value":"unavailable","limit":"2000 ms","setting":"quote_age_max"}]})");
}

}  // namespace
}  // namespace st0ck::kernel
