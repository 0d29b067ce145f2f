#include "src/app/order_latencies.hpp"

#include "src/app/timed_broker.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "support/allocation_counter.hpp"
#include "support/noting_broker.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string_view>

namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using st0ck::test::approved;
using st0ck::test::IntentBuilder;
using testing::ElementsAre;
using testing::IsEmpty;
using trading::OrderUpdateKind;
using trading::Side;

constexpr std::string_view kOrder = "a-st0cka-20190211-1";

trading::OrderUpdate update_of(std::string_view order, OrderUpdateKind kind,
                               std::string_view reason = "") {
  trading::OrderUpdate update;
  update.client_order_id = core::ClientOrderId{order};
  update.kind = kind;
  update.reason = core::Code{reason};
  if (kind == OrderUpdateKind::Fill) update.cumulative_quantity = st0ck::test::shares(1);
  return update;
}

/// A broker that answers within the call.
class HastyBroker final : public trading::Broker {
 public:
  HastyBroker(OrderLatencies& latencies, OrderUpdateKind answer)
      : latencies_{latencies}, answer_{answer} {}
  void submit(const trading::Approved<trading::OrderIntent>& intent) override {
    latencies_.on_order_update(update_of(intent->client_order_id.view(), answer_));
  }
  void cancel(const core::ClientOrderId&) override {}
  void replace(const trading::Approved<trading::ReplaceIntent>&) override {}

 private:
  OrderLatencies& latencies_;
  OrderUpdateKind answer_;
};

class OrderLatenciesTest : public testing::Test {
 protected:
  OrderLatenciesTest() { latencies.begin(); }

  void decide(const trading::OrderIntent& intent) { decided.submit(approved(intent)); }
  void send(const trading::OrderIntent& intent) { sent.submit(approved(intent)); }
  void pass(core::Duration time) { scheduler.run_for(time); }
  void say(OrderUpdateKind kind, std::string_view reason = "") {
    latencies.on_order_update(update_of(kOrder, kind, reason));
  }

  /// Decided, 2 ms later sent.
  void decide_and_send(const trading::OrderIntent& intent) {
    decide(intent);
    pass(2ms);
    send(intent);
  }

  const trading::OrderIntent at_market = *IntentBuilder{Side::Buy, 1};
  net::SimulatedScheduler scheduler;
  kernel::OrderUpdateQueue updates;
  st0ck::test::RecordingLogger log;
  SlowOperations slow{log.get(), scheduler};
  OrderLatencies latencies{{scheduler, updates, slow}};
  st0ck::test::NotingBroker broker;  ///< In the place of gates and of the broker.
  TimedBroker decided{TimedBroker::Place::Decided, broker, latencies};
  TimedBroker sent{TimedBroker::Place::Sent, broker, latencies};
};

TEST_F(OrderLatenciesTest, TimeAnOrderFromItsDecisionOverItsAnswerToItsFill) {
  decide_and_send(at_market);
  pass(10ms);
  say(OrderUpdateKind::Accepted);
  pass(5ms);
  say(OrderUpdateKind::Fill);

  EXPECT_EQ(latencies.decision_to_submit().percentile(50), 2ms);
  EXPECT_EQ(latencies.submit_to_ack().percentile(50), 10ms);
  EXPECT_EQ(latencies.signal_to_fill().percentile(50), 17ms);
  EXPECT_EQ(latencies.signal_to_fill_resting().count(), 0U);
}

TEST_F(OrderLatenciesTest, TakeWhateverComesFirstForTheAnswer) {
  decide_and_send(at_market);
  pass(10ms);
  say(OrderUpdateKind::Fill);
  pass(5ms);
  say(OrderUpdateKind::Accepted);

  EXPECT_EQ(latencies.submit_to_ack().count(), 1U);
  EXPECT_EQ(latencies.submit_to_ack().percentile(50), 10ms);
}

TEST_F(OrderLatenciesTest, TimeTheFirstFillOnly) {
  decide_and_send(at_market);
  say(OrderUpdateKind::Fill);
  pass(5ms);
  say(OrderUpdateKind::Fill);

  EXPECT_EQ(latencies.signal_to_fill().count(), 1U);
  EXPECT_EQ(latencies.signal_to_fill().max(), 2ms);
}

