#include "st0ck/kernel/records.hpp"

#include "st0ck/core/time_text.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace st0ck::kernel {
namespace {

Decision a_decision() {
  Decision decision;
  decision.account = core::AccountId{"default"};
  decision.bot = core::BotId{"spy"};
  decision.engine = core::EngineName{"st0cka"};
  decision.event_time = core::parse_timestamp("2019-02-11T14:30:00Z").value();
  decision.symbol = core::Symbol{"SPY"};
  decision.kind = DecisionKind::Intent;
  decision.side = trading::Side::Buy;
  decision.quantity = core::Quantity::whole(1);
  decision.price = core::Price::parse("270.1").value();
  decision.code = core::Code{"ENTRY"};
  return decision;
}

TEST(Records, WriteADecisionInOneCanonicalForm) {
  EXPECT_EQ(canonical_text(a_decision()),
            "default|spy|st0cka|1549895400000000000|SPY|intent|buy|1|270.10|ENTRY\n");
}

TEST(Records, LeaveEmptyWhatADecisionDoesNotHave) {
  Decision decision = a_decision();
  decision.kind = DecisionKind::Transition;
  decision.symbol = {};
  decision.side.reset();
  decision.quantity.reset();
  decision.price.reset();
  decision.code = core::Code{"HOLDING"};

  EXPECT_EQ(canonical_text(decision),
            "default|spy|st0cka|1549895400000000000||transition||||HOLDING\n");
}

TEST(Records, KeepInternalIdsAndExplanationsOutOfTheCanonicalText) {
  Decision decision = a_decision();
  decision.client_order_id = core::ClientOrderId{"spy-st0cka-20190211-1"};
  decision.explanation = "{}";

  EXPECT_EQ(canonical_text(decision), canonical_text(a_decision()));
}

TEST(Records, NameEachKindOfDecision) {
  std::set<std::string_view> names;
  for (int i = 0; i < 5; ++i) names.insert(name_of(static_cast<DecisionKind>(i)));

  EXPECT_EQ(names.size(), 5U);
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(Records, TellInputsFromWhatFollows) {
  EXPECT_TRUE(is_input(RecordKind::Quote));
  EXPECT_TRUE(is_input(RecordKind::OrderUpdate));
  EXPECT_TRUE(is_input(RecordKind::TimerFired));
  EXPECT_FALSE(is_input(RecordKind::Decision));
  EXPECT_FALSE(is_input(RecordKind::RunEnd));
}

TEST(Records, LogWhatPeopleAskFor) {
  for (const RecordKind kind : {RecordKind::RunStart, RecordKind::InstrumentDefined,
                                RecordKind::SessionPhase, RecordKind::Fill, RecordKind::BotDay})
    EXPECT_TRUE(is_trade_log_row(kind)) << name_of(kind);
  for (const RecordKind kind : {RecordKind::Quote, RecordKind::Bar, RecordKind::OrderUpdate})
    EXPECT_FALSE(is_trade_log_row(kind)) << name_of(kind);
}

}  // namespace
}  // namespace st0ck::kernel
