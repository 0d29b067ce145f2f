#include "st0ck/net/sliding_window.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace st0ck::net {
namespace {

using namespace std::chrono_literals;

constexpr RateLimit kTen{
    .requests = 10, .window = 60s, .reserve_percent = 40, .cancels_percent = 20};

// Lets requests leave and end at once, as many as there is room for.
int fill(SlidingWindow& window, HttpPriority priority, core::Duration now) {
  int count = 0;
  while (window.has_room(priority, now)) {
    window.begin();
    window.end(true, now);
    ++count;
  }
  return count;
}

TEST(SlidingWindow, KeepsAReserveForExitsAndAPartOfItForCancels) {
  SlidingWindow window{kTen};

  EXPECT_EQ(fill(window, HttpPriority::Data, 0s), 6);
  EXPECT_EQ(fill(window, HttpPriority::Entry, 0s), 0);
  EXPECT_EQ(fill(window, HttpPriority::LookUp, 0s), 0) << "exits come first";
  EXPECT_EQ(fill(window, HttpPriority::ExitLookUp, 0s), 1) << "half of what exits have";
  EXPECT_EQ(fill(window, HttpPriority::Exit, 0s), 1);
  EXPECT_EQ(fill(window, HttpPriority::Cancel, 0s), 2);
  EXPECT_EQ(fill(window, HttpPriority::Cancel, 60s), 0);
  EXPECT_EQ(window.next_change(60s), 60s + 1ns);
  EXPECT_EQ(fill(window, HttpPriority::Cancel, 60s + 1ns), 10);
}

/// Found by fault days: three processes had used up a minute between them, and the third looked
/// the stops of the second up only once that minute was over; what they guarded was sold meanwhile.
TEST(SlidingWindow, KeepsTheUrgentBackByTheServersCountForAShortTimeOnly) {
  SlidingWindow window{kTen};
  window.learn({.limit = 10, .remaining = 0, .reset_in = 60s, .retry_in = {}}, 1s);

  EXPECT_FALSE(window.has_room(HttpPriority::ExitLookUp, 1s));
  EXPECT_EQ(window.next_change(1s), 6s);
  for (const auto urgent :
       {HttpPriority::Cancel, HttpPriority::Exit, HttpPriority::ExitLookUp, HttpPriority::LookUp})
    EXPECT_TRUE(window.has_room(urgent, 6s));
  EXPECT_FALSE(window.has_room(HttpPriority::Entry, 6s));
  EXPECT_FALSE(window.has_room(HttpPriority::Data, 60s));
  EXPECT_EQ(window.next_change(6s), 61s);

  window.begin();
  window.end(true, 7s);
  window.learn({.limit = 10, .remaining = 0, .reset_in = 60s, .retry_in = {}}, 7s);
  EXPECT_FALSE(window.has_room(HttpPriority::Cancel, 8s)) << "one at a time";
}

TEST(SlidingWindow, CountsARequestUntilAWindowAfterItsEnd) {
  SlidingWindow window{{.requests = 1, .reserve_percent = 0, .cancels_percent = 0}};
  window.begin();
  EXPECT_FALSE(window.has_room(HttpPriority::Cancel, 300s));

  window.end(true, 300s);

  EXPECT_FALSE(window.has_room(HttpPriority::Cancel, 360s));
  EXPECT_TRUE(window.has_room(HttpPriority::Cancel, 360s + 1ns));
}

TEST(SlidingWindow, DoesNotCountWhatWasNotSent) {
  SlidingWindow window{{.requests = 1, .reserve_percent = 0, .cancels_percent = 0}};
  window.begin();

  window.end(false, 1s);

  EXPECT_TRUE(window.has_room(HttpPriority::Data, 1s));
}

TEST(SlidingWindow, CountsWhatOthersUsedUntilTheServersReset) {
  SlidingWindow window{kTen};
  window.begin();
  window.begin();
  window.end(true, 1s);

  window.learn({.limit = 10, .remaining = 4, .reset_in = 20s, .retry_in = {}}, 1s);

  EXPECT_EQ(window.used(1s), 7U);  // One more is on its way, and may not be counted yet.
  EXPECT_EQ(fill(window, HttpPriority::Cancel, 1s), 3);
  EXPECT_EQ(window.next_change(1s), 6s) << "for the urgent";
  EXPECT_EQ(window.next_change(6s), 21s);
  EXPECT_EQ(window.used(21s), 5U);
}

TEST(SlidingWindow, TakesOverALowerLimitAndNoHigherOne) {
  SlidingWindow window{kTen};

  window.learn({.limit = 1000, .remaining = {}, .reset_in = {}, .retry_in = {}}, 0s);
  EXPECT_EQ(window.requests(), 10U);
  window.learn({.limit = 5, .remaining = {}, .reset_in = {}, .retry_in = {}}, 0s);

  EXPECT_EQ(fill(window, HttpPriority::Data, 0s), 3);
  EXPECT_EQ(fill(window, HttpPriority::Exit, 0s), 1);
  EXPECT_EQ(fill(window, HttpPriority::Cancel, 0s), 1);
}

TEST(SlidingWindow, BelievesNoResetBeyondItsOwnWindow) {
  SlidingWindow window{kTen};

  window.learn({.limit = {}, .remaining = 0, .reset_in = 24h, .retry_in = {}}, 0s);

  EXPECT_FALSE(window.has_room(HttpPriority::Entry, 59s));
  EXPECT_TRUE(window.has_room(HttpPriority::Data, 60s));
}

}  // namespace
}  // namespace st0ck::net
