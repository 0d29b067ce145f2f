#include "st0ck/adapters/alpaca/asset_terms.hpp"

#include "adapters/alpaca/golden.hpp"
#include "adapters/alpaca/stream_stage.hpp"
#include "st0ck/net/http_client.hpp"
#include "st0ck/net/memory_http_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace st0ck::alpaca::test {
namespace {

using testing::ElementsAre;
using trading::TradingTerms;

TEST(AssetTerms, AreWhatAnAssetSays) {
  const auto assets = read_assets(golden("assets")).value();
  EXPECT_EQ(terms_of(assets[0]), TradingTerms{});
  EXPECT_EQ(terms_of(assets[1]), (TradingTerms{"its status is not active", /*is_shortable=*/false,
                                               /*is_fractionable=*/false}));

  Asset asset = assets[0];
  asset.tradable = false;
  EXPECT_EQ(terms_of(asset).blocked, "it is not tradable");
  asset = assets[0];
  asset.easy_to_borrow = false;
  EXPECT_FALSE(terms_of(asset).is_shortable);
  asset = assets[0];
  asset.shortable = false;
  EXPECT_FALSE(terms_of(asset).is_shortable);
  asset = assets[0];
  asset.fractionable = false;
  EXPECT_FALSE(terms_of(asset).is_fractionable);
}

TEST(AssetTerms, AreAskedForByTheSymbol) {
  net::SimulatedScheduler scheduler;
  StageClock clock{scheduler, at("15:00:00")};
  net::HttpResponse response{
      .status = 200,
      .body = to_json(Asset{.id = "1", .symbol = "BRK.B", .tradable = true, .shortable = true})};
  std::vector<std::string> urls;
  net::MemoryHttpTransport http{scheduler, [&](const net::HttpRequest& request) {
                                  urls.push_back(request.url);
                                  return response;
                                }};
  net::RateLimiter limiter{scheduler, clock, {}};
  net::HttpPool pool{scheduler, http, {}};
  net::HttpClient client{scheduler, clock, limiter, pool, net::RetrySettings{}, 1};
  RestReader rest{scheduler, client, {.base_url = "http://host"}, {"key", "secret"}};
  ReferenceReader reference{{.assets = {.ttl = core::Duration{1}, .entries_max = 10}}, rest, clock};
  AssetTerms terms{reference};
  std::optional<core::Result<TradingTerms>> answer;
  const auto ask = [&] {
    terms.read_terms(core::Symbol{"BRK.B"},
                     [&](core::Result<TradingTerms> told) { answer = std::move(told); });
    scheduler.run_for(std::chrono::minutes{5});
    return std::move(answer).value();
  };

  EXPECT_EQ(ask().value(), (TradingTerms{"", /*is_shortable=*/false, /*is_fractionable=*/false}));
  EXPECT_THAT(urls, ElementsAre("http://host/v2/assets/BRK.B"));
  response = {.status = 404, .body = R"({"code":40410000,"message":"asset not found for BRK.B"})"};
  EXPECT_EQ(ask().error().code, core::Errc::NotFound);
  response = {.status = 503};
  EXPECT_EQ(ask().error().code, core::Errc::Broker);
  response = {.status = 200, .body = R"({"symbol":7})"};
  EXPECT_EQ(ask().error().code, core::Errc::Corrupt);
}

}  // namespace
}  // namespace st0ck::alpaca::test
