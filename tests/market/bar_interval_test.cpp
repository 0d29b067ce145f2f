#include "st0ck/market/bar_interval.hpp"

#include "st0ck/core/time_text.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace st0ck::market {
namespace {

core::Timestamp utc(std::string_view text) { return core::parse_timestamp(text).value(); }

core::Session session_on(std::string_view date) {
  return core::ExchangeCalendar::xnys().session_on(core::parse_date(date).value()).value();
}

TEST(BarInterval, CountsBucketsFromTheOpen) {
  const auto session = session_on("2019-02-11");
  const auto hour = BarInterval::minutes(60);

  const auto first = hour.bucket_at(session, utc("2019-02-11T14:30:00Z"));
  const auto second = hour.bucket_at(session, utc("2019-02-11T15:30:00Z"));
  const auto last = hour.bucket_at(session, utc("2019-02-11T20:59:59.999999999Z"));

  EXPECT_EQ(first.start, session.open);
  EXPECT_EQ(first.end, utc("2019-02-11T15:30:00Z"));
  EXPECT_EQ(second.start, utc("2019-02-11T15:30:00Z"));
  EXPECT_EQ(last.start, utc("2019-02-11T20:30:00Z"));
  EXPECT_EQ(last.end, session.close);
}

TEST(BarInterval, EndsTheLastBucketAtAnEarlyClose) {
  const auto session = session_on("2019-11-29");
  const auto bucket = BarInterval::minutes(60).bucket_at(session, utc("2019-11-29T17:59:00Z"));
  EXPECT_EQ(bucket.start, utc("2019-11-29T17:30:00Z"));
  EXPECT_EQ(bucket.end, utc("2019-11-29T18:00:00Z"));
}

TEST(BarInterval, TakesAWholeSessionAsOneBucket) {
  const auto session = session_on("2019-02-11");
  const auto whole = BarInterval::session().bucket_at(session, utc("2019-02-11T18:00:00Z"));
  const auto longer = BarInterval::minutes(600).bucket_at(session, utc("2019-02-11T18:00:00Z"));
  EXPECT_EQ(whole, (BarInterval::Bucket{session.open, session.close}));
  EXPECT_EQ(longer, whole);
}

TEST(BarInterval, CountsBarsThatBeginInAStretch) {
  const auto open = utc("2019-02-11T14:30:00Z");
  const auto five = BarInterval::minutes(5);
  EXPECT_EQ(five.count_in(open, open), 0);
  EXPECT_EQ(five.count_in(open, open + std::chrono::minutes{1}), 1);
  EXPECT_EQ(five.count_in(open, open + std::chrono::minutes{5}), 1);
  EXPECT_EQ(five.count_in(open, open + std::chrono::minutes{6}), 2);
  EXPECT_EQ(BarInterval::session().count_in(open, open + std::chrono::minutes{6}), 1);
}

TEST(BarInterval, TellsItsLength) {
  EXPECT_EQ(BarInterval::minutes(5).to_string(), "5 min");
  EXPECT_EQ(BarInterval::of(std::chrono::seconds{90}).to_string(), "90 s");
  EXPECT_EQ(BarInterval::of(core::Duration{7}).to_string(), "7 ns");
  EXPECT_EQ(BarInterval::session().to_string(), "session");
}

}  // namespace
}  // namespace st0ck::market
