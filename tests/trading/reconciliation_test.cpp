#include "st0ck/trading/reconciliation.hpp"

#include "support/orders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

// What an account and our books do not have in common, kind by kind.
namespace st0ck::trading {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

core::Quantity shares(std::int64_t count) { return core::Quantity::whole(count); }
core::Money dollars(std::string_view text) { return core::Money::parse(text).value(); }

ReportedOrder listed(std::string_view id, std::string_view symbol = "SPY", Side side = Side::Buy) {
  ReportedOrder order;
  order.client_order_id = core::ClientOrderId{id};
  order.venue_order_id = core::VenueOrderId{std::string{"v-"} + std::string{id}};
  order.symbol = core::Symbol{symbol};
  order.side = side;
  order.quantity = shares(5);
  return order;
}

BookedOrder booked(std::string_view id, std::string_view symbol = "SPY", Side side = Side::Buy) {
  BookedOrder order;
  order.client_order_id = core::ClientOrderId{id};
  order.symbol = core::Symbol{symbol};
  order.side = side;
  order.quantity = shares(5);
  order.is_open = order.is_due = true;
  return order;
}

struct ReconciliationTest : testing::Test {
  ReconciliationTest() {
    books.positions = {{core::Symbol{"SPY"}, shares(0)}, {core::Symbol{"QQQ"}, shares(2)}};
    books.bots = {core::BotId{"a"}, core::BotId{"b"}};
    books.orders = {booked("a-x-20190211-1")};
    books.cash = dollars("100");
    report.positions = {{core::Symbol{"QQQ"}, shares(2), {}}};
    report.open_orders = {listed("a-x-20190211-1")};
    report.cash = dollars("100");
  }

  std::vector<Difference> differences() const { return reconcile(report, books, in_force); }

  /// `FOREIGN_ORDER SPY`.
  std::vector<std::string> found() const {
    std::vector<std::string> lines;
    for (const Difference& difference : differences())
      lines.push_back(std::string{name_of(difference.kind)} +
                      (difference.symbol.empty() ? "" : " " + difference.symbol.str()));
    return lines;
  }

