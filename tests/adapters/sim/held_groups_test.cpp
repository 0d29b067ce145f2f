#include "adapters/sim/exchange_fixture.hpp"

#include <gtest/gtest.h>

#include <vector>

// Brackets and one-cancels-other that the exchange holds, on bars made by hand.
namespace st0ck::adapters::sim {
namespace {

using trading::GroupKind;
using trading::GroupRole;
using trading::OrderIntent;

constexpr BarPrices kFlat{"100.00", "100.00", "100.00", "100.00"};

OrderIntent member(OrderBuilder order, GroupKind kind, GroupRole role) {
  OrderIntent intent = order.intent();
  intent.group = {kind, role, core::ClientOrderId{"g"}};
  intent.purpose = role == GroupRole::Entry ? trading::Purpose::Entry : trading::Purpose::Exit;
  return intent;
}

/// Ten in at the market, out at 101 or 99.
std::vector<OrderIntent> bracket() {
  return {member(buy("e", 10), GroupKind::Bracket, GroupRole::Entry),
          member(sell("t", 10).limit("101.00").gtc(), GroupKind::Bracket, GroupRole::Target),
          member(sell("s", 10).stop("99.00").gtc(), GroupKind::Bracket, GroupRole::Stop)};
}

struct HeldGroup : testing::Test {
  void submit(const std::vector<OrderIntent>& intents) {
    std::vector<trading::Approved<OrderIntent>> approved;
    for (const OrderIntent& intent : intents) approved.push_back(test::approved(intent));
    exchange->engine->submit_group(approved);
  }
  void use(GroupHolding groups, std::string_view volume_share = "0") {
    exchange.emplace(MatchingSettings{
        .limit_fill = LimitFill::Touch, .groups = groups, .volume_share_max = rate(volume_share)});
  }

