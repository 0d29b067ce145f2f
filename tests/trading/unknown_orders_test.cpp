#include "desk_stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>

// What becomes of an order that was not answered (design section 5).
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using test::price;
using test::shares;

bool has(const std::vector<std::string>& alarms, std::string_view code) {
  return std::find(alarms.begin(), alarms.end(), code) != alarms.end();
}

struct UnknownOrder : testing::Test {
  core::ClientOrderId buy() {
    return stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 10, "ENTRY"));
  }
  core::ClientOrderId sell() {
    return stage.send(stage.request(Side::Sell, OrderType::Market, Purpose::Exit, 10, "EXIT"));
  }
  void time_out(std::size_t number) {
    stage.broker.time_out(number);
    stage.settle();
  }

  DeskStage stage;
};

TEST_F(UnknownOrder, IsLookedUpAtOnceAndEverySecond) {
  const auto id = buy();

  time_out(0);
  EXPECT_EQ(stage.broker.looked_up, (std::vector<core::ClientOrderId>{id}));
  stage.pass(3s);

  EXPECT_EQ(stage.broker.looked_up.size(), 4U);
  EXPECT_TRUE(has(stage.alarms, "ORDER_UNKNOWN"));
}

/// Found by a user's attack: the look-ups of seven exits left no request to read the account with.
TEST_F(UnknownOrder, HasItsTurnAmongOthers) {
  stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 20, "ENTRY"));
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  for (const std::size_t exit : {1U, 2U}) {
    sell();
    time_out(exit);
  }
  stage.broker.looked_up.clear();

  stage.pass(9s);

  EXPECT_GE(stage.broker.looked_up.size(), 6U);
  EXPECT_LE(stage.broker.looked_up.size(), 7U) << "each every three seconds";
}

/// Found by fault days: a dozen orders of unknown fate, each looked up every second, used up the
/// requests that the broker allows, and nothing was proven any more.
TEST_F(UnknownOrder, IsLookedUpLessAndLessOftenWhereThatProvesNothing) {
  buy();
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  sell();
  time_out(1);
  stage.broker.say(1, OrderUpdateKind::DuplicateId, "DUPLICATE_ORDER");
  stage.settle();
  stage.pass(9s);
  stage.broker.looked_up.clear();

  stage.pass(25s);
  EXPECT_EQ(stage.broker.looked_up.size(), 5U) << "after 10, 12, 16, 24 and 34 s";
  stage.pass(1min);

  EXPECT_EQ(stage.broker.looked_up.size(), 11U) << "every ten seconds at the least";
}

/// As after a lost state directory, or by somebody who writes our names.
TEST_F(UnknownOrder, IsWhatTheBrokerCallsADuplicateAtItsFirstSending) {
  stage.broker.accepts_at_once = false;
  const auto id = buy();

  stage.broker.say(0, OrderUpdateKind::DuplicateId, "DUPLICATE_ORDER");
  stage.settle();
  EXPECT_EQ(stage.state(id), OrderState::Unknown);
  EXPECT_FALSE(stage.broker.looked_up.empty());
  stage.pass(1min);
  EXPECT_EQ(stage.state(id), OrderState::Unknown) << "neither abandoned nor sent again";

  stage.broker.reject(0, "ID_TAKEN");
  stage.settle();
  EXPECT_EQ(stage.state(id), OrderState::Rejected);
}

TEST_F(UnknownOrder, KeepsEntriesOutOfItsInstrument) {
  buy();
  time_out(0);

  buy();

  EXPECT_EQ(stage.refusals, (std::vector<std::string>{"UNKNOWN_ORDER"}));
}

TEST_F(UnknownOrder, WorksOnOnceALookUpProvesIt) {
  const auto id = buy();
  time_out(0);

  stage.broker.accept(0);
  stage.settle();
  stage.pass(20s);

  EXPECT_EQ(stage.state(id), OrderState::Working);
  EXPECT_EQ(stage.broker.looked_up.size(), 1U) << "nothing is left to prove";
}

