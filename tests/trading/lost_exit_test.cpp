#include "desk_stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>

// Exits that the broker has and the books of a process that starts do not (ADR 34).
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using test::price;
using test::shares;

const core::RunMark kMark{"abcd"};

/// What the broker, or this process at its start, says of an order now.
OrderUpdate word_of(const DeskStage& stage, const core::ClientOrderId& id, OrderUpdateKind kind) {
  OrderUpdate update;
  update.client_order_id = id;
  update.kind = kind;
  update.time = stage.clock.now();
  return update;
}

/// A bracket whose entry nobody answers for: it is abandoned, and its armed stop given up unsent.
GroupIds abandon_bracket(DeskStage& stage) {
  stage.desk.begin_process(kMark);
  const GroupIds ids = stage.send(stage.bracket(10));
  stage.desk.apply(word_of(stage, ids.entry, OrderUpdateKind::TimedOut));
  stage.settle();
  stage.pass(11s);
  return ids;
}

struct LostExitTest : testing::Test {
  LostExitTest() {
    stage.desk.begin_process(kMark);
    stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 10, "ENTRY"));
    stage.broker.fill(0, price("100.01"));
    stage.settle();
  }

  LostExit lost(std::string_view id, OrderType type) const {
    LostExit exit;
    exit.client_order_id = core::ClientOrderId{id};
    exit.bot = stage.bot;
    exit.instrument = stage.instruments.spy;
    exit.type = type;
    exit.time_in_force = TimeInForce::Gtc;
    exit.terms.quantity = shares(10);
    if (type == OrderType::Limit) exit.terms.limit = price("101.00");
    if (type == OrderType::Stop) exit.terms.stop = price("99.00");
    return exit;
  }

  LostExit lost_pair(std::string_view target, std::string_view stop) const {
    LostExit exit = lost(target, OrderType::Limit);
    PairStop& with = exit.pair_stop.emplace();
    with.client_order_id = core::ClientOrderId{stop};
    with.time_in_force = TimeInForce::Gtc;
    with.terms.quantity = shares(10);
    with.terms.stop = price("99.00");
    return exit;
  }

  void begin_again_with(const LostExit& exit) {
    stage.desk.begin_process(kMark);
    stage.desk.adopt(exit);
    stage.settle();
  }

  /// What a look-up of the broker tells.
  void tell(std::string_view id, OrderUpdateKind kind, std::int64_t filled = 0) {
    OrderUpdate update = word_of(stage, core::ClientOrderId{id}, kind);
    update.cumulative_quantity = shares(filled);
    update.cumulative_notional =
        core::notional(price("100.00"), shares(filled), core::kUnitMultiplier);
    update.quantity = shares(filled);
    update.price = price("100.00");
    stage.desk.apply(update);
    stage.settle();
  }

  const Order& order(std::string_view id) const {
    return *stage.desk.orders().find(core::ClientOrderId{id});
  }
  bool has_cancelled(std::string_view id) const {
    return std::ranges::find(stage.broker.cancelled, core::ClientOrderId{id}) !=
           stage.broker.cancelled.end();
  }

  DeskStage stage;
};

TEST_F(LostExitTest, IsLookedUpAtOnceAndItsFillIsOurs) {
  begin_again_with(lost("a-e-20190211abcd-2", OrderType::Market));

  EXPECT_EQ(stage.broker.looked_up.back(), core::ClientOrderId{"a-e-20190211abcd-2"});
  EXPECT_EQ(stage.alarms.front(), "EXIT_RECOVERED");
  tell("a-e-20190211abcd-2", OrderUpdateKind::Fill, 10);

  EXPECT_TRUE(stage.held().is_zero());
  ASSERT_EQ(stage.round_trips.size(), 1U);
  EXPECT_EQ(stage.round_trips.front().exit_reason, core::Code{"LOST_RECORD"});
}

/// Whoever sent it knows nothing of it and decides anew.
TEST_F(LostExitTest, IsCancelledWhereItProtectsNothing) {
  begin_again_with(lost("a-e-20190211abcd-2", OrderType::Limit));
  EXPECT_FALSE(has_cancelled("a-e-20190211abcd-2")) << "whether it works is not known yet";

  tell("a-e-20190211abcd-2", OrderUpdateKind::Accepted);

  EXPECT_TRUE(has_cancelled("a-e-20190211abcd-2"));
}

