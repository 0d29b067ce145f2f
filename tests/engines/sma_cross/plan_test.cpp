#include "engines/sma_cross/plan.hpp"

#include "engines/sma_cross/settings_of.hpp"
#include "support/orders.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>

namespace st0ck::engines::sma_cross {
namespace {

using test::price;
using test::shares;
using test::sma_cross_settings;
using trading::GroupKind;
using trading::OrderType;
using trading::Side;
using trading::TimeInForce;

market::Instrument stock() {
  market::Instrument instrument;
  instrument.symbol = core::Symbol{"SPY"};
  return instrument;
}

std::optional<core::Price> price_or_none(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional{price(text)};
}

TEST(SideOf, ObeysTheDirection) {
  EXPECT_EQ(side_of(Cross::Up, Direction::Long), Side::Buy);
  EXPECT_EQ(side_of(Cross::Down, Direction::Long), std::nullopt);
  EXPECT_EQ(side_of(Cross::Up, Direction::Short), std::nullopt);
  EXPECT_EQ(side_of(Cross::Down, Direction::Short), Side::Sell);
  EXPECT_EQ(side_of(Cross::Up, Direction::Both), Side::Buy);
  EXPECT_EQ(side_of(Cross::Down, Direction::Both), Side::Sell);
  EXPECT_EQ(side_of(Cross::None, Direction::Both), std::nullopt);
}

/// Offset 0.05 % of 200.00 is ten cents.
struct EntryCase {
  std::string name;
  EntryStyle style;
  Side side;
  OrderType type;
  TimeInForce time_in_force;
  std::string limit;
  std::string stop;
  std::string base;  ///< What target and stop are counted from.
};

class EntryOf : public testing::TestWithParam<EntryCase> {};

TEST_P(EntryOf, HasItsTypeAndPrices) {
  const EntryCase& expected = GetParam();

  const auto entry =
      entry_of(expected.style, expected.side, price("200.00"), stock(), sma_cross_settings());

  EXPECT_EQ(entry.side, expected.side);
  EXPECT_EQ(entry.type, expected.type);
  EXPECT_EQ(entry.time_in_force, expected.time_in_force);
  EXPECT_EQ(entry.purpose, trading::Purpose::Entry);
  EXPECT_EQ(entry.terms.quantity, shares(10));
  EXPECT_EQ(entry.terms.limit, price_or_none(expected.limit));
  EXPECT_EQ(entry.terms.stop, price_or_none(expected.stop));
  EXPECT_EQ(base_of(entry, price("200.00")), price(expected.base));
}

const EntryCase kEntryCases[] = {
    {"Market", EntryStyle::Market, Side::Buy, OrderType::Market, TimeInForce::Day, "", "",
     "200.00"},
    {"BuyLimit", EntryStyle::Limit, Side::Buy, OrderType::Limit, TimeInForce::Day, "199.90", "",
     "199.90"},
    {"SellLimit", EntryStyle::Limit, Side::Sell, OrderType::Limit, TimeInForce::Day, "200.10", "",
     "200.10"},
    {"BuyStop", EntryStyle::Stop, Side::Buy, OrderType::Stop, TimeInForce::Day, "", "200.10",
     "200.10"},
    {"SellStop", EntryStyle::Stop, Side::Sell, OrderType::Stop, TimeInForce::Day, "", "199.90",
     "199.90"},
    {"BuyStopLimit", EntryStyle::StopLimit, Side::Buy, OrderType::StopLimit, TimeInForce::Day,
     "200.20", "200.10", "200.10"},
    {"SellStopLimit", EntryStyle::StopLimit, Side::Sell, OrderType::StopLimit, TimeInForce::Day,
     "199.80", "199.90", "199.90"},
    {"BuyIoc", EntryStyle::Ioc, Side::Buy, OrderType::Limit, TimeInForce::Ioc, "200.10", "",
     "200.00"},
    {"SellFok", EntryStyle::Fok, Side::Sell, OrderType::Limit, TimeInForce::Fok, "199.90", "",
     "200.00"},
};

INSTANTIATE_TEST_SUITE_P(Styles, EntryOf, testing::ValuesIn(kEntryCases),
                         [](const auto& test) { return test.param.name; });

TEST(OpeningEntryOf, TakesPartInTheAuctionOnly) {
  const Settings settings = sma_cross_settings();

  const auto market =
      opening_entry_of(OpeningEntry::Market, Side::Buy, price("200.00"), stock(), settings);
  const auto limit =
      opening_entry_of(OpeningEntry::Limit, Side::Buy, price("200.00"), stock(), settings);

  EXPECT_EQ(market.type, OrderType::Market);
  EXPECT_EQ(market.time_in_force, TimeInForce::Opg);
  EXPECT_EQ(limit.type, OrderType::Limit);
  EXPECT_EQ(limit.time_in_force, TimeInForce::Opg);
  EXPECT_EQ(limit.terms.limit, price("200.10"));
  EXPECT_EQ(base_of(limit, price("200.00")), price("200.00"));
}

// 123.4567 x 1.01 = 124.691267, x 0.99 = 122.222133.
TEST(LevelsOf, RoundHalfAwayToTheTick) {
  const Settings settings = sma_cross_settings();

  const Levels fine = levels_of(Side::Buy, price("123.4567"), price("0.0001"), settings);
  const Levels cents = levels_of(Side::Buy, price("123.50"), price("0.01"), settings);
  const Levels sold = levels_of(Side::Sell, price("123.50"), price("0.01"), settings);

  EXPECT_EQ(fine.target, price("124.6913"));
  EXPECT_EQ(fine.stop, price("122.2221"));
  // 124.735 and 122.265: both are halves of a cent.
  EXPECT_EQ(cents.target, price("124.74"));
  EXPECT_EQ(cents.stop, price("122.27"));
  EXPECT_EQ(sold.target, price("122.27"));
  EXPECT_EQ(sold.stop, price("124.74"));
}

class GroupOf : public testing::Test {
 protected:
  Settings settings = sma_cross_settings();
  trading::OrderRequest entry =
      entry_of(EntryStyle::Market, Side::Sell, price("200.00"), stock(), settings);
  Levels levels = levels_of(Side::Sell, price("200.00"), price("0.01"), settings);
};

TEST_F(GroupOf, IsABracketWithBothExits) {
  const auto group = group_of(ExitStyle::Bracket, entry, levels, settings);

  EXPECT_EQ(group.kind, GroupKind::Bracket);
  ASSERT_TRUE(group.entry && group.target && group.stop);
  EXPECT_EQ(group.target->side, Side::Buy);
  EXPECT_EQ(group.target->type, OrderType::Limit);
  EXPECT_EQ(group.target->terms.limit, price("198.00"));
  EXPECT_EQ(group.target->time_in_force, TimeInForce::Gtc);
  EXPECT_EQ(group.stop->type, OrderType::Stop);
  EXPECT_EQ(group.stop->terms.stop, price("202.00"));
  EXPECT_EQ(group.stop->terms.quantity, shares(10));
  EXPECT_EQ(group.stop->purpose, trading::Purpose::Exit);
}

TEST_F(GroupOf, IsAnEntryWithAStopOnly) {
  const auto fixed = group_of(ExitStyle::Oto, entry, levels, settings);
  const auto trailing = group_of(ExitStyle::Trailing, entry, levels, settings);

  EXPECT_EQ(fixed.kind, GroupKind::OneTriggersOther);
  EXPECT_FALSE(fixed.target);
  EXPECT_EQ(fixed.stop->terms.stop, price("202.00"));
  EXPECT_EQ(trailing.kind, GroupKind::OneTriggersOther);
  EXPECT_EQ(trailing.stop->type, OrderType::TrailingStop);
  EXPECT_EQ(trailing.stop->terms.trail_rate, test::rate("0.01"));
  EXPECT_EQ(trailing.stop->terms.stop, std::nullopt);
}

TEST(ExitsOf, CloseWhatIsHeldOnEitherSide) {
  const Settings settings = sma_cross_settings("exit_time_in_force: day");
  const Levels levels{price("198.00"), price("202.00")};

  const auto group = exits_of(-shares(7), core::InstrumentId{}, levels, settings);

  EXPECT_EQ(group.kind, GroupKind::OneCancelsOther);
  EXPECT_FALSE(group.entry);
  EXPECT_EQ(group.target->side, Side::Buy);
  EXPECT_EQ(group.target->terms.quantity, shares(7));
  EXPECT_EQ(group.stop->terms.stop, price("202.00"));
  EXPECT_EQ(group.stop->time_in_force, TimeInForce::Day);
}

TEST(FlatOrderOf, GoesToTheMarketOrIntoTheAuction) {
  const auto market = flat_order_of(shares(7), core::InstrumentId{}, FlatBy::Market);
  const auto auction = flat_order_of(-shares(7), core::InstrumentId{}, FlatBy::CloseAuction);

  EXPECT_EQ(market.side, Side::Sell);
  EXPECT_EQ(market.time_in_force, TimeInForce::Day);
  EXPECT_EQ(auction.side, Side::Buy);
  EXPECT_EQ(auction.type, OrderType::Market);
  EXPECT_EQ(auction.time_in_force, TimeInForce::Cls);
}

}  // namespace
}  // namespace st0ck::engines::sma_cross
