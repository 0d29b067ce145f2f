#include "src/app/corporate_action_watch.hpp"

#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/replay.hpp"
#include "st0ck/market/null_event_sink.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// 2025-01-02 is a Thursday, in winter: midnight in New York is 05:00 UTC, the open 14:30.
namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using market::CorporateAction;
using market::CorporateActionKind;
using st0ck::test::IntentBuilder;
using st0ck::test::utc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

core::Date day(std::string_view text) { return core::parse_date(text).value(); }

class HandSource final : public market::CorporateActionSource {
 public:
  explicit HandSource(net::Scheduler& scheduler) : scheduler_{scheduler} {}

  void read(core::Date first, core::Date last, Read done) override {
    asked.push_back(core::format_date(first) + " " + core::format_date(last));
    if (is_silent) return;
    scheduler_.call_after(10ms, [this, done = std::move(done)] {
      if (is_down) return done(core::fail(core::Errc::Broker, "503"));
      done(announced);
    });
  }

  market::AnnouncedActions announced;
  std::vector<std::string> asked;
  bool is_down = false;
  bool is_silent = false;

 private:
  net::Scheduler& scheduler_;
};

/// Hears as the kernel does.
class HearingSink final : public market::NullEventSink {
 public:
  explicit HearingSink(const core::Clock& clock) : clock_{clock} {}

  void on_provider_status(const market::ProviderStatus& status) override {
    heard.push_back(fmt::format("{} {} {}", status.provider, name_of(status.state), status.reason));
  }
  void on_corporate_action(const CorporateAction& action) override {
    using Verdict = trading::ActionSchedule::Verdict;
    const Verdict verdict = schedule.announce(action, clock_.now());
    heard.push_back(fmt::format("{} {} {}", name_of(action.kind), core::format_date(action.ex_date),
                                verdict == Verdict::Apply  ? "applied"
                                : verdict == Verdict::Late ? "late"
                                                           : "other"));
  }

  trading::ActionSchedule schedule;
  std::vector<std::string> heard;

 private:
  const core::Clock& clock_;
};

class CorporateActionWatchTest : public testing::Test {
 protected:
  CorporateActionWatchTest() { make_watch(); }

  void make_watch() {
    watch = std::make_unique<CorporateActionWatch>(CorporateActionWatch::Parts{
        source, sink.schedule, sink, gate, instruments.table, clock, scheduler, log.get()});
  }

  void begin(core::Timestamp run_begun) {
    watch->begin(run_begun, [this] { sink.heard.emplace_back("trading"); });
    scheduler.run_for(1s);
  }
  void begin() { begin(clock.now()); }

  /// The same run in another process: what the kernel has heard is in its journal.
  void restart(core::Timestamp run_begun) {
    watch.reset();
    make_watch();
    sink.heard.clear();
    begin(run_begun);
  }

  void step() {
    clock.set(*watch->next_time());
    ASSERT_TRUE(watch->step(sink));
    scheduler.run_for(1s);
  }
  void step_until(std::string_view time) {
    while (*watch->next_time() <= utc(time)) step();
    clock.set(utc(time));
  }

  void announce_split(std::string_view ex_date) {
    CorporateAction split;
    split.instrument = instruments.spy;
    split.kind = CorporateActionKind::Split;
    split.ex_date = day(ex_date);
    split.numerator = 4;
    source.announced.actions.push_back(split);
  }
  void announce_merger(std::string_view date) {
    source.announced.unhandled.push_back(
        {instruments.spy, "cash_mergers", day(date), "it is neither a split nor a dividend"});
  }

  std::string refusal() {
    const trading::OrderIntent entry = *IntentBuilder{trading::Side::Buy, 1};
    const auto code = gate.refusal_of(entry);
    return code ? code->str() : "";
  }

  std::vector<std::string> take_heard() { return std::exchange(sink.heard, {}); }