  AccountReport report;
  OurBooks books;
  std::vector<Difference> in_force;
};

TEST_F(ReconciliationTest, FindsNothingWhereBothAreEqual) { EXPECT_THAT(found(), IsEmpty()); }

TEST_F(ReconciliationTest, FindsATradeByHandInAnInstrumentOfOurs) {
  report.positions.push_back({core::Symbol{"SPY"}, shares(-3), {}});

  ASSERT_THAT(found(), ElementsAre("POSITION_DIFFERS SPY"));
  const Difference difference = differences().front();
  EXPECT_EQ(difference.ours, shares(0));
  EXPECT_EQ(difference.theirs, shares(-3));
  EXPECT_EQ(
      difference.message,
      "SPY: our fills make 0, the broker holds -3; no order of ours explains sell 3: somebody "
      "traded it by hand or with another program");
}

TEST_F(ReconciliationTest, NamesTheOrdersOfOursThatMayBeBehindIt) {
  report.positions.push_back({core::Symbol{"SPY"}, shares(5), {}});
  EXPECT_THAT(differences().front().message,
              HasSubstr("buy 5 may be fills not heard of a-x-20190211-1"));

  report.positions.back().quantity = shares(6);
  EXPECT_THAT(differences().front().message, HasSubstr("no order of ours explains buy 6"))
      << "more than the order can have filled";
}

TEST_F(ReconciliationTest, FindsAPositionThatIsGone) {
  report.positions.clear();
  EXPECT_THAT(found(), ElementsAre("POSITION_DIFFERS QQQ"));
}

TEST_F(ReconciliationTest, ComparesFractions) {
  report.positions.front().quantity = shares(2) + core::Quantity::from_raw(1);
  EXPECT_THAT(found(), ElementsAre("POSITION_DIFFERS QQQ"));
}

TEST_F(ReconciliationTest, ShowsAPositionInASymbolThatIsNotConfigured) {
  report.positions.push_back({core::Symbol{"TSLA"}, shares(7), {}});

  ASSERT_THAT(found(), ElementsAre("FOREIGN_POSITION TSLA"));
  EXPECT_FALSE(stops_entries(differences().front().kind));
}

TEST_F(ReconciliationTest, ShowsAnOrderOfNoBotOfOurs) {
  for (const char* id : {"", "7f3c-4d", "c-x-20190211-1", "a", "ab-x-20190211-1"}) {
    report.open_orders.back() = listed("a-x-20190211-1");
    report.open_orders.resize(1);
    report.open_orders.push_back(listed(id));
    EXPECT_THAT(found(), ElementsAre("FOREIGN_ORDER SPY")) << id;
  }
  EXPECT_FALSE(stops_entries(DifferenceKind::ForeignOrder));
}

TEST_F(ReconciliationTest, SaysWhetherAForeignOrderIsInASymbolOfOurs) {
  report.open_orders.push_back(listed("hand-1"));
  EXPECT_THAT(differences().front().message, HasSubstr("not ours, in a symbol of ours"));
  report.open_orders.back().symbol = core::Symbol{"TSLA"};
  EXPECT_THAT(differences().front().message, HasSubstr("order hand-1: not ours; it is left alone"));
}

TEST_F(ReconciliationTest, TellsTwoForeignOrdersWithOneNameApart) {
  report.open_orders.push_back(listed("hand"));
  report.open_orders.push_back(listed("hand"));
  EXPECT_EQ(differences().size(), 1U) << "one order, listed twice";
  report.open_orders.back().venue_order_id = core::VenueOrderId{"v-2"};
  EXPECT_EQ(differences().size(), 2U);
}

TEST_F(ReconciliationTest, StopsForAnOrderUnderTheNameOfABotOfOursThatIsNotBooked) {
  report.open_orders.push_back(listed("b-x-20190211-9", "TSLA"));

  ASSERT_THAT(found(), ElementsAre("ORDER_UNBOOKED TSLA"));
  EXPECT_TRUE(stops_entries(differences().front().kind));
}

TEST_F(ReconciliationTest, StopsForAnOrderOfOursThatIsOverByOurBooksOnly) {
  books.orders.front().is_open = books.orders.front().is_due = false;
  books.orders.front().is_over = true;

  ASSERT_THAT(found(), ElementsAre("ORDER_UNBOOKED SPY"));
  EXPECT_THAT(differences().front().message, testing::HasSubstr("over by our books"));
}

TEST_F(ReconciliationTest, BelievesNoNameOfAnotherSymbolOrSide) {
  report.open_orders.push_back(listed("a-x-20190211-1", "QQQ"));
  EXPECT_THAT(found(), ElementsAre("FOREIGN_ORDER QQQ"));
  report.open_orders.back() = listed("a-x-20190211-1", "SPY", Side::Sell);
  EXPECT_THAT(found(), ElementsAre("FOREIGN_ORDER SPY"));
}

TEST_F(ReconciliationTest, ShowsTheOrderThatHasTakenTheIdOfOneOfOurs) {
  books.orders.front().is_open = books.orders.front().is_due = false;
  EXPECT_THAT(found(), IsEmpty()) << "what becomes of an order of ours the order manager says";
  books.orders.front().is_id_taken = true;
  EXPECT_THAT(found(), ElementsAre("FOREIGN_ORDER SPY"));
}

TEST_F(ReconciliationTest, FindsAnOrderOfOursMissing) {
  report.open_orders.clear();
  ASSERT_THAT(found(), ElementsAre("ORDER_MISSING SPY"));
  EXPECT_EQ(differences().front().client_order_id, core::ClientOrderId{"a-x-20190211-1"});

  books.orders.front().is_due = false;
  EXPECT_THAT(found(), IsEmpty()) << "it may have come to be, or to its end, meanwhile";
}

TEST_F(ReconciliationTest, ComparesNothingThatAnUnprovenOrderMayHaveMoved) {
  report.positions.push_back({core::Symbol{"SPY"}, shares(5), {}});
  report.positions.front().quantity = shares(3);
  report.open_orders.push_back(listed("leg-of-ours"));
  report.cash = dollars("90");
  books.orders.front().is_unproven = true;

  EXPECT_THAT(found(), ElementsAre("POSITION_DIFFERS QQQ")) << "only its own symbol, and the cash";

  books.orders.front().is_unproven = false;
  report.open_orders.clear();
  EXPECT_THAT(found(), ElementsAre("POSITION_DIFFERS QQQ", "ORDER_MISSING SPY"));
}

/// What is sent again of an order of unknown fate must not be for more than there is.
TEST_F(ReconciliationTest, ShowsASmallerPositionThatAnOrderOfUnknownFateMayExplain) {
  books.positions.back().quantity = shares(8);
  books.orders.front() = booked("a-x-20190211-1", "QQQ", Side::Sell);
  books.orders.front().is_unproven = books.orders.front().is_unknown = true;
  books.orders.front().is_due = false;
  report.open_orders.clear();

  ASSERT_THAT(found(), ElementsAre("POSITION_UNPROVEN QQQ"));
  const Difference difference = differences().front();
  EXPECT_EQ(difference.theirs, shares(2));
  EXPECT_FALSE(stops_entries(difference.kind));
  EXPECT_EQ(difference.message,
            "QQQ: our fills make 8, the broker holds 2, and the fate of a-x-20190211-1 is unknown: "
            "it may have filled, or somebody traded by hand");

  for (const std::int64_t theirs : {0, -1, 8, 9}) {
    report.positions.front().quantity = shares(theirs);
    EXPECT_THAT(found(), IsEmpty()) << theirs;
  }
  report.positions.front().quantity = shares(2);
  books.orders.front().is_unknown = false;
  EXPECT_THAT(found(), IsEmpty()) << "the word of its fill may be on its way";
}

TEST_F(ReconciliationTest, KeepsWhatCannotBeCompared) {
  report.positions.push_back({core::Symbol{"SPY"}, shares(4), {}});
  report.open_orders.push_back(listed("hand-1"));
  report.cash = dollars("90");
  in_force = differences();
  ASSERT_THAT(found(), ElementsAre("POSITION_DIFFERS SPY", "FOREIGN_ORDER SPY", "CASH_MOVED"));

  report.positions.pop_back();
  report.open_orders.pop_back();
  books.orders.front().is_unproven = true;
  EXPECT_THAT(found(), ElementsAre("POSITION_DIFFERS SPY", "FOREIGN_ORDER SPY", "CASH_MOVED"))
      << "unavailable is not equal";

  books.orders.front().is_unproven = false;
  report.cash = dollars("100");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(ReconciliationTest, TellsCashThatMovedByMoreThanACent) {
  for (const auto& [cash, is_told] :
       {std::pair{"100.01", false}, {"99.99", false}, {"100.010000001", true}, {"99.98", true}}) {
    report.cash = dollars(cash);
    EXPECT_EQ(found() == std::vector<std::string>{"CASH_MOVED"}, is_told) << cash;
  }
  books.cash.reset();
  EXPECT_THAT(found(), IsEmpty()) << "not known is not moved";
}

TEST_F(ReconciliationTest, ShowsAnOrderOfWhichTheBrokerSaysLittle) {
  ReportedOrder order;
  order.venue_order_id = core::VenueOrderId{"v"};
  order.symbol = core::Symbol{"SPY"};
  report.open_orders.push_back(order);

  ASSERT_THAT(found(), ElementsAre("FOREIGN_ORDER SPY"));
  EXPECT_FALSE(differences().front().theirs) << "absent, not zero";
}

/// A random account with books that say the same, and an own account of what was changed in it.
struct World {
  AccountReport report;
  OurBooks books;
  std::map<DifferenceKind, int> expected;

  static World make() {
    World world;
    world.books.bots = {core::BotId{"a"}, core::BotId{"b"}};
    world.books.cash = core::Money::whole(*rc::gen::inRange(-1000, 1000));
    world.report.cash = *world.books.cash;
    for (const char* symbol : {"S0", "S1", "S2", "S3"}) {
      const auto held = shares(*rc::gen::inRange(-3, 4));
      world.books.positions.push_back({core::Symbol{symbol}, held});
      if (!held.is_zero() || *rc::gen::arbitrary<bool>())
        world.report.positions.push_back({core::Symbol{symbol}, held, {}});
      for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
        const std::string id = std::string{"a-x-20190211-"} + symbol + std::to_string(i);
        const auto side = *rc::gen::element(Side::Buy, Side::Sell);
        world.books.orders.push_back(booked(id, symbol, side));
        world.books.orders.back().is_due = *rc::gen::arbitrary<bool>();
        world.report.open_orders.push_back(listed(id, symbol, side));
      }
    }
    return world;
  }

  void count(DifferenceKind kind) { ++expected[kind]; }

  /// Changes one thing that was not changed yet.
  void mutate(int what, int number) {
    const std::string tag = std::to_string(number);
    switch (what) {
      case 0:
        report.positions.push_back({core::Symbol{"F" + tag}, shares(1 + number), {}});
        return count(DifferenceKind::ForeignPosition);
      case 1:
        report.open_orders.push_back(listed("hand-" + tag, "F" + tag));
        return count(DifferenceKind::ForeignOrder);
      case 2:
        report.open_orders.push_back(listed("b-x-20190211-u" + tag, "S0"));
        return count(DifferenceKind::OrderUnbooked);
      default: return;
    }
  }

  std::map<DifferenceKind, int> found() const {
    std::map<DifferenceKind, int> counts;
    for (const Difference& difference : reconcile(report, books, {})) ++counts[difference.kind];
    return counts;
  }
};

TEST(ReconciliationProperty, FindsExactlyWhatWasChanged) {
  EXPECT_TRUE(rc::check("any account, any changes that do not hide each other", [] {
    World world = World::make();
    RC_ASSERT(world.found().empty());
    for (int i = *rc::gen::inRange(0, 5); i > 0; --i) world.mutate(*rc::gen::inRange(0, 3), i);

    // One of three that could hide each other: a fill, a loss of an order, cash.
    const int last = *rc::gen::inRange(0, 4);
    if (last == 1) {
      world.books.positions.front().quantity += shares(*rc::gen::element(-2, -1, 1, 2));
      world.count(DifferenceKind::PositionDiffers);
    } else if (last == 2) {
      world.report.cash += core::Money::whole(*rc::gen::element(-5, -1, 1, 5));
      world.count(DifferenceKind::CashMoved);
    } else if (last == 3 && !world.books.orders.empty()) {
      const BookedOrder lost = world.books.orders.front();
      std::erase_if(world.report.open_orders, [&](const ReportedOrder& order) {
        return order.client_order_id == lost.client_order_id;
      });
      if (lost.is_due) world.count(DifferenceKind::OrderMissing);
    }
    RC_ASSERT(world.found() == world.expected);
  }));
}

TEST(ReconciliationProperty, DoesNotDependOnTheOrderOfTheLists) {
  EXPECT_TRUE(rc::check("any account, shuffled", [] {
    World world = World::make();
    for (int i = *rc::gen::inRange(1, 6); i > 0; --i) world.mutate(*rc::gen::inRange(0, 3), i);
    const auto before = reconcile(world.report, world.books, {});
    std::ranges::reverse(world.report.open_orders);
    std::ranges::reverse(world.report.positions);
    std::ranges::reverse(world.books.orders);
    std::ranges::reverse(world.books.positions);
    RC_ASSERT(reconcile(world.report, world.books, {}) == before);
    RC_ASSERT(reconcile(world.report, world.books, before) == before);
  }));
}

TEST(BotNamedIn, IsTheTextBeforeTheFirstHyphen) {
  EXPECT_EQ(bot_named_in(core::ClientOrderId{"a-x-1"}), "a");
  EXPECT_EQ(bot_named_in(core::ClientOrderId{"a"}), "");
  EXPECT_EQ(bot_named_in(core::ClientOrderId{"-a"}), "");
  EXPECT_EQ(bot_named_in({}), "");
}

}  // namespace
}  // namespace st0ck::trading
