#include "src/app/intent_gate.hpp"

#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "support/noting_broker.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using st0ck::test::approved;
using st0ck::test::IntentBuilder;
using st0ck::test::NotingBroker;
using testing::ElementsAre;
using testing::IsEmpty;
using trading::Side;

/// A journal that becomes durable when the test says so.
class HandRecords final : public DurableRecords {
 public:
  core::Sequence last_sequence() const override { return core::Sequence{last}; }
  core::Sequence durable_up_to() const override { return core::Sequence{durable}; }
  void request_sync() override { ++syncs; }
  bool has_failed() const override { return failed; }

  std::uint64_t last = 0;
  std::uint64_t durable = 0;
  int syncs = 0;
  bool failed = false;
};

class IntentGateTest : public testing::Test {
 protected:
  IntentGateTest() { gate.open(); }

  /// The desk writes an intent down and hands it over.
  void enter(std::string_view id) {
    ++records.last;
    gate.submit(approved(IntentBuilder{Side::Buy, 1}.id(id)));
  }
  void leave(std::string_view id) {
    ++records.last;
    gate.submit(approved(IntentBuilder{Side::Sell, 1}.id(id).exit()));
  }
  void become_durable(std::uint64_t sequence) {
    records.durable = sequence;
    gate.on_progress();
  }
  std::string next_answer() {
    const auto update = updates.pop();
    if (!update) return "";
    return fmt::format("{} {} {}", update->client_order_id, trading::name_of(update->kind),
                       update->reason);
  }

  st0ck::test::RecordingLogger log;
  st0ck::test::HandClock clock{st0ck::test::utc("2025-01-02T14:30:00Z")};
  net::SimulatedScheduler scheduler;
  NotingBroker broker;
  HandRecords records;
  kernel::OrderUpdateQueue updates;
  IntentGate gate{{clock, broker, updates, records, scheduler, log.get()}, 50ms};
};

TEST_F(IntentGateTest, KeepsAnOrderUntilItsIntentIsDurable) {
  enter("a");
  enter("b");
  EXPECT_THAT(broker.heard, IsEmpty());
  EXPECT_EQ(records.syncs, 2);

  become_durable(1);
  EXPECT_THAT(broker.heard, ElementsAre("order a"));
  become_durable(2);

  EXPECT_THAT(broker.heard, ElementsAre("order a", "order b"));
  scheduler.run_for(1s);
  EXPECT_EQ(next_answer(), "") << "the wait is over";
}

TEST_F(IntentGateTest, LetsPassAtOnceWhatIsDurable) {
  records.durable = 5;

  enter("a");

  EXPECT_THAT(broker.heard, ElementsAre("order a"));
}

TEST_F(IntentGateTest, RejectsAnEntryThatTheJournalKeepsWaiting) {
  log.expect("ENTRY_STOPPED");
  enter("a");

  scheduler.run_for(50ms - 1ns);
  EXPECT_EQ(next_answer(), "");
  scheduler.run_for(1ns);

  EXPECT_EQ(next_answer(), "a rejected JOURNAL_LATE");
  become_durable(1);
  EXPECT_THAT(broker.heard, IsEmpty()) << "it was told as rejected";
  EXPECT_EQ(gate.entries_stopped(), 1U);
}

TEST_F(IntentGateTest, SendsAnExitThatTheJournalKeepsWaiting) {
  log.expect("EXIT_NOT_DURABLE");
  leave("a");

  scheduler.run_for(50ms);
  become_durable(1);

  EXPECT_THAT(broker.heard, ElementsAre("order a")) << "once";
  EXPECT_EQ(gate.exits_not_durable(), 1U);
}

TEST_F(IntentGateTest, WaitsForNothingOnceTheJournalHasFailed) {
  log.expect("ENTRY_STOPPED");
  log.expect("EXIT_NOT_DURABLE");
  records.failed = true;

  enter("a");
  leave("b");

  EXPECT_EQ(next_answer(), "a rejected JOURNAL_LATE");
  EXPECT_THAT(broker.heard, ElementsAre("order b"));
}

TEST_F(IntentGateTest, GivesUpWhatWaitsWhenTheJournalFails) {
  log.expect("ENTRY_STOPPED");
  enter("a");

  records.failed = true;
  gate.on_progress();

  EXPECT_EQ(next_answer(), "a rejected JOURNAL_LATE");
}

TEST_F(IntentGateTest, HoldsACancelOnlyBehindItsOrder) {
  enter("a");
  gate.cancel(core::ClientOrderId{"a"});
  gate.cancel(core::ClientOrderId{"of yesterday"});
  EXPECT_THAT(broker.heard, ElementsAre("cancel of yesterday"));

  become_durable(1);

  EXPECT_THAT(broker.heard, ElementsAre("cancel of yesterday", "order a", "cancel a"));
}

TEST_F(IntentGateTest, DropsTheCancelOfAnEntryThatNeverLeft) {
  log.expect("ENTRY_STOPPED");
  enter("a");
  gate.cancel(core::ClientOrderId{"a"});

  scheduler.run_for(1s);
  become_durable(1);

  EXPECT_THAT(broker.heard, IsEmpty());
  EXPECT_EQ(gate.waiting(), 0U);
}

TEST_F(IntentGateTest, TreatsAGroupAsItsFirstOrder) {
  log.expect("ENTRY_STOPPED");
  log.expect("EXIT_NOT_DURABLE");
  ++records.last;
  const std::vector bracket{approved(IntentBuilder{Side::Buy, 1}.id("a")),
                            approved(IntentBuilder{Side::Sell, 1}.id("a-1").limit("2").exit())};
  gate.submit_group(bracket);
  const std::vector exits{approved(IntentBuilder{Side::Sell, 1}.id("b-1").limit("2").exit()),
                          approved(IntentBuilder{Side::Sell, 1}.id("b-2").stop("1").exit())};
  gate.submit_group(exits);

  scheduler.run_for(50ms);

  EXPECT_EQ(next_answer(), "a rejected JOURNAL_LATE");
  EXPECT_EQ(next_answer(), "a-1 rejected JOURNAL_LATE");
  EXPECT_THAT(broker.heard, ElementsAre("group b-1"));
}

TEST_F(IntentGateTest, SendsAReplaceOnceItIsDurable) {
  ++records.last;
  const trading::OrderIntent order = *IntentBuilder{Side::Buy, 1}.id("a").limit("1");
  trading::ReplaceIntent replace{order.client_order_id, order.terms, core::Code{"TEST"}};
  gate.replace(st0ck::test::approved_replace(order, replace));
  EXPECT_THAT(broker.heard, IsEmpty());

  become_durable(1);

  EXPECT_THAT(broker.heard, ElementsAre("replace a"));
}

TEST_F(IntentGateTest, HearsNothingWhileItIsShut) {
  IntentGate shut{{clock, broker, updates, records, scheduler, log.get()}, 50ms};
  ++records.last;
  shut.submit(approved(IntentBuilder{Side::Buy, 1}.id("a")));
  shut.cancel(core::ClientOrderId{"a"});
  shut.look_up(core::ClientOrderId{"a"});
  records.durable = 1;
  shut.on_progress();

  EXPECT_THAT(broker.heard, IsEmpty());
  EXPECT_EQ(records.syncs, 0);
}

}  // namespace
}  // namespace st0ck::app
