#pragma once

#include "st0ck/market/loading_cache.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace st0ck::app {

/// What a cache has done so far.
struct CacheFigures {
  std::string name;
  std::size_t size = 0;
  market::CacheCounters counters{};
  market::LoadCounters loads{};
};

template <typename Key, typename Value, typename Hash>
CacheFigures figures_of(const market::LoadingCache<Key, Value, Hash>& cache) {
  return {cache.name(), cache.size(), cache.counters(), cache.load_counters()};
}

/// Adds `caches`, by name, and `caches_total` (spec st0ck 15). A rate is the part of look-ups that
/// were hits; null, with the reason, before the first.
void add_caches(nlohmann::ordered_json& metrics, std::span<const CacheFigures> caches);

}  // namespace st0ck::app
