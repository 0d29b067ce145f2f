#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/broker.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace st0ck::test {

/// A broker that does what the test tells it to, order by order; orders are counted from 0.
class ScriptedBroker final : public trading::Broker {
 public:
  struct Order {
    trading::OrderIntent intent;
    core::Timestamp sent;
    core::Quantity filled;
    core::Money notional;
    core::Money fees;
    int cancels_asked = 0;
    bool is_live = true;  ///< Whether it can still fill here, whatever our side believes.

    core::Quantity remaining() const { return intent.terms.quantity - filled; }
  };

  /// Clock and sink outlive the broker.
  ScriptedBroker(const core::Clock& clock, trading::OrderUpdateSink& sink)
      : clock_{clock}, sink_{sink} {}

  void submit(const trading::Approved<trading::OrderIntent>& intent) override {
    Order order;
    order.intent = *intent;
    order.sent = clock_.now();
    orders_.push_back(order);
    if (accepts_at_once) accept(orders_.size() - 1);
  }
  void cancel(const core::ClientOrderId& id) override {
    for (Order& order : orders_)
      if (order.intent.client_order_id == id) ++order.cancels_asked;
  }
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override {
    replaces.push_back(*replace);
  }

  const std::vector<Order>& orders() const { return orders_; }
  const Order& order(std::size_t number) const { return orders_.at(number); }
  std::size_t last() const { return orders_.size() - 1; }

  void accept(std::size_t number) { say(number, trading::OrderUpdateKind::Accepted); }
  void reject(std::size_t number, std::string_view reason) {
    end(number, trading::OrderUpdateKind::Rejected, reason);
  }
  void confirm_cancel(std::size_t number, std::string_view reason = "") {
    end(number, trading::OrderUpdateKind::Cancelled, reason);
  }
  void expire(std::size_t number) { end(number, trading::OrderUpdateKind::Expired, "DAY_END"); }
  void refuse_cancel(std::size_t number) {
    say(number, trading::OrderUpdateKind::CancelRejected, "TOO_LATE");
  }
  void time_out(std::size_t number) { say(number, trading::OrderUpdateKind::TimedOut); }

  void fill(std::size_t number, core::Price price) {
    fill(number, price, orders_.at(number).remaining());
  }
  void fill(std::size_t number, core::Price price, core::Quantity quantity, core::Money fee = {}) {
    Order& order = orders_.at(number);
    order.filled += quantity;
    order.notional += core::notional(price, quantity, core::kUnitMultiplier);
    order.fees += fee;
    if (order.remaining().is_zero()) order.is_live = false;
    trading::OrderUpdate update = update_of(order, trading::OrderUpdateKind::Fill);
    update.execution = core::ExecutionId{fmt::format("x{}", ++executions_)};
    update.quantity = quantity;
    update.price = price;
    update.fee = fee;
    sink_.on_order_update(update);
  }

  void say(std::size_t number, trading::OrderUpdateKind kind, std::string_view reason = "") {
    trading::OrderUpdate update = update_of(orders_.at(number), kind);
    update.reason = core::Code{reason};
    sink_.on_order_update(update);
  }

  bool accepts_at_once = true;
  std::vector<trading::ReplaceIntent> replaces;

 private:
  void end(std::size_t number, trading::OrderUpdateKind kind, std::string_view reason) {
    orders_.at(number).is_live = false;
    say(number, kind, reason);
  }

  trading::OrderUpdate update_of(const Order& order, trading::OrderUpdateKind kind) const {
    trading::OrderUpdate update;
    update.client_order_id = order.intent.client_order_id;
    update.kind = kind;
    update.time = clock_.now();
    update.cumulative_quantity = order.filled;
    update.cumulative_notional = order.notional;
    update.cumulative_fee = order.fees;
    return update;
  }

  const core::Clock& clock_;
  trading::OrderUpdateSink& sink_;
  std::vector<Order> orders_;
  std::uint64_t executions_ = 0;
};

}  // namespace st0ck::test
