#include "desk_fixture.hpp"

// What a bot's session has earned, and what losing ones lead to.
namespace st0ck::trading {
namespace {

TEST_F(DeskTest, CountsRealisedAndOpenLossesOfTheDay) {
  limits.daily_loss_max = money("10");
  limit(limits);
  fill(send(strict, entry(10)), 10, "100.00", "0.50");
  fill(send(strict, exit(5)), 5, "99.00", "0.50");
  // Realised -5, fees 1: the five left may lose four dollars less a fraction.
  market::Bar bar;
  bar.instrument = instruments.spy;
  bar.start = clock.now();
  bar.end = bar.start + 1min;
  bar.open = bar.high = bar.low = bar.close = price("99.20");
  pass(2s);
  market.apply(bar);

  EXPECT_EQ(desk.day(strict).realized_pnl, money("-5"));
  EXPECT_EQ(desk.day(strict).fees, money("1"));
  EXPECT_EQ(desk.day(strict).unrealized_pnl, money("-4"));
  EXPECT_EQ(desk.day(strict).pnl(), money("-10"));
  EXPECT_EQ(refusal(strict, entry(1)), "DAILY_LOSS");
  bar.start += 1min;
  bar.end += 1min;
  bar.open = bar.high = bar.low = bar.close = price("99.21");
  market.apply(bar);

  EXPECT_EQ(refusal(strict, entry(1)), "");
}

TEST_F(DeskTest, KnowsNoDayWithoutAMark) {
  OrderRequest request = exit(1);
  request.instrument = instruments.qqq;
  OrderRequest bought = entry(1);
  bought.instrument = instruments.qqq;
  market::Quote quote;
  quote.instrument = instruments.qqq;
  quote.time = clock.now();
  quote.bid = quote.ask = price("50.00");
  quote.derived_fresh_until = clock.now() + 1min;  // A derived quote gives no mark.
  market.apply(quote);
  fill(send(bought), 1, "50.00");

  EXPECT_EQ(desk.day(kBot).unrealized_pnl, std::nullopt);
  EXPECT_EQ(desk.day(kBot).pnl(), std::nullopt);
  EXPECT_EQ(refusal(entry(1)), "SYMBOL_SHARE") << "equity is unavailable, and so is the day";
  EXPECT_EQ(refusal(request), "");
}

TEST_F(DeskTest, CountsEachSessionFromItsOwnBeginning) {
  trade("100.00", "98.00");
  desk.close_session();
  desk.open_session(session_of(1));

  EXPECT_EQ(desk.day(kBot).realized_pnl, money("0"));
  EXPECT_EQ(desk.day(kBot).orders, 0U);
  EXPECT_EQ(desk.day(kBot).fills, 0U);
  EXPECT_EQ(desk.day(kBot).trades, 0U);
  EXPECT_EQ(desk.day(kBot).losing_days, 1U);
  ASSERT_EQ(observer.days.size(), 2U) << "one for each bot";
  EXPECT_EQ(observer.days[0].realized_pnl, money("-2"));
  EXPECT_EQ(observer.days[0].orders, 2U);
  EXPECT_EQ(observer.days[0].fills, 2U);
  EXPECT_EQ(observer.days[0].trades, 1U);
  EXPECT_EQ(observer.days[0].losing_days, 0U);
  EXPECT_EQ(observer.days[1].orders, 0U);
}

TEST_F(DeskTest, StopsABotOnItsFifthLosingSession) {
  const std::string event = "risk event a LOSING_DAYS";
  for (int day = 0; day < 5; ++day) {
    if (day > 0) {
      desk.open_session(session_of(day));
      pass(24h);
    }
    EXPECT_EQ(std::count(log.begin(), log.end(), event), 0) << day;
    trade("100.00", "99.00");
    desk.close_session();
  }
  EXPECT_EQ(std::count(log.begin(), log.end(), event), 1);
  EXPECT_EQ(log.back(), "day b st0cka 99995.00");

  for (int day = 5; day < 8; ++day) {
    desk.open_session(session_of(day));
    pass(24h);
    EXPECT_EQ(refusal(entry(1)), "LOSING_DAYS");
    EXPECT_EQ(refusal(kOther, entry(1)), "");
    desk.close_session();
  }
  EXPECT_EQ(std::count(log.begin(), log.end(), event), 1) << "said once";
}

TEST_F(DeskTest, EndsAStreakByAWinAndLeavesItByAFlatSession) {
  const auto session = [&](int day, std::string_view sold) {
    desk.open_session(session_of(day));
    pass(24h);
    if (!sold.empty()) trade("100.00", sold);
    desk.close_session();
    return desk.day(kBot).losing_days;
  };
  desk.close_session();

  EXPECT_EQ(session(1, "99.00"), 1U);
  EXPECT_EQ(session(2, "99.00"), 2U);
  EXPECT_EQ(session(3, ""), 2U);
  EXPECT_EQ(session(4, "100.00"), 2U);
  EXPECT_EQ(session(5, "100.01"), 0U);
  EXPECT_EQ(session(6, "99.99"), 1U);
}

TEST_F(DeskTest, TellsASessionAgainWhoseLastFillIsHeardOfAfterItsClose) {
  hold(1);
  const auto sold = send(exit(1));
  desk.close_session();
  ASSERT_EQ(observer.days.size(), 2U) << "one of each bot";
  const auto early = observer.days[0];
  EXPECT_EQ(early.fills, 1U);

  fill(sold, 1, "99.00");

  ASSERT_EQ(observer.days.size(), 3U);
  EXPECT_EQ(observer.days[2].fills, 2U);
  EXPECT_EQ(observer.days[2].realized_pnl, money("-1"));
  EXPECT_EQ(observer.days[2].losing_days, 0U) << "as it began";
  EXPECT_EQ(desk.day(kBot).losing_days, 1U);
  desk.open_session(session_of(1));
  pass(24h);
  trade("100.00", "99.00");
  desk.close_session();
  EXPECT_EQ(desk.day(kBot).losing_days, 2U);
}

/// What comes after midnight, a premarket split paid in cash, an order, is the next session's.
TEST_F(DeskTest, CountsWhatComesAfterTheCloseTillMidnight) {
  hold(1);
  desk.close_session();
  clock.set(utc("2019-02-11T22:00:00Z"));
  send(exit(1));
  ASSERT_EQ(observer.days.size(), 3U) << "told again";
  EXPECT_EQ(observer.days[2].orders, 2U);

  clock.set(utc("2019-02-12T09:00:00Z"));  // 04:00 in New York.
  desk.cancel(kBot, core::ClientOrderId{"a-st0cka-20190211-2"}, core::Code{"TEST"});
  say(core::ClientOrderId{"a-st0cka-20190211-2"}, Kind::Cancelled);
  fill(send(exit(1)), 1, "99.00");

  EXPECT_EQ(observer.days.size(), 3U);
  desk.open_session(session_of(1));
  EXPECT_EQ(desk.day(kBot).orders, 1U);
  EXPECT_EQ(desk.day(kBot).fills, 1U);
  EXPECT_EQ(desk.day(kBot).realized_pnl, money("-1"));
}

TEST_F(DeskTest, CountsALossByFeesAlone) {
  fill(send(entry(1)), 1, "100.00", "0.01");
  fill(send(exit(1)), 1, "100.00", "0.01");
  desk.close_session();

  EXPECT_EQ(desk.day(kBot).losing_days, 1U);
}

// A share bought at 100 and marked at 98 lost on the first day; sold at 99 it won on the second.
TEST_F(DeskTest, CountsALossThatIsCarriedOverOnlyOnce) {
  hold(1);
  quote("97.99", "98.01");
  desk.close_session();
  EXPECT_EQ(desk.day(kBot).losing_days, 1U);

  desk.open_session(session_of(1));
  EXPECT_EQ(desk.day(kBot).pnl(), money("0"));
  fill(send(exit(1)), 1, "99.00");
  EXPECT_EQ(desk.day(kBot).pnl(), money("1"));
  desk.close_session();

  EXPECT_EQ(desk.day(kBot).losing_days, 0U);
}

}  // namespace
}  // namespace st0ck::trading