TEST_F(OrderLatenciesTest, CountARejectionByTheBrokerAsItsAnswer) {
  decide_and_send(at_market);
  pass(10ms);
  say(OrderUpdateKind::Rejected, "INSUFFICIENT_FUNDS");

  EXPECT_EQ(latencies.submit_to_ack().percentile(50), 10ms);
}

TEST_F(OrderLatenciesTest, KeepOrdersThatWaitForAPriceApart) {
  decide_and_send(*IntentBuilder{Side::Buy, 1}.limit("99.50"));
  pass(1h);
  say(OrderUpdateKind::Fill);

  EXPECT_EQ(latencies.signal_to_fill().count(), 0U);
  EXPECT_EQ(latencies.signal_to_fill_resting().percentile(50), 1h + 2ms);
  log.expect("SLOW_OPERATION");
}

TEST_F(OrderLatenciesTest, KeepOrdersThatWaitForAnAuctionApart) {
  trading::OrderIntent on_open = at_market;
  on_open.time_in_force = trading::TimeInForce::Opg;
  decide_and_send(on_open);
  say(OrderUpdateKind::Fill);

  EXPECT_EQ(latencies.signal_to_fill().count(), 0U);
  EXPECT_EQ(latencies.signal_to_fill_resting().count(), 1U);
}

TEST_F(OrderLatenciesTest, DoNotTakeWhatNeverLeftForAnswered) {
  decide(at_market);
  say(OrderUpdateKind::Rejected, "JOURNAL_LATE");  // By a gate.
  EXPECT_EQ(latencies.submit_to_ack().count(), 0U);

  HastyBroker hasty{latencies, OrderUpdateKind::Rejected};
  TimedBroker before_hasty{TimedBroker::Place::Sent, hasty, latencies};
  decide(at_market);
  before_hasty.submit(approved(at_market));  // By the adapter.
  EXPECT_EQ(latencies.submit_to_ack().count(), 0U);

  decide_and_send(at_market);
  say(OrderUpdateKind::Rejected, "NOT_SENT");  // No connection.
  EXPECT_EQ(latencies.submit_to_ack().count(), 0U);
}

TEST_F(OrderLatenciesTest, CountAnOrderWithoutAnAnswerAndDoNotTimeIt) {
  decide_and_send(at_market);
  pass(10s);
  say(OrderUpdateKind::TimedOut, "NO_ANSWER");
  say(OrderUpdateKind::Accepted, "LOOK_UP");

  EXPECT_EQ(latencies.unanswered(), 1U);
  EXPECT_EQ(latencies.submit_to_ack().count(), 0U);
}

/// While the first sending is unproven a failure of another is told as a timeout too, with why it
/// failed.
TEST_F(OrderLatenciesTest, CountNoFurtherSendingThatWasRefusedOrNeverLeft) {
  decide_and_send(at_market);
  say(OrderUpdateKind::TimedOut, "NO_ANSWER");

  decide_and_send(at_market);
  say(OrderUpdateKind::TimedOut, "RATE_LIMIT");  // Answered by a 429.
  decide_and_send(at_market);
  say(OrderUpdateKind::TimedOut, "NOT_SENT");  // No connection.
  HastyBroker hasty{latencies, OrderUpdateKind::TimedOut};
  TimedBroker before_hasty{TimedBroker::Place::Sent, hasty, latencies};
  before_hasty.submit(approved(at_market));  // By the adapter.
  EXPECT_EQ(latencies.unanswered(), 1U);

  decide_and_send(at_market);
  say(OrderUpdateKind::TimedOut, "NO_ANSWER");
  EXPECT_EQ(latencies.unanswered(), 2U);
  EXPECT_EQ(latencies.submit_to_ack().count(), 0U);
}

TEST_F(OrderLatenciesTest, TimeAnOrderThatIsSentAgainFromItsSecondSendingAndItsFirstDecision) {
  decide_and_send(at_market);
  pass(10ms);
  say(OrderUpdateKind::TimedOut, "NO_ANSWER");
  decide_and_send(at_market);
  pass(3ms);
  say(OrderUpdateKind::DuplicateId);
  say(OrderUpdateKind::Fill);

  EXPECT_EQ(latencies.submit_to_ack().percentile(50), 3ms);
  EXPECT_EQ(latencies.signal_to_fill().percentile(50), 17ms);
}

