#include "st0ck/trading/ledger.hpp"

#include "support/orders.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace st0ck::trading {
namespace {

using test::money;
using test::price;
using test::quantity;
using test::shares;

const core::AccountId kAccount{"default"};
const core::BotId kBot{"a"};

core::Timestamp at(int second) {
  return test::utc("2019-02-11T14:30:00Z") + std::chrono::seconds{second};
}

struct LedgerTest : testing::Test {
  Fill fill(Side side, std::string_view count, std::string_view at_price,
            std::string_view fee = "0") {
    Fill fill;
    fill.account = kAccount;
    fill.bot = kBot;
    fill.engine = core::EngineName{"st0cka"};
    fill.instrument = instrument;
    fill.client_order_id = core::ClientOrderId{fmt::format("o{}", ++count_)};
    fill.time = at(count_);
    fill.side = side;
    fill.quantity = quantity(count);
    fill.price = price(at_price);
    fill.notional =
        core::notional(fill.price, fill.quantity, instruments.table[instrument].multiplier);
    fill.fee = money(fee);
    fill.reason = core::Code{fmt::format("R{}", count_)};
    return fill;
  }
  const TradeRecord* buy(std::string_view count, std::string_view price,
                         std::string_view fee = "0") {
    return ledger.apply(fill(Side::Buy, count, price, fee));
  }
  const TradeRecord* sell(std::string_view count, std::string_view price,
                          std::string_view fee = "0") {
    return ledger.apply(fill(Side::Sell, count, price, fee));
  }
  const Position& position() { return *ledger.find({kAccount, kBot, instrument}); }