TEST_F(UnknownOrder, IsSentAgainUnderItsOwnIdWhereItIsAnExit) {
  buy();
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  const auto id = sell();
  time_out(1);
  stage.broker.accepts_at_once = false;

  stage.pass(9s);
  EXPECT_EQ(stage.broker.orders().size(), 2U);
  stage.pass(1s);

  EXPECT_EQ(stage.broker.sent_again, 1);
  EXPECT_EQ(stage.broker.orders().size(), 2U);
  EXPECT_EQ(stage.state(id), OrderState::Unknown)
      << "a duplicate proves that it was there, not that it still works";
  stage.pass(20s);
  EXPECT_EQ(stage.broker.sent_again, 1) << "once proven, it is looked up only";
  stage.broker.accept(1);
  stage.settle();
  EXPECT_EQ(stage.state(id), OrderState::Working);
  EXPECT_EQ(stage.desk.orders().size(), 2U) << "one order of ours, however often it was sent";
}

/// Found by fault days: a process that began minutes after the one before had died sent every exit
/// again before it had looked one up.
TEST_F(UnknownOrder, HasItsWholeTimeForAProofAfterARestart) {
  buy();
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  sell();
  time_out(1);
  stage.broker.accepts_at_once = false;
  stage.pass(9s);

  stage.broker.say(1, OrderUpdateKind::TimedOut, "RESTART");
  stage.settle();
  stage.pass(9s);
  EXPECT_EQ(stage.broker.sent_again, 0);
  stage.pass(1s);

  EXPECT_EQ(stage.broker.sent_again, 1);
}

TEST_F(UnknownOrder, IsSentAgainAtOnceWhereTheBrokerNeverHadAnExit) {
  buy();
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  const auto id = sell();
  time_out(1);

  stage.broker.say(1, OrderUpdateKind::ProvenAbsent);
  stage.settle();

  EXPECT_EQ(stage.broker.sent_again, 1);
  EXPECT_EQ(stage.state(id), OrderState::Unknown) << "until somebody says that it is there";
  EXPECT_TRUE(has(stage.alarms, "EXIT_SENT_AGAIN"));
  stage.broker.accept(1);
  stage.settle();
  EXPECT_EQ(stage.state(id), OrderState::Working);
}

TEST_F(UnknownOrder, IsSentAgainLessAndLessOftenWhereThatIsInVain) {
  buy();
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  const auto id = sell();
  time_out(1);
  std::string sent;
  for (int second = 0; second < 40; ++second) {
    const int before = stage.broker.sent_again;
    stage.broker.say(1, OrderUpdateKind::ProvenAbsent);
    stage.settle();
    if (stage.broker.sent_again > before) sent += fmt::format("{} ", second);
    stage.pass(1s);
  }

  EXPECT_EQ(sent, "0 1 3 7 15 25 35 ");
  EXPECT_EQ(stage.state(id), OrderState::Unknown);
}

TEST_F(UnknownOrder, IsOverWhereTheBrokerNeverHadWhatWasToBeCancelled) {
  buy();
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  const auto id = sell();
  stage.desk.cancel(stage.bot, id, core::Code{"TEST"});
  time_out(1);

  stage.broker.say(1, OrderUpdateKind::ProvenAbsent);
  stage.settle();

  EXPECT_EQ(stage.state(id), OrderState::Rejected);
  EXPECT_EQ(stage.broker.sent_again, 0);
}

TEST_F(UnknownOrder, IsCancelledAgainWhereNobodyAnswersForItsCancel) {
  buy();
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  const auto id = sell();
  stage.desk.cancel(stage.bot, id, core::Code{"TEST"});
  time_out(1);

  stage.pass(10s);

  EXPECT_EQ(stage.broker.sent_again, 0) << "it is not wanted any more";
  EXPECT_EQ(stage.broker.order(1).cancels_asked, 2);
}

