#include "st0ck/trading/corporate_terms.hpp"
#include "st0ck/trading/ledger.hpp"
#include "support/orders.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>

// What changes positions and cash without a fill: splits, carry, closings at a price.
namespace st0ck::trading {
namespace {

using market::CorporateAction;
using test::money;
using test::price;
using test::quantity;
using test::shares;

const core::AccountId kAccount{"default"};

core::Timestamp at(int second) {
  return test::utc("2019-02-11T14:30:00Z") + std::chrono::seconds{second};
}

CorporateAction split_of(core::InstrumentId instrument, std::uint32_t numerator,
                         std::uint32_t denominator) {
  CorporateAction action;
  action.instrument = instrument;
  action.kind = market::CorporateActionKind::Split;
  action.numerator = numerator;
  action.denominator = denominator;
  return action;
}

struct LedgerActions : testing::Test {
  const TradeRecord* trade(Side side, std::string_view count, std::string_view at_price) {
    Fill fill;
    fill.account = key.account;
    fill.bot = key.bot;
    fill.engine = core::EngineName{"e"};
    fill.instrument = key.instrument;
    fill.client_order_id = core::ClientOrderId{fmt::format("o{}", ++count_)};
    fill.time = at(count_);
    fill.side = side;
    fill.quantity = quantity(count);
    fill.price = price(at_price);
    fill.notional = core::notional(fill.price, fill.quantity, core::kUnitMultiplier);
    fill.reason = core::Code{"R"};
    return ledger.apply(fill);
  }
  const TradeRecord* buy(std::string_view count, std::string_view at_price) {
    return trade(Side::Buy, count, at_price);
  }
  const TradeRecord* sell(std::string_view count, std::string_view at_price) {
    return trade(Side::Sell, count, at_price);
  }
  const Position& position() { return *ledger.find(key); }

