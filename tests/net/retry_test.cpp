#include "st0ck/net/retry.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <random>
#include <vector>

namespace st0ck::net {
namespace {

using namespace std::chrono_literals;

constexpr core::Timestamp kWall{1'700'000'000s};
constexpr RetrySettings kPlain{.attempts_max = 4, .jitter_percent = 0, .total_max = 60s};

HttpResult failed(HttpFailureKind kind) { return tl::unexpected(HttpFailure{.kind = kind}); }
HttpResult answered(int status, HttpHeaders headers = {}) {
  return HttpResponse{.status = status, .headers = std::move(headers)};
}

class RetryTest : public ::testing::Test {
 protected:
  std::optional<core::Duration> after(const HttpResult& result, core::Duration now = 0s) {
    return retry_.wait_after(result, now, kWall, random_);
  }

  Retry retry_{kPlain, true, 0s};
  std::mt19937_64 random_{1};
};

TEST(MayRepeat, HoldsForGetHeadAndDeleteWhereTheCallerSaysSo) {
  for (const auto method : {HttpMethod::Get, HttpMethod::Head, HttpMethod::Delete}) {
    EXPECT_TRUE(may_repeat(method, true));
    EXPECT_FALSE(may_repeat(method, false));
  }
  for (const auto method : {HttpMethod::Post, HttpMethod::Put, HttpMethod::Patch}) {
    EXPECT_FALSE(may_repeat(method, true)) << name_of(method);
  }
}

TEST_F(RetryTest, RepeatsWhatMayPass) {
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) {
    EXPECT_TRUE(Retry(kPlain, true, 0s).wait_after(answered(status), 0s, kWall, random_)) << status;
  }
  for (const auto kind : {HttpFailureKind::NotSent, HttpFailureKind::NoAnswer}) {
    EXPECT_TRUE(Retry(kPlain, true, 0s).wait_after(failed(kind), 0s, kWall, random_));
  }
}

TEST_F(RetryTest, DoesNotRepeatWhatStays) {
  for (const int status : {200, 204, 302, 400, 401, 403, 404, 422, 501, 505}) {
    EXPECT_FALSE(Retry(kPlain, true, 0s).wait_after(answered(status), 0s, kWall, random_))
        << status;
  }
  for (const auto kind :
       {HttpFailureKind::Tls, HttpFailureKind::TooLarge, HttpFailureKind::Invalid}) {
    EXPECT_FALSE(Retry(kPlain, true, 0s).wait_after(failed(kind), 0s, kWall, random_));
  }
}

TEST_F(RetryTest, RepeatsNothingThatMayNotBe) {
  Retry retry{kPlain, false, 0s};

  EXPECT_FALSE(retry.wait_after(failed(HttpFailureKind::NotSent), 0s, kWall, random_));
}

TEST_F(RetryTest, WaitsTwiceAsLongEachTimeUntilTheLastAttempt) {
  EXPECT_EQ(after(answered(503)), 500ms);
  EXPECT_EQ(after(failed(HttpFailureKind::NoAnswer)), 1s);
  EXPECT_EQ(after(answered(503)), 2s);
  EXPECT_EQ(after(answered(503)), std::nullopt);
  EXPECT_EQ(retry_.attempts(), 4);
}

TEST_F(RetryTest, WaitsNoLongerThanTheLongest) {
  Retry retry{
      {.attempts_max = 100, .wait_longest = 3s, .jitter_percent = 0, .total_max = 1000s}, true, 0s};
  std::optional<core::Duration> wait;

  for (int i = 0; i < 99; ++i) wait = retry.wait_after(answered(503), 0s, kWall, random_);

  EXPECT_EQ(wait, 3s);
}

TEST_F(RetryTest, DrawsEachWaitAroundItsLengthByTheSeed) {
  const auto first_wait = [](std::uint64_t seed) {
    std::mt19937_64 random{seed};
    return *Retry({}, true, 0s).wait_after(answered(503), 0s, kWall, random);
  };
  core::Duration least = 1h;
  core::Duration most = 0s;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    least = std::min(least, first_wait(seed));
    most = std::max(most, first_wait(seed));
  }

  EXPECT_EQ(first_wait(7), first_wait(7));
  EXPECT_GE(least, 400ms);
  EXPECT_LT(least, 405ms);
  EXPECT_LE(most, 600ms);
  EXPECT_GT(most, 595ms);
}

TEST_F(RetryTest, WaitsAsLongAsTheServerSays) {
  EXPECT_EQ(after(answered(503, {{"Retry-After", "7"}})), 7s);
  EXPECT_EQ(after(answered(429, {{"X-RateLimit-Reset", "1700000009"}})), 9s);
  EXPECT_EQ(after(answered(429, {{"Retry-After", "0"}, {"X-RateLimit-Reset", "1700000009"}})), 2s);
}

TEST_F(RetryTest, DoesNotWaitForTheResetOfALimitThatIsNotUsedUp) {
  EXPECT_EQ(
      after(answered(500, {{"X-RateLimit-Remaining", "9"}, {"X-RateLimit-Reset", "1700000030"}})),
      500ms);
}

TEST_F(RetryTest, GivesUpWhereTheNextAttemptWouldBeginTooLate) {
  EXPECT_EQ(after(answered(429, {{"Retry-After", "60"}})), std::nullopt);
  EXPECT_EQ(after(answered(503), 59s), std::nullopt);
  EXPECT_EQ(after(answered(503), 57s), 2s);
  EXPECT_EQ(retry_.time_left(57s), 3s);
  EXPECT_EQ(retry_.time_left(99s), 0s);
}

// Each way in which an attempt can end, at each step: never more attempts than allowed, never
// another after one that settles the call.
TEST_F(RetryTest, EndsAfterAnyFourOutcomes) {
  const std::vector<HttpResult> outcomes{
      answered(200),
      answered(404),
      answered(429),
      answered(500),
      failed(HttpFailureKind::NotSent),
      failed(HttpFailureKind::NoAnswer),
      failed(HttpFailureKind::Tls),
      failed(HttpFailureKind::TooLarge),
  };
  const auto passes = [&](std::size_t i) { return i >= 2 && i <= 5; };
  for (std::size_t sequence = 0; sequence < 8 * 8 * 8 * 8; ++sequence) {
    Retry retry{kPlain, true, 0s};
    std::size_t rest = sequence;
    bool is_open = true;
    for (int attempt = 1; attempt <= 4 && is_open; ++attempt, rest /= 8) {
      is_open = retry.wait_after(outcomes[rest % 8], 0s, kWall, random_).has_value();
      ASSERT_EQ(is_open, passes(rest % 8) && attempt < 4) << sequence;
    }
    ASSERT_FALSE(is_open);
  }
}

}  // namespace
}  // namespace st0ck::net