TEST_F(UnknownOrder, IsNotSentAgainWhereNothingIsHeldAnyMore) {
  buy();
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  const auto id = sell();
  stage.broker.fill(1, price("100.01"), shares(10));
  time_out(1);
  stage.settle();

  stage.broker.say(1, OrderUpdateKind::ProvenAbsent);
  stage.settle();

  EXPECT_EQ(stage.state(id), OrderState::Filled);
  EXPECT_EQ(stage.broker.sent_again, 0);
}

/// The fill took all there was before the larger quantity came, and the answer got lost.
TEST_F(UnknownOrder, IsProvenByAFillThatAReplaceHasCrossed) {
  auto request = stage.request(Side::Buy, OrderType::Limit, Purpose::Entry, 2, "ENTRY");
  request.terms.limit = price("99.00");
  const auto id = stage.send(request);
  OrderTerms more = request.terms;
  more.quantity = shares(97);
  ASSERT_FALSE(stage.desk.replace(stage.bot, {id, more, core::Code{"TEST"}}));
  stage.broker.fill(0, price("99.00"), shares(2));
  time_out(0);
  ASSERT_EQ(stage.state(id), OrderState::Unknown);

  stage.broker.say(0, OrderUpdateKind::Fill);
  stage.broker.say(0, OrderUpdateKind::ReplaceRejected);
  stage.settle();

  EXPECT_EQ(stage.state(id), OrderState::Filled);
}

/// Found by fault days: it came six seconds late to a broker that was down for ten, and what it had
/// filled was without a stop until the next look after a minute.
TEST_F(UnknownOrder, IsLookedUpSoonAfterItWasAbandoned) {
  buy();
  time_out(0);
  stage.pass(10s);
  const std::size_t asked = stage.broker.looked_up.size();

  stage.pass(2s);
  EXPECT_EQ(stage.broker.looked_up.size(), asked + 1);
  stage.pass(4s);
  EXPECT_EQ(stage.broker.looked_up.size(), asked + 2);
  stage.pass(1h);
  EXPECT_LT(stage.broker.looked_up.size(), asked + 70) << "each minute in the end";
}

TEST_F(UnknownOrder, IsLookedUpAtOnceWhereTheAccountHoldsMoreThanOurFillsExplain) {
  buy();
  time_out(0);
  stage.pass(10min);
  const std::size_t asked = stage.broker.looked_up.size();
  Reconciliation now;
  Difference& difference = now.differences.emplace_back();
  difference.symbol = core::Symbol{"SPY"};
  difference.theirs = shares(10);

  stage.desk.note_differences(now);

  EXPECT_EQ(stage.broker.looked_up.size(), asked + 1);
}

TEST_F(UnknownOrder, IsAbandonedWhereItIsAnEntry) {
  const auto id = buy();
  time_out(0);

  stage.pass(10s);

  EXPECT_EQ(stage.state(id), OrderState::Rejected);
  EXPECT_EQ(stage.desk.orders().find(id)->state_reason.view(), "ABANDONED");
  EXPECT_EQ(stage.broker.orders().size(), 1U) << "an entry is never sent twice";
  stage.quote("99.99", "100.01");
  buy();
  EXPECT_TRUE(stage.refusals.empty()) << "the instrument is free again";
}

TEST_F(UnknownOrder, IsWatchedForTheRestOfTheDayAndCancelledWhenItLives) {
  const auto id = buy();
  time_out(0);
  stage.pass(10s);
  const auto looks = stage.broker.looked_up.size();
  stage.pass(2min);
  EXPECT_EQ(stage.broker.looked_up.size(), looks + 5) << "after 2, 6, 14, 30 and 62 s";

  stage.broker.accept(0);
  stage.settle();

  EXPECT_TRUE(has(stage.alarms, "ORDER_REVIVED"));
  EXPECT_EQ(stage.broker.order(0).cancels_asked, 1);
  stage.broker.fill(0, price("100.01"), shares(4));
  stage.broker.confirm_cancel(0);
  stage.settle();
  EXPECT_EQ(stage.held(), shares(4)) << "what filled all the same is ours";
  EXPECT_EQ(stage.state(id), OrderState::Cancelled);
}