  test::ThreeInstruments instruments;
  LedgerKey key{kAccount, core::BotId{"a"}, instruments.spy};
  Ledger ledger{instruments.table};
  int count_ = 0;
};

TEST_F(LedgerActions, ASplitKeepsTheCostOfEachLot) {
  buy("100", "400.00");
  buy("50", "420.00");

  ledger.split(key, split_of(instruments.spy, 4, 1));

  EXPECT_EQ(position().quantity, shares(600));
  EXPECT_EQ(position().cost, money("61000"));
  ASSERT_EQ(position().lots.size(), 2U);
  EXPECT_EQ(position().lots[0].quantity, shares(400));
  EXPECT_EQ(position().lots[0].cost, money("40000"));
  EXPECT_EQ(position().lots[1].quantity, shares(200));
  EXPECT_EQ(position().average_price(core::kUnitMultiplier), price("101.666666667"));
  EXPECT_EQ(position().cash_flow, money("-61000")) << "no cash moves";
}

TEST_F(LedgerActions, ARoundTripOverASplitIsToldInNewShares) {
  buy("100", "400.00");
  sell("50", "404.00");
  ledger.split(key, split_of(instruments.spy, 4, 1));

  const TradeRecord* trade = sell("200", "102.00");

  ASSERT_NE(trade, nullptr);
  EXPECT_EQ(trade->quantity, shares(400));
  EXPECT_EQ(trade->entry_price, price("100.00"));
  EXPECT_EQ(trade->exit_price, price("101.50"));
  EXPECT_EQ(trade->realized_pnl, money("600"));
}

TEST_F(LedgerActions, AReverseSplitOfAShortPosition) {
  sell("100", "2.00");

  ledger.split(key, split_of(instruments.spy, 1, 10));

  EXPECT_EQ(position().quantity, shares(-10));
  EXPECT_EQ(position().cost, money("-200"));
  EXPECT_EQ(buy("10", "19.00")->realized_pnl, money("10"));
}

TEST_F(LedgerActions, AFlatPositionDoesNotSplit) {
  buy("1", "10");
  sell("1", "11");
  ledger.split(key, split_of(instruments.spy, 2, 1));

  EXPECT_TRUE(position().is_flat());
  EXPECT_EQ(position().realized_pnl, money("1"));
}

TEST_F(LedgerActions, ClosesOutWithoutAnOrder) {
  buy("7.5", "10.00");

  EXPECT_EQ(ledger.close_out(key, quantity("0.5"), money("6"), at(60), core::Code{"CASH_IN_LIEU"}),
            nullptr);
  EXPECT_EQ(position().quantity, shares(7));
  EXPECT_EQ(position().realized_pnl, money("1"));
  const TradeRecord* trade =
      ledger.close_out(key, shares(7), money("0"), at(61), core::Code{"EXPIRY"});

  ASSERT_NE(trade, nullptr);
  EXPECT_EQ(trade->exit_reason.view(), "EXPIRY");
  EXPECT_EQ(trade->exit_time, at(61));
  EXPECT_EQ(trade->client_order_ids.size(), 1U) << "the entry's alone";
  EXPECT_EQ(trade->realized_pnl, money("-69"));
}

TEST_F(LedgerActions, CarryIsNoProfitOfATrade) {
  buy("100", "10.00");
  ledger.carry(key, money("25"));
  ledger.carry(key, money("-3"));

  EXPECT_EQ(position().carry, money("22"));
  EXPECT_EQ(position().cash_flow, money("-978"));
  EXPECT_EQ(sell("100", "10.00")->realized_pnl, money("0"));
  EXPECT_EQ(ledger.carry(), money("22"));
}

/// Sums of what happened, and nothing else.
struct PlainSums {
  core::Quantity position;
  core::Money cash;
};

TEST_F(LedgerActions, HoldTheirIdentitiesForSeveralBotsLongAndShort) {
  EXPECT_TRUE(rc::check("fills, splits, dividends, borrow fees and closings", [this] {
    const std::array keys{LedgerKey{kAccount, core::BotId{"a"}, instruments.spy},
                          LedgerKey{kAccount, core::BotId{"b"}, instruments.spy},
                          LedgerKey{kAccount, core::BotId{"a"}, instruments.qqq}};
    Ledger books{instruments.table};
    std::array<PlainSums, 3> sums;
    const int steps = *rc::gen::inRange(1, 60);
    for (int step = 0; step < steps; ++step) {
      const auto who = *rc::gen::inRange<std::size_t>(0, keys.size());
      const LedgerKey& of = keys[who];
      const auto cents = *rc::gen::inRange<std::int64_t>(1, 1'000'000);
      const core::Money amount = core::Money::from_raw(cents * 10'000'000);
      const Position* before = books.find(of);
      const bool is_held = before != nullptr && !before->is_flat();
      switch (*rc::gen::inRange(0, is_held ? 6 : 3)) {
        case 0:
        case 1:
        case 2: {
          Fill fill;
          fill.account = of.account;
          fill.bot = of.bot;
          fill.instrument = of.instrument;
          fill.side = *rc::gen::element(Side::Buy, Side::Sell);
          fill.time = at(step);
          fill.quantity = *rc::gen::element(
              shares(*rc::gen::inRange<std::int64_t>(1, 1000)),
              core::Quantity::from_raw(*rc::gen::inRange<std::int64_t>(1, 9'000'000'000)));
          fill.price = core::Price::from_raw(cents * 10'000'000);
          fill.notional = core::notional(fill.price, fill.quantity, core::kUnitMultiplier);
          fill.fee = core::Money::from_raw(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000));
          books.apply(fill);
          sums[who].position += signed_quantity(fill.side, fill.quantity);
          sums[who].cash += (fill.side == Side::Sell ? fill.notional : -fill.notional) - fill.fee;
          break;
        }
        case 3: {
          const core::Money signed_amount = *rc::gen::element(amount, -amount);
          books.carry(of, signed_amount);
          sums[who].cash += signed_amount;
          break;
        }
        case 4: {
          const CorporateAction split =
              split_of(of.instrument, *rc::gen::inRange(1U, 21U), *rc::gen::inRange(1U, 21U));
          const core::Quantity after = after_split(sums[who].position, split);
          if (after.is_zero()) break;
          if (after.abs() > shares(1'000'000)) break;  // Grown beyond any sense.
          const core::Money cost = before->cost;
          books.split(of, split);
          RC_ASSERT(before->cost == cost);
          sums[who].position = after;
          break;
        }
        default: {
          const core::Quantity all = before->quantity.abs();
          const core::Quantity part =
              core::Quantity::from_raw(*rc::gen::inRange<std::int64_t>(1, all.raw() + 1));
          const bool is_long = before->quantity.is_positive();
          const core::Money got = is_long ? amount : -amount;
          books.close_out(of, part, got, at(step), core::Code{"X"});
          sums[who].position += is_long ? -part : part;
          sums[who].cash += got;
          break;
        }
      }
      core::Money cash;
      for (std::size_t i = 0; i < keys.size(); ++i) {
        cash += sums[i].cash;
        RC_ASSERT(books.quantity(keys[i]) == sums[i].position);
        const Position* position = books.find(keys[i]);
        if (position == nullptr) continue;
        RC_ASSERT(position->cash_flow == sums[i].cash);
        RC_ASSERT(position->cash_flow ==
                  position->realized_pnl - position->fees + position->carry - position->cost);
        core::Quantity held;
        core::Money cost;
        for (const Lot& lot : position->lots) {
          RC_ASSERT(!lot.quantity.is_zero());
          RC_ASSERT(lot.quantity.is_positive() == position->quantity.is_positive());
          held += lot.quantity;
          cost += lot.cost;
        }
        RC_ASSERT(held == position->quantity);
        RC_ASSERT(cost == position->cost);
      }
      RC_ASSERT(books.cash_flow() == cash);
    }
  }));
}

}  // namespace
}  // namespace st0ck::trading
