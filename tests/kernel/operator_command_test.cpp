#include "support/ask_on_quote.hpp"
#include "support/kernel_stage.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <gtest/gtest.h>

// What an operator's command does, and that it is an event like any other.
namespace st0ck::kernel {
namespace {

using trading::OperatorCommand;
using trading::OperatorCommandKind;

struct OperatorCommandTest : testing::Test {
  OperatorCommandTest() {
    log.expect("OPERATOR");
    auto engine = std::make_unique<test::ProbeEngine>("a", needs(), heard);
    probe = engine.get();
    stage.add_bot("a", "probe", std::move(engine));
    stage.begin();
    stage.prepare();
    stage.open();
    stage.quote("99.99", "100.01");
  }

  std::vector<market::DataNeed> needs() const {
    return {{stage.spy, market::DataKind::Quotes, std::chrono::seconds{2}}};
  }

  Kernel::CommandOutcome say(OperatorCommandKind kind, std::string_view bot = "",
                             std::string_view symbol = "", std::string_view order = "") {
    OperatorCommand command;
    command.id = std::to_string(++last_id);
    command.kind = kind;
    command.bot = core::BotId{bot};
    command.symbol = core::Symbol{symbol};
    command.order = core::ClientOrderId{order};
    command.reason = "because";
    return stage.kernel.on_operator_command(command);
  }

  /// Lets the engine ask for an entry at the next quote; the refusal's code, or nothing.
  std::string buy() {
    trading::OrderRequest request;
    request.instrument = stage.spy;
    request.terms.quantity = core::Quantity::whole(10);
    request.reason = core::Code{"ENTRY"};
    return test::refusal_on_quote(stage, *probe, request);
  }

  test::RecordingLogger log;
  std::vector<std::string> heard;
  test::KernelStage stage{log};
  test::ProbeEngine* probe = nullptr;
  int last_id = 0;
};

TEST_F(OperatorCommandTest, TellsThatABotIsHeldByTheHaltOfAll) {
  log.expect("RESUMED");
  say(OperatorCommandKind::Halt);
  const auto alone = say(OperatorCommandKind::Resume, "a");
  EXPECT_FALSE(alone.is_accepted);
  EXPECT_EQ(alone.text,
            "a: not halted by itself; all bots are halted still, a resume without --bot lets them "
            "go");

  say(OperatorCommandKind::Halt, "a");
  const auto taken_back = say(OperatorCommandKind::Resume, "a");
  EXPECT_TRUE(taken_back.is_accepted);
  EXPECT_EQ(taken_back.text,
            "a: taken back; all bots are halted still, a resume without --bot lets them go");
}

TEST_F(OperatorCommandTest, HaltsOneBotOrAllUntilAResume) {
  log.expect("RESUMED");
  for (const std::string_view bot : {"a", ""}) {
    EXPECT_TRUE(say(OperatorCommandKind::Halt, bot).is_accepted);
    EXPECT_EQ(buy(), "HALTED");
    EXPECT_TRUE(say(OperatorCommandKind::Resume, bot).is_accepted);
    EXPECT_EQ(buy(), "");
  }
  EXPECT_FALSE(say(OperatorCommandKind::Resume).is_accepted) << "nothing is halted any more";
  EXPECT_EQ(stage.records.all<HaltRow>().size(), 4U);
  EXPECT_EQ(stage.records.all<OperatorCommand>().size(), 5U);
}

TEST_F(OperatorCommandTest, ClosesAPositionWithoutItsEngine) {
  buy();
  stage.broker.fill(0, core::Price::whole(100));
  stage.kernel.drain();

  EXPECT_TRUE(say(OperatorCommandKind::Close, "", "SPY").is_accepted);

  ASSERT_EQ(stage.broker.orders().size(), 2U);
  EXPECT_EQ(stage.broker.order(1).intent.reason.view(), "OPERATOR_CLOSE");
  stage.broker.fill(1, core::Price::whole(100));
  stage.kernel.drain();
  EXPECT_EQ(buy(), "") << "a close is no halt";
}

TEST_F(OperatorCommandTest, FlattensEverythingAndHalts) {
  buy();

  EXPECT_TRUE(say(OperatorCommandKind::Flatten).is_accepted);

  EXPECT_EQ(stage.broker.order(0).cancels_asked, 1);
  EXPECT_TRUE(stage.kernel.desk().is_halted());
}

TEST_F(OperatorCommandTest, CancelsAnOrder) {
  buy();

  EXPECT_TRUE(say(OperatorCommandKind::Cancel, "", "", "a-probe-20190211-1").is_accepted);

  EXPECT_EQ(stage.broker.order(0).cancels_asked, 1);
}

TEST_F(OperatorCommandTest, SaysWhatItCannotDo) {
  EXPECT_EQ(say(OperatorCommandKind::Halt, "b").text, "there is no bot 'b'");
  EXPECT_EQ(say(OperatorCommandKind::Close, "", "IBM").text, "there is no instrument 'IBM' here");
  EXPECT_EQ(say(OperatorCommandKind::Cancel, "", "", "none").text,
            "none: no order that can be cancelled");
  EXPECT_TRUE(stage.broker.orders().empty());
}

}  // namespace
}  // namespace st0ck::kernel
