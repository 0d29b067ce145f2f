#include "st0ck/market/ttl_cache.hpp"

#include "st0ck/core/ids.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace st0ck::market {
namespace {

using core::Timestamp;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr Timestamp at(std::chrono::nanoseconds since) {
  return Timestamp{std::chrono::hours{400'000}} + since;
}

using Cache = TtlCache<std::string, int>;

Cache a_cache(std::size_t entries_max) {
  return Cache{{.ttl = seconds{5}, .entries_max = entries_max}};
}

std::optional<int> found(Cache& cache, const std::string& key, Timestamp now) {
  const int* value = cache.find(key, now);
  return value == nullptr ? std::nullopt : std::optional{*value};
}

TEST(TtlCache, FindsWhatWasPut) {
  auto cache = a_cache(2);
  cache.put("SPY", 1, at(seconds{0}));

  EXPECT_EQ(found(cache, "SPY", at(seconds{0})), 1);
  EXPECT_EQ(found(cache, "QQQ", at(seconds{0})), std::nullopt);
  EXPECT_EQ(cache.counters(), (CacheCounters{.hits = 1, .misses = 1}));
  EXPECT_EQ(cache.size(), 1U);
}

TEST(TtlCache, HoldsAnEntryWhileItsAgeIsBelowTheLimit) {
  auto cache = a_cache(2);
  cache.put("SPY", 1, at(seconds{0}));

  EXPECT_EQ(found(cache, "SPY", at(seconds{5} - nanoseconds{1})), 1);
  EXPECT_EQ(found(cache, "SPY", at(seconds{5})), std::nullopt);
  EXPECT_EQ(cache.counters(), (CacheCounters{.hits = 1, .misses = 1, .expirations = 1}));
  EXPECT_EQ(cache.size(), 0U);
}

TEST(TtlCache, DoesNotMakeAnEntryYoungerByAHit) {
  auto cache = a_cache(2);
  cache.put("SPY", 1, at(seconds{0}));
  EXPECT_EQ(found(cache, "SPY", at(seconds{4})), 1);
  EXPECT_EQ(found(cache, "SPY", at(seconds{6})), std::nullopt);
}

TEST(TtlCache, ResetsTheAgeByAnUpdate) {
  auto cache = a_cache(2);
  cache.put("SPY", 1, at(seconds{0}));
  cache.put("SPY", 2, at(seconds{4}));
  EXPECT_EQ(found(cache, "SPY", at(seconds{8})), 2);
  EXPECT_EQ(cache.size(), 1U);
}

TEST(TtlCache, EvictsTheLeastRecentlyUsed) {
  auto cache = a_cache(3);
  cache.put("A", 1, at(seconds{0}));
  cache.put("B", 2, at(seconds{0}));
  cache.put("C", 3, at(seconds{0}));
  ASSERT_EQ(found(cache, "A", at(seconds{1})), 1);

  cache.put("D", 4, at(seconds{1}));

  EXPECT_EQ(found(cache, "B", at(seconds{1})), std::nullopt);
  EXPECT_EQ(found(cache, "A", at(seconds{1})), 1);
  EXPECT_EQ(found(cache, "C", at(seconds{1})), 3);
  EXPECT_EQ(found(cache, "D", at(seconds{1})), 4);
  EXPECT_EQ(cache.counters().evictions, 1U);
  EXPECT_EQ(cache.size(), 3U);
}

TEST(TtlCache, LeavesAnUpdatedEntryInItsPlace) {
  auto cache = a_cache(2);
  cache.put("A", 1, at(seconds{0}));
  cache.put("B", 2, at(seconds{0}));
  cache.put("A", 3, at(seconds{1}));

  cache.put("C", 4, at(seconds{1}));

  EXPECT_EQ(found(cache, "A", at(seconds{1})), std::nullopt);
  EXPECT_EQ(found(cache, "B", at(seconds{1})), 2);
}

TEST(TtlCache, HoldsOneEntryAtLeast) {
  auto cache = a_cache(1);
  cache.put("A", 1, at(seconds{0}));
  cache.put("B", 2, at(seconds{0}));
  EXPECT_EQ(found(cache, "A", at(seconds{0})), std::nullopt);
  EXPECT_EQ(found(cache, "B", at(seconds{0})), 2);
}

TEST(TtlCache, DropsWhatItIsToldTo) {
  auto cache = a_cache(3);
  cache.put("A", 1, at(seconds{0}));
  cache.put("B", 2, at(seconds{0}));
  cache.erase("A");
  cache.erase("Z");
  EXPECT_EQ(found(cache, "A", at(seconds{0})), std::nullopt);
  EXPECT_EQ(found(cache, "B", at(seconds{0})), 2);

  cache.clear();

  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(found(cache, "B", at(seconds{0})), std::nullopt);
  EXPECT_EQ(cache.counters().evictions, 0U);
}

TEST(TtlCache, DropsAllEntriesAtEachBoundary) {
  Cache cache{{.ttl = seconds{300}, .entries_max = 3, .drop_every = minutes{1}}};
  cache.put("A", 1, at(seconds{59}));
  cache.put("B", 2, at(seconds{60}));

  EXPECT_EQ(found(cache, "A", at(seconds{60} - nanoseconds{1})), 1);
  EXPECT_EQ(found(cache, "A", at(seconds{60})), std::nullopt);
  EXPECT_EQ(found(cache, "B", at(seconds{119})), 2);
  EXPECT_EQ(found(cache, "B", at(seconds{120})), std::nullopt);
}

TEST(TtlCache, GivesBackWhatADroppedValueHolds) {
  TtlCache<int, std::shared_ptr<int>> cache{{.ttl = seconds{5}, .entries_max = 1}};
  const auto value = std::make_shared<int>(7);
  cache.put(1, value, at(seconds{0}));
  EXPECT_EQ(value.use_count(), 2);
  cache.put(2, nullptr, at(seconds{0}));
  EXPECT_EQ(value.use_count(), 1);
}

TEST(TtlCache, LivesWithKeysOfOneHash) {
  struct Same {
    std::size_t operator()(int) const { return 42; }
  };
  TtlCache<int, int, Same> cache{{.ttl = seconds{5}, .entries_max = 50}};
  for (int key = 0; key < 200; ++key) cache.put(key, key, at(seconds{0}));
  for (int key = 0; key < 150; ++key) EXPECT_EQ(cache.find(key, at(seconds{0})), nullptr);
  for (int key = 150; key < 200; ++key) EXPECT_EQ(*cache.find(key, at(seconds{0})), key);
}

/// The plain twin: a list from young to old and a map into it.
class PlainCache {
 public:
  explicit PlainCache(CacheLimits limits) : limits_{limits} {}

  std::optional<int> find(int key, Timestamp now) {
    const auto place = index_.find(key);
    if (place == index_.end()) {
      ++counters.misses;
      return std::nullopt;
    }
    if (now - place->second->since >= limits_.ttl) {
      ++counters.misses;
      ++counters.expirations;
      erase(key);
      return std::nullopt;
    }
    ++counters.hits;
    entries_.splice(entries_.begin(), entries_, place->second);
    return place->second->value;
  }

  void put(int key, int value, Timestamp now) {
    if (const auto place = index_.find(key); place != index_.end()) {
      place->second->value = value;
      place->second->since = now;
      return;
    }
    if (entries_.size() == limits_.entries_max) {
      ++counters.evictions;
      erase(entries_.back().key);
    }
    entries_.push_front({key, value, now});
    index_[key] = entries_.begin();
  }

  void erase(int key) {
    const auto place = index_.find(key);
    if (place == index_.end()) return;
    entries_.erase(place->second);
    index_.erase(key);
  }

  void clear() {
    entries_.clear();
    index_.clear();
  }

  std::size_t size() const { return entries_.size(); }

  CacheCounters counters;

 private:
  struct Entry {
    int key;
    int value;
    Timestamp since;
  };

  CacheLimits limits_;
  std::list<Entry> entries_;
  std::unordered_map<int, std::list<Entry>::iterator> index_;
};

TEST(TtlCache, DoesWhatItsPlainTwinDoes) {
  const bool holds = rc::check("any steps on few keys", [] {
    const CacheLimits limits{.ttl = seconds{20},
                             .entries_max = *rc::gen::inRange<std::size_t>(1, 20)};
    TtlCache<int, int> cache{limits};
    PlainCache plain{limits};
    Timestamp now = at(seconds{0});
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        500, rc::gen::pair(rc::gen::inRange(0, 100), rc::gen::inRange(0, 30)));
    int value = 0;
    for (const auto& [what, key] : steps) {
      now += seconds{what % 3};
      if (what < 50) {
        const int* one = cache.find(key, now);
        RC_ASSERT((one == nullptr ? std::nullopt : std::optional{*one}) == plain.find(key, now));
      } else if (what < 90) {
        cache.put(key, ++value, now);
        plain.put(key, value, now);
      } else if (what < 99) {
        cache.erase(key);
        plain.erase(key);
      } else {
        cache.clear();
        plain.clear();
      }
      RC_ASSERT(cache.size() == plain.size());
      RC_ASSERT(cache.counters() == plain.counters);
    }
  });
  EXPECT_TRUE(holds);
}

TEST(TtlCache, AllocatesNothingOnceItIsThere) {
  std::vector<core::Symbol> keys;
  keys.reserve(5000);
  for (int i = 0; i < 5000; ++i) keys.emplace_back(fmt::format("S{}", i));
  TtlCache<core::Symbol, std::int64_t> cache{{.ttl = seconds{5}, .entries_max = 1000}};

  const auto before = test::allocations_of_this_thread();
  std::int64_t sum = 0;
  for (int round = 0; round < 20; ++round)
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto now = at(seconds{round});
      cache.put(keys[i], static_cast<std::int64_t>(i), now);
      if (const auto* value = cache.find(keys[i / 2], now)) sum += *value;
    }
  cache.clear();
  const auto after = test::allocations_of_this_thread();

  EXPECT_EQ(after, before);
  EXPECT_GT(sum, 0);
  EXPECT_GT(cache.counters().evictions, 90'000U);
}

TEST(CacheSettings, AreThoseOfTheSpec) {
  const CacheSettings settings;
  EXPECT_EQ(settings.quotes.ttl, seconds{5});
  EXPECT_EQ(settings.quotes.entries_max, 1000U);
  EXPECT_EQ(settings.option_chains.ttl, seconds{60});
  EXPECT_EQ(settings.option_chains.entries_max, 5000U);
  EXPECT_EQ(settings.option_snapshots.ttl, seconds{30});
  EXPECT_EQ(settings.option_snapshots.entries_max, 2000U);
  EXPECT_EQ(settings.bars.ttl, seconds{300});
  EXPECT_EQ(settings.bars.entries_max, 100U);
  EXPECT_EQ(settings.bars.drop_every, minutes{1});
  EXPECT_EQ(settings.contracts_and_calendar.ttl, seconds{3600});
  EXPECT_EQ(settings.contracts_and_calendar.entries_max, 50U);
  for (const auto& cache : {settings.selections, settings.database_reads, settings.risk_metrics})
    EXPECT_EQ(cache.ttl, seconds{60});
}

}  // namespace
}  // namespace st0ck::market
