#include "st0ck/core/ids.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/ttl_cache.hpp"

#include <benchmark/benchmark.h>
#include <boost/unordered/unordered_flat_map.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <random>
#include <vector>

namespace st0ck::benchmarks {
namespace {

using core::Symbol;
using market::Quote;
using Cache = market::TtlCache<Symbol, Quote>;

constexpr std::size_t kEntries = 1000;  // The quote cache of spec st0ck 12.
constexpr market::CacheLimits kLimits{.ttl = std::chrono::seconds{5}, .entries_max = kEntries};
constexpr core::Timestamp kNow{std::chrono::hours{400'000}};

std::vector<Symbol> some_symbols(std::size_t count) {
  std::vector<Symbol> symbols;
  for (std::size_t i = 0; i < count; ++i) {
    std::string name;
    for (std::size_t rest = i + 26; rest > 0; rest /= 26)
      name += static_cast<char>('A' + rest % 26);
    symbols.emplace_back(name);
  }
  return symbols;
}

/// Look-ups in an order that no prefetcher knows; a power of two of them.
std::vector<Symbol> look_ups(const std::vector<Symbol>& symbols) {
  std::mt19937 random{42};
  std::uniform_int_distribution<std::size_t> any{0, symbols.size() - 1};
  std::vector<Symbol> order;
  order.reserve(16'384);
  for (std::size_t i = 0; i < 16'384; ++i) order.push_back(symbols[any(random)]);
  return order;
}

/// How long does a bare flat map take to find the same keys with the same hash?
void raw_hash_find(benchmark::State& state) {
  const auto symbols = some_symbols(kEntries);
  const auto order = look_ups(symbols);
  boost::unordered_flat_map<Symbol, Quote, std::hash<Symbol>> map;
  map.reserve(kEntries);
  for (const Symbol& symbol : symbols) map[symbol].bid = core::Price::whole(1);
  core::Price sum;
  std::size_t i = 0;
  for (auto _ : state) {
    sum += map.find(order[i++ & (order.size() - 1)])->second.bid;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["checksum"] = sum.to_double() - static_cast<double>(state.iterations());
}
BENCHMARK(raw_hash_find)->Name("raw/hash_find");

/// How long does a hit take, its move to the young end included?
void cache_hit(benchmark::State& state) {
  const auto symbols = some_symbols(kEntries);
  const auto order = look_ups(symbols);
  Cache cache{kLimits};
  Quote quote;
  quote.bid = core::Price::whole(1);
  for (const Symbol& symbol : symbols) cache.put(symbol, quote, kNow);
  core::Price sum;
  std::size_t i = 0;
  for (auto _ : state) {
    sum += cache.find(order[i++ & (order.size() - 1)], kNow)->bid;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["checksum"] = sum.to_double() - static_cast<double>(state.iterations());
}
BENCHMARK(cache_hit)->Name("cache/hit");

/// How long does it take to put a new key into a full cache, so that the oldest gives way? The
/// ratio of a large cache to a small one shows whether the time is constant.
void cache_insert_evict(benchmark::State& state, std::size_t entries) {
  const auto symbols = some_symbols(4 * entries);
  Cache cache{{.ttl = std::chrono::seconds{5}, .entries_max = entries}};
  for (std::size_t i = 0; i < entries; ++i) cache.put(symbols[i], Quote{}, kNow);
  const Quote quote{};
  std::size_t next = entries;
  for (auto _ : state) {
    cache.put(symbols[next], quote, kNow);
    next = next + 1 == symbols.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["checksum"] =
      static_cast<double>(cache.counters().evictions) - static_cast<double>(state.iterations());
}
BENCHMARK_CAPTURE(cache_insert_evict, small, kEntries)->Name("cache/insert_evict");
BENCHMARK_CAPTURE(cache_insert_evict, large, 100 * kEntries)->Name("cache/insert_evict_100k");

}  // namespace
}  // namespace st0ck::benchmarks
