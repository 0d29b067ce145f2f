#include "desk_stage.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

// What the desk tells the risk manager about the account, the instrument and the day: each fact is
// brought to where one more share, cent or loss is refused.
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using test::money;
using test::price;
using test::rate;
using test::shares;
using Refusals = std::vector<std::string>;

RiskLimits with(const std::function<void(RiskLimits&)>& change) {
  RiskLimits limits = DeskStage::wide();
  change(limits);
  return limits;
}

/// A stage whose account is worth a million dollars, and what the tests do with it.
struct Account : DeskStage {
  explicit Account(const RiskLimits& limits = wide()) : DeskStage{limits} {
    quote_of(instruments.qqq, "49.99", "50.01");
  }

  void quote_of(core::InstrumentId instrument, std::string_view bid, std::string_view ask) {
    market::Quote quote;
    quote.instrument = instrument;
    quote.time = clock.now();
    quote.bid = price(bid);
    quote.ask = price(ask);
    market.apply(quote);
    desk.on_market(instrument);
    settle();
  }
  OrderRequest entry(std::int64_t count) const {
    return request(Side::Buy, OrderType::Market, Purpose::Entry, count, "ENTRY");
  }
  OrderRequest limit_entry(std::int64_t count, std::string_view at) const {
    OrderRequest order = request(Side::Buy, OrderType::Limit, Purpose::Entry, count, "ENTRY");
    order.terms.limit = price(at);
    return order;
  }
  OrderRequest exit(std::int64_t count) const {
    return request(Side::Sell, OrderType::Market, Purpose::Exit, count, "EXIT");
  }
  void fill(const core::ClientOrderId& id, std::string_view at) {
    broker.fill(number(id), price(at));
    settle();
  }
  void hold(std::int64_t count) { fill(send(entry(count)), "100.00"); }
  void trade(std::string_view bought, std::string_view sold) {
    fill(send(entry(1)), bought);
    fill(send(exit(1)), sold);
  }
  /// The code of the refusal, empty when the order went out.
  std::string refusal(const OrderRequest& order) {
    refusals.clear();
    send(order);
    return refusals.empty() ? "" : refusals.back();
  }
};

TEST(DeskFacts, TellWhetherTheFeedIsSound) {
  Account account;
  account.desk.note_feed(true);
  EXPECT_EQ(account.refusal(account.entry(1)), "FEED_DEGRADED");
  account.desk.note_feed(false);
  EXPECT_EQ(account.refusal(account.entry(1)), "");
}

TEST(DeskFacts, TellWhetherTheInstrumentTrades) {
  Account account;
  market::TradingStatus status;
  status.instrument = account.instruments.spy;
  status.time = account.clock.now();
  status.state = market::TradingState::Halted;
  ASSERT_TRUE(account.market.apply(status));
  account.send(account.entry(1));
  EXPECT_EQ(account.refusals, Refusals{"NOT_TRADING"});
}

TEST(DeskFacts, TellTheDateOfTheSession) {
  Account account;
  OrderRequest entry = account.entry(1);
  market::Instrument expired;
  expired.symbol = core::Symbol{"SPY190208C00270000"};
  expired.asset_class = market::AssetClass::Option;
  expired.expiry = core::Date{std::chrono::year{2019} / 2 / 8};
  entry.instrument = account.instruments.table.define(expired).id;
  account.quote_of(entry.instrument, "0.99", "1.01");
  EXPECT_EQ(account.refusal(entry), "INSTRUMENT_EXPIRED");

  expired.symbol = core::Symbol{"SPY190211C00270000"};
  expired.expiry = core::Date{std::chrono::year{2019} / 2 / 11};
  entry.instrument = account.instruments.table.define(expired).id;
  account.quote_of(entry.instrument, "0.99", "1.01");
  EXPECT_EQ(account.refusal(entry), "") << "it trades on its last day";
}

TEST(DeskFacts, TellThatAPositionIsBeingClosed) {
  Account account;
  account.hold(10);
  account.desk.close(account.bot, account.instruments.spy, core::Code{"CLOSE"});
  EXPECT_EQ(account.refusal(account.limit_entry(1, "99.00")), "CLOSING");
}

TEST(DeskFacts, TellWhatOneInstrumentIsWorthHeldAndWorking) {
  Account account{with([](RiskLimits& limits) {
    limits.symbol_share_max = rate("0.003");
    limits.price_collar = rate("0.5");
  })};
  account.hold(10);                                // 1000 of 3000 dollars
  account.send(account.limit_entry(10, "99.00"));  // 990
  EXPECT_EQ(account.refusal(account.limit_entry(11, "92.00")), "SYMBOL_SHARE") << "1012";
  EXPECT_EQ(account.refusal(account.limit_entry(11, "91.00")), "") << "1001";
}

