#include "st0ck/trading/ledger_entry.hpp"
#include "support/kernel_stage.hpp"
#include "support/orders.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

// A corporate action on its way through the kernel: when it is applied, who hears of it, and what
// is recorded.
namespace st0ck::kernel {
namespace {

using market::CorporateAction;
using market::CorporateActionKind;
using test::KernelStage;
using test::money;
using test::price;
using test::ProbeEngine;
using test::shares;
using testing::Contains;
using testing::ElementsAre;

class CorporateActions : public testing::Test {
 protected:
  CorporateActions() {
    auto engine = std::make_unique<ProbeEngine>(
        "a",
        std::vector<market::DataNeed>{
            {stage_.spy, market::DataKind::Quotes, std::chrono::seconds{10}}},
        heard_);
    engine->does_on_action = [this](EngineContext& context, const CorporateAction& action) {
      const auto* position = context.position(action.instrument);
      seen_ = position == nullptr ? core::Quantity{} : position->quantity;
    };
    engine->does_on_quote = [this](EngineContext& context, const market::Quote& quote) {
      if (is_bought_) return;
      is_bought_ = true;
      auto request = test::one_share(quote.instrument, trading::Side::Buy);
      request.terms.quantity = shares(10);
      ASSERT_TRUE(std::holds_alternative<core::ClientOrderId>(context.submit(request)));
    };
    stage_.add_bot("a", "probe", std::move(engine));
    auto other = std::make_unique<ProbeEngine>(
        "b",
        std::vector<market::DataNeed>{
            {stage_.qqq, market::DataKind::Quotes, std::chrono::seconds{10}}},
        heard_);
    stage_.add_bot("b", "probe", std::move(other));
    stage_.begin();
  }

  CorporateAction split(std::string_view ex_date) const {
    CorporateAction action;
    action.instrument = stage_.spy;
    action.kind = CorporateActionKind::Split;
    action.ex_date = core::parse_date(ex_date).value();
    action.numerator = 4;
    return action;
  }

  /// Bot `a` buys ten shares at 400 in the session.
  void hold_ten() {
    stage_.prepare();
    stage_.open();
    stage_.go("09:31");
    stage_.quote("399.99", "400.00");
    stage_.broker.fill(0, price("400.00"));
    stage_.kernel.drain();
  }

  core::Quantity held() const {
    return stage_.kernel.desk().position(core::BotId{"a"}, stage_.spy);
  }

  test::RecordingLogger logger_;
  std::vector<std::string> heard_;
  core::Quantity seen_;
  bool is_bought_ = false;
  KernelStage stage_{logger_};
};

TEST_F(CorporateActions, ASplitAnnouncedOvernightIsAppliedAtThePreparePhase) {
  logger_.expect("SPLIT");
  hold_ten();
  stage_.close();
  stage_.go("19:00");
  stage_.kernel.on_corporate_action(split("2019-02-12"));
  EXPECT_EQ(held(), shares(10));

  heard_.clear();
  stage_.use_session("2019-02-12");
  stage_.prepare();

  EXPECT_EQ(held(), shares(40));
  EXPECT_EQ(seen_, shares(40)) << "the engine hears of it once its position is adjusted";
  EXPECT_THAT(heard_, ElementsAre("a split", "a prepare", "b prepare"));
  const auto entries = stage_.records.all<LedgerEntryRow>();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].kind, trading::LedgerEntryKind::Split);
  EXPECT_EQ(entries[0].quantity, shares(40));
  EXPECT_EQ(stage_.kernel.corporate_actions().counters().applied, 1U);
  EXPECT_EQ(stage_.kernel.corporate_actions().counters().waited, 1U);
  EXPECT_EQ(stage_.kernel.market().mark(stage_.spy), price("99.99875"));
}

TEST_F(CorporateActions, OneThatCameAtThePreparePhaseIsAppliedAtOnce) {
  logger_.expect("SPLIT");
  hold_ten();
  stage_.close();
  stage_.use_session("2019-02-12");
  stage_.prepare();

  stage_.kernel.on_corporate_action(split("2019-02-12"));
  stage_.kernel.on_corporate_action(split("2019-02-12"));

  EXPECT_EQ(held(), shares(40)) << "once";
  EXPECT_EQ(stage_.kernel.corporate_actions().counters().repeated, 1U);
}

TEST_F(CorporateActions, ALateOneStopsEntriesWhereSomebodyIsConcerned) {
  logger_.expect("CORPORATE_ACTION_LATE");
  hold_ten();
  stage_.kernel.on_corporate_action(split("2019-02-11"));

  EXPECT_EQ(held(), shares(10));
  EXPECT_TRUE(stage_.kernel.desk().is_halted());
  const auto events = stage_.records.all<RiskEventRow>();
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back().code.view(), "CORPORATE_ACTION_LATE");
}

TEST_F(CorporateActions, ALateOneOfWhatNobodyHoldsIsToldAndNoMore) {
  logger_.expect("CORPORATE_ACTION_LATE");
  stage_.prepare();
  stage_.open();
  stage_.kernel.on_corporate_action(split("2019-02-11"));

  EXPECT_FALSE(stage_.kernel.desk().is_halted());
  EXPECT_EQ(stage_.records.all<RiskEventRow>().size(), 1U);
}

TEST_F(CorporateActions, OneThatMakesNoSenseIsRefused) {
  logger_.expect("CORPORATE_ACTION_BAD");
  hold_ten();
  stage_.close();
  CorporateAction bad = split("2019-02-12");
  bad.denominator = 0;

  stage_.kernel.on_corporate_action(bad);

  EXPECT_EQ(stage_.records.all<RiskEventRow>().back().code.view(), "CORPORATE_ACTION_BAD");
  EXPECT_TRUE(stage_.kernel.desk().is_halted());
}

TEST_F(CorporateActions, TheAccountIsMarkedAtTheCloseAndAtTheEnd) {
  hold_ten();
  stage_.close();
  stage_.kernel.finish();

  const auto marks = stage_.records.all<EquityMarkRow>();
  ASSERT_EQ(marks.size(), 2U);
  EXPECT_EQ(marks[0].time, stage_.session().close);
  EXPECT_EQ(marks[0].cash, money("6000"));
  EXPECT_EQ(marks[0].settled_cash, money("10000"));
  EXPECT_EQ(marks[0].long_value, money("3999.95"));
  EXPECT_EQ(marks[0].equity, money("9999.95"));
  EXPECT_EQ(marks[1].cash, money("6000"));
}

}  // namespace
}  // namespace st0ck::kernel