  test::ThreeInstruments instruments;
  core::InstrumentId instrument = instruments.spy;
  Ledger ledger{instruments.table};
  int count_ = 0;
};

TEST_F(LedgerTest, BooksARoundTrip) {
  EXPECT_EQ(buy("1", "270.10", "0.01"), nullptr);
  const TradeRecord* trade = sell("1", "270.12", "0.02");

  ASSERT_NE(trade, nullptr);
  EXPECT_EQ(trade->id, 1U);
  EXPECT_EQ(trade->account, kAccount);
  EXPECT_EQ(trade->bot, kBot);
  EXPECT_EQ(trade->engine.view(), "st0cka");
  EXPECT_EQ(trade->instrument, instruments.spy);
  EXPECT_EQ(trade->side, Side::Buy);
  EXPECT_EQ(trade->quantity, shares(1));
  EXPECT_EQ(trade->entry_time, at(1));
  EXPECT_EQ(trade->entry_price, price("270.10"));
  EXPECT_EQ(trade->exit_time, at(2));
  EXPECT_EQ(trade->exit_price, price("270.12"));
  EXPECT_EQ(trade->realized_pnl, money("0.02"));
  EXPECT_EQ(trade->fees, money("0.03"));
  EXPECT_EQ(trade->exit_reason.view(), "R2");
  EXPECT_EQ(trade->client_order_ids,
            (OrderIdList{core::ClientOrderId{"o1"}, core::ClientOrderId{"o2"}}));
  EXPECT_TRUE(position().is_flat());
  EXPECT_TRUE(position().lots.empty());
  EXPECT_EQ(position().cost, money("0"));
  EXPECT_EQ(ledger.cash_flow(), money("-0.01"));
  EXPECT_EQ(ledger.trade_count(), 1U);
}

TEST_F(LedgerTest, BooksAShortRoundTrip) {
  sell("2", "270.10");
  EXPECT_EQ(position().quantity, shares(-2));
  EXPECT_EQ(position().cost, money("-540.20"));
  EXPECT_EQ(position().average_price(core::kUnitMultiplier), price("270.10"));
  const TradeRecord* trade = buy("2", "271.00");

  EXPECT_EQ(trade->side, Side::Sell);
  EXPECT_EQ(trade->entry_price, price("270.10"));
  EXPECT_EQ(trade->exit_price, price("271.00"));
  EXPECT_EQ(trade->realized_pnl, money("-1.80"));
}

TEST_F(LedgerTest, ClosesTheOldestLotFirst) {
  buy("10", "100.00");
  buy("10", "110.00");
  EXPECT_EQ(sell("15", "120.00"), nullptr);

  // 10 x 20 + 5 x 10.
  EXPECT_EQ(position().realized_pnl, money("250"));
  ASSERT_EQ(position().lots.size(), 1U);
  EXPECT_EQ(position().lots[0].quantity, shares(5));
  EXPECT_EQ(position().lots[0].cost, money("550"));
  EXPECT_EQ(position().lots[0].opened, at(2));
  EXPECT_EQ(position().lots[0].client_order_id.view(), "o2");
  EXPECT_EQ(position().average_price(core::kUnitMultiplier), price("110.00"));
  EXPECT_EQ(position().unrealized_pnl(price("108.00"), core::kUnitMultiplier), money("-10"));
}

TEST_F(LedgerTest, AveragesEntriesAndExitsOfOneTrade) {
  buy("10", "100.00", "0.10");
  sell("4", "101.00", "0.04");
  buy("10", "110.00", "0.10");
  const TradeRecord* trade = sell("16", "120.00", "0.16");

  EXPECT_EQ(trade->quantity, shares(20));
  EXPECT_EQ(trade->entry_price, price("105.00"));
  EXPECT_EQ(trade->exit_price, price("116.20"));  // (4 x 101 + 16 x 120) / 20
  EXPECT_EQ(trade->realized_pnl, money("224"));   // 4 x 1 + 6 x 20 + 10 x 10
  EXPECT_EQ(trade->fees, money("0.40"));
  EXPECT_EQ(trade->entry_time, at(1));
  EXPECT_EQ(trade->exit_time, at(4));
}

TEST_F(LedgerTest, CountsTheMultiplierOfAnOption) {
  instrument = instruments.option;
  buy("5", "1.85", "3.25");
  EXPECT_EQ(position().cost, money("925"));
  EXPECT_EQ(position().unrealized_pnl(price("1.95"), core::Multiplier{100}), money("50"));
  sell("2", "2.00", "1.30");
  const TradeRecord* trade = sell("3", "1.50", "1.95");

  EXPECT_EQ(trade->entry_price, price("1.85"));
  EXPECT_EQ(trade->exit_price, price("1.70"));
  EXPECT_EQ(trade->realized_pnl, money("-75"));  // 2 x 15 - 3 x 35
  EXPECT_EQ(ledger.cash_flow(), money("-81.50"));
}

TEST_F(LedgerTest, LosesNoFractionOfACentWhereALotDoesNotDivide) {
  // Three thirds of 10.00: two at 3.333333333, and the remainder stays in the last.
  buy("3", "3.333333333");
  EXPECT_EQ(position().cost, money("9.999999999"));
  Fill bought = fill(Side::Buy, "3", "3.333333333");
  bought.notional = money("10");  // An average price that does not divide.
  ledger.apply(bought);
  sell("3", "3.333333333");
  sell("1", "4");
  EXPECT_EQ(position().realized_pnl, money("0.666666667"));
  EXPECT_EQ(position().cost, money("6.666666667"));
  sell("1", "4");
  EXPECT_EQ(position().realized_pnl, money("1.333333333")) << "half of 6.666666667, to the even";
  EXPECT_EQ(position().cost, money("3.333333333"));
  const TradeRecord* trade = sell("1", "4");

  EXPECT_EQ(trade->realized_pnl, money("2"));
  EXPECT_EQ(position().cost, money("0"));
  EXPECT_EQ(ledger.cash_flow(), money("2"));
}

TEST_F(LedgerTest, TurnsALongPositionIntoAShortOne) {
  buy("10", "100.00", "1.00");
  const TradeRecord* trade = sell("15", "110.00", "1.50");

  ASSERT_NE(trade, nullptr);
  EXPECT_EQ(trade->quantity, shares(10));
  EXPECT_EQ(trade->exit_price, price("110.00"));
  EXPECT_EQ(trade->realized_pnl, money("100"));
  EXPECT_EQ(trade->fees, money("2.00")) << "two thirds of the turning fill's fee";
  EXPECT_EQ(position().quantity, shares(-5));
  EXPECT_EQ(position().cost, money("-550"));

  const TradeRecord* second = buy("5", "100.00");

  EXPECT_EQ(second->id, 2U);
  EXPECT_EQ(second->side, Side::Sell);
  EXPECT_EQ(second->entry_time, at(2));
  EXPECT_EQ(second->entry_price, price("110.00"));
  EXPECT_EQ(second->realized_pnl, money("50"));
  EXPECT_EQ(second->fees, money("0.50"));
  EXPECT_EQ(second->client_order_ids,
            (OrderIdList{core::ClientOrderId{"o2"}, core::ClientOrderId{"o3"}}));
}

TEST_F(LedgerTest, NamesEachOrderOfATradeOnce) {
  Fill part = fill(Side::Buy, "1", "100.00");
  ledger.apply(part);
  ledger.apply(part);
  const TradeRecord* trade = sell("2", "101.00");

  EXPECT_EQ(trade->client_order_ids.size(), 2U);
}

TEST_F(LedgerTest, KeepsBotsAccountsAndInstrumentsApart) {
  Fill mine = fill(Side::Buy, "10", "100.00");
  Fill other_bot = mine;
  other_bot.bot = core::BotId{"b"};
  other_bot.side = Side::Sell;
  Fill other_account = mine;
  other_account.account = core::AccountId{"second"};
  Fill other_instrument = mine;
  other_instrument.instrument = instruments.qqq;

  for (const Fill& one : {mine, other_bot, other_account, other_instrument}) ledger.apply(one);

  EXPECT_EQ(ledger.positions().size(), 4U);
  EXPECT_EQ(ledger.quantity({kAccount, kBot, instruments.spy}), shares(10));
  EXPECT_EQ(ledger.quantity({kAccount, core::BotId{"b"}, instruments.spy}), shares(-10));
  EXPECT_EQ(ledger.cash_flow(), money("-2000"));
  EXPECT_EQ(ledger.find({kAccount, core::BotId{"c"}, instruments.spy}), nullptr);
  EXPECT_TRUE(ledger.quantity({kAccount, core::BotId{"c"}, instruments.spy}).is_zero());
}

TEST_F(LedgerTest, HasNoAverageWhenFlat) {
  buy("1", "100.00");
  sell("1", "100.00");

  EXPECT_EQ(position().average_price(core::kUnitMultiplier), std::nullopt);
  EXPECT_EQ(position().unrealized_pnl(price("1"), core::kUnitMultiplier), money("0"));
}

/// Lots as fractions of what they were, in raw units; nothing is divided, so nothing is rounded.
struct PlainLot {
  core::Int128 opened;  ///< Quantity.
  core::Int128 left;    ///< Quantity, unsigned.
  core::Int128 cost;    ///< Of all that was opened.
  int splits;
};

struct PlainBooks {
  std::deque<PlainLot> lots;
  bool is_long = true;
  core::Int128 position = 0;
  core::Int128 cash = 0;
  core::Int128 fees = 0;

