#pragma once

#include "st0ck/trading/desk.hpp"
#include "support/hand_timers.hpp"
#include "support/orders.hpp"
#include "support/scripted_broker.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::trading {

/// A desk with one bot `a`, SPY at 99.99 to 100.01, and a broker that does what the test says. What
/// the broker says is handled once the call that caused it has returned, as in the kernel.
class DeskStage : private DeskObserver, private OrderUpdateSink {
 public:
  explicit DeskStage(const RiskLimits& limits = wide()) {
    desk.add_bot(bot, core::EngineName{"e"}, limits);
    desk.open_session({core::Date{std::chrono::year{2019} / 2 / 11},
                       test::utc("2019-02-11T14:30:00Z"), test::utc("2019-02-11T21:00:00Z")});
    quote("99.99", "100.01");
  }

  static RiskLimits wide() {
    RiskLimits limits;
    limits.order_notional_max = core::Money::whole(10'000'000);
    limits.duplicate_window = {};
    return limits;
  }

  void quote(std::string_view bid, std::string_view ask) {
    market::Quote quote;
    quote.instrument = instruments.spy;
    quote.time = clock.now();
    quote.bid = test::price(bid);
    quote.ask = test::price(ask);
    market.apply(quote);
    desk.on_market(instruments.spy);
    settle();
  }

  /// Lets time pass with a fresh quote at its end.
  void pass(core::Duration time) {
    timers.go(clock, clock.now() + time, [this](std::uint32_t topic) {
      desk.on_timer(topic);
      settle();
    });
  }

  /// Handles what the broker has said.
  void settle() {
    while (!said_.empty()) {
      const OrderUpdate update = said_.front();
      said_.pop_front();
      desk.apply(update);
    }
  }

  OrderRequest request(Side side, OrderType type, Purpose purpose, std::int64_t count,
                       std::string_view reason) const {
    OrderRequest request;
    request.instrument = instruments.spy;
    request.side = side;
    request.type = type;
    request.time_in_force = TimeInForce::Gtc;
    request.purpose = purpose;
    request.terms.quantity = test::shares(count);
    request.reason = core::Code{reason};
    return request;
  }

  /// A long bracket: in at the market, out at 101 or 99.
  GroupRequest bracket(std::int64_t count) const {
    GroupRequest group;
    group.kind = GroupKind::Bracket;
    group.entry = request(Side::Buy, OrderType::Market, Purpose::Entry, count, "ENTRY");
    group.target = request(Side::Sell, OrderType::Limit, Purpose::Exit, count, "TARGET");
    group.target->terms.limit = test::price("101.00");
    group.stop = request(Side::Sell, OrderType::Stop, Purpose::Exit, count, "STOP");
    group.stop->terms.stop = test::price("99.00");
    return group;
  }

  GroupIds send(const GroupRequest& group) {
    const auto sent = desk.submit_group(bot, group);
    settle();
    if (const auto* ids = std::get_if<GroupIds>(&sent)) return *ids;
    refusals.push_back(std::get<Refused>(sent).code.str());
    return {};
  }

  core::ClientOrderId send(const OrderRequest& order) {
    const auto sent = desk.submit(bot, order);
    settle();
    if (const auto* id = std::get_if<core::ClientOrderId>(&sent)) return *id;
    refusals.push_back(std::get<Refused>(sent).code.str());
    return {};
  }

  OrderState state(const core::ClientOrderId& id) const { return desk.orders().find(id)->state; }
  core::Quantity held() const { return desk.position(bot, instruments.spy); }

  /// The broker's number of an order; one past the last when it never got there.
  std::size_t number(const core::ClientOrderId& id) const {
    std::size_t i = 0;
    while (i < broker.orders().size() && broker.order(i).intent.client_order_id != id) ++i;
    return i;
  }
  bool is_at_broker(const core::ClientOrderId& id) const {
    return number(id) < broker.orders().size();
  }

  const core::BotId bot{"a"};
  test::ThreeInstruments instruments;
  market::MarketData market;
  test::HandClock clock{test::utc("2019-02-11T15:00:00Z")};
  test::HandTimers timers;
  test::ScriptedBroker broker{clock, static_cast<OrderUpdateSink&>(*this)};
  std::vector<std::string> alarms;
  std::vector<std::string> refusals;
  std::vector<LedgerEntry> entries;
  std::vector<EquityMark> marks;
  std::vector<TradeRecord> round_trips;
  Desk desk{{clock, instruments.table, market, broker, static_cast<DeskObserver&>(*this), timers,
             static_cast<OrderUpdateSink*>(this)},
            core::AccountId{"default"},
            core::Money::whole(1'000'000)};

 private:
  void on_order_update(const OrderUpdate& update) override { said_.push_back(update); }
  void on_reviewed(const OrderIntent&, const RiskReadings&, std::optional<core::Code>) override {}
  void on_cancel(const Order&, const core::Code&) override {}
  void on_replace(const Order&, const ReplaceIntent&, std::optional<core::Code>) override {}
  void on_order(const Order&) override {}
  void on_fill(const Fill&) override {}
  void on_position(const Position&) override {}
  void on_round_trip(const TradeRecord& trade) override { round_trips.push_back(trade); }
  void on_bot_day(const core::BotId&, const core::EngineName&, const core::Session&, const BotDay&,
                  core::Money) override {}
  void on_halt(const core::BotId&, bool, std::string_view, std::string_view) override {}
  void on_ledger_entry(const LedgerEntry& entry) override { entries.push_back(entry); }
  void on_equity_mark(const EquityMark& mark) override { marks.push_back(mark); }
  void on_risk_event(const core::BotId&, std::string_view code, std::string_view) override {
    alarms.emplace_back(code);
  }

  std::deque<OrderUpdate> said_;
};

}  // namespace st0ck::trading
