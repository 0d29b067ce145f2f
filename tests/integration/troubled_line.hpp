#pragma once

#include "integration/crash_victim.hpp"
#include "integration/guard_book.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/order_update.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

namespace st0ck::test {

/// Passes orders on to the exchange and remembers whose they are.
class WatchedBroker final : public trading::Broker {
 public:
  explicit WatchedBroker(trading::Broker& exchange) : exchange_{exchange} {}

  void submit(const trading::Approved<trading::OrderIntent>& intent) override {
    note(*intent);
    exchange_.submit(intent);
  }
  void submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) override {
    for (const auto& intent : group) note(*intent);
    exchange_.submit_group(group);
  }
  void cancel(const core::ClientOrderId& order) override { exchange_.cancel(order); }
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override {
    exchange_.replace(replace);
  }
  void look_up(const core::ClientOrderId& order) override { exchange_.look_up(order); }
  trading::BrokerAbilities abilities() const override { return exchange_.abilities(); }

  std::map<core::ClientOrderId, trading::OrderIntent> orders;
  std::vector<core::ClientOrderId> sent;  ///< In their order.
  std::map<core::BotId, std::uint64_t> entries;
  std::function<void(const trading::OrderIntent&)> on_sent;

 private:
  void note(const trading::OrderIntent& intent) {
    if (!orders.emplace(intent.client_order_id, intent).second) return;
    sent.push_back(intent.client_order_id);
    if (intent.purpose == trading::Purpose::Entry) ++entries[intent.bot];
    on_sent(intent);
  }

  trading::Broker& exchange_;
};

/// What the exchange says on its way to us: answers get lost, and things are said twice. It keeps
/// the exchange's own account of every execution.
class TroubledLine final : public trading::OrderUpdateSink {
 public:
  TroubledLine(std::uint64_t seed, trading::OrderUpdateSink& next) : chance_{seed}, next_{next} {}

  const WatchedBroker* broker = nullptr;

  void on_order_update(const trading::OrderUpdate& update) override {
    if (update.kind == trading::OrderUpdateKind::Fill) book(update);
    if (update.kind == trading::OrderUpdateKind::Accepted && chance_.below(40) == 0) {
      trading::OrderUpdate lost;
      lost.client_order_id = update.client_order_id;
      lost.kind = trading::OrderUpdateKind::TimedOut;
      lost.time = update.time;
      return next_.on_order_update(lost);
    }
    next_.on_order_update(update);
    if (chance_.below(20) == 0) next_.on_order_update(update);
  }

  std::map<Holder, core::Quantity> positions;
  GuardBook guards;
  core::Money cash_flow;

 private:
  void book(const trading::OrderUpdate& update) {
    const trading::OrderIntent& intent = broker->orders.at(update.client_order_id);
    const auto signed_quantity = trading::signed_quantity(intent.leg().side, update.quantity);
    core::Quantity& position = positions[{intent.bot, intent.leg().instrument}];
    position += signed_quantity;
    guards.on_fill(intent, update.quantity, position);
    cash_flow -= core::notional(update.price, signed_quantity, core::kUnitMultiplier);
    cash_flow -= update.fee;
  }

  Chance chance_;
  trading::OrderUpdateSink& next_;
};

}  // namespace st0ck::test
