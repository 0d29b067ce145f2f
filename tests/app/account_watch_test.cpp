#include "src/app/account_watch.hpp"

#include "st0ck/net/simulated_scheduler.hpp"
#include "support/kernel_stage.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Whether the broker and we agree, looked at again and again.
namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// Answers each reading of the account with what the test has put there.
class AccountBroker final : public trading::RemoteBroker {
 public:
  explicit AccountBroker(net::Scheduler& scheduler) : scheduler_{scheduler} {}

  void connect(Connected done) override { read_account(std::move(done)); }
  void read_account(Connected done) override {
    ++readings;
    scheduler_.call_after({}, [this, done = std::move(done)] { done(report); });
  }
  void disconnect() override {}
  void submit(const trading::Approved<trading::OrderIntent>&) override {}
  void cancel(const core::ClientOrderId&) override {}
  void replace(const trading::Approved<trading::ReplaceIntent>&) override {}

  core::Result<trading::AccountReport> report = trading::AccountReport{};
  int readings = 0;

 private:
  net::Scheduler& scheduler_;
};

class AccountWatchTest : public testing::Test {
 protected:
  AccountWatchTest() {
    stage.begin();
    broker.report->asked = broker.report->answered = broker.report->broker_time = stage.clock.now();
  }

  void begin() {
    AccountWatch::Parts parts{broker, stage.kernel, stage.table, scheduler, log.get()};
    parts.follows_clock = follows_clock;
    watch.emplace(parts);
    watch->begin(*broker.report, true);
  }

  void broker_holds(std::int64_t count) {
    broker.report->positions = {{core::Symbol{"SPY"}, core::Quantity::whole(count), {}}};
  }

  /// What the kernel was told since the last call: `degraded CLOCK_SKEW`.
  std::vector<std::string> told() {
    std::vector<std::string> lines;
    const auto all = stage.records.all<market::ProviderStatus>();
    for (; told_ < all.size(); ++told_)
      lines.push_back(fmt::format("{} {}", name_of(all[told_].state), all[told_].reason));
    return lines;
  }

  test::RecordingLogger log;
  test::KernelStage stage{log.get()};
  net::SimulatedScheduler scheduler;
  AccountBroker broker{scheduler};
  std::function<bool(const trading::AccountReport&)> follows_clock;
  std::optional<AccountWatch> watch;

 private:
  std::size_t told_ = 0;
};

TEST_F(AccountWatchTest, TellsItsFirstVerdictAndThenWhatChanges) {
  log.expect("POSITION_DIFFERS");
  begin();
  EXPECT_THAT(told(), ElementsAre("connected "));
  scheduler.run_for(5min);
  EXPECT_EQ(broker.readings, 5);
  EXPECT_TRUE(told().empty());

  broker_holds(3);
  scheduler.run_for(1min);
  EXPECT_THAT(told(), ElementsAre("degraded POSITION_DIFFERS"));
  broker.report->positions.clear();
  scheduler.run_for(5s);
  EXPECT_THAT(told(), ElementsAre("connected ")) << "looked at more often while in trouble";
}

TEST_F(AccountWatchTest, BelievesNoSilence) {
  log.expect("ACCOUNT_NOT_READ");
  begin();
  told();

  broker.report = core::fail(core::Errc::Broker, "503");
  scheduler.run_for(3min);

  EXPECT_EQ(broker.readings, 3);
  EXPECT_TRUE(told().empty());
}

TEST_F(AccountWatchTest, SaysWhereTheClocksDiffer) {
  log.expect("CLOCK_SKEW");
  begin();
  told();

  broker.report->broker_time += 1001ms;
  scheduler.run_for(1min);

  EXPECT_THAT(told(), ElementsAre("degraded CLOCK_SKEW"));
}

/// As in a drill, whose exchange leaves out closed hours.
TEST_F(AccountWatchTest, JudgesNoClockThatWasSetByTheSameReport) {
  int reports = 0;
  follows_clock = [&](const trading::AccountReport& report) {
    ++reports;
    return report.clock_skew() > 1min;
  };
  begin();
  told();
  EXPECT_EQ(reports, 0) << "the first is the start's own";

  broker.report->broker_time += 17h;
  scheduler.run_for(1min);

  EXPECT_EQ(reports, 1);
  EXPECT_TRUE(told().empty());
}

}  // namespace
}  // namespace st0ck::app
