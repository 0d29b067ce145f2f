#include "desk_fixture.hpp"

namespace st0ck::trading {
namespace {

TEST_F(DeskTest, TellsTheObserverBeforeTheBroker) {
  const auto id = send(entry(10));

  EXPECT_EQ(id.view(), "a-st0cka-20190211-1");
  EXPECT_EQ(take_log(),
            (Log{"reviewed a-st0cka-20190211-1 approved", "order a-st0cka-20190211-1 submitted",
                 "broker submit a-st0cka-20190211-1"}));
  const OrderIntent& intent = broker.submitted.at(0);
  EXPECT_EQ(intent.account.view(), "default");
  EXPECT_EQ(intent.bot, kBot);
  EXPECT_EQ(intent.engine.view(), "st0cka");
  EXPECT_EQ(intent.reason.view(), "ENTRY");
}

TEST_F(DeskTest, TellsWhatAFillDoesFromTheOrderToTheRoundTrip) {
  const auto entry_id = send(entry(10));
  const auto first = take_log();
  fill(entry_id, 4, "100.00");
  fill(entry_id, 6, "100.00");
  EXPECT_EQ(take_log(), (Log{"order a-st0cka-20190211-1 working", "fill 4 100.00", "position 4",
                             "order a-st0cka-20190211-1 filled", "fill 6 100.00", "position 10"}));

  const auto exit_id = send(exit(10));
  take_log();
  fill(exit_id, 10, "101.00");

  EXPECT_EQ(take_log(), (Log{"order a-st0cka-20190211-2 filled", "fill 10 101.00", "position 0",
                             "round trip 10.00"}));
  EXPECT_EQ(desk.cash(), core::Money::whole(100'010));
}

TEST_F(DeskTest, TellsNothingOfUpdatesThatSayNothingNewOrAreNotOurs) {
  const auto id = send(entry(10));
  say(id, Kind::Accepted);
  take_log();

  say(id, Kind::Accepted);
  OrderUpdate foreign;
  foreign.client_order_id = core::ClientOrderId{"manual"};
  foreign.kind = Kind::Fill;
  foreign.cumulative_quantity = shares(5);
  const auto applied = desk.apply(foreign);

  EXPECT_EQ(applied.order, nullptr);
  EXPECT_EQ(log, (Log{"risk event  FOREIGN_FILL"})) << "said, and not booked";
  EXPECT_TRUE(desk.position(kBot, instruments.spy).is_zero());
}

TEST_F(DeskTest, SendsNothingThatWasRefused) {
  EXPECT_EQ(refusal(entry(0)), "ORDER_SHAPE");

  EXPECT_EQ(take_log(), (Log{"reviewed a-st0cka-20190211-1 ORDER_SHAPE"}));
  EXPECT_EQ(desk.orders().size(), 0U);
  EXPECT_EQ(send(entry(10)).view(), "a-st0cka-20190211-1") << "a refusal uses up no number";
}

TEST_F(DeskTest, NumbersOrdersPerBotAndDay) {
  EXPECT_EQ(send(kBot, entry(1)).view(), "a-st0cka-20190211-1");
  EXPECT_EQ(send(kOther, entry(2)).view(), "b-st0cka-20190211-1");
  pass(2s);
  EXPECT_EQ(send(kBot, entry(1)).view(), "a-st0cka-20190211-2");

  desk.close_session();
  desk.open_session(session_of(1));
  pass(24h);

  EXPECT_EQ(send(kBot, entry(1)).view(), "a-st0cka-20190212-1");
}

TEST_F(DeskTest, NeverRepeatsAnIdWithinADate) {
  hold(3);
  desk.close_session();
  clock.set(utc("2019-02-12T13:00:00Z"));  // 08:00 in New York, before the session is opened.
  EXPECT_EQ(send(exit(1)).view(), "a-st0cka-20190212-1");

  desk.open_session(session_of(1));
  EXPECT_EQ(send(exit(1)).view(), "a-st0cka-20190212-2");
  desk.close_session();
  desk.open_session(session_of(1));

  EXPECT_EQ(send(exit(1)).view(), "a-st0cka-20190212-3");
}

TEST_F(DeskTest, DatesIdsByNewYork) {
  hold(1);
  desk.close_session();
  clock.set(utc("2019-02-12T03:00:00Z"));  // 22:00 in New York, on the 11th.

  EXPECT_EQ(send(exit(1)).view(), "a-st0cka-20190211-2");
}

TEST_F(DeskTest, TradesOnlyInRegularHours) {
  const auto at = [&](std::string_view time) {
    clock.set(utc(time));
    quote("99.99", "100.01");
    return refusal(entry(1));
  };

  EXPECT_EQ(at("2019-02-11T20:59:59.999Z"), "");
  EXPECT_EQ(at("2019-02-11T21:00:00Z"), "SESSION_CLOSED");
  desk.close_session();
  desk.open_session(session_of(1));
  EXPECT_EQ(at("2019-02-12T14:29:59.999Z"), "SESSION_CLOSED");
  EXPECT_EQ(at("2019-02-12T14:30:00Z"), "");
  desk.close_session();
  EXPECT_EQ(at("2019-02-12T15:00:00Z"), "SESSION_CLOSED");
}

TEST_F(DeskTest, TakesAnEntryIntoTheOpeningAuctionBeforeIt) {
  const auto at = [&](std::string_view time) {
    clock.set(utc(time));
    quote("99.99", "100.01");
    auto on_open = entry(1);
    on_open.time_in_force = TimeInForce::Opg;
    return refusal(on_open);
  };
  desk.close_session();
  EXPECT_EQ(at("2019-02-12T14:00:00Z"), "SESSION_CLOSED") << "no session has been announced";
  desk.open_session(session_of(1));

  EXPECT_EQ(at("2019-02-12T14:20:00Z"), "");
}

TEST_F(DeskTest, TradesBetweenSessionsWhereThatIsAllowed) {
  limits.regular_hours_only = false;
  limit(limits);
  desk.close_session();
  clock.set(utc("2019-02-12T00:30:00Z"));  // 19:30 in New York.
  quote("99.99", "100.01");

  EXPECT_EQ(send(strict, entry(1)).view(), "strict-e-20190211-1");
  EXPECT_EQ(refusal(kBot, entry(1)), "SESSION_CLOSED");
}

TEST_F(DeskTest, RefusesEntriesOnAStaleQuote) {
  clock.pass(2s);
  EXPECT_EQ(refusal(entry(1)), "");

  clock.pass(1ns);

  EXPECT_EQ(refusal(entry(2)), "STALE_QUOTE");
  EXPECT_EQ(refusal(limit_entry(2, "100.00")), "STALE_QUOTE");
}

TEST_F(DeskTest, RefusesTheSameEntryWithinTheWindow) {
  send(entry(1));
  EXPECT_EQ(refusal(entry(1)), "DUPLICATE");
  EXPECT_EQ(refusal(entry(2)), "") << "another quantity is another order";
  EXPECT_EQ(refusal(limit_entry(1, "100.00")), "") << "so is another type";
  EXPECT_EQ(refusal(limit_entry(1, "99.99")), "") << "and another price";
  EXPECT_EQ(refusal(kOther, entry(1)), "") << "and another bot";

  pass(1s - 1ns);
  EXPECT_EQ(refusal(entry(1)), "DUPLICATE");
  pass(1ns);

  EXPECT_EQ(refusal(entry(1)), "");
}

TEST_F(DeskTest, SendsTheSameExitTwice) {
  hold(2);

  EXPECT_EQ(refusal(exit(1)), "");
  EXPECT_EQ(refusal(exit(1)), "");
  EXPECT_EQ(refusal(exit(1)), "EXIT_SIZE");
}

TEST_F(DeskTest, CountsOrdersAndReplacesOfTheLastMinute) {
  limits.orders_per_minute_max = 3;
  limits.duplicate_window = 0s;
  limit(limits);
  const auto first = send(strict, limit_entry(1, "99.00"));
  say(first, Kind::Accepted);
  pass(10s);
  const ReplaceIntent replace{first, {shares(1), price("99.01"), std::nullopt}, core::Code{"X"}};
  EXPECT_EQ(desk.replace(strict, replace), std::nullopt);
  OrderUpdate answer;
  answer.client_order_id = first;
  answer.kind = Kind::Replaced;
  answer.time = clock.now();
  answer.terms = replace.terms;
  desk.apply(answer);
  EXPECT_EQ(refusal(strict, entry(1)), "");
  EXPECT_EQ(refusal(strict, entry(1)), "ORDER_RATE");
  EXPECT_EQ(desk.replace(strict, replace).value().view(), "ORDER_RATE");

  pass(50s - 1ns);
  EXPECT_EQ(refusal(strict, entry(1)), "ORDER_RATE");
  pass(1ns);

  EXPECT_EQ(desk.replace(strict, replace), std::nullopt) << "the first is a minute old";
}

TEST_F(DeskTest, CountsOnlyEntriesThatTradedOrStillMay) {
  limits.trades_per_day_max = 1;
  limits.duplicate_window = 0s;
  limit(limits);

  const auto rejected = send(strict, entry(1));
  EXPECT_EQ(refusal(strict, entry(1)), "TRADES_PER_DAY") << "the first may still fill";
  say(rejected, Kind::Rejected);
  const auto cancelled = send(strict, entry(2));
  say(cancelled, Kind::Cancelled);
  const auto bought = send(strict, entry(2));
  fill(bought, 1, "100.00");
  say(bought, Kind::Cancelled);
  EXPECT_EQ(refusal(strict, entry(1)), "TRADES_PER_DAY") << "a part has traded";
  fill(send(strict, exit(1)), 1, "100.00");

  desk.close_session();
  desk.open_session(session_of(1));
  pass(24h);

  EXPECT_EQ(refusal(strict, entry(1)), "");
}

TEST_F(DeskTest, CountsAnEntryAgainThatFillsAfterItsEnd) {
  limits.trades_per_day_max = 1;
  limits.duplicate_window = 0s;
  limit(limits);
  const auto first = send(strict, entry(2));
  say(first, Kind::Cancelled);
  const auto second = send(strict, entry(2));
  say(second, Kind::Cancelled);
  ASSERT_EQ(refusal(strict, entry(1000)), "BUYING_POWER") << "neither of them counts";

  fill(first, 1, "100.00");

  EXPECT_EQ(refusal(strict, entry(1)), "TRADES_PER_DAY");
}

TEST_F(DeskTest, BlocksEntriesButNotExitsOfAHaltedBot) {
  hold(10);

  desk.halt(kBot, "BY_HAND", "somebody said so");

  EXPECT_EQ(log.back(), "risk event a BY_HAND");
  EXPECT_TRUE(desk.day(kBot).halted);
  EXPECT_EQ(refusal(entry(1)), "HALTED");
  EXPECT_EQ(refusal(kOther, entry(1)), "");
  EXPECT_EQ(refusal(exit(10)), "");
  desk.close_session();
  desk.open_session(session_of(1));
  EXPECT_TRUE(desk.day(kBot).halted) << "a new day does not end a halt";
}

TEST_F(DeskTest, TellsAHaltAndItsEndOnce) {
  desk.halt(kBot, "OPERATOR", "enough");
  EXPECT_EQ(take_log(), (Log{"halt a true OPERATOR", "risk event a OPERATOR"}));
  desk.halt(kBot, "OPERATOR", "really");
  EXPECT_EQ(take_log(), (Log{"risk event a OPERATOR"})) << "it is halted already";

  desk.resume(kBot, "on we go");

  EXPECT_EQ(take_log(), (Log{"halt a false OPERATOR", "risk event a RESUMED"}));
  EXPECT_FALSE(desk.resume(kBot, "again"));
  EXPECT_EQ(take_log(), Log{});
}

TEST_F(DeskTest, StopsAllBotsWhereAnOrderIsUnknown) {
  const auto id = send(kOther, entry(1));
  say(id, Kind::TimedOut);

  EXPECT_EQ(refusal(kBot, entry(2)), "UNKNOWN_ORDER");
  EXPECT_EQ(refusal(kOther, entry(2)), "UNKNOWN_ORDER");
  OrderRequest elsewhere = entry(1);
  elsewhere.instrument = instruments.qqq;
  EXPECT_EQ(refusal(elsewhere), "STALE_QUOTE") << "another instrument has only no quote";
  say(id, Kind::Accepted);

  EXPECT_EQ(refusal(kBot, entry(2)), "");
}

TEST_F(DeskTest, ReservesCashForWorkingEntriesOfAllBots) {
  send(kOther, limit_entry(600, "100.00"));
  EXPECT_EQ(refusal(limit_entry(401, "100.00")), "BUYING_POWER");
  EXPECT_EQ(refusal(entry(400)), "BUYING_POWER") << "at the market it costs the ask, 100.01";
  EXPECT_EQ(refusal(limit_entry(400, "100.00")), "");
  EXPECT_EQ(refusal(limit_entry(1, "95.00")), "BUYING_POWER");
}

TEST_F(DeskTest, FreesReservedCashWithTheOrder) {
  const auto id = send(limit_entry(1000, "100.00"));
  EXPECT_EQ(refusal(kOther, limit_entry(500, "100.00")), "BUYING_POWER");

  fill(id, 500, "100.00");
  say(id, Kind::Cancelled);

  EXPECT_EQ(refusal(kOther, limit_entry(501, "100.00")), "BUYING_POWER");
  EXPECT_EQ(refusal(kOther, limit_entry(500, "100.00")), "");
}

TEST_F(DeskTest, CancelsOnce) {
  const auto id = send(limit_entry(10, "99.00"));
  say(id, Kind::Accepted);
  take_log();

  EXPECT_TRUE(desk.cancel(kBot, id, core::Code{"LATE"}));
  EXPECT_EQ(take_log(),
            (Log{"cancel a-st0cka-20190211-1 LATE", "order a-st0cka-20190211-1 pending_cancel",
                 "broker cancel a-st0cka-20190211-1"}));
  EXPECT_FALSE(desk.cancel(kBot, id, core::Code{"LATE"}));
  say(id, Kind::Cancelled);
  EXPECT_FALSE(desk.cancel(kBot, id, core::Code{"LATE"}));
  EXPECT_EQ(broker.cancelled.size(), 1U);
}

TEST_F(DeskTest, CancelsAndReplacesOnlyABotsOwnOrders) {
  const auto id = send(kOther, limit_entry(10, "99.00"));
  say(id, Kind::Accepted);
  take_log();
  const ReplaceIntent replace{id, {shares(5), price("99.00"), std::nullopt}, core::Code{"X"}};

  EXPECT_FALSE(desk.cancel(kBot, id, core::Code{"X"}));
  EXPECT_FALSE(desk.cancel(kBot, core::ClientOrderId{"none"}, core::Code{"X"}));
  EXPECT_EQ(desk.replace(kBot, replace).value().view(), "NOT_FOUND");

  EXPECT_TRUE(log.empty());
}

TEST_F(DeskTest, CountsOrdersThatCancelEachOtherOnce) {
  hold(10);
  protect(4);
  protect(5);

  EXPECT_EQ(refusal(exit(2)), "EXIT_SIZE") << "four for one group, five for the other";
  EXPECT_EQ(refusal(exit(1)), "");
}

TEST_F(DeskTest, CountsAnExitUntilItsCancelIsConfirmed) {
  hold(10);
  const auto id = send(exit(10));
  desk.cancel(kBot, id, core::Code{"STOP_LOSS"});
  EXPECT_EQ(refusal(exit(10)), "EXIT_SIZE");

  say(id, Kind::Cancelled);

  EXPECT_EQ(refusal(exit(10)), "");
}

TEST_F(DeskTest, ReplacesWithTheFilledPartTakenOff) {
  hold(10);
  OrderRequest request = exit(10);
  request.type = OrderType::Limit;
  request.terms.limit = price("101.00");
  const auto id = send(request);
  say(id, Kind::Accepted);
  fill(id, 4, "101.00");
  take_log();
  const auto replace = [&](std::int64_t count) {
    const auto code = desk.replace(
        kBot, {id, {shares(count), price("100.50"), std::nullopt}, core::Code{"TRAIL"}});
    return code ? code->str() : "";
  };

  EXPECT_EQ(replace(11), "EXIT_SIZE") << "six are held, seven would be for sale";
  EXPECT_EQ(replace(4), "ORDER_SHAPE") << "nothing would be left";
  EXPECT_EQ(replace(3), "ORDER_SHAPE");
  EXPECT_EQ(take_log(), (Log{"replace a-st0cka-20190211-2 to 11 EXIT_SIZE",
                             "replace a-st0cka-20190211-2 to 4 ORDER_SHAPE",
                             "replace a-st0cka-20190211-2 to 3 ORDER_SHAPE"}));
  EXPECT_EQ(replace(10), "");
  EXPECT_EQ(replace(10), "NOT_WORKING") << "one at a time";

  EXPECT_EQ(take_log(), (Log{"replace a-st0cka-20190211-2 to 10 approved",
                             "order a-st0cka-20190211-2 pending_replace",
                             "broker replace a-st0cka-20190211-2"}));
}

TEST_F(DeskTest, RefusesAnAbsurdReplaceWithoutOverflow) {
  const auto id = send(limit_entry(10, "100.00"));
  fill(id, 4, "100.00");
  const auto replace = [&](std::int64_t raw) {
    return desk
        .replace(kBot,
                 {id, {core::Quantity::from_raw(raw), price("100.00"), std::nullopt}, core::Code{}})
        .value()
        .str();
  };

  EXPECT_EQ(replace(std::numeric_limits<std::int64_t>::min()), "ORDER_SHAPE");
  EXPECT_EQ(replace(std::numeric_limits<std::int64_t>::max()), "ORDER_QUANTITY");
}

TEST_F(DeskTest, CountsAReplaceThatIsUnderWayAsExposure) {
  const auto id = send(limit_entry(100, "100.00"));
  say(id, Kind::Accepted);
  EXPECT_EQ(
      desk.replace(kBot, {id, {shares(900), price("100.00"), std::nullopt}, core::Code{"MORE"}}),
      std::nullopt);

  EXPECT_EQ(refusal(limit_entry(101, "100.00")), "POSITION_QUANTITY");
  EXPECT_EQ(refusal(kOther, limit_entry(101, "100.00")), "BUYING_POWER");
  say(id, Kind::ReplaceRejected);

  EXPECT_EQ(refusal(kOther, limit_entry(101, "100.00")), "");
  EXPECT_EQ(refusal(limit_entry(101, "100.00")), "");
}

TEST_F(DeskTest, BooksAFillThatComesAfterTheCancel) {
  const auto id = send(limit_entry(10, "100.00"));
  desk.cancel(kBot, id, core::Code{"LATE"});
  say(id, Kind::Cancelled);

  fill(id, 10, "99.99");

  EXPECT_EQ(desk.position(kBot, instruments.spy), shares(10));
  EXPECT_EQ(desk.orders().find(id)->state, OrderState::Filled);
  EXPECT_EQ(desk.find_position(kBot, instruments.spy)->cost, money("999.90"));
}

TEST_F(DeskTest, KnowsOnlyBotsThatWereAdded) {
  EXPECT_DEATH(desk.submit(core::BotId{"c"}, entry(1)), "a bot is added before it trades");
  EXPECT_DEATH(add(kBot), "a bot is added once");
}

}  // namespace
}  // namespace st0ck::trading