  std::optional<Exchange> exchange{std::in_place, MatchingSettings{.limit_fill = LimitFill::Touch}};
};

TEST_F(HeldGroup, SleepsUntilItsEntryFills) {
  std::vector<OrderIntent> intents = bracket();
  intents[0].type = trading::OrderType::Limit;
  intents[0].terms.limit = price("98.00");
  submit(intents);
  EXPECT_EQ(exchange->heard(), (Lines{"e accepted", "t accepted", "s accepted"}));

  exchange->play(bar("14:31", {"100.00", "102.00", "98.50", "100.00"}));

  EXPECT_EQ(exchange->heard(), Lines{}) << "target and stop were touched and guard nothing";
}

TEST_F(HeldGroup, LivesFromTheEntrysFillOnThatBarIncluded) {
  submit(bracket());
  exchange->heard();

  exchange->play(bar("14:31", {"100.00", "101.50", "99.50", "100.00"}));

  EXPECT_EQ(exchange->heard(), (Lines{"e fill 10 @ 100.00 at 14:31", "t fill 10 @ 101.00 at 14:31",
                                      "s cancelled GROUP_DONE"}));
}

TEST_F(HeldGroup, TakesTheStopBeforeTheTarget) {
  submit(bracket());
  exchange->heard();

  exchange->play(bar("14:31", {"100.00", "101.50", "98.50", "100.00"}));

  EXPECT_EQ(exchange->heard(), (Lines{"e fill 10 @ 100.00 at 14:31", "s fill 10 @ 99.00 at 14:31",
                                      "t cancelled GROUP_DONE"}));
}

TEST_F(HeldGroup, EndsWithAnEntryThatIsCancelled) {
  submit(bracket());
  exchange->heard();

  exchange->cancel("e");

  EXPECT_EQ(exchange->heard(), (Lines{"e cancelled CANCEL_REQUEST", "t cancelled GROUP_DONE",
                                      "s cancelled GROUP_DONE"}));
  EXPECT_EQ(exchange->engine->working_orders(), 0U);
}

TEST_F(HeldGroup, ShrinksToWhatACancelledEntryHasFilled) {
  use(GroupHolding::Held, "0.1");
  submit(bracket());
  exchange->play(bar("14:31", kFlat, 40));  // Four of ten.
  exchange->heard();

  exchange->cancel("e");

  EXPECT_EQ(exchange->heard(), (Lines{"e cancelled CANCEL_REQUEST", "t replaced GROUP_REDUCED",
                                      "s replaced GROUP_REDUCED"}));
  EXPECT_EQ(exchange->last().terms.quantity, shares(4));
  exchange->play(bar("14:32", {"99.50", "99.50", "98.00", "98.50"}, 1000));
  EXPECT_EQ(exchange->heard(), (Lines{"s fill 4 @ 99.00 at 14:32", "t cancelled GROUP_DONE"}));
}

TEST_F(HeldGroup, ReducesTheOtherExitByWhatOneFills) {
  use(GroupHolding::Held, "0.1");
  submit(bracket());
  exchange->play(bar("14:31", kFlat, 1000));
  exchange->heard();

  exchange->play(bar("14:32", {"100.50", "101.00", "100.50", "100.80"}, 30));  // Three.

  EXPECT_EQ(exchange->heard(), (Lines{"t fill 3 @ 101.00 at 14:32", "s replaced GROUP_REDUCED"}));
  EXPECT_EQ(exchange->last().terms.quantity, shares(7));
}

TEST_F(HeldGroup, SellsNoMoreThanTheEntryHasBrought) {
  use(GroupHolding::Held, "0.1");
  submit(bracket());
  exchange->play(bar("14:31", kFlat, 40));  // Four of ten.
  exchange->heard();

  exchange->play(bar("14:32", {"100.00", "100.00", "98.00", "98.50"}, 30));

  // At the open the entry takes what the bar allows; nothing is left for the stop inside it.
  EXPECT_EQ(exchange->heard(), (Lines{"e fill 3 @ 100.00 at 14:32"}));
}

TEST_F(HeldGroup, WaitsForTheWholeEntryWhereTheExchangeDoes) {
  use(GroupHolding::AfterEntry, "0.1");
  EXPECT_TRUE(exchange->engine->abilities().exits_wait_for_whole_entry);
  submit(bracket());
  exchange->play(bar("14:31", kFlat, 40));  // Four of ten.
  exchange->heard();

  exchange->play_open(bar("14:32", {"98.00", "98.00", "98.00", "98.00"}, 0));
  EXPECT_EQ(exchange->heard(), Lines{}) << "four are held and the stop sleeps";
  exchange->play(bar("14:33", {"98.00", "98.50", "98.00", "98.00"}, 1000));

  EXPECT_EQ(exchange->heard(), (Lines{"e fill 6 @ 98.00 at 14:33", "s fill 10 @ 98.00 at 14:33",
                                      "t cancelled GROUP_DONE"}));
}

TEST_F(HeldGroup, GuardsAPositionWithoutAnEntry) {
  submit(
      {member(sell("t", 10).limit("101.00").gtc(), GroupKind::OneCancelsOther, GroupRole::Target),
       member(sell("s", 10).stop("99.00").gtc(), GroupKind::OneCancelsOther, GroupRole::Stop)});
  exchange->heard();

  exchange->play(bar("14:31", {"98.00", "98.00", "98.00", "98.00"}));

  EXPECT_EQ(exchange->heard(), (Lines{"s fill 10 @ 98.00 at 14:31", "t cancelled GROUP_DONE"}));
}

TEST_F(HeldGroup, IsTakenWholeOrNotAtAll) {
  std::vector<OrderIntent> intents = bracket();
  exchange->enter(buy("s", 1));
  exchange->heard();

  submit(intents);

  EXPECT_EQ(exchange->heard(),
            (Lines{"e rejected GROUP", "t rejected GROUP", "s rejected DUPLICATE_ORDER"}));
  EXPECT_EQ(exchange->engine->working_orders(), 1U);
}

}  // namespace
}  // namespace st0ck::adapters::sim
