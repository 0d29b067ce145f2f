#include "st0ck/trading/desk.hpp"

#include "support/hand_timers.hpp"
#include "support/orders.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using test::money;
using test::price;
using test::shares;
using test::utc;
using Kind = OrderUpdateKind;
using Log = std::vector<std::string>;

/// Notes what it was asked for in a log that it shares with the observer.
class RecordingBroker : public Broker {
 public:
  explicit RecordingBroker(Log& log) : log_{log} {}

  void submit(const Approved<OrderIntent>& intent) override {
    log_.push_back(fmt::format("broker submit {}", intent->client_order_id));
    submitted.push_back(*intent);
  }
  void cancel(const core::ClientOrderId& order) override {
    log_.push_back(fmt::format("broker cancel {}", order));
    cancelled.push_back(order);
  }
  void replace(const Approved<ReplaceIntent>& replace) override {
    log_.push_back(fmt::format("broker replace {}", replace->client_order_id));
  }

  std::vector<OrderIntent> submitted;
  std::vector<core::ClientOrderId> cancelled;

 private:
  Log& log_;
};

class RecordingObserver : public DeskObserver {
 public:
  explicit RecordingObserver(Log& log) : log_{log} {}

  void on_reviewed(const OrderIntent& intent, const RiskReadings& seen,
                   std::optional<core::Code> refusal) override {
    log_.push_back(fmt::format("reviewed {} {}", intent.client_order_id,
                               refusal ? refusal->view() : "approved"));
    readings = seen;
  }
  void on_cancel(const Order& order, const core::Code& reason) override {
    log_.push_back(fmt::format("cancel {} {}", order.intent.client_order_id, reason));
  }
  void on_replace(const Order& order, const ReplaceIntent& replace,
                  std::optional<core::Code> refusal) override {
    log_.push_back(fmt::format("replace {} to {} {}", order.intent.client_order_id,
                               replace.terms.quantity.to_string(),
                               refusal ? refusal->view() : "approved"));
  }
  void on_order(const Order& order) override {
    log_.push_back(fmt::format("order {} {}", order.intent.client_order_id, name_of(order.state)));
  }
  void on_fill(const Fill& fill) override {
    log_.push_back(fmt::format("fill {} {}", fill.quantity.to_string(), fill.price.to_string()));
  }
  void on_position(const Position& position) override {
    log_.push_back(fmt::format("position {}", position.quantity.to_string()));
  }
  void on_round_trip(const TradeRecord& trade) override {
    log_.push_back(fmt::format("round trip {}", trade.realized_pnl.to_string()));
  }
  void on_bot_day(const core::BotId& bot, const core::EngineName& engine, const core::Session&,
                  const BotDay& day, core::Money cash) override {
    log_.push_back(fmt::format("day {} {} {}", bot, engine, cash.to_string()));
    days.push_back(day);
  }
  void on_halt(const core::BotId& bot, bool is_halted, std::string_view code,
               std::string_view) override {
    log_.push_back(fmt::format("halt {} {} {}", bot, is_halted, code));
  }
  void on_ledger_entry(const LedgerEntry& entry) override {
    log_.push_back(fmt::format("{} {}", name_of(entry.kind), entry.amount.to_string()));
  }
  void on_risk_event(const core::BotId& bot, std::string_view code, std::string_view) override {
    log_.push_back(fmt::format("risk event {} {}", bot, code));
  }

  RiskReadings readings;
  std::vector<BotDay> days;

 private:
  Log& log_;
};

const core::BotId kBot{"a"};
const core::BotId kOther{"b"};

core::Session session_of(int day) {
  using std::chrono::sys_days;
  const auto date = sys_days{std::chrono::year{2019} / 2 / 11} + std::chrono::days{day};
  return {core::Date{date}, date + 14h + 30min, date + 21h};
}

struct DeskTest : testing::Test {
  DeskTest() {
    limits.order_notional_max = core::Money::whole(1'000'000);
    add(kBot);
    add(kOther);
    desk.open_session(session_of(0));
    quote("99.99", "100.01");
  }

  void add(const core::BotId& bot) { desk.add_bot(bot, core::EngineName{"st0cka"}, limits); }

  /// A desk whose bot has other limits.
  void limit(const RiskLimits& changed) { desk.add_bot(strict, core::EngineName{"e"}, changed); }