  st0ck::test::RecordingLogger log;
  st0ck::test::HandClock clock{utc("2025-01-02T15:00:00Z")};
  net::SimulatedScheduler scheduler;
  st0ck::test::ThreeInstruments instruments;
  kernel::OrderUpdateQueue updates;
  kernel::SilentBroker broker;
  EntryGate gate{{clock, instruments.table, broker, updates, log.get()}};
  HandSource source{scheduler};
  HearingSink sink{clock};
  std::unique_ptr<CorporateActionWatch> watch;
};

TEST_F(CorporateActionWatchTest, ReadsAtTheStartAndThreeTimesBeforeEachOpen) {
  begin();
  EXPECT_THAT(take_heard(), ElementsAre("trading", "corporate_actions connected "));
  EXPECT_EQ(watch->next_time(), utc("2025-01-03T05:00:00Z"));
  step();
  EXPECT_EQ(watch->next_time(), utc("2025-01-03T09:00:00Z"));
  step();
  EXPECT_EQ(watch->next_time(), utc("2025-01-03T14:20:00Z"));
  step();
  EXPECT_EQ(watch->next_time(), utc("2025-01-06T05:00:00Z"));

  EXPECT_THAT(source.asked, ElementsAre("2024-12-23 2025-01-09", "2024-12-24 2025-01-10",
                                        "2024-12-24 2025-01-10", "2024-12-24 2025-01-10"));
  EXPECT_THAT(take_heard(), IsEmpty());
}

TEST_F(CorporateActionWatchTest, TellsAnActionOnItsExDateOnce) {
  announce_split("2025-01-03");
  begin();
  EXPECT_THAT(take_heard(), ElementsAre("trading", "corporate_actions connected "))
      << "it may still be corrected";

  step();
  EXPECT_THAT(take_heard(), ElementsAre("split 2025-01-03 applied")) << "at midnight";
  step_until("2025-01-07T15:00:00Z");
  EXPECT_THAT(take_heard(), IsEmpty());
}

TEST_F(CorporateActionWatchTest, TellsNothingTwiceAfterARestart) {
  announce_split("2025-01-03");
  const core::Timestamp begun = clock.now();
  begin();
  step();
  clock.set(utc("2025-01-03T06:00:00Z"));

  restart(begun);

  EXPECT_THAT(take_heard(), ElementsAre("trading", "corporate_actions connected "));
}

TEST_F(CorporateActionWatchTest, TellsWhatWasMissedOverAWeekendOnce) {
  announce_split("2025-01-06");
  const core::Timestamp begun = clock.now();
  clock.set(utc("2025-01-06T14:00:00Z"));
  restart(begun);
  EXPECT_THAT(take_heard(),
              ElementsAre("trading", "corporate_actions connected ", "split 2025-01-06 applied"));

  announce_split("2025-01-07");
  clock.set(utc("2025-01-07T16:00:00Z"));
  restart(begun);
  EXPECT_THAT(take_heard(),
              ElementsAre("trading", "corporate_actions connected ", "split 2025-01-07 late"));
  restart(begun);
  EXPECT_THAT(take_heard(), ElementsAre("trading", "corporate_actions connected "));
}

TEST_F(CorporateActionWatchTest, TellsNothingThatTookEffectBeforeTheRunBegan) {
  announce_split("2025-01-02");
  announce_split("2024-12-30");

  begin();
  step();

  EXPECT_THAT(take_heard(), ElementsAre("trading", "corporate_actions connected "));
}

TEST_F(CorporateActionWatchTest, TellsOneOfADayWithoutASessionWithTheNext) {
  announce_split("2025-01-04");
  begin();
  take_heard();

  step_until("2025-01-06T05:00:00Z");

  EXPECT_THAT(take_heard(), ElementsAre("split 2025-01-06 applied"));
}