TEST_F(OrderLatenciesTest, TakeTheAnswerToACancelForNone) {
  decide_and_send(at_market);
  say(OrderUpdateKind::CancelRejected);
  EXPECT_EQ(latencies.submit_to_ack().count(), 0U);
}

TEST_F(OrderLatenciesTest, TimeTheFirstOrderOfAGroup) {
  const std::array group{approved(at_market),
                         approved(*IntentBuilder{Side::Sell, 1}.id("b").exit())};
  decided.submit_group(group);
  sent.submit_group(group);
  pass(1ms);
  latencies.on_order_update(update_of("b", OrderUpdateKind::Accepted));
  EXPECT_EQ(latencies.submit_to_ack().count(), 0U);

  say(OrderUpdateKind::Accepted);

  EXPECT_EQ(latencies.submit_to_ack().count(), 1U);
}

TEST_F(OrderLatenciesTest, HearNothingWhileAJournalIsExecutedAgain) {
  OrderLatencies waiting{{scheduler, updates, slow}};
  TimedBroker before{TimedBroker::Place::Decided, broker, waiting};
  before.submit(approved(at_market));
  waiting.begin();
  waiting.on_order_update(update_of(kOrder, OrderUpdateKind::Fill));

  EXPECT_EQ(waiting.signal_to_fill().count(), 0U);
}

TEST_F(OrderLatenciesTest, ChangeNothingOfWhatPasses) {
  broker.able_to.reserves_quantity = true;
  decided.submit(approved(at_market));
  decided.cancel(core::ClientOrderId{kOrder});
  sent.look_up(core::ClientOrderId{kOrder});
  say(OrderUpdateKind::Accepted);

  EXPECT_THAT(broker.heard, ElementsAre("order a-st0cka-20190211-1", "cancel a-st0cka-20190211-1",
                                        "look up a-st0cka-20190211-1"));
  EXPECT_TRUE(decided.abilities().reserves_quantity);
  const auto passed = updates.pop();
  ASSERT_TRUE(passed);
  EXPECT_EQ(passed->kind, OrderUpdateKind::Accepted);
  EXPECT_FALSE(updates.pop());
}

TEST_F(OrderLatenciesTest, TellAnAnswerThatTookLong) {
  log.expect("SLOW_OPERATION");
  decide_and_send(at_market);
  pass(101ms);
  say(OrderUpdateKind::Accepted);

  EXPECT_EQ(slow.counts().at("order.submit_to_ack").count, 1U);
}

/// Where updates end, so that what is counted is ours.
struct Nowhere final : trading::OrderUpdateSink {
  void on_order_update(const trading::OrderUpdate&) override {}
};

TEST_F(OrderLatenciesTest, TakeNoMemoryOnceMade) {
  Nowhere nowhere;
  OrderLatencies timed{{scheduler, nowhere, slow}};
  timed.begin();
  trading::OrderIntent intent = at_market;
  const auto accepted = update_of(kOrder, OrderUpdateKind::Accepted);

  const std::uint64_t before = st0ck::test::allocations_of_this_thread();
  for (int i = 0; i < 5'000; ++i) {
    // More orders than there are places, none of which ever ends.
    std::array<char, 8> name{};
    const auto end = fmt::format_to(name.data(), "{}", i);
    intent.client_order_id = core::ClientOrderId{
        std::string_view{name.data(), static_cast<std::size_t>(end - name.data())}};
    timed.on_decided(intent);
    timed.on_sending(intent.client_order_id);
    timed.on_sent();
    trading::OrderUpdate update = accepted;
    update.client_order_id = intent.client_order_id;
    timed.on_order_update(update);
  }

  EXPECT_EQ(st0ck::test::allocations_of_this_thread() - before, 0U);
  EXPECT_EQ(timed.submit_to_ack().count(), 5'000U);
}

}  // namespace
}  // namespace st0ck::app
