#include "support/ask_on_quote.hpp"
#include "support/kernel_stage.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

// What follows from a comparison of the broker's account with our books.
namespace st0ck::kernel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using trading::Difference;
using trading::DifferenceKind;

Difference position(std::int64_t theirs) {
  Difference difference;
  difference.kind = DifferenceKind::PositionDiffers;
  difference.symbol = core::Symbol{"SPY"};
  difference.ours = core::Quantity{};
  difference.theirs = core::Quantity::whole(theirs);
  difference.message = "SPY: differs";
  return difference;
}

Difference order(DifferenceKind kind, std::string_view id, std::int64_t filled = 0) {
  Difference difference;
  difference.kind = kind;
  difference.symbol = core::Symbol{"SPY"};
  difference.client_order_id = core::ClientOrderId{id};
  difference.filled = core::Quantity::whole(filled);
  difference.message = "an order";
  return difference;
}

struct KernelReconciliationTest : testing::Test {
  KernelReconciliationTest() {
    auto engine = std::make_unique<test::ProbeEngine>(
        "a",
        std::vector<market::DataNeed>{
            {stage.spy, market::DataKind::Quotes, std::chrono::seconds{2}}},
        heard);
    probe = engine.get();
    stage.add_bot("a", "probe", std::move(engine));
    stage.begin();
    stage.prepare();
    stage.open();
    stage.quote("99.99", "100.01");
  }

  /// Lets the engine ask at the next quote; the refusal's code, or nothing.
  std::string ask(trading::Purpose purpose, trading::Side side) {
    trading::OrderRequest request;
    request.instrument = stage.spy;
    request.side = side;
    request.purpose = purpose;
    request.terms.quantity = core::Quantity::whole(10);
    request.reason = core::Code{"TEST"};
    return test::refusal_on_quote(stage, *probe, request);
  }

  void reconcile(std::vector<Difference> differences) {
    for (const Difference& difference : differences) log.expect(name_of(difference.kind));
    stage.kernel.on_reconciliation(trading::Reconciliation{std::move(differences)});
  }

  std::vector<std::string> risk_codes() const {
    std::vector<std::string> codes;
    for (const auto& event : stage.records.all<RiskEventRow>()) codes.push_back(event.code.str());
    return codes;
  }

  test::RecordingLogger log;
  std::vector<std::string> heard;
  test::KernelStage stage{log};
  test::ProbeEngine* probe = nullptr;
};

TEST_F(KernelReconciliationTest, StopsEntriesAndNothingElseWhileAPositionDiffers) {
  ASSERT_EQ(ask(trading::Purpose::Entry, trading::Side::Buy), "");
  reconcile({position(3)});
  EXPECT_EQ(ask(trading::Purpose::Entry, trading::Side::Buy), "FEED_DEGRADED");
  EXPECT_TRUE(stage.kernel.is_degraded(core::Code{"account"}));

  reconcile({order(DifferenceKind::OrderUnbooked, "a-x-1")});
  EXPECT_EQ(ask(trading::Purpose::Entry, trading::Side::Buy), "FEED_DEGRADED");

  reconcile({order(DifferenceKind::ForeignOrder, "hand")});
  EXPECT_EQ(ask(trading::Purpose::Entry, trading::Side::Buy), "");
  EXPECT_THAT(stage.kernel.degraded_providers(), IsEmpty());
}

/// Found by an attack: 0.4 of a share was sold by hand, and the exit went on asking for all of it.
TEST_F(KernelReconciliationTest, LetsAnExitAskForWhatTheBrokerStillHolds) {
  ASSERT_EQ(ask(trading::Purpose::Entry, trading::Side::Buy), "");
  stage.broker.fill(0, core::Price::parse("100.01").value());
  stage.quote("99.99", "100.01");
  reconcile({position(6)});

  EXPECT_EQ(ask(trading::Purpose::Exit, trading::Side::Sell), "");

  EXPECT_EQ(stage.records.all<OrderRow>().back().quantity, core::Quantity::whole(6));
}

TEST_F(KernelReconciliationTest, LeavesATroubleOfTheBrokerInForce) {
  log.expect("CLOCK_SKEW");
  stage.kernel.on_provider_status(
      {core::Code{"broker"}, market::ProviderState::Degraded, core::Code{"CLOCK_SKEW"}});
  reconcile({position(3)});
  reconcile({});

  EXPECT_EQ(ask(trading::Purpose::Entry, trading::Side::Buy), "FEED_DEGRADED");
}

TEST_F(KernelReconciliationTest, TellsEachDifferenceWhenItComesChangesAndGoes) {
  reconcile({position(3), order(DifferenceKind::ForeignOrder, "hand")});
  stage.go(stage.clock.now() + std::chrono::minutes{1});
  reconcile({position(4), order(DifferenceKind::ForeignOrder, "hand", 1)});
  reconcile({order(DifferenceKind::ForeignOrder, "hand", 1)});

  EXPECT_THAT(risk_codes(), ElementsAre("POSITION_DIFFERS", "FOREIGN_ORDER", "POSITION_DIFFERS",
                                        "DIFFERENCE_OVER"));
  const auto rows = stage.records.all<DifferenceRow>();
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[2].id, 1U);
  EXPECT_EQ(rows[2].difference.theirs, core::Quantity::whole(4));
  EXPECT_EQ(rows[3].id, 2U);
  EXPECT_EQ(rows[4].id, 1U);
  EXPECT_EQ(rows[4].ended, stage.clock.now());
  EXPECT_EQ(rows[4].first_seen, rows[0].first_seen);
  ASSERT_EQ(stage.kernel.differences().in_force().size(), 1U);
  EXPECT_EQ(stage.kernel.differences().in_force().front().id, 2U);
}

TEST_F(KernelReconciliationTest, AlarmsNobodyAgainForAFillOfOurOwn) {
  reconcile({position(3)});
  Difference after = position(5);
  after.ours = core::Quantity::whole(2);
  reconcile({after});

  EXPECT_THAT(risk_codes(), ElementsAre("POSITION_DIFFERS"));
  EXPECT_EQ(stage.records.all<DifferenceRow>().back().difference.theirs, core::Quantity::whole(5));
}

TEST_F(KernelReconciliationTest, NumbersADifferenceThatComesAgainAnew) {
  reconcile({position(3)});
  reconcile({});
  reconcile({position(3)});
  EXPECT_EQ(stage.records.all<DifferenceRow>().back().id, 2U);
}

TEST_F(KernelReconciliationTest, ProvesAnOrderThatIsMissingOnce) {
  ASSERT_EQ(ask(trading::Purpose::Entry, trading::Side::Buy), "");
  const auto id = stage.kernel.desk().orders().open_orders().front()->intent.client_order_id;

  log.expect("ORDER_UNKNOWN");
  reconcile({order(DifferenceKind::OrderMissing, id.view())});
  const trading::Order* missing = stage.kernel.desk().orders().find(id);
  EXPECT_EQ(missing->state, trading::OrderState::Unknown);
  const auto updates = stage.records.all<trading::OrderUpdate>();
  EXPECT_EQ(updates.back().kind, trading::OrderUpdateKind::TimedOut);
  EXPECT_EQ(updates.back().reason, core::Code{"ORDER_MISSING"});

  reconcile({order(DifferenceKind::OrderMissing, id.view())});
  EXPECT_EQ(stage.records.all<trading::OrderUpdate>().size(), updates.size())
      << "it is being proven already";
}

}  // namespace
}  // namespace st0ck::kernel
