#include "src/app/entry_gate.hpp"

#include "st0ck/kernel/order_update_queue.hpp"
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

using st0ck::test::approved;
using st0ck::test::IntentBuilder;
using st0ck::test::NotingBroker;
using testing::ElementsAre;
using testing::IsEmpty;
using trading::Side;

class EntryGateTest : public testing::Test {
 protected:
  void submit(const trading::OrderIntent& intent) { gate.submit(approved(intent)); }

  std::vector<std::string> answers() {
    std::vector<std::string> all;
    while (const auto update = updates.pop())
      all.push_back(fmt::format("{} {} {}", update->client_order_id, trading::name_of(update->kind),
                                update->reason));
    return all;
  }

  trading::OrderIntent fraction(std::string_view id) {
    trading::OrderIntent intent = *IntentBuilder{Side::Buy, 1}.id(id);
    intent.terms.quantity = st0ck::test::quantity("0.5");
    return intent;
  }

  st0ck::test::RecordingLogger log;
  st0ck::test::HandClock clock{st0ck::test::utc("2025-01-02T14:30:00Z")};
  st0ck::test::ThreeInstruments instruments;
  NotingBroker broker;
  kernel::OrderUpdateQueue updates;
  EntryGate gate{{clock, instruments.table, broker, updates, log.get()}};
};

TEST_F(EntryGateTest, LetsEverythingPassThatNothingIsKnownAgainst) {
  broker.able_to.holds_groups = true;
  gate.set_terms(instruments.spy, {});
  submit(IntentBuilder{Side::Sell, 1}.id("a"));
  submit(fraction("b"));
  submit(IntentBuilder{Side::Buy, 1}.of(instruments.qqq).id("c"));
  gate.cancel(core::ClientOrderId{"a"});
  gate.look_up(core::ClientOrderId{"b"});

  EXPECT_THAT(broker.heard, ElementsAre("order a", "order b", "order c", "cancel a", "look up b"));
  EXPECT_THAT(answers(), IsEmpty());
  EXPECT_TRUE(gate.abilities().holds_groups);
}

TEST_F(EntryGateTest, TurnsEntriesDownByTheTermsAndLetsExitsPass) {
  log.expect("ORDER_REFUSED");
  gate.set_terms(instruments.spy, {"", /*is_shortable=*/false, /*is_fractionable=*/false});
  submit(IntentBuilder{Side::Sell, 1}.id("short"));
  submit(fraction("half"));
  submit(IntentBuilder{Side::Buy, 1}.id("long"));
  submit(IntentBuilder{Side::Sell, 1}.id("exit").exit());
  EXPECT_THAT(answers(),
              ElementsAre("short rejected NOT_SHORTABLE", "half rejected FRACTIONAL_RULE"));

  gate.set_terms(instruments.spy, {.blocked = "it is not tradable"});
  submit(IntentBuilder{Side::Buy, 1}.id("again"));
  submit(IntentBuilder{Side::Sell, 1}.id("exit-2").exit());
  EXPECT_THAT(answers(), ElementsAre("again rejected NOT_TRADABLE"));

  EXPECT_THAT(broker.heard, ElementsAre("order long", "order exit", "order exit-2"));
}

TEST_F(EntryGateTest, StopsAnInstrumentForAsLongAsAnyReasonHolds) {
  log.expect("ORDER_REFUSED");
  gate.set_stopped(instruments.spy, core::Code{"A"}, true);
  gate.set_stopped(instruments.spy, core::Code{"B"}, true);
  submit(IntentBuilder{Side::Buy, 1}.id("1"));
  gate.set_stopped(instruments.spy, core::Code{"A"}, false);
  submit(IntentBuilder{Side::Buy, 1}.id("2"));
  submit(IntentBuilder{Side::Buy, 1}.of(instruments.qqq).id("other"));
  gate.set_stopped(instruments.spy, core::Code{"B"}, false);
  submit(IntentBuilder{Side::Buy, 1}.id("3"));

  EXPECT_THAT(answers(), ElementsAre("1 rejected A", "2 rejected B"));
  EXPECT_THAT(broker.heard, ElementsAre("order other", "order 3"));
}

TEST_F(EntryGateTest, TurnsAGroupDownWhole) {
  log.expect("ORDER_REFUSED");
  const std::vector<trading::Approved<trading::OrderIntent>> group{
      approved(IntentBuilder{Side::Buy, 1}.id("g")),
      approved(IntentBuilder{Side::Sell, 1}.id("g-1").limit("101").exit())};
  gate.submit_group(group);
  gate.set_stopped(instruments.spy, core::Code{"A"}, true);
  gate.submit_group(group);

  EXPECT_THAT(broker.heard, ElementsAre("group g"));
  EXPECT_THAT(answers(), ElementsAre("g rejected A", "g-1 rejected A"));
}

}  // namespace
}  // namespace st0ck::app
