#include "app/exchange/exchange_fixture.hpp"

#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace st0ck::app::exchange {
namespace {

using alpaca::OrderStatus;

/// A desk under fire: random orders, replaces and cancels of two accounts on a market that walks.
class Drill : public ExchangeFixture {
 public:
  Drill() {
    venue_->listen([this](Account&, const alpaca::TradeUpdate& update) { hear(update); });
    open();
  }
  void TestBody() override {}

  void step() {
    key_ = *rc::gen::element<std::string>("test", "other");
    switch (*rc::gen::inRange(0, 6)) {
      case 0: return move_market();
      case 1: return cancel_one();
      case 2: return replace_one();
      default: return send_order();
    }
  }

  void check() {
    for (const char* key : {"test", "other"}) check_account(*venue_->find(key, key));
  }

  void end_day() {
    close();
    for (const char* key : {"test", "other"})
      for (const auto& [number, order] : venue_->find(key, key)->desk().orders())
        RC_ASSERT(!order->is_open() || order->told.time_in_force == trading::TimeInForce::Gtc);
  }

 private:
  void move_market() {
    cents_ =
        std::clamp(cents_ + *rc::gen::inRange(-60, 61), std::int64_t{9000}, std::int64_t{11000});
    const auto text = [](std::int64_t cents) {
      return core::Price::from_raw(cents * 10'000'000).to_string();
    };
    const auto size = *rc::gen::inRange<std::int64_t>(1, 300);
    quote("SPY", text(cents_ - 1), text(cents_ + 1), size);
    print("SPY", text(cents_), "", size);
  }

  std::string price_near() {
    return core::Price::from_raw((cents_ + *rc::gen::inRange(-80, 81)) * 10'000'000).to_string();
  }

  void send_order() {
    const bool buys = *rc::gen::arbitrary<bool>();
    Json body{{"symbol", "SPY"},
              {"qty", std::to_string(*rc::gen::inRange(1, 400))},
              {"side", buys ? "buy" : "sell"},
              {"type", *rc::gen::element("market", "limit", "stop", "trailing_stop")},
              {"time_in_force", *rc::gen::element("day", "gtc", "ioc")}};
    if (body["type"] == "limit") body["limit_price"] = price_near();
    if (body["type"] == "stop") body["stop_price"] = price_near();
    if (body["type"] == "trailing_stop") body["trail_percent"] = "0.5";
    if (*rc::gen::inRange(0, 3) == 0) {
      body["order_class"] = *rc::gen::element("bracket", "oco", "oto");
      const std::int64_t far = buys ? 100 : -100;
      const bool is_oco = body["order_class"] == "oco";
      const auto exit = [&](std::int64_t distance) {
        return core::Price::from_raw((cents_ + (is_oco ? -distance : distance)) * 10'000'000)
            .to_string();
      };
      if (body["order_class"] != "oto") body["take_profit"] = {{"limit_price", exit(far)}};
      body["stop_loss"] = {{"stop_price", exit(-far)}};
    }
    call("POST", "/v2/orders", body.dump());
  }

  std::optional<std::string> some_order() {
    const Reply open_ones = get("/v2/orders?limit=500");
    if (open_ones.body.empty()) return std::nullopt;
    const auto place = *rc::gen::inRange<std::size_t>(0, open_ones.body.size());
    return open_ones.body[place]["id"].get<std::string>();
  }

  void cancel_one() {
    if (const auto id = some_order()) RC_ASSERT(call("DELETE", "/v2/orders/" + *id).status == 204);
  }

  void replace_one() {
    const auto id = some_order();
    if (!id) return;
    Json body;
    if (*rc::gen::arbitrary<bool>()) body["qty"] = std::to_string(*rc::gen::inRange(1, 400));
    body[*rc::gen::element("limit_price", "stop_price")] = price_near();
    call("PATCH", "/v2/orders/" + *id, body.dump());
  }

  /// What may follow a status, by the reference's section 12; nothing follows an end.
  static bool may_follow(OrderStatus before, OrderStatus after) {
    if (alpaca::is_final(before)) return false;
    if (before == OrderStatus::PartiallyFilled)
      return after == OrderStatus::PartiallyFilled || alpaca::is_final(after);
    if (before == OrderStatus::New) return after != OrderStatus::Held;
    return true;
  }

  void hear(const alpaca::TradeUpdate& update) {
    const auto known = statuses_.find(update.order.id);
    if (known != statuses_.end()) RC_ASSERT(may_follow(known->second, update.order.status));
    statuses_[update.order.id] = update.order.status;
    RC_ASSERT(executions_.insert(*update.execution_id).second);
    const bool is_fill =
        update.event == alpaca::TradeEvent::Fill || update.event == alpaca::TradeEvent::PartialFill;
    RC_ASSERT(is_fill == update.quantity.has_value());
    if (!is_fill) return;
    // A close never turns the position round.
    if (update.order.position_intent == alpaca::PositionIntent::SellToClose)
      RC_ASSERT(!update.position_quantity->is_negative());
    if (update.order.position_intent == alpaca::PositionIntent::BuyToClose)
      RC_ASSERT(!update.position_quantity->is_positive());
  }

  void check_account(Account& account) const {
    // Cash and position follow from the fills that were told.
    core::Money cash = core::Money::whole(100'000);
    core::Quantity position;
    for (const alpaca::Activity& row : account.holdings().activities()) {
      const core::Money amount = core::notional(*row.price, *row.quantity, core::kUnitMultiplier);
      const bool buys = row.side == alpaca::ActivitySide::Buy;
      cash += buys ? -amount : amount;
      position += buys ? *row.quantity : -*row.quantity;
    }
    const core::InstrumentId spy = id_of("SPY");
    RC_ASSERT(account.holdings().cash() == cash);
    RC_ASSERT(account.holdings().position(spy) == position);
    const alpaca::Account told = account.tell();
    RC_ASSERT(told.equity == told.cash + *told.long_market_value + *told.short_market_value);
    RC_ASSERT(!told.buying_power.is_negative());
    const core::Money most =
        told.equity + told.equity - *told.long_market_value + *told.short_market_value;
    RC_ASSERT(told.buying_power <= std::max(most, core::Money{}));
    for (const auto& [number, order] : account.desk().orders()) {
      RC_ASSERT(order->told.filled_quantity <= order->target);
      RC_ASSERT((order->told.status == OrderStatus::Filled) == order->remaining().is_zero());
    }
  }

  std::int64_t cents_ = 10'000;
  std::map<std::string, OrderStatus> statuses_;
  std::set<std::string> executions_;
};

RC_GTEST_PROP(ExchangeProperty, MoneySharesAndLifeCyclesAddUp, ()) {
  Drill drill;
  const int steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) {
    drill.step();
    drill.check();
  }
  drill.end_day();
  drill.check();
}

}  // namespace
}  // namespace st0ck::app::exchange
