#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/corporate_terms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
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
    int group = 0;        ///< Those with one number came as a group; 0 came alone.
    bool is_live = true;  ///< Whether it can still fill here, whatever our side believes.

    core::Quantity remaining() const { return intent.terms.quantity - filled; }
  };

  /// Clock and sink outlive the broker.
  ScriptedBroker(const core::Clock& clock, trading::OrderUpdateSink& sink)
      : clock_{clock}, sink_{sink} {}

  void submit(const trading::Approved<trading::OrderIntent>& intent) override { submit(intent, 0); }
  void submit(const trading::Approved<trading::OrderIntent>& intent, int group) {
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      if (orders_[i].intent.client_order_id != intent->client_order_id) continue;
      ++sent_again;
      sent_again_for = intent->terms.quantity;
      return say(i, trading::OrderUpdateKind::DuplicateId, "DUPLICATE_ORDER");
    }
    Order order;
    order.intent = *intent;
    order.group = group;
    order.sent = clock_.now();
    orders_.push_back(order);
    if (accepts_at_once) accept(orders_.size() - 1);
  }
  void cancel(const core::ClientOrderId& id) override {
    cancelled.push_back(id);
    for (Order& order : orders_)
      if (order.intent.client_order_id == id) ++order.cancels_asked;
  }
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override {
    replaces.push_back(*replace);
  }
  trading::BrokerAbilities abilities() const override { return able_to; }
  void submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) override {
    ++groups_taken;
    for (const auto& intent : group) submit(intent, groups_taken);
  }
  void look_up(const core::ClientOrderId& id) override { looked_up.push_back(id); }

  const std::vector<Order>& orders() const { return orders_; }
  const Order& order(std::size_t number) const { return orders_.at(number); }
  std::size_t last() const { return orders_.size() - 1; }

  void accept(std::size_t number) { say(number, trading::OrderUpdateKind::Accepted); }
  void reject(std::size_t number, std::string_view reason) {
    end(number, trading::OrderUpdateKind::Rejected, reason);
  }
  /// A look-up shows that it never arrived.
  void lose(std::size_t number) {
    end(number, trading::OrderUpdateKind::ProvenAbsent, "NOT_FOUND");
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

  /// Says yes to the replace that was asked for last.
  void confirm_replace() {
    const trading::ReplaceIntent& asked = replaces.back();
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      if (orders_[i].intent.client_order_id != asked.client_order_id) continue;
      orders_[i].intent.terms = asked.terms;
      trading::OrderUpdate update = update_of(orders_[i], trading::OrderUpdateKind::Replaced);
      update.terms = asked.terms;
      sink_.on_order_update(update);
    }
  }

  /// Says yes to the last replace of an order.
  void confirm_replace(std::size_t number) {
    Order& order = orders_.at(number);
    order.intent.terms = last_asked(order)->terms;
    trading::OrderUpdate update = update_of(order, trading::OrderUpdateKind::Replaced);
    update.terms = order.intent.terms;
    if (order.remaining().is_zero()) order.is_live = false;
    sink_.on_order_update(update);
  }

  /// Whether the last replace of an order leaves it something to fill.
  bool is_replaceable(std::size_t number) const {
    const Order& order = orders_.at(number);
    const trading::ReplaceIntent* asked = last_asked(order);
    return order.is_live && asked != nullptr && asked->terms.quantity > order.filled;
  }

  /// Adjusts a resting order to a corporate action, as the simulated broker does.
  void adjust(std::size_t number, const trading::OrderIntent& intent,
              const market::CorporateAction& action) {
    Order& order = orders_.at(number);
    constexpr core::Price kCent = core::Price::from_raw(10'000'000);
    order.intent.terms = trading::terms_after(action, intent.leg().side, intent.type,
                                              order.intent.terms, order.filled, kCent);
    trading::OrderUpdate update = update_of(order, trading::OrderUpdateKind::Replaced);
    update.terms = order.intent.terms;
    update.reason = core::Code{"SPLIT"};
    sink_.on_order_update(update);
  }

  bool accepts_at_once = true;
  trading::BrokerAbilities able_to;
  int groups_taken = 0;
  int sent_again = 0;                          ///< Submissions under an id that was there already.
  core::Quantity sent_again_for{};             ///< The last of these.
  std::vector<core::ClientOrderId> cancelled;  ///< Asked for, known here or not.
  std::vector<core::ClientOrderId> looked_up;
  std::vector<trading::ReplaceIntent> replaces;

 private:
  void end(std::size_t number, trading::OrderUpdateKind kind, std::string_view reason) {
    orders_.at(number).is_live = false;
    say(number, kind, reason);
  }

  const trading::ReplaceIntent* last_asked(const Order& order) const {
    const auto found =
        std::find_if(replaces.rbegin(), replaces.rend(), [&](const trading::ReplaceIntent& asked) {
          return asked.client_order_id == order.intent.client_order_id;
        });
    return found == replaces.rend() ? nullptr : &*found;
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
