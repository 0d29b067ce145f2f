#include "desk_stage.hpp"
#include "pacer_stage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

// What leaves first where the broker takes only so many messages.
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using Calls = std::vector<std::string>;

PaceLimits pace(std::uint32_t orders, std::uint32_t reserve = 0, core::Duration wait = 10s) {
  return {.orders_max = orders, .window = 1s, .exit_reserve = reserve, .entry_wait_max = wait};
}

TEST(OrderPacer, LetsEverythingThroughWithoutABound) {
  PacerStage stage{PaceLimits{}};
  for (int i = 0; i < 1000; ++i) stage.submit(Purpose::Entry);

  EXPECT_EQ(stage.calls.size(), 1000U);
  EXPECT_EQ(stage.pacer.waiting(), 0U);
  EXPECT_EQ(stage.pacer.wait_of_entry(), core::Duration{});
}

TEST(OrderPacer, SendsAsManyAsTheWindowTakesAndTheRestWhenItHasPassed) {
  for (const auto& [sent, left_at_once] : {std::pair{2, 2U}, {3, 3U}, {4, 3U}}) {
    PacerStage stage{pace(3)};
    for (int i = 0; i < sent; ++i) stage.submit(Purpose::Entry);
    EXPECT_EQ(stage.calls.size(), left_at_once);
    stage.pass(1s - 1ns);
    EXPECT_EQ(stage.calls.size(), left_at_once);
    stage.pass(1ns);
    EXPECT_EQ(stage.calls.size(), static_cast<std::size_t>(sent));
  }
}

TEST(OrderPacer, SendsCancelsThenExitsThenEntriesThenLookUps) {
  PacerStage stage{pace(1)};
  stage.submit(Purpose::Exit);  // x1
  stage.pacer.look_up(core::ClientOrderId{"y1"});
  stage.submit(Purpose::Entry);  // x2
  stage.submit(Purpose::Exit);   // x3
  stage.replace(core::ClientOrderId{"x1"});
  stage.call_off(core::ClientOrderId{"y2"});
  stage.call_off(core::ClientOrderId{"y3"});
  stage.pass(10s);

  EXPECT_EQ(stage.take_calls(), (Calls{"submit x1", "cancel y2", "cancel y3", "submit x3",
                                       "replace x1", "submit x2", "look up y1"}));
}

TEST(OrderPacer, LeavesTheLastMessagesOfAWindowToExitsAndCancels) {
  PacerStage stage{pace(5, 2)};
  for (int i = 0; i < 4; ++i) stage.submit(Purpose::Entry);
  EXPECT_EQ(stage.calls.size(), 3U);

  stage.submit(Purpose::Exit);  // x5
  stage.call_off(core::ClientOrderId{"y"});

  EXPECT_EQ(stage.take_calls(),
            (Calls{"submit x1", "submit x2", "submit x3", "submit x5", "cancel y"}));
  stage.pass(1s);
  EXPECT_EQ(stage.take_calls(), Calls{"submit x4"});
}

TEST(OrderPacer, EndsAnEntryThatWaitsTooLongAndNeverAnExit) {
  PacerStage stage{pace(1, 0, 1500ms)};
  for (int i = 0; i < 3; ++i) stage.submit(Purpose::Exit);  // x1 goes, x2 and x3 have two seconds
  stage.submit(Purpose::Entry);                             // x4
  stage.pass(1500ms);
  EXPECT_TRUE(stage.answers.empty());
  stage.pass(1ns);

  ASSERT_EQ(stage.answers.size(), 1U);
  EXPECT_EQ(stage.answers[0].client_order_id.view(), "x4");
  EXPECT_EQ(stage.answers[0].kind, OrderUpdateKind::Rejected);
  EXPECT_EQ(stage.answers[0].reason.view(), "BROKER_PACE");
  stage.pass(10s);
  EXPECT_EQ(stage.take_calls(), (Calls{"submit x1", "submit x2", "submit x3"}));
}

TEST(OrderPacer, TellsHowLongAnEntryWouldWait) {
  PacerStage stage{pace(2, 1)};
  EXPECT_EQ(stage.pacer.wait_of_entry(), 0s);
  stage.submit(Purpose::Entry);
  EXPECT_EQ(stage.pacer.wait_of_entry(), 1s);
  stage.submit(Purpose::Exit);
  stage.pass(250ms);
  EXPECT_EQ(stage.pacer.wait_of_entry(), 750ms);
  stage.submit(Purpose::Entry);
  EXPECT_EQ(stage.pacer.wait_of_entry(), 1750ms);
}

