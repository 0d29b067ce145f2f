#include "st0ck/net/rate_headers.hpp"

#include "st0ck/core/time_text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace st0ck::net {
namespace {

using namespace std::chrono_literals;

core::Timestamp time_of(std::string_view text) { return core::parse_timestamp(text).value(); }

TEST(HttpDate, ReadsTheFormThatServersSend) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), time_of("1994-11-06T08:49:37Z"));
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), core::Timestamp{});
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 23:59:59 GMT"), time_of("2024-02-29T23:59:59Z"));
}

TEST(HttpDate, RefusesEverythingElse) {
  for (const std::string_view text : {
           "",
           "Sunday, 06-Nov-94 08:49:37 GMT",
           "Sun Nov  6 08:49:37 1994",
           "Mon, 06 Nov 1994 08:49:37 GMT",
           "Sun, 6 Nov 1994 08:49:37 GMT",
           "Sun, 06 nov 1994 08:49:37 GMT",
           "Sun, 06 Nov 1994 08:49:37 UTC",
           "Sun, 06 Nov 1994 24:00:00 GMT",
           "Sun, 06 Nov 1994 08:60:37 GMT",
           "Thu, 30 Feb 2023 08:49:37 GMT",
           "Wed, 31 Dec 1969 23:59:59 GMT",
           "Sun, +6 Nov 1994 08:49:37 GMT",
       }) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(RetryAfter, IsSecondsOrADateUpToADay) {
  const auto now = time_of("1994-11-06T08:49:00Z");

  EXPECT_EQ(parse_retry_after("0", now), 0s);
  EXPECT_EQ(parse_retry_after(" 120 ", now), 120s);
  EXPECT_EQ(parse_retry_after("999999999", now), 24h);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), 37s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:48:00 GMT", now), 0s);
  EXPECT_EQ(parse_retry_after("Thu, 29 Feb 2024 23:59:59 GMT", now), 24h);
  for (const std::string_view text : {"", "-1", "1.5", "1s", "9999999999", "soon"}) {
    EXPECT_EQ(parse_retry_after(text, now), std::nullopt) << text;
  }
}

TEST(RateReset, IsSecondsSince1970OrFromNow) {
  const auto now = core::Timestamp{1'700'000'000s};

  EXPECT_EQ(parse_rate_reset("1700000042", now), 42s);
  EXPECT_EQ(parse_rate_reset("1699999999", now), 0s);
  EXPECT_EQ(parse_rate_reset("42", now), 42s);
  EXPECT_EQ(parse_rate_reset("1700000042000", now), std::nullopt);
  EXPECT_EQ(parse_rate_reset("9999999999", now), std::nullopt);
  EXPECT_EQ(parse_rate_reset("x", now), std::nullopt);
}

TEST(ServerLimits, AreReadFromTheHeadersThatMakeSense) {
  const auto now = core::Timestamp{1'700'000'000s};

  EXPECT_EQ(read_server_limits({{"x-ratelimit-limit", "200"},
                                {"X-RateLimit-Remaining", "0"},
                                {"X-RateLimit-Reset", "1700000030"},
                                {"Retry-After", "7"}},
                               now),
            (ServerLimits{.limit = 200, .remaining = 0, .reset_in = 30s, .retry_in = 7s}));
  EXPECT_EQ(read_server_limits({{"X-RateLimit-Limit", "0"},
                                {"X-RateLimit-Remaining", "-1"},
                                {"X-RateLimit-Reset", "later"},
                                {"Retry-After", "never"}},
                               now),
            ServerLimits{});
}

}  // namespace
}  // namespace st0ck::net