/// A pair that the keeper of a known group has sent anew: its stop may have filled.
TEST_F(LostExitTest, IsBothOrdersOfAPair) {
  DeskStage other;
  other.desk.begin_process(kMark);
  const GroupIds ids = other.send(other.bracket(10));
  other.broker.fill(0, price("100.01"));
  other.settle();
  LostExit pair = lost_pair(ids.entry.str() + "-3", ids.entry.str() + "-4");

  other.desk.begin_process(kMark);
  other.desk.adopt(pair);
  OrderUpdate filled = word_of(other, pair.pair_stop->client_order_id, OrderUpdateKind::Fill);
  filled.quantity = filled.cumulative_quantity = shares(10);
  filled.price = price("99.00");
  filled.cumulative_notional = core::notional(filled.price, shares(10), core::kUnitMultiplier);
  other.desk.apply(filled);
  other.settle();

  EXPECT_TRUE(other.held().is_zero());
}

/// The account is said to hold less: that is for orders that are asked for now.
TEST_F(LostExitTest, HasTheQuantityThatTheBrokerTells) {
  Reconciliation now;
  Difference& difference = now.differences.emplace_back();
  difference.symbol = core::Symbol{"SPY"};
  difference.theirs = shares(4);
  stage.desk.note_differences(now);

  begin_again_with(lost("a-e-20190211abcd-2", OrderType::Market));

  EXPECT_EQ(order("a-e-20190211abcd-2").intent.terms.quantity, shares(10));
}

TEST_F(LostExitTest, IsNeverSentAgain) {
  begin_again_with(lost("a-e-20190211abcd-2", OrderType::Limit));
  const std::size_t sent = stage.broker.orders().size();

  tell("a-e-20190211abcd-2", OrderUpdateKind::ProvenAbsent);
  stage.pass(1min);

  EXPECT_EQ(stage.broker.orders().size(), sent);
  EXPECT_EQ(order("a-e-20190211abcd-2").state, OrderState::Rejected);
}

/// Found by fault days: the pair was cancelled, and what it guarded stood without a stop.
TEST_F(LostExitTest, GoesOnAsAGroupWhereItIsAPairThatProtects) {
  begin_again_with(lost_pair("a-e-20190211abcd-2-1", "a-e-20190211abcd-2-2"));
  tell("a-e-20190211abcd-2-1", OrderUpdateKind::Accepted);
  tell("a-e-20190211abcd-2-2", OrderUpdateKind::Accepted);
  stage.pass(1min);

  EXPECT_TRUE(stage.broker.cancelled.empty());
  EXPECT_EQ(order("a-e-20190211abcd-2-1").intent.group.role, GroupRole::Target);
  EXPECT_EQ(order("a-e-20190211abcd-2-2").intent.group.role, GroupRole::Stop);
  EXPECT_EQ(stage.desk.unprotected().groups, 0U);

  tell("a-e-20190211abcd-2-2", OrderUpdateKind::Fill, 10);
  tell("a-e-20190211abcd-2-1", OrderUpdateKind::Cancelled);
  EXPECT_TRUE(stage.held().is_zero());
}

