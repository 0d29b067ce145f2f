#pragma once

#include "src/trading/order_pacer.hpp"
#include "support/hand_timers.hpp"
#include "support/orders.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::trading {

/// A pacer between hands: a broker that notes what reaches it and when, answers that are kept, and
/// orders in whatever state the test gives them.
class PacerStage : private DeskPort, private Broker, private OrderUpdateSink {
 public:
  struct Call {
    core::Timestamp time;
    std::string what;  ///< For example `submit x1`.
    friend bool operator==(const Call&, const Call&) = default;
  };

  explicit PacerStage(const PaceLimits& limits) { pacer.limit(limits); }

  /// A new order on its way to the broker.
  core::ClientOrderId submit(Purpose purpose, std::string_view bot = "a") {
    const core::ClientOrderId id = make(purpose, bot);
    pacer.submit(test::approved(orders_.at(id).intent));
    return id;
  }
  /// Orders of one group; the name of each.
  std::vector<core::ClientOrderId> submit_group(const std::vector<Purpose>& purposes) {
    std::vector<core::ClientOrderId> ids;
    std::vector<Approved<OrderIntent>> group;
    for (const Purpose purpose : purposes) {
      ids.push_back(make(purpose, "a"));
      group.push_back(test::approved(orders_.at(ids.back()).intent));
    }
    pacer.submit_group(group);
    return ids;
  }
  void call_off(const core::ClientOrderId& id) { pacer.cancel(id); }
  void replace(const core::ClientOrderId& id) {
    const OrderIntent& intent = orders_.at(id).intent;
    pacer.replace(test::approved_replace(intent, {id, intent.terms, core::Code{"TEST"}}));
  }
  void send_again(const core::ClientOrderId& id) {
    orders_.at(id).state = OrderState::Unknown;
    pacer.submit(test::approved(orders_.at(id).intent));
  }
  void pass(core::Duration time) {
    timers_.go(clock, clock.now() + time, [this](std::uint32_t) { pacer.on_timer(); });
  }

  /// What reached the broker since the last look.
  std::vector<std::string> take_calls() {
    std::vector<std::string> names;
    for (; looked_at_ < calls.size(); ++looked_at_) names.push_back(calls[looked_at_].what);
    return names;
  }
  Purpose purpose_of(const core::ClientOrderId& id) const { return orders_.at(id).intent.purpose; }

  test::HandClock clock{test::utc("2019-02-11T15:00:00Z")};
  std::vector<Call> calls;
  std::vector<OrderUpdate> answers;
  OrderPacer pacer{static_cast<Broker&>(*this), static_cast<DeskPort&>(*this),
                   static_cast<OrderUpdateSink*>(this)};

 private:
  core::ClientOrderId make(Purpose purpose, std::string_view bot) {
    Order order;
    order.intent = *test::IntentBuilder{Side::Buy, 1}.id(fmt::format("x{}", orders_.size() + 1));
    order.intent.purpose = purpose;
    if (purpose == Purpose::Exit) order.intent.legs.front().side = Side::Sell;
    order.intent.bot = core::BotId{bot};
    const core::ClientOrderId id = order.intent.client_order_id;
    orders_.emplace(id, order);
    return id;
  }
  void note(std::string_view what, const core::ClientOrderId& id) {
    calls.push_back({clock.now(), fmt::format("{} {}", what, id)});
  }

  void submit(const Approved<OrderIntent>& intent) override {
    note("submit", intent->client_order_id);
  }
  void submit_group(std::span<const Approved<OrderIntent>> group) override {
    note(fmt::format("group of {}", group.size()), group.front()->client_order_id);
  }
  void cancel(const core::ClientOrderId& order) override { note("cancel", order); }
  void replace(const Approved<ReplaceIntent>& replace) override {
    note("replace", replace->client_order_id);
  }
  void look_up(const core::ClientOrderId& order) override { note("look up", order); }
  void on_order_update(const OrderUpdate& update) override { answers.push_back(update); }

  core::Timestamp now() const override { return clock.now(); }
  const Order* find_order(const core::ClientOrderId& id) const override {
    const auto found = orders_.find(id);
    return found == orders_.end() ? nullptr : &found->second;
  }
  core::TimerId wake_at(core::Timestamp time, Wake, std::uint32_t key) override {
    return timers_.set_timer(time, key);
  }
  void cancel_wake(core::TimerId timer) override { timers_.cancel_timer(timer); }

  // The pacer asks for none of these.
  core::Quantity position_of(const core::BotId&, core::InstrumentId) const override { return {}; }
  core::Quantity closable(core::InstrumentId, Side, core::Quantity quantity,
                          const core::ClientOrderId&) const override {
    return quantity;
  }
  std::vector<const Order*> open_orders_of(const core::BotId&, core::InstrumentId) const override {
    return {};
  }
  BrokerAbilities broker_abilities() const override { return {}; }
  bool broker_may_hold(const std::vector<OrderRequest>&) const override { return false; }
  bool is_trading(core::InstrumentId) const override { return true; }
  bool is_closing(const core::BotId&, core::InstrumentId) const override { return false; }
  std::variant<core::ClientOrderId, Refused> send_exit(const core::BotId&, const OrderRequest&,
                                                       const GroupLink&,
                                                       const core::ClientOrderId&) override {
    return Refused{};
  }
  bool send_group(const core::BotId&, const std::vector<OrderRequest>&,
                  const std::vector<GroupLink>&, const std::vector<core::ClientOrderId>&) override {
    return false;
  }
  bool send_armed(const core::ClientOrderId&, core::Quantity) override { return false; }
  bool is_wanted(const Order&) const override { return true; }
  std::vector<const Order*> sent_with(const Order& order) const override { return {&order}; }
  bool send_again(const Order&) override { return false; }
  void give_up(const core::ClientOrderId&, const core::Code&) override {}
  bool cancel_order(const core::ClientOrderId&, const core::Code&) override { return false; }
  bool resize_order(const core::ClientOrderId&, core::Quantity, const core::Code&) override {
    return false;
  }
  void alarm(const core::BotId&, std::string_view, std::string_view) override {}

  std::map<core::ClientOrderId, Order> orders_;
  test::HandTimers timers_;
  std::size_t looked_at_ = 0;
};

}  // namespace st0ck::trading
