#include "st0ck/net/reconnect.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace st0ck::net {
namespace {

using core::Duration;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Reconnect::RandomSource seeded(std::uint64_t seed) {
  return [engine = std::mt19937_64{seed}]() mutable { return engine(); };
}

constexpr ReconnectSettings kWithoutChance{.delay_first = seconds{1},
                                           .delay_max = seconds{10},
                                           .jitter_percent = 0,
                                           .held_for = seconds{30},
                                           .attempts_per_minute_max = 100};

Duration delay_after_failure(Reconnect& reconnect, Duration& now) {
  now += *reconnect.wait_before_attempt(now);
  reconnect.attempt_begins(now);
  reconnect.ended(now, false);
  return *reconnect.wait_before_attempt(now);
}

TEST(Reconnect, BeginsAtOnceThenDoublesItsDelayUpToTheLongest) {
  Reconnect reconnect{kWithoutChance, seeded(1)};
  Duration now{};

  EXPECT_EQ(reconnect.wait_before_attempt(now), Duration{0});
  for (const int expected : {1, 2, 4, 8, 10, 10}) {
    EXPECT_EQ(delay_after_failure(reconnect, now), seconds{expected});
  }
}

TEST(Reconnect, BeginsAnewAfterAConnectionThatHeldAndNotAfterAShortOne) {
  Reconnect reconnect{kWithoutChance, seeded(1)};
  Duration now{};
  for (int i = 0; i < 3; ++i) delay_after_failure(reconnect, now);

  const auto delay_after_holding = [&](Duration held) {
    now += *reconnect.wait_before_attempt(now);
    reconnect.attempt_begins(now);
    reconnect.opened(now);
    now += held;
    reconnect.ended(now, false);
    return *reconnect.wait_before_attempt(now);
  };

  EXPECT_EQ(delay_after_holding(seconds{30} - Duration{1}), seconds{8});
  EXPECT_EQ(delay_after_holding(seconds{30}), seconds{1});
}

TEST(Reconnect, WaitsWhenAMinuteHasHadItsAttempts) {
  ReconnectSettings settings = kWithoutChance;
  settings.delay_max = seconds{1};
  settings.attempts_per_minute_max = 3;
  Reconnect reconnect{settings, seeded(1)};
  Duration now{};
  for (int i = 0; i < 2; ++i) delay_after_failure(reconnect, now);

  EXPECT_EQ(delay_after_failure(reconnect, now), minutes{1} - seconds{2});
}

TEST(Reconnect, GivesUpAfterAFinalEnd) {
  Reconnect reconnect{kWithoutChance, seeded(1)};
  reconnect.attempt_begins({});
  reconnect.ended({}, true);

  EXPECT_TRUE(reconnect.has_given_up());
  EXPECT_EQ(reconnect.wait_before_attempt(minutes{60}), std::nullopt);
}

TEST(Reconnect, WaitsForNothingWhileAConnectionIsMadeOrLives) {
  Reconnect reconnect{kWithoutChance, seeded(1)};
  reconnect.attempt_begins({});
  EXPECT_EQ(reconnect.wait_before_attempt({}), std::nullopt);
  reconnect.opened({});
  EXPECT_EQ(reconnect.wait_before_attempt({}), std::nullopt);
}

TEST(ReconnectDeathTest, DoesNotLetAnAttemptBeginTooEarly) {
  Reconnect reconnect{kWithoutChance, seeded(1)};
  reconnect.attempt_begins({});
  reconnect.ended({}, false);

  EXPECT_DEATH(reconnect.attempt_begins(seconds{1} - Duration{1}), "begins when it may");
}

TEST(Reconnect, CallsFinalWhatTryingAgainCannotMend) {
  const auto refused = [](int status) {
    return is_final({.end = WebSocketEnd::Refused, .message = {}, .http_status = status});
  };
  for (const int status : {401, 403}) EXPECT_TRUE(refused(status)) << status;
  // Found by a user's attack: a page of 404 for a while ended what it was asked for by, for good.
  for (const int status : {200, 302, 400, 404, 406, 408, 425, 429, 499, 500, 503})
    EXPECT_FALSE(refused(status)) << status;
  EXPECT_TRUE(is_final({.end = WebSocketEnd::BadRequest, .message = {}}));
  EXPECT_FALSE(is_final({.end = WebSocketEnd::Untrusted, .message = {}}));
  EXPECT_FALSE(is_final({.end = WebSocketEnd::Lost, .message = {}}));
}

// A life of connections that fail at any step: while resolving, in the handshake, at once after
// opening, or much later.
RC_GTEST_PROP(Reconnect, NeverExceedsItsAttemptsAMinuteNorLeavesTheBoundsOfItsDelays, ()) {
  const auto first = *rc::gen::inRange<std::int64_t>(1, 5000);
  const ReconnectSettings settings{
      .delay_first = milliseconds{first},
      .delay_max = milliseconds{*rc::gen::inRange<std::int64_t>(first, 60'000)},
      .jitter_percent = *rc::gen::inRange(0, 101),
      .held_for = seconds{*rc::gen::inRange(0, 60)},
      .attempts_per_minute_max = *rc::gen::inRange<std::size_t>(1, 30)};
  Reconnect reconnect{settings, seeded(*rc::gen::arbitrary<std::uint64_t>())};
  std::vector<Duration> attempts;
  Duration now = seconds{*rc::gen::inRange(-100, 100)};

  for (int i = 0; i < 60; ++i) {
    const auto wait = reconnect.wait_before_attempt(now);
    RC_ASSERT(wait.has_value());
    RC_ASSERT(*wait >= Duration{0});
    RC_ASSERT(*wait <= std::max<Duration>(settings.delay_max, minutes{1}));
    // Whoever asks may come late.
    now += *wait + milliseconds{*rc::gen::inRange(0, 3) * 400};
    RC_ASSERT(reconnect.wait_before_attempt(now) == Duration{0});
    reconnect.attempt_begins(now);
    attempts.push_back(now);
    now += milliseconds{*rc::gen::inRange(0, 2000)};
    const bool opens = *rc::gen::inRange(0, 3) == 0;
    const Duration held = milliseconds{*rc::gen::inRange(0, 90'000)};
    if (opens) {
      reconnect.opened(now);
      now += held;
    }
    reconnect.ended(now, false);
    const bool was_good = opens && held >= settings.held_for;
    if (was_good) RC_ASSERT(reconnect.failures() == 1u);

    // The delay itself, where the bound of the minute does not lengthen it.
    const auto after = *reconnect.wait_before_attempt(now);
    const auto least = settings.delay_first / 100 * (100 - settings.jitter_percent);
    RC_ASSERT(after >= least);
  }

  for (std::size_t i = settings.attempts_per_minute_max; i < attempts.size(); ++i) {
    RC_ASSERT(attempts[i] - attempts[i - settings.attempts_per_minute_max] >= minutes{1});
  }
}

}  // namespace
}  // namespace st0ck::net
