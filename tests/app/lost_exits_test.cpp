#include "src/app/lost_exits.hpp"

#include "src/app/run_mark.hpp"
#include "trading/desk_stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string_view>
#include <vector>

namespace st0ck::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using trading::OrderType;
using trading::Purpose;
using trading::Side;

/// Bot `a` holds ten SPY; each test reports exits and looks which of them are lost.
struct LostExits : testing::Test {
  LostExits() {
    stage.desk.begin_process(core::RunMark{"abcd"});
    stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 10, "ENTRY"));
    stage.broker.fill(0, test::price("100.01"));
    stage.settle();
  }

  std::vector<std::string> lost(const trading::ReportedExit& exit) const {
    std::vector<std::string> ids;
    for (const trading::LostExit& found :
         lost_exits({&exit, 1}, stage.desk, stage.instruments.table))
      ids.push_back(found.client_order_id.str());
    return ids;
  }

  static trading::ReportedExit exit(std::string_view id, std::string_view symbol = "SPY",
                                    Side side = Side::Sell) {
    trading::ReportedExit exit;
    exit.client_order_id = core::ClientOrderId{id};
    exit.symbol = core::Symbol{symbol};
    exit.side = side;
    exit.terms.quantity = test::shares(10);
    return exit;
  }

  trading::DeskStage stage;
};

TEST_F(LostExits, AreThoseOfThisRunThatTheBooksDoNotHave) {
  EXPECT_THAT(lost(exit("a-e-20190211abcd-2")), ElementsAre("a-e-20190211abcd-2"));
}

/// Another daemon with the same bot name, a state directory of before, or a person.
TEST_F(LostExits, AreNotThoseOfAnotherRun) {
  for (const std::string_view id : {"a-e-20190211wxyz-2", "a-e-20190211-2", "a-e", "by-hand"})
    EXPECT_THAT(lost(exit(id)), IsEmpty()) << id;
}

TEST_F(LostExits, AreNotThoseOfABotOrSymbolThatIsNotHere) {
  EXPECT_THAT(lost(exit("b-e-20190211abcd-2")), IsEmpty());
  EXPECT_THAT(lost(exit("a_name_that_no_bot_can_have-e-20190211abcd-2")), IsEmpty());
  EXPECT_THAT(lost(exit("a-e-20190211abcd-2", "IBM")), IsEmpty());
}

/// What it closes may have been lost with it, or count as never sent.
TEST_F(LostExits, NeedNothingInTheBooksThatTheyClose) {
  EXPECT_THAT(lost(exit("a-e-20190211abcd-2", "QQQ")), ElementsAre("a-e-20190211abcd-2"));
}

TEST_F(LostExits, AreNotThoseInTheBooksUnlessArmed) {
  const auto sent =
      stage.send(stage.request(Side::Sell, OrderType::Market, Purpose::Exit, 1, "EXIT"));
  EXPECT_THAT(lost(exit(sent.view())), IsEmpty());

  trading::DeskStage other;
  other.desk.begin_process(core::RunMark{"abcd"});
  const auto group = other.send(other.bracket(5));
  const trading::ReportedExit stop = exit(group.stop.view());
  EXPECT_EQ(lost_exits({&stop, 1}, other.desk, other.instruments.table).size(), 1U);
}

/// Its group was given up while the broker could not be asked.
TEST_F(LostExits, AreThoseThatTheBooksHaveAsEndedWithoutHavingBeenSent) {
  const auto group = stage.send(stage.bracket(5));
  EXPECT_TRUE(stage.desk.cancel(stage.bot, group.stop, core::Code{"GIVEN_UP"}));
  ASSERT_EQ(stage.state(group.stop), trading::OrderState::Cancelled);
  EXPECT_THAT(lost(exit(group.stop.view())), ElementsAre(group.stop.view()));

  const auto sent =
      stage.send(stage.request(Side::Sell, OrderType::Market, Purpose::Exit, 1, "EXIT"));
  stage.desk.cancel(stage.bot, sent, core::Code{"GIVEN_UP"});
  stage.broker.confirm_cancel(stage.number(sent));
  stage.settle();
  EXPECT_THAT(lost(exit(sent.view())), IsEmpty()) << "the broker has ended it";
}

/// The process before had sent it too, and what the broker says to the second sending is no word on
/// the first.
TEST_F(LostExits, AreThoseThatTheBrokerHasThoughItIsKnownToHaveRefusedThem) {
  const auto refused =
      stage.send(stage.request(Side::Sell, OrderType::Market, Purpose::Exit, 1, "EXIT"));
  stage.broker.reject(stage.number(refused), "RATE_LIMIT");
  stage.settle();
  ASSERT_EQ(stage.state(refused), trading::OrderState::Rejected);
  EXPECT_THAT(lost(exit(refused.view())), ElementsAre(refused.view()));

  trading::ReportedExit spent = exit(refused.view());
  spent.is_spent = true;
  EXPECT_THAT(lost(spent), IsEmpty()) << "refused there as it is here";
}

/// Found by a user's attack: an old copy took the stops of living positions in and cancelled them.
TEST_F(LostExits, AreNotLookedForInAnOldCopy) {
  const core::ClientOrderId ours{"a-e-20190211abcd-1"};
  const core::ClientOrderId of_another_run{"a-e-20190211wxyz-7"};
  const core::ClientOrderId unknown{"a-e-20190211abcd-7"};
  const auto newer = [&](std::vector<core::ClientOrderId> entries) {
    return entry_of_newer_state(entries, stage.desk);
  };
  EXPECT_EQ(newer({}), std::nullopt);
  EXPECT_EQ(newer({ours, of_another_run}), std::nullopt);
  EXPECT_EQ(newer({ours, unknown}), unknown);
}

TEST(RunMark, IsFourLettersAndDiffersFromDrawToDraw) {
  std::set<std::string> marks;
  for (std::uint32_t random = 0; random < 1000; ++random) {
    const std::string mark = draw_run_mark(random * 4'294'967U).str();
    EXPECT_THAT(mark, testing::MatchesRegex("[a-z][a-z][a-z][a-z]"));
    marks.insert(mark);
  }
  EXPECT_GT(marks.size(), 990U);
}

}  // namespace
}  // namespace st0ck::app