TEST(OrderPacer, HasABoundOfEntriesThatWait) {
  PacerStage stage{pace(1)};
  for (int i = 0; i < 256; ++i) stage.submit(Purpose::Entry);
  EXPECT_LT(stage.pacer.wait_of_entry(), core::Duration::max());
  stage.submit(Purpose::Entry);
  EXPECT_EQ(stage.pacer.wait_of_entry(), core::Duration::max());
}

TEST(OrderPacer, EndsAnOrderThatIsCancelledBeforeItLeft) {
  PacerStage stage{pace(1)};
  stage.submit(Purpose::Exit);
  const auto entry = stage.submit(Purpose::Entry);
  stage.call_off(entry);
  stage.pass(10s);

  EXPECT_EQ(stage.take_calls(), Calls{"submit x1"});
  ASSERT_EQ(stage.answers.size(), 1U);
  EXPECT_EQ(stage.answers[0].client_order_id, entry);
  EXPECT_EQ(stage.answers[0].kind, OrderUpdateKind::Cancelled);
  EXPECT_EQ(stage.answers[0].reason.view(), "NOT_SENT");
}

TEST(OrderPacer, EndsAGroupWithItsFirstOrderAndKeepsItForTheOthers) {
  using enum Purpose;
  PacerStage stage{pace(1)};
  stage.submit(Exit);                                             // x1
  const auto given_up = stage.submit_group({Entry, Exit, Exit});  // x2, x3, x4
  const auto kept = stage.submit_group({Exit, Exit});             // x5, x6
  stage.call_off(given_up[0]);
  stage.call_off(kept[1]);
  EXPECT_EQ(stage.answers.size(), 3U);
  stage.pass(10s);

  EXPECT_EQ(stage.take_calls(), (Calls{"submit x1", "group of 2 x5", "cancel x6"}))
      << "the other exit of the group is not lost with it";
  EXPECT_EQ(stage.answers.size(), 3U);
}

TEST(OrderPacer, DropsNewTermsOfAnOrderThatIsCancelled) {
  PacerStage stage{pace(1)};
  const auto id = stage.submit(Purpose::Entry);
  stage.replace(id);
  stage.call_off(id);
  stage.pass(10s);

  EXPECT_EQ(stage.take_calls(), (Calls{"submit x1", "cancel x1"}));
  ASSERT_EQ(stage.answers.size(), 1U);
  EXPECT_EQ(stage.answers[0].kind, OrderUpdateKind::ReplaceRejected);
}

TEST(OrderPacer, SaysNothingForTheBrokerAboutAnOrderThatItMayHave) {
  PacerStage stage{pace(1)};
  const auto id = stage.submit(Purpose::Exit);
  stage.send_again(id);
  stage.send_again(id);
  EXPECT_EQ(stage.pacer.waiting(), 1U) << "the same twice is one";
  stage.call_off(id);
  stage.pass(10s);

  EXPECT_EQ(stage.take_calls(), (Calls{"submit x1", "cancel x1"}));
  EXPECT_TRUE(stage.answers.empty());
}

TEST(OrderPacer, NamesAndRefusesWhatAHaltFindsWaiting) {
  PacerStage stage{pace(2)};
  const auto working = stage.submit(Purpose::Entry);
  stage.submit(Purpose::Exit);
  stage.replace(working);
  const auto mine = stage.submit(Purpose::Entry);
  const auto other = stage.submit(Purpose::Entry, "b");
  stage.submit(Purpose::Exit);

  EXPECT_EQ(stage.pacer.unsent_entries(core::BotId{"a"}), std::vector{mine});
  EXPECT_EQ(stage.pacer.unsent_entries({}), (std::vector{mine, other}));
  stage.pacer.refuse_replaces({}, core::Code{"HALTED"});

  ASSERT_EQ(stage.answers.size(), 1U);
  EXPECT_EQ(stage.answers[0].client_order_id, working);
  EXPECT_EQ(stage.answers[0].kind, OrderUpdateKind::ReplaceRejected);
}

/// Any messages at any times, held against what the pacer promises.
class RandomTraffic {
 public:
  explicit RandomTraffic(const PaceLimits& limits) : limits_{limits}, stage_{limits} {}

