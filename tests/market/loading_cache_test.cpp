#include "st0ck/market/loading_cache.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace st0ck::market {
namespace {

using core::Timestamp;
using std::chrono::minutes;
using std::chrono::seconds;

using Cache = LoadingCache<std::string, int>;

constexpr CacheLimits kLimits{.ttl = seconds{60}, .entries_max = 10};

constexpr Timestamp at(std::chrono::nanoseconds since) {
  return Timestamp{std::chrono::hours{400'000}} + since;
}

/// Keeps the loads it is asked for until the test ends them.
class HeldLoader {
 public:
  struct Request {
    std::string key;
    Cache::Completion complete;
  };

  auto loader() {
    return [this](const std::string& key, Cache::Completion complete) {
      requests.push_back({key, std::move(complete)});
    };
  }

  std::vector<Request> requests;
};

/// Notes what is delivered: `A=1` or the error's message.
class Deliveries {
 public:
  Cache::Delivery to(const std::string& who) {
    return [this, who](const Cache::Outcome& outcome) {
      lines.push_back(who + "=" + (outcome ? std::to_string(**outcome) : outcome.error().message));
    };
  }

  std::vector<std::string> lines;
};

using Lines = std::vector<std::string>;

TEST(LoadingCache, LoadsOnceForAllWhoWait) {
  HeldLoader held;
  Deliveries seen;
  Cache cache{"quotes", kLimits};

  cache.get_or_load("SPY", at(seconds{0}), held.loader(), seen.to("a"));
  cache.get_or_load("SPY", at(seconds{1}), held.loader(), seen.to("b"));
  cache.get_or_load("QQQ", at(seconds{1}), held.loader(), seen.to("c"));
  EXPECT_TRUE(seen.lines.empty());
  ASSERT_EQ(held.requests.size(), 2U);
  held.requests[0].complete(7, at(seconds{2}));

  EXPECT_EQ(seen.lines, (Lines{"a=7", "b=7"}));
  EXPECT_EQ(cache.loads_in_flight(), 1U);
  EXPECT_EQ(cache.load_counters(), (LoadCounters{.started = 2, .joined = 1}));
  EXPECT_EQ(cache.counters().misses, 3U);
}

TEST(LoadingCache, DeliversAtOnceWhatItHas) {
  HeldLoader held;
  Deliveries seen;
  Cache cache{"quotes", kLimits};
  cache.get_or_load("SPY", at(seconds{0}), held.loader(), seen.to("a"));
  held.requests[0].complete(7, at(seconds{10}));

  cache.get_or_load("SPY", at(seconds{69}), held.loader(), seen.to("b"));
  cache.get_or_load("SPY", at(seconds{70}), held.loader(), seen.to("c"));

  // The age counts from the completion.
  EXPECT_EQ(seen.lines, (Lines{"a=7", "b=7"}));
  EXPECT_EQ(held.requests.size(), 2U);
  EXPECT_EQ(cache.counters().hits, 1U);
}

TEST(LoadingCache, TakesALoadThatEndsAtOnce) {
  Deliveries seen;
  Cache cache{"quotes", kLimits};
  const auto loader = [](const std::string&, const Cache::Completion& complete) {
    complete(5, at(seconds{0}));
  };

  cache.get_or_load("SPY", at(seconds{0}), loader, seen.to("a"));

  EXPECT_EQ(seen.lines, (Lines{"a=5"}));
  EXPECT_EQ(cache.loads_in_flight(), 0U);
  EXPECT_EQ(cache.size(), 1U);
}

TEST(LoadingCache, DeliversAFailureToAllAndKeepsNothing) {
  HeldLoader held;
  Deliveries seen;
  Cache cache{"quotes", kLimits};
  cache.get_or_load("SPY", at(seconds{0}), held.loader(), seen.to("a"));
  cache.get_or_load("SPY", at(seconds{0}), held.loader(), seen.to("b"));

  held.requests[0].complete(core::fail(core::Errc::Unavailable, "no answer"), at(seconds{5}));

  EXPECT_EQ(seen.lines, (Lines{"a=no answer", "b=no answer"}));
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(cache.load_counters().failed, 1U);
  cache.get_or_load("SPY", at(seconds{5}), held.loader(), seen.to("c"));
  EXPECT_EQ(held.requests.size(), 2U);
}

TEST(LoadingCache, TakesTheFirstOutcomeOnly) {
  HeldLoader held;
  Deliveries seen;
  Cache cache{"quotes", kLimits};
  cache.get_or_load("SPY", at(seconds{0}), held.loader(), seen.to("a"));

  held.requests[0].complete(7, at(seconds{1}));
  held.requests[0].complete(8, at(seconds{1}));

  EXPECT_EQ(seen.lines, (Lines{"a=7"}));
  EXPECT_EQ(*cache.find("SPY", at(seconds{1})), 7);
}

TEST(LoadingCache, FailsALoadThatNobodyCanEndAnyMore) {
  HeldLoader held;
  Deliveries seen;
  Cache cache{"quotes", kLimits};
  cache.get_or_load("SPY", at(seconds{0}), held.loader(), seen.to("a"));

  held.requests.clear();

  EXPECT_EQ(seen.lines, (Lines{"a=cache quotes: a load was given up"}));
  EXPECT_EQ(cache.loads_in_flight(), 0U);
  EXPECT_EQ(cache.load_counters().failed, 1U);
}

TEST(LoadingCache, MayGoBeforeItsLoadsDo) {
  HeldLoader held;
  Deliveries seen;
  {
    Cache cache{"quotes", kLimits};
    cache.get_or_load("SPY", at(seconds{0}), held.loader(), seen.to("a"));
  }

  held.requests[0].complete(7, at(seconds{1}));

  EXPECT_TRUE(seen.lines.empty());
}

TEST(LoadingCache, DoesNotKeepWhatWasDroppedWhileItWasLoading) {
  HeldLoader held;
  Deliveries seen;
  Cache cache{"quotes", kLimits};
  cache.get_or_load("SPY", at(seconds{0}), held.loader(), seen.to("a"));
  cache.get_or_load("QQQ", at(seconds{0}), held.loader(), seen.to("b"));
  cache.erase("SPY");
  cache.get_or_load("SPY", at(seconds{1}), held.loader(), seen.to("c"));
  ASSERT_EQ(held.requests.size(), 3U);

  held.requests[0].complete(1, at(seconds{2}));
  EXPECT_EQ(cache.find("SPY", at(seconds{2})), nullptr);
  held.requests[2].complete(3, at(seconds{2}));
  cache.clear();
  held.requests[1].complete(2, at(seconds{2}));

  EXPECT_EQ(seen.lines, (Lines{"a=1", "c=3", "b=2"}));
  EXPECT_EQ(cache.size(), 0U);
}

TEST(LoadingCache, DoesNotCarryALoadOverABarBoundary) {
  HeldLoader held;
  Deliveries seen;
  Cache cache{"bars", {.ttl = minutes{5}, .entries_max = 10, .drop_every = minutes{1}}};
  cache.get_or_load("SPY", at(seconds{59}), held.loader(), seen.to("a"));
  cache.get_or_load("SPY", at(seconds{60}), held.loader(), seen.to("b"));
  ASSERT_EQ(held.requests.size(), 2U);

  held.requests[0].complete(1, at(seconds{61}));
  EXPECT_EQ(cache.size(), 0U);
  held.requests[1].complete(2, at(seconds{61}));

  EXPECT_EQ(seen.lines, (Lines{"a=1", "b=2"}));
  EXPECT_EQ(*cache.find("SPY", at(seconds{61})), 2);
}

TEST(LoadingCache, RefusesOneCallerTooMany) {
  HeldLoader held;
  Deliveries seen;
  Cache cache{"quotes", {.ttl = seconds{5}, .entries_max = 10, .waiters_max = 2}};
  for (const auto* who : {"a", "b", "c"})
    cache.get_or_load("SPY", at(seconds{0}), held.loader(), seen.to(who));
  EXPECT_EQ(seen.lines, (Lines{"c=cache quotes: found 3 callers waiting, allowed are 2"}));

  held.requests[0].complete(1, at(seconds{0}));
  cache.get_or_load("QQQ", at(seconds{0}), held.loader(), seen.to("d"));

  EXPECT_EQ(held.requests.size(), 2U);
  EXPECT_EQ(cache.load_counters().refused, 1U);
}

TEST(LoadingCache, LetsAWaiterAskForMore) {
  HeldLoader held;
  Deliveries seen;
  Cache cache{"quotes", kLimits};
  cache.get_or_load("SPY", at(seconds{0}), held.loader(), [&](const Cache::Outcome&) {
    cache.get_or_load("SPY", at(seconds{1}), held.loader(), seen.to("again"));
    for (int i = 0; i < 20; ++i)
      cache.get_or_load("K" + std::to_string(i), at(seconds{1}), held.loader(), seen.to("k"));
  });
  cache.get_or_load("SPY", at(seconds{0}), held.loader(), seen.to("b"));

  held.requests[0].complete(7, at(seconds{1}));

  EXPECT_EQ(seen.lines, (Lines{"again=7", "b=7"}));
  EXPECT_EQ(cache.loads_in_flight(), 20U);
}

}  // namespace
}  // namespace st0ck::market