  void apply(const Fill& fill) {
    const core::Int128 notional = fill.notional.raw();
    const bool buys = fill.side == Side::Buy;
    core::Int128 left = fill.quantity.raw();
    cash += (buys ? -notional : notional) - fill.fee.raw();
    fees += fill.fee.raw();
    position += buys ? left : -left;
    while (left > 0 && !lots.empty() && is_long != buys) {
      PlainLot& lot = lots.front();
      const core::Int128 part = left < lot.left ? left : lot.left;
      lot.left -= part;
      ++lot.splits;
      left -= part;
      if (lot.left == 0) lots.pop_front();
    }
    if (left == 0) return;
    // What turned the position around carries its part of the notional, to the nearest unit.
    const core::Int128 quantity = fill.quantity.raw();
    const core::Int128 closed = quantity - left;
    const core::Int128 cost =
        notional - core::divide(notional * closed, quantity, core::Rounding::HalfEven);
    is_long = buys;
    lots.push_back({left, left, cost, 0});
  }
};

TEST_F(LedgerTest, AgreesWithPlainBooksToTheLastUnit) {
  EXPECT_TRUE(rc::check("any fractional fills, long and short", [this] {
    instrument = *rc::gen::element(instruments.spy, instruments.option);
    Ledger books{instruments.table};
    PlainBooks plain;
    core::Money trade_pnl;
    core::Money trade_fees;
    const int fills = *rc::gen::inRange(1, 40);
    for (int i = 0; i < fills; ++i) {
      Fill one = fill(*rc::gen::element(Side::Buy, Side::Sell), "1", "1");
      // Small numbers meet exactly from time to time, odd ones never divide.
      one.quantity = core::Quantity::from_raw(*rc::gen::oneOf(
          rc::gen::inRange<std::int64_t>(1, 4), rc::gen::inRange<std::int64_t>(1, 9'000'000'000)));
      one.price = core::Price::from_raw(*rc::gen::inRange<std::int64_t>(1, 700'000'000'000));
      one.notional =
          core::notional(one.price, one.quantity, instruments.table[instrument].multiplier);
      one.fee = core::Money::from_raw(*rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000'000));
      plain.apply(one);
      if (const TradeRecord* trade = books.apply(one)) {
        trade_pnl += trade->realized_pnl;
        trade_fees += trade->fees;
        RC_ASSERT(trade->id == books.trade_count());
      }

      const Position& position = *books.find({kAccount, kBot, instrument});
      RC_ASSERT(position.quantity.raw() == static_cast<std::int64_t>(plain.position));
      RC_ASSERT(position.cash_flow.raw() == static_cast<std::int64_t>(plain.cash));
      RC_ASSERT(position.fees.raw() == static_cast<std::int64_t>(plain.fees));
      RC_ASSERT(position.cash_flow == position.realized_pnl - position.fees - position.cost);
      RC_ASSERT(position.lots.size() == plain.lots.size());
      core::Quantity lots;
      core::Money cost;
      for (std::size_t lot = 0; lot < plain.lots.size(); ++lot) {
        const PlainLot& expected = plain.lots[lot];
        const Lot& found = position.lots[lot];
        RC_ASSERT(found.quantity.abs().raw() == static_cast<std::int64_t>(expected.left));
        RC_ASSERT(found.quantity.is_positive() == plain.is_long);
        // Each split rounds by half a unit at most.
        const core::Int128 off =
            core::Int128{found.cost.abs().raw()} * expected.opened - expected.cost * expected.left;
        RC_ASSERT((off < 0 ? -off : off) * 2 <= expected.opened * expected.splits);
        lots += found.quantity;
        cost += found.cost;
      }
      RC_ASSERT(lots == position.quantity);
      RC_ASSERT(cost == position.cost);
      if (position.is_flat()) {
        RC_ASSERT(trade_pnl == position.realized_pnl);
        RC_ASSERT(trade_fees == position.fees);
      }
    }
  }));
}

/// Shares one by one: each knows its price, so that first in, first out needs no arithmetic.
struct SingleShares {
  std::deque<std::int64_t> prices;  ///< Cents.
  bool is_long = true;
  std::int64_t realized = 0;

  // The trade under way.
  std::int64_t entered = 0, entry_cents = 0, exit_cents = 0, trade_realized = 0;
  int first = 0;

  struct Trade {
    bool is_long;
    std::int64_t quantity, entry_cents, exit_cents, realized;
    int first;
  };

  std::optional<Trade> apply(bool buys, std::int64_t count, std::int64_t cents, int number) {
    std::optional<Trade> done;
    for (std::int64_t i = 0; i < count; ++i) {
      if (!prices.empty() && is_long != buys) {
        const std::int64_t gain = is_long ? cents - prices.front() : prices.front() - cents;
        prices.pop_front();
        realized += gain;
        trade_realized += gain;
        exit_cents += cents;
        if (prices.empty())
          done = {is_long, entered, entry_cents, exit_cents, trade_realized, first};
      } else {
        if (prices.empty()) {
          first = number;
          entered = entry_cents = exit_cents = trade_realized = 0;
        }
        is_long = buys;
        prices.push_back(cents);
        ++entered;
        entry_cents += cents;
      }
    }
    return done;
  }
};

TEST_F(LedgerTest, AgreesWithSharesCountedOneByOne) {
  EXPECT_TRUE(rc::check("whole shares at whole cents", [this] {
    Ledger books{instruments.table};
    SingleShares plain;
    const int fills = *rc::gen::inRange(1, 60);
    for (int i = 0; i < fills; ++i) {
      const bool buys = *rc::gen::arbitrary<bool>();
      const auto count = *rc::gen::inRange<std::int64_t>(1, 12);
      const auto cents = *rc::gen::inRange<std::int64_t>(1, 60'000);
      Fill one = fill(buys ? Side::Buy : Side::Sell, "1", "1");
      one.quantity = shares(count);
      one.price = core::Price::from_raw(cents * 10'000'000);
      one.notional = core::notional(one.price, one.quantity, core::kUnitMultiplier);
      const auto expected = plain.apply(buys, count, cents, count_);
      const TradeRecord* trade = books.apply(one);

      const auto in_money = [](std::int64_t amount) {
        return core::Money::from_raw(amount * 10'000'000);
      };
      RC_ASSERT(books.realized_pnl() == in_money(plain.realized));
      RC_ASSERT((trade != nullptr) == expected.has_value());
      if (trade == nullptr) continue;
      RC_ASSERT(trade->side == (expected->is_long ? Side::Buy : Side::Sell));
      RC_ASSERT(trade->quantity == shares(expected->quantity));
      RC_ASSERT(trade->realized_pnl == in_money(expected->realized));
      RC_ASSERT(trade->entry_price == core::average_price(in_money(expected->entry_cents),
                                                          shares(expected->quantity),
                                                          core::kUnitMultiplier));
      RC_ASSERT(trade->exit_price == core::average_price(in_money(expected->exit_cents),
                                                         shares(expected->quantity),
                                                         core::kUnitMultiplier));
      RC_ASSERT(trade->entry_time == at(expected->first));
      RC_ASSERT(trade->exit_time == at(count_));
      RC_ASSERT(trade->exit_reason == one.reason);
      RC_ASSERT(trade->client_order_ids.back() == one.client_order_id);
    }
  }));
}

}  // namespace
}  // namespace st0ck::trading