/// Found by fault days: the fill of one of two entries was heard first, the group was cut to it,
/// and what the other had brought was without a stop.
TEST(LostPair, KeepsItsSizeUntilAllFillsAreHeard) {
  DeskStage stage;
  stage.desk.begin_process(kMark);
  const auto first =
      stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 4, "ENTRY"));
  const auto second =
      stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 6, "ENTRY"));
  LostExit pair;
  pair.client_order_id = core::ClientOrderId{"a-e-20190211abcd-3-1"};
  pair.bot = stage.bot;
  pair.instrument = stage.instruments.spy;
  pair.type = OrderType::Limit;
  pair.time_in_force = TimeInForce::Gtc;
  pair.terms = {.quantity = shares(10), .limit = price("101.00"), .stop = {}};
  pair.pair_stop = {.client_order_id = core::ClientOrderId{"a-e-20190211abcd-3-2"},
                    .time_in_force = TimeInForce::Gtc,
                    .terms = {.quantity = shares(10), .limit = {}, .stop = price("99.00")}};
  stage.desk.begin_process(kMark);
  stage.desk.adopt(pair);
  for (const auto& entry : {first, second}) {
    OrderUpdate restart = word_of(stage, entry, OrderUpdateKind::TimedOut);
    restart.reason = core::Code{"RESTART"};
    stage.desk.apply(restart);
  }

  stage.broker.fill(0, price("100.01"));
  stage.settle();
  EXPECT_TRUE(stage.broker.cancelled.empty());
  stage.broker.fill(1, price("100.01"));
  stage.settle();

  EXPECT_TRUE(stage.broker.cancelled.empty());
  EXPECT_EQ(stage.held(), shares(10));
}

/// What the entry did not bring is not guarded either, once that is known.
TEST(LostPair, IsForNoMoreThanWhatIsHeldThen) {
  DeskStage stage;
  stage.desk.begin_process(kMark);
  const auto entry =
      stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 10, "ENTRY"));
  stage.broker.fill(0, price("100.01"), shares(4));
  stage.settle();
  LostExit stop;
  stop.client_order_id = core::ClientOrderId{"a-e-20190211abcd-3-2"};
  stop.bot = stage.bot;
  stop.instrument = stage.instruments.spy;
  stop.type = OrderType::Stop;
  stop.time_in_force = TimeInForce::Gtc;
  stop.terms = {.quantity = shares(10), .limit = {}, .stop = price("99.00")};
  stage.desk.begin_process(kMark);
  stage.desk.adopt(stop);
  EXPECT_TRUE(stage.broker.cancelled.empty());
  stage.desk.apply(word_of(stage, stop.client_order_id, OrderUpdateKind::Accepted));
  EXPECT_TRUE(stage.broker.cancelled.empty());

  stage.broker.confirm_cancel(stage.number(entry));
  stage.settle();
  stage.pass(2s);

  EXPECT_TRUE(!stage.broker.cancelled.empty() || !stage.broker.replaces.empty())
      << "a stop for ten, with four held";
}

/// It waits for the fate of its entry only as long as it protects.
TEST_F(LostExitTest, IsSentAnewWhereTheBrokerEndsItMeanwhile) {
  DeskStage other;
  other.desk.begin_process(kMark);
  const GroupIds ids = other.send(other.bracket(10));
  const auto unknown =
      other.send(other.request(Side::Buy, OrderType::Market, Purpose::Entry, 3, "ENTRY"));
  other.desk.begin_process(kMark);
  other.desk.adopt(lost(ids.stop.view(), OrderType::Stop));
  other.desk.apply(word_of(other, unknown, OrderUpdateKind::TimedOut));
  other.broker.fill(0, price("100.01"));
  other.settle();
  other.desk.apply(word_of(other, ids.stop, OrderUpdateKind::Accepted));
  const std::size_t sent = other.broker.orders().size();

  other.desk.apply(word_of(other, ids.stop, OrderUpdateKind::Cancelled));
  other.pass(2s);

  EXPECT_GT(other.broker.orders().size(), sent);
}

TEST_F(LostExitTest, GoesOnAsAGroupWhereItIsTheStopOfOne) {
  begin_again_with(lost("a-e-20190211abcd-2-2", OrderType::Stop));
  tell("a-e-20190211abcd-2-2", OrderUpdateKind::Accepted);
  stage.pass(1min);

  EXPECT_TRUE(stage.broker.cancelled.empty());
  EXPECT_EQ(stage.state(core::ClientOrderId{"a-e-20190211abcd-2-2"}), OrderState::Working);
}

