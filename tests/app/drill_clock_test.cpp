#include "src/app/drill_clock.hpp"

#include "app/loopback_exchange.hpp"
#include "cmake/registered_engines.hpp"
#include "src/app/alpaca_parts.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/net/asio_scheduler.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Whose time a drill goes by where orders are simulated here.
namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const core::Timestamp kMorning = test::utc("2025-01-02T14:30:00Z");

class DrillClockTest : public testing::Test {
 protected:
  void begin() {
    clock.emplace(DrillClock::Parts{
        [this](auto done) { scheduler.call_after(0s, [this, done] { done(answer()); }); },
        scheduler, log.get(), [this](const TimeReport& report) { set.push_back(report.told); }});
    clock->begin([this](const core::Status& status) { begun.push_back(status); });
    scheduler.run_for(0s);
  }

  core::Result<TimeReport> answer() {
    ++asked;
    if (error) return tl::unexpected<core::Error>(*error);
    return TimeReport{ours + ahead, ours};
  }

  net::SimulatedScheduler scheduler;
  test::RecordingLogger log;
  core::Timestamp ours = kMorning;
  core::Duration ahead{};
  std::optional<core::Error> error;
  int asked = 0;
  std::vector<core::Timestamp> set;
  std::vector<core::Status> begun;
  std::optional<DrillClock> clock;
};

TEST_F(DrillClockTest, SetsOursByTheFirstAnswerWhateverTheDifference) {
  ahead = -24h;
  begin();

  EXPECT_THAT(set, ElementsAre(kMorning - 24h));
  ASSERT_EQ(begun.size(), 1U);
  EXPECT_TRUE(begun[0]);
}

TEST_F(DrillClockTest, FollowsALeapAndNothingSmaller) {
  begin();

  ahead = 60s;
  scheduler.run_for(5s);
  EXPECT_EQ(set.size(), 1U) << "a difference of just the minute is none";

  ahead = 60s + 1ns;
  scheduler.run_for(5s);
  EXPECT_THAT(set, ElementsAre(kMorning, kMorning + ahead));

  ahead = -2h;
  scheduler.run_for(5s);
  EXPECT_EQ(set.size(), 2U) << "time does not go back";
}

TEST_F(DrillClockTest, TriesAgainToReachTheExchangeAndThenGivesUp) {
  log.expect("EXCHANGE_UNREACHABLE");
  error = core::Error{core::Errc::Broker, "nobody there", core::Retry::Yes};
  begin();

  scheduler.run_for(8s - 1ns);
  EXPECT_THAT(begun, IsEmpty());
  scheduler.run_for(1ns);

  EXPECT_EQ(asked, 5);
  ASSERT_EQ(begun.size(), 1U);
  EXPECT_EQ(begun[0].error().message, "nobody there");
  scheduler.run_for(1min);
  EXPECT_EQ(asked, 5);
}

TEST_F(DrillClockTest, GivesUpAtOnceWhereItIsTurnedDown) {
  error = core::Error{core::Errc::Refused, "keys", core::Retry::No};
  begin();

  ASSERT_EQ(begun.size(), 1U);
  EXPECT_FALSE(begun[0]);
}

TEST_F(DrillClockTest, GoesOnWhereALaterAnswerIsMissing) {
  log.expect("CLOCK_NOT_READ");
  begin();
  error = core::Error{core::Errc::Broker, "nobody there", core::Retry::Yes};
  scheduler.run_for(5s);

  error.reset();
  ahead = 1h;
  scheduler.run_for(5s);
  EXPECT_THAT(set, ElementsAre(kMorning, kMorning + 1h));
}

TEST_F(DrillClockTest, SaysNothingOnceItIsGone) {
  begin();
  clock.reset();
  ahead = 1h;

  scheduler.run_for(1min);

  EXPECT_EQ(set.size(), 1U);
}

/// The parts of a run whose orders are simulated, beside an exchange.
class ExchangeTime : public testing::Test {
 protected:
  ExchangeTime() {
    ::setenv("APCA_API_KEY_ID", "test", 1);
    ::setenv("APCA_API_SECRET_KEY", "test", 1);
  }
  ~ExchangeTime() override {
    ::unsetenv("APCA_API_KEY_ID");
    ::unsetenv("APCA_API_SECRET_KEY");
  }

  Configuration configuration(const LoopbackExchange& exchange, const std::string& source) {
    kernel::EngineRegistry registry;
    register_engines(registry);
    const auto file = folder_ / "c.yaml";
    std::ofstream{file} << fmt::format(
        "market: {{kind: alpaca, data_url: \"{}\"}}\nbroker: {{kind: sim}}\n"
        "bots: {{a: {{engine: st0cka}}}}\nclock: {{source: {}}}\n",
        exchange.http(), source);
    auto loaded = load_configuration(file, {}, registry);
    EXPECT_EQ(loaded.problem_text(), "");
    return std::move(loaded.configuration);
  }

  LiveParts parts_of(const Configuration& configuration) {
    auto parts = open_alpaca(configuration, {io_, scheduler_, clock_, configuration.instruments,
                                             nobody_, logger_.get()});
    EXPECT_TRUE(parts);
    return std::move(*parts);
  }

  struct NobodyListens final : trading::OrderUpdateSink {
    void on_order_update(const trading::OrderUpdate&) override {}
  };

  test::TemporaryFolder folder_;
  boost::asio::io_context io_{1};
  net::AsioScheduler scheduler_{io_};
  test::HandClock clock_{kMorning};
  NobodyListens nobody_;
  test::RecordingLogger logger_;
};

TEST_F(ExchangeTime, IsAskedAtTheAddressOfTheData) {
  exchange::ExchangeSettings settings;
  settings.market.sessions_before = 0;
  LoopbackExchange exchange{settings};
  const Configuration configured = configuration(exchange, "market");
  const LiveParts parts = parts_of(configured);
  EXPECT_EQ(parts.broker, nullptr);
  ASSERT_TRUE(parts.time);

  std::optional<core::Result<TimeReport>> told;
  parts.time([&](const core::Result<TimeReport>& report) { told = report; });
  while (!told) {
    exchange.serve();
    io_.poll();
  }

  ASSERT_TRUE(*told) << told->error().message;
  EXPECT_EQ((*told)->told, test::utc("2025-06-02T13:30:00Z"));
  EXPECT_EQ((*told)->answered, kMorning);
}

TEST_F(ExchangeTime, IsNotAskedWhereTheMachineTellsTheTime) {
  exchange::ExchangeSettings settings;
  settings.market.sessions_before = 0;
  const LoopbackExchange exchange{settings};
  const Configuration configured = configuration(exchange, "machine");

  EXPECT_FALSE(parts_of(configured).time);
}

}  // namespace
}  // namespace st0ck::app