TEST_F(UnknownOrder, IsAlarmedAboutWhereItHasFilledAsAWholeAfterItsEnd) {
  const auto id = buy();
  time_out(0);
  stage.pass(10s);
  ASSERT_EQ(stage.state(id), OrderState::Rejected);

  stage.broker.fill(0, price("100.01"));
  stage.settle();

  EXPECT_TRUE(has(stage.alarms, "ORDER_REVIVED"));
  EXPECT_EQ(stage.state(id), OrderState::Filled);
  EXPECT_FALSE(stage.desk.orders().find(id)->is_given_up);
  EXPECT_EQ(stage.held(), shares(10));
}

TEST_F(UnknownOrder, OfABracketIsProtectedWhenItLives) {
  const GroupIds ids = stage.send(stage.bracket(10));
  time_out(0);
  stage.pass(10s);
  ASSERT_TRUE(stage.desk.orders().open_orders().empty());

  stage.broker.fill(0, price("100.01"), shares(4));
  stage.settle();

  EXPECT_EQ(stage.held(), shares(4));
  const auto& stop = stage.broker.order(stage.broker.last());
  EXPECT_EQ(stop.intent.type, OrderType::Stop);
  EXPECT_EQ(stop.intent.terms.quantity, shares(4));
  EXPECT_EQ(stop.intent.group.group, ids.entry);
}

/// The request to cancel got lost, not the order: it is asked for again.
TEST_F(UnknownOrder, IsCancelledAgainWhereItWorksAfterAll) {
  auto request = stage.request(Side::Buy, OrderType::Limit, Purpose::Entry, 10, "ENTRY");
  request.terms.limit = price("99.00");
  const auto id = stage.send(request);
  stage.desk.cancel(stage.bot, id, core::Code{"TEST"});
  time_out(0);

  stage.broker.accept(0);
  stage.settle();

  EXPECT_EQ(stage.broker.order(0).cancels_asked, 2);
  EXPECT_EQ(stage.state(id), OrderState::PendingCancel);
}

/// Of a partial entry that is to end after five seconds.
TEST_F(UnknownOrder, OfAPartialEntryIsCancelledUntilItEnds) {
  stage.broker.able_to = {.holds_groups = true, .exits_wait_for_whole_entry = true};
  stage.send(stage.bracket(10));
  stage.broker.fill(0, price("100.01"), shares(4));
  stage.settle();
  stage.pass(5s);
  ASSERT_EQ(stage.broker.order(0).cancels_asked, 1);
  time_out(0);

  stage.broker.accept(0);
  stage.settle();

  EXPECT_EQ(stage.broker.order(0).cancels_asked, 2);
}

/// Both exits of a position that the broker holds as one, of which the request got lost.
struct UnknownPair : UnknownOrder {
  void lose_pair() {
    stage.broker.able_to = {.holds_groups = true};
    buy();
    stage.broker.fill(0, price("100.01"));
    stage.settle();
    stage.broker.accepts_at_once = false;
    GroupRequest group = stage.bracket(10);
    group.kind = GroupKind::OneCancelsOther;
    group.entry.reset();
    ids = stage.send(group);
    time_out(1);
    time_out(2);
  }

  GroupIds ids;
};

TEST_F(UnknownPair, IsSentAgainAsOneWhereTheBrokerNeverHadIt) {
  lose_pair();

  for (const std::size_t exit : {1U, 2U}) {
    stage.broker.say(exit, OrderUpdateKind::ProvenAbsent);
    stage.settle();
  }

  EXPECT_EQ(stage.broker.groups_taken, 2) << "alone, both would be for sale";
  EXPECT_EQ(stage.broker.sent_again, 2);
  EXPECT_EQ(stage.state(ids.target), OrderState::Unknown);
  EXPECT_EQ(stage.state(ids.stop), OrderState::Unknown);
}

TEST_F(UnknownPair, IsSentAgainAsOneAfterTenSeconds) {
  lose_pair();

  stage.pass(10s);

  EXPECT_EQ(stage.broker.groups_taken, 2);
  EXPECT_EQ(stage.broker.sent_again, 2);
}

