#include "src/app/account_watch.hpp"

#include "st0ck/net/simulated_scheduler.hpp"
#include "support/kernel_stage.hpp"
#include "support/orders.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
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
    scheduler_.call_after(latency, [this, done = std::move(done)] {
      if (before_answer) before_answer();
      done(report);
    });
  }
  void notice(Notice notice) const { tell(notice); }
  void connect_blind() override {}
  void note_earlier(const core::ClientOrderId& /*id*/) override {}
  void disconnect() override {}
  void submit(const trading::Approved<trading::OrderIntent>&) override {}
  void cancel(const core::ClientOrderId&) override {}
  void replace(const trading::Approved<trading::ReplaceIntent>&) override {}

  core::Result<trading::AccountReport> report = trading::AccountReport{};
  int readings = 0;
  core::Duration latency{};
  std::function<void()> before_answer;

 private:
  net::Scheduler& scheduler_;
};

class AccountWatchTest : public testing::Test {
 protected:
  AccountWatchTest() {
    auto engine = std::make_unique<test::ProbeEngine>(
        "a", std::vector<market::DataNeed>{{stage.spy, market::DataKind::Quotes, 2s}}, heard);
    probe = engine.get();
    stage.add_bot("a", "probe", std::move(engine));
    stage.begin();
    stage.prepare();
    stage.open();
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

  /// Bot `a` sends an order for a share of SPY.
  core::ClientOrderId submit(trading::Side side) {
    core::ClientOrderId id;
    probe->does_on_quote = [&](kernel::EngineContext& context, const market::Quote&) {
      const auto sent = context.submit(test::one_share(stage.spy, side));
      id = std::get<core::ClientOrderId>(sent);
    };
    stage.go(stage.clock.now() + 2s);
    stage.quote("99.99", "100.01");
    probe->does_on_quote = nullptr;
    return id;
  }

  /// One that the broker has taken.
  core::ClientOrderId buy() {
    const core::ClientOrderId id = submit(trading::Side::Buy);
    stage.broker.accept(stage.broker.orders().size() - 1);
    stage.kernel.drain();
    return id;
  }

  void broker_lists(const core::ClientOrderId& id) {
    trading::ReportedOrder order;
    order.client_order_id = id;
    order.symbol = core::Symbol{"SPY"};
    order.side = trading::Side::Buy;
    order.quantity = core::Quantity::whole(1);
    broker.report->open_orders.push_back(order);
  }

  /// What differs, by the last word to the kernel.
  std::vector<std::string> differences() const {
    std::vector<std::string> kinds;
    for (const auto& row : stage.kernel.differences().in_force())
      kinds.emplace_back(trading::name_of(row.difference.kind));
    return kinds;
  }

  std::size_t reconciliations() const {
    return stage.records.all<trading::Reconciliation>().size();
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
  std::vector<std::string> heard;
  test::ProbeEngine* probe = nullptr;
  test::KernelStage stage{log.get()};
  net::SimulatedScheduler scheduler;
  AccountBroker broker{scheduler};
  std::function<bool(const trading::AccountReport&)> follows_clock;
  std::optional<AccountWatch> watch;

 private:
  std::size_t told_ = 0;
};

/// What is not known passes for nothing.
TEST_F(AccountWatchTest, StopsEntriesWhereTheAccountCannotBeReadForTwoMinutes) {
  log.expect("ACCOUNT_NOT_READ");
  log.expect("ACCOUNT_UNKNOWN");
  begin();
  EXPECT_THAT(told(), ElementsAre("connected "));
  const trading::AccountReport good = *broker.report;
  broker.report = core::fail(core::Errc::Broker, "503");

  scheduler.run_for(2min - 1ns);
  EXPECT_TRUE(told().empty());
  scheduler.run_for(1min);
  EXPECT_THAT(told(), ElementsAre("degraded ACCOUNT_UNKNOWN"));
  scheduler.run_for(30min);
  EXPECT_TRUE(told().empty()) << "once";

  broker.report = good;
  scheduler.run_for(1min);
  EXPECT_THAT(told(), ElementsAre("connected "));
}

/// Found by a user's attack: nobody said a word, and entries went out.
TEST_F(AccountWatchTest, StopsEntriesWhileAnotherAccountAnswers) {
  log.expect("ACCOUNT_OTHER");
  broker.report->account = "PA1";
  begin();
  told();
  broker_holds(7);
  broker.report->account = "PA2";

  scheduler.run_for(1min);
  EXPECT_THAT(told(), ElementsAre("degraded ACCOUNT_OTHER"));
  EXPECT_TRUE(differences().empty()) << "what the other holds says nothing of ours";
  scheduler.run_for(5min);
  EXPECT_TRUE(told().empty()) << "once";

  broker.report->account = "PA1";
  broker_holds(0);
  scheduler.run_for(5s);
  EXPECT_THAT(told(), ElementsAre("connected "));
}

/// A run that begins blind knows its account by what it has recorded.
TEST_F(AccountWatchTest, KnowsTheAccountOfARunThatBeginsBlind) {
  log.expect("ACCOUNT_UNKNOWN");
  log.expect("ACCOUNT_OTHER");
  broker.report->account = "PA2";
  AccountWatch::Parts parts{broker, stage.kernel, stage.table, scheduler, log.get(), "PA1"};
  watch.emplace(parts);
  watch->begin_blind();

  scheduler.run_for(1min);

  EXPECT_THAT(told(), ElementsAre("degraded ACCOUNT_UNKNOWN", "degraded ACCOUNT_OTHER"));
}

TEST_F(AccountWatchTest, StopsEntriesWhileTheAccountMayNotTrade) {
  log.expect("ACCOUNT_BLOCKED");
  begin();
  told();
  broker.report->may_trade = false;
  broker.report->blocked_reason = "trading is blocked";

  scheduler.run_for(6min);
  EXPECT_THAT(told(), ElementsAre("degraded ACCOUNT_BLOCKED"));

  broker.report->may_trade = true;
  scheduler.run_for(5s);
  EXPECT_THAT(told(), ElementsAre("connected "));
}

/// Found by a user's attack: a run on an old copy of the state directory took the stop of a newer
/// position for an exit of an older one, and cancelled it.
TEST_F(AccountWatchTest, TakesNothingInAndEntersNothingOnAnOldStateDirectory) {
  log.expect("STATE_OUTDATED");
  stage.kernel.on_process_start({core::RunMark{"abcd"}});
  const core::ClientOrderId entry = buy();
  broker.report->entries = {entry, core::ClientOrderId{"a-probe-20190211abcd-101"}};
  trading::ReportedExit& stop = broker.report->exits.emplace_back();
  stop.client_order_id = core::ClientOrderId{"a-probe-20190211abcd-101-2"};
  stop.symbol = core::Symbol{"SPY"};
  stop.type = trading::OrderType::Stop;
  stop.terms.quantity = core::Quantity::whole(1);

  begin();

  EXPECT_THAT(told(), ElementsAre("connected ", "down STATE_OUTDATED"));
  EXPECT_EQ(stage.kernel.desk().orders().find(stop.client_order_id), nullptr);

  // Once more, when its own records are newer than what it did not know.
  watch.reset();
  broker.report->entries.clear();
  begin();
  EXPECT_EQ(stage.kernel.desk().orders().find(stop.client_order_id), nullptr);
  EXPECT_TRUE(stage.kernel.is_degraded(core::Code{"state"}));
}

TEST_F(AccountWatchTest, TakesExitsInOfWhichNoRecordIsLeft) {
  log.expect("EXIT_RECOVERED");
  log.expect("ORDER_UNKNOWN");
  stage.kernel.on_process_start({core::RunMark{"abcd"}});
  broker.report->entries = {buy()};
  trading::ReportedExit& exit = broker.report->exits.emplace_back();
  exit.client_order_id = core::ClientOrderId{"a-probe-20190211abcd-2"};
  exit.symbol = core::Symbol{"SPY"};
  exit.terms.quantity = core::Quantity::whole(1);

  begin();

  ASSERT_NE(stage.kernel.desk().orders().find(exit.client_order_id), nullptr);
  EXPECT_EQ(stage.records.all<trading::LostExit>().size(), 1U);
}

/// Found by fault days (148415): what counted as refused here passed for told of.
TEST_F(AccountWatchTest, TakesAnExitInThatTheBrokerHasThoughItCountsAsRefused) {
  log.expect("EXIT_RECOVERED");
  log.expect("ORDER_UNKNOWN");
  stage.kernel.on_process_start({core::RunMark{"abcd"}});
  broker.report->entries = {buy()};
  stage.broker.fill(0, test::price("100.01"));
  stage.kernel.drain();
  const auto id = submit(trading::Side::Sell);
  stage.broker.reject(1, "RATE_LIMIT");
  stage.kernel.drain();
  trading::ReportedExit& exit = broker.report->exits.emplace_back();
  exit.client_order_id = id;
  exit.symbol = core::Symbol{"SPY"};
  exit.terms.quantity = core::Quantity::whole(1);

  begin();

  EXPECT_EQ(stage.kernel.desk().orders().find(id)->state, trading::OrderState::Unknown);
}

TEST_F(AccountWatchTest, BeginsWithoutTheAccountAndComparesItOnceItIsRead) {
  log.expect("ACCOUNT_NOT_READ");
  log.expect("ACCOUNT_UNKNOWN");
  log.expect("POSITION_DIFFERS");
  broker_holds(3);
  const trading::AccountReport good = *broker.report;
  broker.report = core::fail(core::Errc::Broker, "503");
  watch.emplace(AccountWatch::Parts{broker, stage.kernel, stage.table, scheduler, log.get()});
  watch->begin_blind();
  scheduler.run_for(1min);
  EXPECT_THAT(told(), ElementsAre("degraded ACCOUNT_UNKNOWN"));

  broker.report = good;
  scheduler.run_for(10s);

  EXPECT_THAT(told(), ElementsAre("connected "));
  EXPECT_THAT(differences(), ElementsAre("POSITION_DIFFERS"));
}

TEST_F(AccountWatchTest, TellsItsFirstVerdictAndThenWhatChanges) {
  log.expect("POSITION_DIFFERS");
  begin();
  EXPECT_THAT(told(), ElementsAre("connected "));
  scheduler.run_for(5min);
  EXPECT_EQ(broker.readings, 5);
  EXPECT_TRUE(told().empty());

  broker_holds(3);
  scheduler.run_for(1min);
  EXPECT_THAT(differences(), ElementsAre("POSITION_DIFFERS"));
  broker.report->positions.clear();
  scheduler.run_for(5s);
  EXPECT_TRUE(differences().empty()) << "looked at more often while in trouble";
  scheduler.run_for(55s);
  EXPECT_EQ(broker.readings, 7);
  EXPECT_EQ(reconciliations(), 2U) << "the same again is no event";
  EXPECT_TRUE(told().empty()) << "nobody's state but the account's";
}

TEST_F(AccountWatchTest, FindsADifferenceInTheFirstReport) {
  log.expect("POSITION_DIFFERS");
  broker_holds(3);
  begin();
  EXPECT_THAT(differences(), ElementsAre("POSITION_DIFFERS"));
}

TEST_F(AccountWatchTest, ComparesAgainAtOnceWhenOrderUpdatesAreHeardAgain) {
  log.expect("FOREIGN_ORDER");
  begin();
  scheduler.run_for(1s);
  broker_lists(core::ClientOrderId{"hand-1"});
  broker.notice(trading::RemoteBroker::Notice::Reconnected);
  scheduler.run_for(1ms);
  EXPECT_EQ(broker.readings, 1);
  EXPECT_THAT(differences(), ElementsAre("FOREIGN_ORDER"));

  scheduler.run_for(59s);
  EXPECT_EQ(broker.readings, 1) << "an order of somebody else is no trouble";
  scheduler.run_for(2s);
  EXPECT_EQ(broker.readings, 2);
}

TEST_F(AccountWatchTest, ReadsOnceMoreForWhatHappensDuringAReading) {
  begin();
  broker.latency = 1s;
  scheduler.run_for(1min);
  broker.notice(trading::RemoteBroker::Notice::Reconnected);
  scheduler.run_for(1s);
  EXPECT_EQ(broker.readings, 2);
}

TEST_F(AccountWatchTest, LetsOthersNotCauseReadingsWithoutEnd) {
  begin();
  scheduler.run_for(1min);
  for (int i = 0; i < 1'000; ++i) {
    scheduler.run_for(10ms);
    broker.notice(trading::RemoteBroker::Notice::ForeignOrder);
  }
  EXPECT_EQ(broker.readings, 3) << "one in its turn, then every five seconds";
}

TEST_F(AccountWatchTest, SkipsAReadingDuringWhichSomethingFilled) {
  begin();
  const auto id = buy();
  broker_lists(id);
  broker.before_answer = [&] {
    stage.broker.fill(stage.broker.orders().size() - 1, core::Price::whole(100));
    broker.before_answer = nullptr;
  };
  scheduler.run_for(1min);
  EXPECT_EQ(reconciliations(), 0U) << "it holds none yet, and our fills make one";

  broker_holds(1);
  broker.report->open_orders.clear();
  broker.report->cash -= core::Money::whole(100);
  scheduler.run_for(5s);
  EXPECT_EQ(broker.readings, 2) << "made again soon";
  EXPECT_EQ(reconciliations(), 0U);
}

TEST_F(AccountWatchTest, HasAnOrderProvenThatTheBrokerDoesNotList) {
  log.expect("ORDER_MISSING");
  log.expect("ORDER_UNKNOWN");
  begin();
  const auto id = buy();
  broker_lists(id);
  scheduler.run_for(1min);
  EXPECT_EQ(reconciliations(), 0U);

  broker.report->open_orders.clear();
  broker_holds(1);
  scheduler.run_for(1min);
  EXPECT_EQ(reconciliations(), 0U) << "the word of its fill may be on its way";
  scheduler.run_for(5s);
  EXPECT_THAT(differences(), ElementsAre("ORDER_MISSING"));
  EXPECT_EQ(stage.kernel.desk().orders().find(id)->state, trading::OrderState::Unknown);

  // It has filled and was told late: until that is proven its symbol is not judged.
  scheduler.run_for(5s);
  EXPECT_TRUE(differences().empty());
}

TEST_F(AccountWatchTest, StopsEntriesWhereTheBrokerHasAnOrderThatIsOverByOurBooks) {
  log.expect("ORDER_UNBOOKED");
  begin();
  const auto id = buy();
  broker_lists(id);
  broker.before_answer = [&] {
    broker.before_answer = nullptr;
    stage.broker.confirm_cancel(0);
    stage.kernel.drain();
  };
  scheduler.run_for(1min);
  EXPECT_EQ(reconciliations(), 0U) << "it was open when the account was asked for";

  scheduler.run_for(1min);
  EXPECT_THAT(differences(), ElementsAre("ORDER_UNBOOKED"));

  broker.report->open_orders.clear();
  scheduler.run_for(5s);
  EXPECT_TRUE(differences().empty());
}

/// As after a restart of the exchange: the order has filled, and its fill is not heard yet.
TEST_F(AccountWatchTest, JudgesNoSymbolOfAnOrderThatCameAndWentDuringAReading) {
  broker.report->cash = core::Money::whole(500);
  begin();
  broker.before_answer = [&] {
    broker.before_answer = nullptr;
    buy();
    broker_holds(1);
    broker.report->cash = core::Money::whole(400);
  };
  scheduler.run_for(1min);

  EXPECT_EQ(broker.readings, 1);
  EXPECT_EQ(reconciliations(), 0U);
  EXPECT_EQ(told(), std::vector<std::string>{"connected "});
}

TEST_F(AccountWatchTest, WaitsOneReadingForAFillThatTheBrokerListsAlready) {
  log.expect("POSITION_DIFFERS");
  begin();
  broker_lists(buy());
  broker.report->open_orders.back().filled = core::Quantity::parse("0.5").value();
  broker.report->positions = {{core::Symbol{"SPY"}, core::Quantity::parse("0.5").value(), {}}};
  scheduler.run_for(1min);
  EXPECT_EQ(reconciliations(), 0U);
  scheduler.run_for(5s);
  EXPECT_THAT(differences(), ElementsAre("POSITION_DIFFERS")) << "nobody told of it";
}

TEST_F(AccountWatchTest, TellsCashThatNoFillOfOursMoved) {
  log.expect("CASH_MOVED");
  broker.report->cash = core::Money::whole(500);
  begin();
  scheduler.run_for(1min);
  EXPECT_EQ(reconciliations(), 0U) << "what the account had before is not ours to know";

  broker.report->cash = core::Money::parse("499.98").value();
  scheduler.run_for(1min);
  EXPECT_THAT(differences(), ElementsAre("CASH_MOVED"));
  scheduler.run_for(1min);
  EXPECT_TRUE(differences().empty()) << "once";
  EXPECT_EQ(broker.readings, 3);
}

/// What an earlier process has found is in force by its journal until a reading says otherwise.
TEST_F(AccountWatchTest, TakesBackWhatAnEarlierProcessHasFound) {
  log.expect("POSITION_DIFFERS");
  trading::Difference before;
  before.symbol = core::Symbol{"SPY"};
  before.theirs = core::Quantity::whole(3);
  stage.kernel.on_reconciliation(trading::Reconciliation{{before}});

  begin();

  EXPECT_TRUE(differences().empty());
}

TEST_F(AccountWatchTest, JudgesNoSymbolWhoseOrdersWereNotAskedForYet) {
  broker_lists(buy());
  broker_holds(1);
  begin();
  EXPECT_TRUE(differences().empty()) << "it may have filled while we were away";
  broker.report->positions.clear();
  scheduler.run_for(5s);
  EXPECT_EQ(broker.readings, 1) << "and is looked at soon";
}

TEST_F(AccountWatchTest, BelievesNoSilence) {
  log.expect("ACCOUNT_NOT_READ");
  begin();
  told();

  broker.report = core::fail(core::Errc::Broker, "503");
  scheduler.run_for(2min - 1ns);

  EXPECT_EQ(broker.readings, 1);
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

TEST_F(AccountWatchTest, SaysThatClocksAgreeAgainOncePerTimeThatTheyDiffered) {
  log.expect("CLOCK_SKEW");
  begin();
  scheduler.run_for(5min);
  EXPECT_EQ(log.count("CLOCK_SKEW_OVER"), 0U) << "they never differed";

  for (const std::size_t times : {1U, 2U}) {
    broker.report->broker_time += 1001ms;
    scheduler.run_for(3min);
    const auto warnings = log.count("CLOCK_SKEW");
    EXPECT_EQ(log.count("CLOCK_SKEW_OVER"), times - 1);

    broker.report->broker_time -= 1ms;
    scheduler.run_for(3min);
    EXPECT_EQ(log.count("CLOCK_SKEW_OVER"), times) << "a second is within the bound";
    EXPECT_EQ(log.count("CLOCK_SKEW"), warnings);
    broker.report->broker_time -= 1000ms;
  }
}

TEST_F(AccountWatchTest, SaysThatClocksAgreeAgainThatDifferedForTheProgramBeforeIt) {
  log.expect("CLOCK_SKEW");
  stage.kernel.on_provider_status(
      {core::Code{"broker"}, market::ProviderState::Degraded, core::Code{"CLOCK_SKEW"}});

  begin();

  EXPECT_EQ(log.count("CLOCK_SKEW_OVER"), 1U);
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