  void quote(std::string_view bid, std::string_view ask) {
    market::Quote quote;
    quote.instrument = instruments.spy;
    quote.time = clock.now();
    quote.bid = price(bid);
    quote.ask = price(ask);
    ASSERT_TRUE(market.apply(quote));
  }
  void pass(core::Duration time) {
    clock.pass(time);
    quote("99.99", "100.01");
  }

  OrderRequest entry(std::int64_t count, Side side = Side::Buy) const {
    OrderRequest request;
    request.instrument = instruments.spy;
    request.side = side;
    request.terms.quantity = shares(count);
    request.reason = core::Code{"ENTRY"};
    return request;
  }
  OrderRequest limit_entry(std::int64_t count, std::string_view at) const {
    OrderRequest request = entry(count);
    request.type = OrderType::Limit;
    request.terms.limit = price(at);
    return request;
  }
  OrderRequest exit(std::int64_t count, Side side = Side::Sell) const {
    OrderRequest request = entry(count, side);
    request.purpose = Purpose::Exit;
    request.reason = core::Code{"EXIT"};
    return request;
  }

  /// A target and a stop of what is held, which must pass.
  GroupIds protect(std::int64_t count, const core::BotId& bot = kBot) {
    GroupRequest group{
        .kind = GroupKind::OneCancelsOther, .target = exit(count), .stop = exit(count)};
    group.target->type = OrderType::Limit;
    group.target->terms.limit = price("101.00");
    group.stop->type = OrderType::Stop;
    group.stop->terms.stop = price("99.00");
    const auto sent = desk.submit_group(bot, group);
    const auto* ids = std::get_if<GroupIds>(&sent);
    EXPECT_NE(ids, nullptr) << std::get<Refused>(sent).code.view();
    return ids == nullptr ? GroupIds{} : *ids;
  }

  std::string refusal(const core::BotId& bot, const OrderRequest& request) {
    const auto result = desk.submit(bot, request);
    const auto* refused = std::get_if<Refused>(&result);
    return refused == nullptr ? "" : refused->code.str();
  }
  std::string refusal(const OrderRequest& request) { return refusal(kBot, request); }

  /// Sends an order that must pass.
  core::ClientOrderId send(const core::BotId& bot, const OrderRequest& request) {
    const auto result = desk.submit(bot, request);
    const auto* id = std::get_if<core::ClientOrderId>(&result);
    EXPECT_NE(id, nullptr) << std::get<Refused>(result).code.view();
    return id == nullptr ? core::ClientOrderId{} : *id;
  }
  core::ClientOrderId send(const OrderRequest& request) { return send(kBot, request); }

  OrderManager::Applied say(const core::ClientOrderId& id, Kind kind) {
    const Order& order = *desk.orders().find(id);
    OrderUpdate update;
    update.client_order_id = id;
    update.kind = kind;
    update.time = clock.now();
    update.cumulative_quantity = order.filled;
    update.cumulative_notional = order.filled_notional;
    update.cumulative_fee = order.fees;
    return desk.apply(update);
  }
  void fill(const core::ClientOrderId& id, std::int64_t count, std::string_view at,
            std::string_view fee = "0") {
    const Order& order = *desk.orders().find(id);
    OrderUpdate update;
    update.client_order_id = id;
    update.kind = Kind::Fill;
    update.time = clock.now();
    update.quantity = shares(count);
    update.price = price(at);
    update.fee = money(fee);
    update.cumulative_quantity = order.filled + update.quantity;
    update.cumulative_notional =
        order.filled_notional + core::notional(update.price, update.quantity, core::Multiplier{1});
    update.cumulative_fee = order.fees + update.fee;
    desk.apply(update);
  }
  core::ClientOrderId hold(std::int64_t count, std::string_view at = "100.00") {
    const auto id = send(entry(count));
    fill(id, count, at);
    pass(2s);
    return id;
  }
  /// One entry and one exit of a share, won or lost by their prices.
  void trade(std::string_view bought, std::string_view sold) {
    fill(send(entry(1)), 1, bought);
    fill(send(exit(1)), 1, sold);
    pass(2s);
  }
  Log take_log() { return std::exchange(log, {}); }

  Log log;
  test::ThreeInstruments instruments;
  market::MarketData market;
  test::HandClock clock{utc("2019-02-11T15:00:00Z")};
  RecordingBroker broker{log};
  RecordingObserver observer{log};
  test::HandTimers timers;
  RiskLimits limits;
  const core::BotId strict{"strict"};
  Desk desk{{clock, instruments.table, market, broker, observer, timers},
            core::AccountId{"default"},
            core::Money::whole(100'000)};
};

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
