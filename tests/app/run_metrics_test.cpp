#include "src/app/run_metrics.hpp"

#include "src/app/timed_broker.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "support/kernel_stage.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::app {
namespace {

using Json = nlohmann::ordered_json;
using Pointer = Json::json_pointer;
using testing::ElementsAre;

/// A day of one bot that buys a share at each quote, as often as it may.
class Day {
 public:
  explicit Day(const trading::RiskLimits& limits = {}) {
    auto engine = std::make_unique<test::ProbeEngine>(
        "a", std::vector<market::DataNeed>{{stage.spy, market::DataKind::Quotes}}, heard);
    engine->does_on_quote = [this](auto& context, const auto&) {
      context.submit(test::one_share(stage.spy, trading::Side::Buy));
    };
    stage.add_bot("a", "buyer", std::move(engine), limits);
    stage.begin();
  }

  Json metrics() const {
    return metrics_of({stage.clock.now(), configuration, stage.kernel, records});
  }

  st0ck::test::RecordingLogger log;
  test::KernelStage stage{log.get()};
  std::vector<std::string> heard;
  Configuration configuration;
  RunRecords records{nullptr, nullptr};
};

/// The rows of spec st0ck 15 that every run has; those of a provider are in alpaca_parts_test.
TEST(RunMetrics, HaveEveryFigureOrSayWhyNot) {
  const Json json = Day{}.metrics();

  for (const char* path : {"/timestamp",
                           "/run/events",
                           "/run/decisions",
                           "/trades/total",
                           "/trades/today",
                           "/market/accepted",
                           "/orders/open",
                           "/orders/latency/submit_to_ack",
                           "/orders/latency/signal_to_fill",
                           "/risk/is_halted",
                           "/risk/degraded_providers",
                           "/risk/equity",
                           "/risk/equity_peak",
                           "/risk/loss_rate/is_on",
                           "/risk/instruments_stopped",
                           "/risk/bots/a/entries_stopped_by",
                           "/risk/bots/a/day_pnl",
                           "/risk/bots/a/daily_loss_used",
                           "/risk/bots/a/daily_loss_max",
                           "/risk/bots/a/checks/DAILY_LOSS/limit",
                           "/risk/bots/a/checks/TRADES_PER_DAY/value",
                           "/trade_log/queue_rows",
                           "/journal/last_record",
                           "/feed/name",
                           "/caches",
                           "/caches_total/rate",
                           "/pools",
                           "/limits",
                           "/endpoints",
                           "/slow_operations/longer_than_ms"})
    EXPECT_TRUE(json.contains(Pointer{path})) << path << "\n" << json.dump(2);
}

/// Whether an object with a null figure has a reason, all the way down.
void expect_reasons(const Json& json, const std::string& name) {
  for (const auto& [key, value] : json.items()) {
    if (value.is_null()) EXPECT_TRUE(json.contains("reason")) << name << "/" << key;
    if (value.is_object()) expect_reasons(value, name + "/" + key);
  }
}

TEST(RunMetrics, SayWhyAFigureIsNotThere) {
  expect_reasons(Day{}.metrics(), "");

  Day day;
  net::SimulatedScheduler scheduler;
  SlowOperations slow{day.log.get(), scheduler};
  const OrderLatencies latencies{{scheduler, day.stage.updates, slow}};
  MetricsSources sources{day.stage.clock.now(), day.configuration, day.stage.kernel, day.records};
  sources.latencies = &latencies;
  sources.slow = &slow;
  expect_reasons(metrics_of(sources), "");
}

TEST(RunMetrics, ShowWhatStopsEntries) {
  trading::RiskLimits limits;
  limits.trades_per_day_max = 1;
  Day day{limits};
  day.log.expect("GONE");
  EXPECT_THAT(day.metrics()["risk"]["bots"]["a"]["entries_stopped_by"],
              ElementsAre("SESSION_CLOSED"));

  day.stage.prepare();
  day.stage.open();
  EXPECT_EQ(day.metrics()["risk"]["bots"]["a"]["entries_stopped_by"], Json::array());
  day.stage.quote("10.00", "10.01");
  day.stage.kernel.on_provider_status(
      {core::Code{"feed"}, market::ProviderState::Down, core::Code{"GONE"}});

  const Json risk = day.metrics()["risk"];
  EXPECT_THAT(risk["bots"]["a"]["entries_stopped_by"],
              ElementsAre("FEED_DEGRADED", "TRADES_PER_DAY"));
  EXPECT_THAT(risk["degraded_providers"], ElementsAre("feed"));
}

TEST(RunMetrics, ShowTheLossOfTheDay) {
  Day day;
  day.stage.prepare();
  day.stage.open();
  day.stage.quote("10.00", "10.01");
  day.stage.broker.fill(0, core::Price::whole(10));
  day.stage.kernel.drain();
  day.stage.go("09:31");
  day.stage.quote("8.99", "9.01");

  const Json bot = day.metrics()["risk"]["bots"]["a"];
  EXPECT_EQ(bot["day_pnl"], "-1.00");
  EXPECT_EQ(bot["daily_loss_used"], "1.00");
  EXPECT_EQ(bot["daily_loss_max"], "500.00");
}

TEST(RunMetrics, CountTradesOfTheSessionOnItsOwnDayOnly) {
  Day day;
  EXPECT_TRUE(day.metrics()["trades"]["today"].is_null()) << "no session has begun";
  day.stage.prepare();
  day.stage.open();
  EXPECT_EQ(day.metrics()["trades"]["today"], 0);
  EXPECT_EQ(day.metrics()["trades"]["session"], "2019-02-11");
  day.stage.close();
  EXPECT_EQ(day.metrics()["trades"]["today"], 0);

  day.stage.clock.advance_to(day.stage.clock.now() + std::chrono::hours{24});

  EXPECT_TRUE(day.metrics()["trades"]["today"].is_null());
  EXPECT_EQ(day.metrics()["trades"]["reason"], "no session has begun today");
}

/// A day whose orders fill at once, with or without somebody who looks at its figures all the time
/// and times its orders.
std::string decisions_hash(bool is_watched) {
  st0ck::test::RecordingLogger log;
  test::KernelStage stage{log.get()};
  net::SimulatedScheduler scheduler;
  SlowOperations slow{log.get(), scheduler};
  OrderLatencies latencies{{scheduler, stage.updates, slow}};
  test::ScriptedBroker broker{stage.clock, latencies};
  TimedBroker sent{TimedBroker::Place::Sent, broker, latencies};
  TimedBroker decided{TimedBroker::Place::Decided, sent, latencies};
  latencies.begin();
  kernel::Kernel kernel{
      {stage.clock, stage.table, is_watched ? static_cast<trading::Broker&>(decided) : broker,
       stage.updates, nullptr, log.get()},
      stage.account,
      core::Money::whole(10'000)};
  std::vector<std::string> heard;
  auto engine = std::make_unique<test::ProbeEngine>(
      "a", std::vector<market::DataNeed>{{stage.spy, market::DataKind::Quotes}}, heard);
  engine->does_on_quote = [&](auto& context, const auto&) {
    const trading::Position* position = context.position(stage.spy);
    const bool is_long = position != nullptr && !position->is_flat();
    context.submit(test::one_share(stage.spy, is_long ? trading::Side::Sell : trading::Side::Buy));
  };
  trading::RiskLimits limits;
  limits.orders_per_minute_max = 7;  // So that some are refused.
  limits.duplicate_window = {};
  kernel.add_bot({core::BotId{"a"}, core::EngineName{"buyer"}, 1}, std::move(engine), limits);
  kernel.start(stage.run);
  const Configuration configuration;
  const RunRecords records{nullptr, nullptr};
  const auto look = [&] {
    if (!is_watched) return;
    MetricsSources sources{stage.clock.now(), configuration, kernel, records};
    sources.latencies = &latencies;
    sources.slow = &slow;
    EXPECT_FALSE(metrics_of(sources).empty());
  };
  stage.clock.advance_to(stage.session().open);
  kernel.on_session_phase({market::Phase::Prepare, stage.session()});
  kernel.on_session_phase({market::Phase::Open, stage.session()});
  for (int i = 0; i < 100; ++i) {
    look();
    stage.clock.advance_to(stage.clock.now() + std::chrono::seconds{3});
    kernel.on_quote(stage.quote_of(stage.spy, "10.00", "10.01"));
    look();
    const auto& orders = broker.orders();
    if (!orders.empty() && orders.back().is_live)
      broker.fill(broker.last(), core::Price::whole(10));
    kernel.drain();
  }
  const kernel::RunEnd end = kernel.finish();
  EXPECT_GT(end.fills, 10U);
  EXPECT_EQ(latencies.submit_to_ack().count(), is_watched ? end.fills : 0);
  return end.decisions_sha256;
}

TEST(RunMetrics, ChangeNothingThatIsDecided) {
  EXPECT_EQ(decisions_hash(true), decisions_hash(false));
}

}  // namespace
}  // namespace st0ck::app