/// Found by fault days: the stop of a bracket was armed by the records and at the broker in truth;
/// the broker called its sending a duplicate, and it passed for somebody else's.
TEST_F(LostExitTest, IsSentWhereTheBooksHaveItAsArmed) {
  DeskStage other;
  other.desk.begin_process(kMark);
  const GroupIds ids = other.send(other.bracket(10));
  ASSERT_EQ(other.state(ids.stop), OrderState::Armed);
  LostExit exit = lost(ids.stop.view(), OrderType::Stop);

  other.desk.begin_process(kMark);
  other.desk.adopt(exit);
  EXPECT_EQ(other.state(ids.stop), OrderState::Unknown);
  const std::size_t sent = other.broker.orders().size();
  other.broker.fill(0, price("100.01"));
  other.settle();

  EXPECT_EQ(other.broker.orders().size(), sent) << "the stop is there already";
  other.pass(2s);
  EXPECT_TRUE(other.broker.cancelled.empty()) << "found by a user's attack: cancelled, sent again";
}

/// Found by a user's attack: while the broker could not be asked the entry was abandoned and its
/// armed stop given up, and the stop that the broker had was passed over.
TEST_F(LostExitTest, IsOpenAgainWhereTheBooksGaveItUpUnsent) {
  DeskStage other;
  const GroupIds ids = abandon_bracket(other);
  ASSERT_EQ(other.state(ids.entry), OrderState::Rejected) << "abandoned";
  ASSERT_EQ(other.state(ids.stop), OrderState::Cancelled);

  other.desk.begin_process(kMark);
  other.desk.adopt(lost(ids.stop.view(), OrderType::Stop));
  EXPECT_EQ(other.state(ids.stop), OrderState::Unknown);
  EXPECT_EQ(other.broker.looked_up.back(), ids.stop);

  EXPECT_FALSE(other.broker.cancelled.empty()) << "nothing is held that it would guard";
  other.desk.apply(word_of(other, ids.stop, OrderUpdateKind::Accepted));
  other.desk.apply(word_of(other, ids.stop, OrderUpdateKind::Cancelled));
  other.broker.fill(0, price("100.01"));
  other.settle();
  other.pass(2s);

  EXPECT_EQ(other.held(), shares(10));
  EXPECT_EQ(other.desk.unprotected().groups, 0U);
  EXPECT_EQ(other.broker.orders().back().intent.type, OrderType::Stop) << "another one";
}

/// The fill of the entry was made up for first, as a broker tells what was missed before the
/// account: the group has sent another stop.
TEST_F(LostExitTest, IsCancelledBesideTheOneThatItsGroupHasSentSince) {
  DeskStage other;
  const GroupIds ids = abandon_bracket(other);
  other.desk.begin_process(kMark);
  other.broker.fill(0, price("100.01"));
  other.settle();
  const core::ClientOrderId another = other.broker.orders().back().intent.client_order_id;
  ASSERT_NE(another, ids.stop);

  other.desk.adopt(lost(ids.stop.view(), OrderType::Stop));
  other.desk.apply(word_of(other, ids.stop, OrderUpdateKind::Accepted));
  other.pass(1min);

  EXPECT_EQ(other.broker.cancelled, std::vector{ids.stop});
  EXPECT_EQ(other.state(another), OrderState::Working);
  EXPECT_EQ(other.held(), shares(10));
}

/// Found by fault days (148415): in a run that began blind the armed stop, which the process before
/// had sent, was sent once more; the broker refused that, and what it had was left alone.
TEST_F(LostExitTest, IsOpenAgainWhereItsSecondSendingWasRefused) {
  DeskStage other;
  other.desk.begin_process(kMark);
  const GroupIds ids = other.send(other.bracket(10));
  other.desk.begin_process(kMark);
  other.broker.fill(0, price("100.01"));
  other.settle();
  other.broker.reject(other.number(ids.stop), "RATE_LIMIT");
  other.settle();
  ASSERT_EQ(other.state(ids.stop), OrderState::Rejected);

  other.desk.adopt(lost(ids.stop.view(), OrderType::Stop));
  EXPECT_EQ(other.state(ids.stop), OrderState::Unknown);
  other.desk.apply(word_of(other, ids.stop, OrderUpdateKind::Accepted));

  // Its position is being closed: with both at the broker more could be sold than is held.
  for (const core::ClientOrderId& id : std::vector{other.broker.cancelled})
    if (!is_final(other.state(id)))
      other.desk.apply(word_of(other, id, OrderUpdateKind::Cancelled));
  other.pass(2s);

  EXPECT_EQ(other.state(ids.stop), OrderState::Cancelled);
  EXPECT_EQ(other.broker.orders().back().intent.type, OrderType::Market);
  other.broker.fill(other.broker.orders().size() - 1, price("100.00"));
  other.settle();
  EXPECT_TRUE(other.held().is_zero());
}

