#include "src/app/alpaca_parts.hpp"

#include "cmake/registered_engines.hpp"
#include "st0ck/net/asio_scheduler.hpp"
#include "support/recording_logger.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace st0ck::app {
namespace {

using Json = nlohmann::json;

struct FixedClock final : core::Clock {
  core::Timestamp now() const override { return {}; }
};

struct NobodyListens final : trading::OrderUpdateSink {
  void on_order_update(const trading::OrderUpdate&) override {}
};

/// The parts as a configuration makes them; nothing of them is started.
class AlpacaParts : public testing::Test {
 protected:
  AlpacaParts() {
    ::setenv("APCA_API_KEY_ID", "test", 1);
    ::setenv("APCA_API_SECRET_KEY", "test", 1);
  }
  ~AlpacaParts() override {
    ::unsetenv("APCA_API_KEY_ID");
    ::unsetenv("APCA_API_SECRET_KEY");
  }

  Json metrics_of(const std::vector<std::string>& settings) {
    kernel::EngineRegistry registry;
    register_engines(registry);
    const auto file = folder_ / "c.yaml";
    std::ofstream{file} << "market: {kind: alpaca}\nbroker: {kind: alpaca}\n"
                           "bots: {a: {engine: st0cka}}\n";
    const auto loaded = load_configuration(file, settings, registry);
    EXPECT_EQ(loaded.problem_text(), "");
    const auto parts = open_alpaca(
        loaded.configuration,
        {io_, scheduler_, clock_, loaded.configuration.instruments, nobody_, logger_.get()});
    if (!parts) {
      ADD_FAILURE() << parts.error().message;
      return {};
    }
    nlohmann::ordered_json metrics;
    parts->add_metrics(metrics);
    return metrics;
  }

  test::TemporaryFolder folder_;
  boost::asio::io_context io_;
  net::AsioScheduler scheduler_{io_};
  FixedClock clock_;
  NobodyListens nobody_;
  st0ck::test::RecordingLogger logger_;
};

TEST_F(AlpacaParts, HaveALimitOfRequestsForOrdersAndOneForData) {
  const Json limits = metrics_of({"market.feed=sip", "market.option_requests_per_minute=300",
                                  "broker.requests_per_minute=150",
                                  "broker.account_requests_per_minute=50"})["limits"];

  EXPECT_EQ(limits["trading"]["limit"], 150);
  EXPECT_EQ(limits["trading"]["groups"]["orders"]["limit"], 200);
  EXPECT_EQ(limits["trading"]["groups"]["account"]["limit"], 50);
  EXPECT_EQ(limits["data"]["limit"], 10'000);
  EXPECT_EQ(limits["data"]["groups"]["quotes"]["limit"], 200);
  EXPECT_EQ(limits["data"]["groups"]["trades"]["limit"], 200);
  EXPECT_EQ(limits["data"]["groups"]["options"]["limit"], 300);
}

TEST_F(AlpacaParts, ShowFeedCachesPoolsAndLimits) {
  const Json json = metrics_of({});

  for (const char* path :
       {"/feed/name", "/feed/is_consolidated", "/feed/has_off_exchange_trades",
        "/caches/assets/size", "/caches/assets/hits", "/caches_total/rate",
        "/pools/stock_data/available", "/pools/trading/acquire_timeouts",
        "/pools/option_data/reason", "/limits/data/window_s", "/limits/trading/used", "/endpoints"})
    EXPECT_TRUE(json.contains(Json::json_pointer{path})) << path;
}

TEST_F(AlpacaParts, ShowNoEndpointBeforeOneIsCalled) {
  EXPECT_EQ(metrics_of({"broker.kind=sim"})["endpoints"], Json::object());
}

}  // namespace
}  // namespace st0ck::app