TEST_F(UnknownPair, IsNotSentAgainWhereTheBrokerAnswersForOneOfThem) {
  lose_pair();
  stage.broker.accept(2);
  stage.settle();

  stage.broker.say(1, OrderUpdateKind::ProvenAbsent);
  stage.settle();

  EXPECT_EQ(stage.broker.groups_taken, 1);
  EXPECT_EQ(stage.state(ids.target), OrderState::Rejected);
  EXPECT_EQ(stage.state(ids.stop), OrderState::Working);
}

/// A whole bracket: with nothing entered its exits are for nothing.
struct UnknownBracket : UnknownOrder {
  void lose_bracket() {
    stage.broker.able_to = {.holds_groups = true};
    stage.broker.accepts_at_once = false;
    ids = stage.send(stage.bracket(10));
    for (std::size_t i = 0; i < 3; ++i) time_out(i);
  }

  GroupIds ids;
};

/// Found by fault days: ended by the first look-up that did not find it, an entry that was slow
/// arrived, filled, and was booked by nobody.
TEST_F(UnknownBracket, MayStillArriveAfterALookUpThatDidNotFindIt) {
  lose_bracket();

  for (const std::size_t order : {2U, 1U, 0U}) {
    stage.broker.say(order, OrderUpdateKind::ProvenAbsent);
    stage.settle();
  }
  EXPECT_EQ(stage.broker.sent_again, 0);
  EXPECT_EQ(stage.state(ids.entry), OrderState::Unknown);
  stage.pass(3s);
  stage.broker.fill(0, price("100.01"));
  stage.settle();

  EXPECT_EQ(stage.state(ids.entry), OrderState::Filled);
}

TEST_F(UnknownBracket, IsAbandonedWhole) {
  lose_bracket();

  stage.pass(10s);

  EXPECT_EQ(stage.broker.sent_again, 0);
  EXPECT_TRUE(stage.desk.orders().open_orders().empty()) << "its instrument is free again";
  stage.broker.accept(0);
  stage.broker.fill(0, price("100.01"), shares(4));
  stage.broker.accept(2);
  stage.settle();
  EXPECT_TRUE(has(stage.alarms, "ORDER_REVIVED"));
  EXPECT_EQ(stage.held(), shares(4));
  EXPECT_EQ(stage.state(ids.stop), OrderState::Working);
}

TEST_F(UnknownOrder, HoldsBackASecondExitUntilTheFirstIsProven) {
  stage.send(stage.bracket(10));
  stage.broker.accepts_at_once = false;
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  stage.broker.time_out(1);
  stage.settle();

  stage.quote("98.90", "98.92");

  EXPECT_EQ(stage.broker.orders().size(), 2U) << "the stop may be at the broker: no market order";
}

TEST_F(UnknownOrder, TellsAForeignFillAndAnOverfill) {
  buy();
  stage.broker.fill(0, price("100.01"), shares(12));
  stage.settle();

  EXPECT_TRUE(has(stage.alarms, "OVERFILLED"));
  EXPECT_EQ(stage.held(), shares(12)) << "the broker is the truth";
  EXPECT_EQ(stage.desk.orders().counters().overfilled_orders, 1U);
}

TEST_F(UnknownOrder, BooksAFeeThatComesAfterItsFills) {
  const auto id = buy();
  stage.broker.fill(0, price("100.00"));
  stage.settle();
  const core::Money before = stage.desk.cash();
  OrderUpdate late;
  late.client_order_id = id;
  late.kind = OrderUpdateKind::Accepted;
  late.time = stage.clock.now();
  late.cumulative_quantity = shares(10);
  late.cumulative_notional = test::money("1000");
  late.cumulative_fee = test::money("0.37");

  stage.desk.apply(late);
  stage.desk.apply(late);

  EXPECT_EQ(before - stage.desk.cash(), test::money("0.37"));
}

}  // namespace
}  // namespace st0ck::trading
