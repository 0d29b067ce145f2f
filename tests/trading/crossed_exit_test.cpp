#include "desk_stage.hpp"

#include <gtest/gtest.h>

// Exits that the broker refuses at the market, as an order that is not ours would meet them.
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using test::price;
using Alarms = std::vector<std::string>;

class CrossedExitTest : public testing::Test {
 protected:
  CrossedExitTest() {
    stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 10, "ENTRY"));
    stage.broker.fill(0, price("100.01"));
    stage.settle();
  }

  /// The number that an exit at the market has at the broker.
  std::size_t exit() {
    stage.send(stage.request(Side::Sell, OrderType::Market, Purpose::Exit, 10, "STOP_LOSS"));
    return stage.broker.last();
  }

  DeskStage stage;
};

TEST_F(CrossedExitTest, GoesAsALimitBeyondTheQuoteOnceTheMarketWasRefused) {
  stage.broker.reject(exit(), "WASH_TRADE");
  stage.settle();
  EXPECT_EQ(stage.alarms, Alarms{"EXIT_CROSSES_FOREIGN"});

  const OrderIntent& again = stage.broker.order(exit()).intent;

  EXPECT_EQ(again.type, OrderType::Limit);
  EXPECT_EQ(again.terms.limit, price("94.99")) << "5 % below the bid of 99.99, to the tick";
}

TEST_F(CrossedExitTest, ClosesForTheOperatorToo) {
  stage.broker.reject(exit(), "WASH_TRADE");
  stage.settle();

  stage.desk.close(stage.bot, stage.instruments.spy, core::Code{"FLATTEN"});
  stage.settle();

  EXPECT_EQ(stage.broker.order(stage.broker.last()).intent.type, OrderType::Limit);
}

/// Found by fault days: an exit was refused again and again while an entry of its own bot, waiting
/// far from the market, was in its way.
TEST_F(CrossedExitTest, ComesBeforeAnEntryOfOursThatIsInItsWay) {
  OrderRequest entry = stage.request(Side::Buy, OrderType::Limit, Purpose::Entry, 5, "ENTRY");
  entry.terms.limit = price("99.50");
  const core::ClientOrderId in_its_way = stage.send(entry);

  stage.broker.reject(exit(), "WASH_TRADE");
  stage.settle();

  EXPECT_NE(stage.state(in_its_way), OrderState::Working) << "it is being cancelled";
  EXPECT_EQ(stage.alarms, std::vector<std::string>{}) << "it is nobody else's";
}

/// Found by fault days: the first sending was not answered, the second refused.
TEST_F(CrossedExitTest, ComesBeforeAnEntryOfOursAlsoWhileItsFateIsUnknown) {
  OrderRequest entry = stage.request(Side::Buy, OrderType::Limit, Purpose::Entry, 5, "ENTRY");
  entry.terms.limit = price("99.50");
  const core::ClientOrderId in_its_way = stage.send(entry);

  stage.broker.say(exit(), OrderUpdateKind::TimedOut, "WASH_TRADE");
  stage.settle();

  EXPECT_NE(stage.state(in_its_way), OrderState::Working) << "it is being cancelled";
}

/// Found by fault days: the shares of a long position were held for a short sale that waited.
TEST_F(CrossedExitTest, ComesBeforeAnEntryOfOursThatHoldsItsShares) {
  OrderRequest entry = stage.request(Side::Sell, OrderType::Limit, Purpose::Entry, 5, "ENTRY");
  entry.terms.limit = price("100.50");
  const core::ClientOrderId holds = stage.send(entry);

  stage.broker.reject(exit(), "INSUFFICIENT_QTY");
  stage.settle();

  EXPECT_NE(stage.state(holds), OrderState::Working) << "it is being cancelled";
}

/// Found by fault days: cancels were refused for a while, the pause between two closings had grown
/// to ten seconds, and the next entry was there before it was over.
TEST(CrossedClose, GoesAsSoonAsItsWayIsCleared) {
  DeskStage stage;
  stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  const std::size_t stop = stage.broker.last();
  OrderRequest entry = stage.request(Side::Buy, OrderType::Limit, Purpose::Entry, 5, "ENTRY");
  entry.terms.limit = price("99.50");
  const core::ClientOrderId in_its_way = stage.send(entry);
  ASSERT_TRUE(stage.is_at_broker(in_its_way));
  stage.broker.reject(stop, "OTHER");  // It is closed at the market.
  stage.settle();
  for (const auto pause : {1s, 2s, 4s, 8s}) {
    stage.broker.reject(stage.broker.last(), "OTHER");
    stage.settle();
    stage.pass(pause);
  }

  stage.broker.reject(stage.broker.last(), "WASH_TRADE");
  stage.settle();
  const std::size_t sent = stage.broker.orders().size();
  stage.broker.confirm_cancel(stage.number(in_its_way));
  stage.settle();

  EXPECT_EQ(stage.broker.orders().size(), sent + 1) << "without a pause";
}

TEST_F(CrossedExitTest, StaysAtTheMarketAfterAnyOtherRefusal) {
  stage.broker.reject(exit(), "HALTED");
  stage.settle();

  EXPECT_EQ(stage.broker.order(exit()).intent.type, OrderType::Market);
}

}  // namespace
}  // namespace st0ck::trading
