#include "src/app/cache_metrics.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <string>

namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

TEST(CacheMetrics, ShowEachCacheAndAllTogether) {
  market::LoadingCache<std::string, int> quotes{"quotes", {.ttl = 5s, .entries_max = 10}};
  market::LoadingCache<std::string, int> bars{"bars", {.ttl = 5s, .entries_max = 10}};
  quotes.put("SPY", 1, core::Timestamp{});
  quotes.find("SPY", core::Timestamp{});
  bars.find("SPY", core::Timestamp{});
  Json json;

  add_caches(json, std::array{figures_of(quotes), figures_of(bars)});

  EXPECT_EQ(json["caches"]["quotes"]["size"], 1);
  EXPECT_EQ(json["caches"]["quotes"]["hits"], 1);
  EXPECT_EQ(json["caches"]["quotes"]["rate"], 1.0);
  EXPECT_EQ(json["caches"]["bars"]["misses"], 1);
  EXPECT_EQ(json["caches"]["bars"]["rate"], 0.0);
  EXPECT_EQ(json["caches_total"],
            Json::parse(R"({"size": 1, "hits": 1, "misses": 1, "rate": 0.5})"));
}

TEST(CacheMetrics, HaveNoRateBeforeTheFirstLookUp) {
  Json json;

  add_caches(json, {});

  EXPECT_EQ(json["caches"], Json::object());
  EXPECT_TRUE(json["caches_total"]["rate"].is_null());
  EXPECT_EQ(json["caches_total"]["reason"], "nothing was looked up yet");
}

}  // namespace
}  // namespace st0ck::app