TEST_F(LostExitTest, IsOursWhereItFilledAfterTheBooksGaveItUpUnsent) {
  DeskStage other;
  const GroupIds ids = abandon_bracket(other);
  other.desk.begin_process(kMark);
  other.desk.adopt(lost(ids.stop.view(), OrderType::Stop));
  other.broker.fill(0, price("100.01"));
  other.settle();

  OrderUpdate filled = word_of(other, ids.stop, OrderUpdateKind::Fill);
  filled.quantity = filled.cumulative_quantity = shares(10);
  filled.price = price("99.00");
  filled.cumulative_notional = core::notional(filled.price, shares(10), core::kUnitMultiplier);
  other.desk.apply(filled);
  other.settle();
  other.pass(1min);

  EXPECT_TRUE(other.held().is_zero());
  EXPECT_EQ(other.state(ids.stop), OrderState::Filled);
}

TEST_F(LostExitTest, LeavesItsNumberToNoOther) {
  begin_again_with(lost("a-e-20190211abcd-345", OrderType::Market));
  tell("a-e-20190211abcd-345", OrderUpdateKind::Fill, 10);

  EXPECT_EQ(stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 1, "ENTRY")),
            core::ClientOrderId{"a-e-20190211abcd-346"});
}

/// Found by a user's attack: the record that the stop worked was lost with the power, and the time
/// that nobody ran counted as time without a stop: it was cancelled, and the position sold.
TEST(StopOfBefore, HasTimeToBeLookedUp) {
  DeskStage stage;
  stage.broker.accepts_at_once = false;
  stage.desk.begin_process(kMark);
  stage.send(stage.bracket(10));
  stage.broker.accept(0);
  stage.broker.fill(0, price("100.01"));
  stage.settle();
  ASSERT_EQ(stage.broker.orders().size(), 2U) << "the stop, of which nothing is heard";
  stage.clock.pass(147s);

  stage.desk.begin_process(kMark);
  stage.pass(5s);
  EXPECT_TRUE(stage.broker.cancelled.empty());
  stage.broker.accept(1);
  stage.settle();
  stage.pass(1min);

  EXPECT_TRUE(stage.broker.cancelled.empty());
  EXPECT_EQ(stage.broker.orders().size(), 2U) << "nothing is sold";
}

TEST(RunMark, IsInTheIdsFromTheBeginning) {
  DeskStage stage;
  stage.desk.begin_process(kMark);
  EXPECT_EQ(stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 1, "ENTRY")),
            core::ClientOrderId{"a-e-20190211abcd-1"});
}

/// Numbers that a process may have used without a record that is left are not used again.
TEST(RunMark, LeavesNumbersOutWhereAnotherProcessGoesOn) {
  DeskStage stage;
  stage.desk.begin_process(kMark);
  const auto buy = [&] {
    return stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, 1, "ENTRY"));
  };
  buy();

  stage.desk.begin_process(kMark);
  EXPECT_EQ(buy(), core::ClientOrderId{"a-e-20190211abcd-101"});
  stage.desk.begin_process(kMark);
  EXPECT_EQ(buy(), core::ClientOrderId{"a-e-20190211abcd-201"});
}

TEST(RunMark, IsReadFromAnId) {
  EXPECT_EQ(run_mark_in(core::ClientOrderId{"a-st0cka-20190211abcd-1-2"}), kMark);
  for (const std::string_view id : {"", "a", "a-b", "a-st0cka-20190211-1", "a-st0cka-20190211abc-1",
                                    "a-st0cka-20190211abcde-1"})
    EXPECT_TRUE(run_mark_in(core::ClientOrderId{id}).empty()) << id;
}

}  // namespace
}  // namespace st0ck::trading
