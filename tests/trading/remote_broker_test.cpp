#include "st0ck/trading/remote_broker.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace st0ck::trading {
namespace {

using std::chrono::seconds;

AccountReport report_of(int broker_time, int asked, int answered) {
  AccountReport report;
  report.broker_time = core::Timestamp{seconds{broker_time}};
  report.asked = core::Timestamp{seconds{asked}};
  report.answered = core::Timestamp{seconds{answered}};
  return report;
}

TEST(AccountReport, TellsNoSkewThatTheAnswersWayExplains) {
  EXPECT_EQ(report_of(100, 100, 103).clock_skew(), seconds{0});
  EXPECT_EQ(report_of(103, 100, 103).clock_skew(), seconds{0});
}

TEST(AccountReport, TellsASkewWithItsDirection) {
  EXPECT_EQ(report_of(98, 100, 103).clock_skew(), seconds{-2});
  EXPECT_EQ(report_of(110, 100, 103).clock_skew(), seconds{7});
}

}  // namespace
}  // namespace st0ck::trading