TEST_F(CorporateActionWatchTest, TellsTheLastVersionBeforeItsDayAndNoneAfter) {
  log.expect("CORPORATE_ACTION_CHANGED");
  announce_split("2025-01-03");
  begin();
  source.announced.actions.front().numerator = 5;
  step();
  EXPECT_EQ(
      sink.schedule.find(instruments.spy, CorporateActionKind::Split, day("2025-01-03"))->numerator,
      5U);
  take_heard();

  source.announced.actions.front().numerator = 6;
  step();
  step();

  EXPECT_THAT(take_heard(), IsEmpty());
  EXPECT_EQ(log.count("CORPORATE_ACTION_CHANGED"), 1U);
}

TEST_F(CorporateActionWatchTest, TellsWhatItKnowsWhileTheReadingsOfTheDayFail) {
  log.expect("CORPORATE_ACTIONS_NOT_READ");
  clock.set(utc("2025-01-02T22:00:00Z"));  // After the close: it is read for tomorrow.
  announce_split("2025-01-03");
  begin();
  take_heard();
  source.is_down = true;

  step();

  EXPECT_THAT(take_heard(), ElementsAre("split 2025-01-03 applied"));
  EXPECT_EQ(refusal(), "");
}

TEST_F(CorporateActionWatchTest, LetsEntriesWaitWhileNothingWasReadForTheSession) {
  log.expect("CORPORATE_ACTIONS_NOT_READ");
  log.expect("CORPORATE_ACTIONS_UNKNOWN");
  source.is_down = true;
  begin();
  EXPECT_THAT(take_heard(),
              ElementsAre("trading", "corporate_actions degraded CORPORATE_ACTIONS_UNKNOWN"));
  scheduler.run_for(30s);
  EXPECT_EQ(log.count("CORPORATE_ACTIONS_NOT_READ"), 3U) << "at once, after 5 s and 10 s more";
  EXPECT_EQ(log.count("CORPORATE_ACTIONS_UNKNOWN"), 1U);

  source.is_down = false;
  scheduler.run_for(20s);

  EXPECT_THAT(take_heard(), ElementsAre("corporate_actions connected "));
}

TEST_F(CorporateActionWatchTest, AsksForTheNextSessionAnew) {
  log.expect("CORPORATE_ACTIONS_NOT_READ");
  log.expect("CORPORATE_ACTIONS_UNKNOWN");
  begin();
  take_heard();
  source.is_down = true;

  step();

  EXPECT_THAT(take_heard(), ElementsAre("corporate_actions degraded CORPORATE_ACTIONS_UNKNOWN"))
      << "what was read during the session before is not enough";
}

TEST_F(CorporateActionWatchTest, DoesNotKeepExitsWaitingForASilentProvider) {
  log.expect("CORPORATE_ACTIONS_NOT_READ");
  log.expect("CORPORATE_ACTIONS_UNKNOWN");
  source.is_silent = true;
  begin();
  EXPECT_THAT(take_heard(), IsEmpty());

  scheduler.run_for(2s);

  EXPECT_THAT(take_heard(),
              ElementsAre("trading", "corporate_actions degraded CORPORATE_ACTIONS_UNKNOWN"));
}

TEST_F(CorporateActionWatchTest, StopsEntriesFromTheDayOfAnUnhandledAction) {
  log.expect("CORPORATE_ACTION_UNHANDLED");
  announce_merger("2025-01-06");
  begin();
  EXPECT_EQ(refusal(), "") << "it lies ahead";
  EXPECT_THAT(log.entries().back().message, HasSubstr("SPY: cash_mergers with ex-date 2025-01-06"));
  step_until("2025-01-03T21:00:00Z");
  EXPECT_EQ(refusal(), "");

  step();
  EXPECT_EQ(refusal(), "CORPORATE_ACTION_UNHANDLED");
  EXPECT_EQ(log.count("CORPORATE_ACTION_UNHANDLED"), 1U) << "once, however often it is read";

  source.announced = {};
  step();
  EXPECT_EQ(refusal(), "") << "withdrawn, or long ago";
}

TEST_F(CorporateActionWatchTest, SaysNothingOfAnUnhandledActionBeforeTheRun) {
  announce_merger("2025-01-02");
  begin();

  EXPECT_EQ(refusal(), "");
}

}  // namespace
}  // namespace st0ck::app