  void step() {
    switch (*rc::gen::inRange(0, 7)) {
      case 0:
      case 1: return arrive(stage_.submit(Purpose::Entry), Rank::Entry);
      case 2: return arrive(stage_.submit(Purpose::Exit), Rank::Exit);
      case 3: {
        if (orders_.empty()) return;
        const auto id = orders_[*rc::gen::inRange<std::size_t>(0, orders_.size())];
        if (!cancelled_.insert(id).second || is_ended(id)) return;
        const bool has_left = left_.contains(name("submit", id));
        if (has_left)
          arrival_[name("cancel", id)] = {Rank::Cancel, ++arrivals_, stage_.clock.now()};
        stage_.call_off(id);
        return check();
      }
      default: stage_.pass(std::chrono::milliseconds{*rc::gen::inRange(0, 900)}); return check();
    }
  }

  void finish() {
    stage_.pass(1h);
    check();
    RC_ASSERT(stage_.pacer.waiting() == 0U);
    for (const auto& [what, arrival] : arrival_) {
      const core::ClientOrderId id{what.substr(what.find(' ') + 1)};
      RC_ASSERT(left_.contains(what) != (is_ended(id) && what.starts_with("submit")));
    }
  }

 private:
  enum class Rank { Cancel, Exit, Entry };
  struct Arrival {
    Rank rank;
    int number;
    core::Timestamp time;
  };

  static std::string name(std::string_view what, const core::ClientOrderId& id) {
    return fmt::format("{} {}", what, id);
  }
  bool is_ended(const core::ClientOrderId& id) const {
    return std::any_of(stage_.answers.begin(), stage_.answers.end(),
                       [&](const OrderUpdate& update) { return update.client_order_id == id; });
  }
  void arrive(const core::ClientOrderId& id, Rank rank) {
    // It may have left in the call already: it came before what left after it.
    orders_.push_back(id);
    arrival_[name("submit", id)] = {rank, ++arrivals_, stage_.clock.now()};
    check();
  }

  /// Looks at what has left since the last look.
  void check() {
    for (; seen_ < stage_.calls.size(); ++seen_) {
      const auto& call = stage_.calls[seen_];
      RC_ASSERT(arrival_.contains(call.what));
      const Arrival& arrival = arrival_.at(call.what);
      check_pace(call.time, arrival.rank);
      // Nothing that came before and ranks higher, or the same and came first, is still here.
      for (const auto& [what, other] : arrival_) {
        const core::ClientOrderId id{what.substr(what.find(' ') + 1)};
        const bool is_here = !left_.contains(what) && what != call.what && !is_ended(id);
        const bool goes_first = other.rank < arrival.rank ||
                                (other.rank == arrival.rank && other.number < arrival.number);
        RC_ASSERT(
            !(is_here && goes_first && other.time <= call.time && other.number < arrival.number));
        RC_ASSERT(!(is_here && other.rank < arrival.rank && other.time < call.time));
      }
      if (arrival.rank == Rank::Entry)
        RC_ASSERT(call.time - arrival.time <= limits_.entry_wait_max);
      RC_ASSERT(left_.insert(call.what).second);  // Never twice.
    }
    for (const OrderUpdate& answer : stage_.answers) {
      RC_ASSERT(!left_.contains(name("submit", answer.client_order_id)));
      RC_ASSERT(answer.kind == OrderUpdateKind::Cancelled ||
                stage_.purpose_of(answer.client_order_id) == Purpose::Entry);
    }
  }

  void check_pace(core::Timestamp time, Rank rank) const {
    const auto within = std::count_if(
        stage_.calls.begin(), stage_.calls.begin() + static_cast<std::ptrdiff_t>(seen_),
        [&](const auto& call) { return time - call.time < limits_.window; });
    const auto most = limits_.orders_max - (rank == Rank::Entry ? limits_.exit_reserve : 0U);
    RC_ASSERT(static_cast<std::size_t>(within) < most);
  }

  PaceLimits limits_;
  PacerStage stage_;
  std::vector<core::ClientOrderId> orders_;
  std::map<std::string, Arrival> arrival_;
  std::set<std::string> left_;
  std::set<core::ClientOrderId> cancelled_;
  std::size_t seen_ = 0;
  int arrivals_ = 0;
};

RC_GTEST_PROP(OrderPacerProperty, KeepsOrderPaceAndEveryOrder, ()) {
  const auto most = *rc::gen::inRange<std::uint32_t>(1, 6);
  const auto reserve = *rc::gen::inRange<std::uint32_t>(0, most);
  RandomTraffic traffic{pace(most, reserve, std::chrono::milliseconds{*rc::gen::inRange(0, 4000)})};
  const int steps = *rc::gen::inRange(1, 80);
  for (int i = 0; i < steps; ++i) traffic.step();
  traffic.finish();
}

