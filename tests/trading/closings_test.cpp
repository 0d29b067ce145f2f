#include "desk_stage.hpp"

#include <gtest/gtest.h>

// The closing of a position at the market until it is flat.
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using test::price;
using test::shares;

TEST(Closing, CancelsThenSellsAndTakesNoEntryMeanwhile) {
  DeskStage stage;
  stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"));
  stage.settle();

  stage.desk.close(stage.bot, stage.instruments.spy, core::Code{"OPERATOR"});
  EXPECT_EQ(stage.broker.order(1).cancels_asked, 1);
  stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 1, "ENTRY"));
  EXPECT_EQ(stage.refusals, (std::vector<std::string>{"CLOSING"}));
  stage.broker.confirm_cancel(1);
  stage.settle();

  const auto& exit = stage.broker.order(2);
  EXPECT_EQ(exit.intent.type, OrderType::Market);
  EXPECT_EQ(exit.intent.terms.quantity, shares(10));
  stage.broker.fill(2, price("99.99"));
  stage.settle();
  EXPECT_EQ(stage.desk.closings_under_way(), 0U);
  EXPECT_TRUE(stage.desk.orders().open_orders().empty());
}

TEST(Closing, IsNotKeptUpByAGroupThatTheBotSendsMeanwhile) {
  DeskStage stage;
  stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 10, "LONG"));
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  OrderRequest more = stage.request(Side::Buy, OrderType::Limit, Purpose::Entry, 5, "MORE");
  more.terms.limit = price("99.00");
  stage.send(more);
  stage.desk.close(stage.bot, stage.instruments.spy, core::Code{"OPERATOR"});
  GroupRequest group = stage.bracket(10);
  group.kind = GroupKind::OneCancelsOther;
  group.entry.reset();
  stage.send(group);

  for (int second = 0; second < 5; ++second) {
    for (std::size_t n = 0; n < stage.broker.orders().size(); ++n)
      if (stage.broker.order(n).is_live && stage.broker.order(n).cancels_asked > 0)
        stage.broker.confirm_cancel(n);
    stage.settle();
    stage.pass(1s);
  }

  const auto& exit = stage.broker.order(stage.broker.last());
  EXPECT_EQ(exit.intent.type, OrderType::Market);
  EXPECT_EQ(exit.intent.terms.quantity, shares(10));
  EXPECT_EQ(exit.cancels_asked, 0);
}

/// Found by fault days: what stood for the broker refused each cancel at once, and it was sent
/// again at once, without end.
TEST(Closing, SendsACancelThatIsRefusedAgainAfterAPause) {
  DeskStage stage;
  stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 10, "LONG"));
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  OrderRequest resting = stage.request(Side::Sell, OrderType::Limit, Purpose::Exit, 10, "TARGET");
  resting.terms.limit = price("101.00");
  stage.send(resting);
  stage.settle();
  stage.desk.close(stage.bot, stage.instruments.spy, core::Code{"OPERATOR"});

  for (int refusals = 0; refusals < 5; ++refusals) {
    stage.broker.refuse_cancel(1);
    stage.settle();
  }
  EXPECT_EQ(stage.broker.order(1).cancels_asked, 2);
  stage.pass(1s);
  EXPECT_EQ(stage.broker.order(1).cancels_asked, 3);
  stage.broker.confirm_cancel(1);
  stage.settle();

  EXPECT_EQ(stage.broker.order(stage.broker.last()).intent.type, OrderType::Market);
}

TEST(Closing, TriesAgainUntilItIsFlat) {
  DeskStage stage;
  stage.send(stage.request(Side::Sell, OrderType::Market, Purpose::Entry, 10, "SHORT"));
  stage.broker.fill(0, price("99.99"));
  stage.settle();
  stage.desk.halt(stage.bot, "OPERATOR", "");

  stage.desk.flatten({}, core::Code{"FLATTEN"});
  stage.settle();
  stage.broker.reject(1, "HALTED");
  stage.settle();
  EXPECT_EQ(stage.broker.orders().size(), 2U);
  stage.pass(1s);
  stage.broker.fill(2, price("100.01"), shares(3));
  stage.broker.confirm_cancel(2);
  stage.settle();
  stage.pass(1s);
  stage.broker.fill(3, price("100.01"));
  stage.settle();

  EXPECT_TRUE(stage.held().is_zero());
  EXPECT_EQ(stage.broker.order(3).intent.terms.quantity, shares(7));
  EXPECT_EQ(stage.desk.closings_under_way(), 0U);
}

TEST(Closing, WaitsForAnEntryThatFillsWhileItIsCancelled) {
  DeskStage stage;
  stage.send(stage.bracket(10));

  stage.desk.flatten(stage.bot, core::Code{"FLATTEN"});
  stage.broker.fill(0, price("100.01"), shares(3));
  stage.broker.confirm_cancel(0);
  stage.settle();

  EXPECT_EQ(stage.broker.order(stage.broker.last()).intent.terms.quantity, shares(3));
  EXPECT_EQ(stage.broker.order(stage.broker.last()).intent.type, OrderType::Market);
}

/// As where the position was closed at the broker by hand: its limits are for other exits too.
TEST(Closing, TriesLessAndLessOftenWhereTheBrokerGoesOnRefusing) {
  DeskStage stage;
  stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 10, "LONG"));
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  stage.desk.close(stage.bot, stage.instruments.spy, core::Code{"FLATTEN"});

  for (int second = 0; second < 300; ++second) {
    const std::size_t last = stage.broker.last();
    if (stage.broker.order(last).is_live) stage.broker.reject(last, "POSITION_INTENT");
    stage.settle();
    stage.pass(1s);
  }
  EXPECT_LE(stage.broker.orders().size(), 18U) << "1, 2, 4, 8, 16 and then 30 seconds apart";

  stage.pass(30s);
  ASSERT_TRUE(stage.broker.order(stage.broker.last()).is_live) << "and never gives up";
  stage.broker.fill(stage.broker.last(), price("99.99"));
  stage.settle();
  EXPECT_EQ(stage.desk.closings_under_way(), 0U);
}

}  // namespace
}  // namespace st0ck::trading
