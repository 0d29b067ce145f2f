#pragma once

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

inline core::Session session_of(int day) {
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

}  // namespace st0ck::trading