TEST(DeskFacts, TellWhatAllInstrumentsAreWorth) {
  Account account{with([](RiskLimits& limits) {
    limits.capital_use_max = rate("0.003");
    limits.price_collar = rate("0.5");
  })};
  account.hold(10);
  OrderRequest other = account.limit_entry(20, "49.50");
  other.instrument = account.instruments.qqq;
  account.send(other);
  EXPECT_EQ(account.refusal(account.limit_entry(11, "92.00")), "CAPITAL_USE");
  EXPECT_EQ(account.refusal(account.limit_entry(11, "91.00")), "");
}

TEST(DeskFacts, TellWhatOpenPositionsMayLose) {
  Account account{with([](RiskLimits& limits) { limits.open_risk_max = rate("0.002"); })};
  account.hold(10);  // Without a stop all of its 1000 dollars.
  EXPECT_EQ(account.refusal(account.limit_entry(10, "100.10")), "OPEN_RISK");
  EXPECT_EQ(account.refusal(account.limit_entry(10, "100.00")), "");
}

TEST(DeskFacts, TellHowFarTheAccountHasFallenFromItsPeak) {
  Account account{with([](RiskLimits& limits) {
    limits.drawdown_max = rate("0.001");
    limits.daily_loss_max = money("1000000");
  })};
  account.hold(100);
  account.quote("109.99", "110.01");
  account.fill(account.send(account.exit(50)), "110.00");
  account.fill(account.send(account.exit(50)), "110.00");  // The peak: 1,001,000 dollars.
  account.fill(account.send(account.entry(100)), "110.00");
  account.quote("100.00", "100.00");
  EXPECT_EQ(account.refusal(account.limit_entry(1, "99.99")), "") << "1000 of 1001";
  account.quote("99.99", "99.99");
  EXPECT_EQ(account.refusal(account.limit_entry(1, "99.98")), "DRAWDOWN") << "1001 of 1001";
}

TEST(DeskFacts, TellHowManyTradesWereLostInARow) {
  Account account{with([](RiskLimits& limits) { limits.losing_trades_max = 2; })};
  account.trade("100.00", "99.99");
  account.trade("100.00", "100.01");
  account.trade("100.00", "99.99");
  EXPECT_EQ(account.refusal(account.limit_entry(1, "99.00")), "") << "a win between ends the row";
  account.desk.flatten(account.bot, core::Code{"FLATTEN"});
  account.broker.confirm_cancel(account.broker.last());
  account.settle();
  account.trade("100.00", "99.99");
  EXPECT_EQ(account.refusal(account.entry(1)), "LOSING_TRADES");
}

TEST(DeskFacts, TellWhatRestsOnTheOtherSide) {
  Account account;
  account.hold(10);
  OrderRequest sale = account.request(Side::Sell, OrderType::Limit, Purpose::Exit, 10, "TARGET");
  sale.terms.limit = price("100.01");
  account.send(sale);
  EXPECT_EQ(account.refusal(account.limit_entry(1, "100.01")), "SELF_CROSS");
  EXPECT_EQ(account.refusal(account.limit_entry(1, "100.00")), "");
}

TEST(DeskFacts, TellHowManyOrdersAreOpen) {
  Account account{with([](RiskLimits& limits) { limits.open_orders_max = 2; })};
  account.send(account.limit_entry(1, "99.00"));
  account.send(account.limit_entry(1, "98.00"));
  EXPECT_EQ(account.refusal(account.limit_entry(1, "97.00")), "OPEN_ORDERS");
}

TEST(DeskFacts, TellTheLossesOfSessionsBefore) {
  Account account{with([](RiskLimits& limits) { limits.losing_days_max = 1; })};
  account.trade("100.00", "99.99");
  EXPECT_EQ(account.refusal(account.entry(1)), "");
  account.fill(core::ClientOrderId{"a-e-20190211-3"}, "100.00");
  account.desk.close_session();
  account.desk.open_session({core::Date{std::chrono::year{2019} / 2 / 12},
                             test::utc("2019-02-12T14:30:00Z"), test::utc("2019-02-12T21:00:00Z")});
  account.clock.set(test::utc("2019-02-12T15:00:00Z"));
  account.quote("99.99", "100.01");
  EXPECT_EQ(account.refusal(account.entry(1)), "LOSING_DAYS");
}

}  // namespace
}  // namespace st0ck::trading