/// A desk whose broker takes two messages a second, one of them an entry.
struct PacedDesk : testing::Test {
  PacedDesk() {
    AccountLimits limits;
    limits.pace = pace(2, 1, 1500ms);
    stage.desk.limit_account(limits);
  }
  core::ClientOrderId buy(std::int64_t count = 1) {
    return stage.send(stage.request(Side::Buy, OrderType::Market, Purpose::Entry, count, "ENTRY"));
  }

  DeskStage stage;
};

TEST_F(PacedDesk, SendsUnderItsOwnIdWhenItsTurnComes) {
  buy();
  const auto second = buy();
  EXPECT_FALSE(stage.is_at_broker(second));
  EXPECT_EQ(stage.state(second), OrderState::Submitted);

  stage.pass(1s);

  EXPECT_TRUE(stage.is_at_broker(second));
  EXPECT_EQ(stage.state(second), OrderState::Working);
}

TEST_F(PacedDesk, RefusesAnEntryThatWouldWaitTooLong) {
  buy();
  buy();
  buy();
  EXPECT_EQ(stage.refusals, std::vector<std::string>{"BROKER_PACE"}) << "two seconds of 1.5";
}

TEST_F(PacedDesk, HasRoomForAnExitWhereAnEntryWaits) {
  const auto bought = buy();
  stage.broker.fill(stage.number(bought), test::price("100.01"));
  stage.settle();
  const auto waiting = buy();
  const auto exit =
      stage.send(stage.request(Side::Sell, OrderType::Market, Purpose::Exit, 1, "EXIT"));

  EXPECT_TRUE(stage.is_at_broker(exit));
  EXPECT_FALSE(stage.is_at_broker(waiting));
}

TEST_F(PacedDesk, RejectsAnEntryThatExitsHaveOvertaken) {
  const auto bought = buy(10);
  stage.broker.fill(stage.number(bought), test::price("100.01"));
  stage.settle();
  const auto waiting = buy();
  for (int i = 0; i < 6; ++i)
    stage.send(stage.request(Side::Sell, OrderType::Market, Purpose::Exit, 1, "EXIT"));
  stage.pass(1501ms);

  EXPECT_EQ(stage.state(waiting), OrderState::Rejected);
  EXPECT_EQ(stage.desk.orders().find(waiting)->state_reason.view(), "BROKER_PACE");
  stage.pass(2s);
  EXPECT_EQ(stage.broker.orders().size(), 7U) << "all six exits, and never the entry";
}

TEST_F(PacedDesk, SendsNoEntryThatAHaltFindsWaiting) {
  buy();
  const auto waiting = buy();
  stage.desk.halt({}, "OPERATOR", "enough");
  stage.settle();

  EXPECT_EQ(stage.state(waiting), OrderState::Cancelled);
  stage.pass(10s);
  EXPECT_FALSE(stage.is_at_broker(waiting));
}

TEST_F(PacedDesk, RefusesNewTermsOfAnEntryThatAHaltFindsWaiting) {
  OrderRequest resting = stage.request(Side::Buy, OrderType::Limit, Purpose::Entry, 1, "ENTRY");
  resting.terms.limit = test::price("99.00");
  const auto id = stage.send(resting);
  resting.terms.quantity = test::shares(2);
  EXPECT_EQ(stage.desk.replace(stage.bot, {id, resting.terms, core::Code{"MORE"}}), std::nullopt);
  EXPECT_EQ(stage.state(id), OrderState::PendingReplace);
  stage.desk.halt({}, "OPERATOR", "enough");
  stage.settle();

  EXPECT_EQ(stage.state(id), OrderState::Working) << "under its old terms";
  EXPECT_EQ(stage.desk.orders().find(id)->exposed(), test::shares(1));
  stage.pass(10s);
  EXPECT_TRUE(stage.broker.replaces.empty());
}

TEST_F(PacedDesk, EndsAnOrderThatIsCancelledBeforeItsTurn) {
  buy();
  const auto waiting = buy();
  EXPECT_TRUE(stage.desk.cancel(stage.bot, waiting, core::Code{"CHANGED_MY_MIND"}));
  EXPECT_EQ(stage.state(waiting), OrderState::PendingCancel);
  stage.settle();

  EXPECT_EQ(stage.state(waiting), OrderState::Cancelled);
  EXPECT_TRUE(stage.desk.orders().open_orders().size() == 1);
}

}  // namespace
}  // namespace st0ck::trading
