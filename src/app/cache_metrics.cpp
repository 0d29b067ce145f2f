#include "src/app/cache_metrics.hpp"

#include <nlohmann/json.hpp>

namespace st0ck::app {

namespace {

using Json = nlohmann::ordered_json;

Json counters_json(std::size_t size, const market::CacheCounters& counters) {
  const std::uint64_t look_ups = counters.hits + counters.misses;
  Json json{{"size", size}, {"hits", counters.hits}, {"misses", counters.misses}};
  json["rate"] = nullptr;
  if (look_ups > 0)
    json["rate"] = static_cast<double>(counters.hits) / static_cast<double>(look_ups);
  else
    json["reason"] = "nothing was looked up yet";
  return json;
}

}  // namespace

void add_caches(Json& metrics, std::span<const CacheFigures> caches) {
  Json& each = metrics["caches"] = Json::object();
  std::size_t size = 0;
  market::CacheCounters total;
  for (const CacheFigures& cache : caches) {
    Json& json = each[cache.name] = counters_json(cache.size, cache.counters);
    json["evictions"] = cache.counters.evictions;
    json["expirations"] = cache.counters.expirations;
    json["loads"] = cache.loads.started;
    json["loads_joined"] = cache.loads.joined;
    json["loads_failed"] = cache.loads.failed;
    json["loads_refused"] = cache.loads.refused;
    size += cache.size;
    total.hits += cache.counters.hits;
    total.misses += cache.counters.misses;
  }
  metrics["caches_total"] = counters_json(size, total);
}

}  // namespace st0ck::app
