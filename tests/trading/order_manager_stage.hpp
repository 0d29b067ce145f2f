#pragma once

#include "st0ck/trading/order_manager.hpp"
#include "support/orders.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::trading {

/// When each test begins.
inline const core::Timestamp kStart = test::utc("2019-02-11T14:30:00Z");

inline core::Timestamp at(int seconds) { return kStart + std::chrono::seconds{seconds}; }

/// What the broker says, with its running totals.
class Story {
 public:
  explicit Story(std::string_view id) : id_{id} {}

  OrderUpdate say(OrderUpdateKind kind, int seconds) {
    OrderUpdate update;
    update.client_order_id = id_;
    update.kind = kind;
    update.time = at(seconds);
    update.cumulative_quantity = quantity_;
    update.cumulative_notional = notional_;
    update.cumulative_fee = fee_;
    return update;
  }

  OrderUpdate fill(core::Quantity quantity, core::Price price, core::Money fee, int seconds,
                   core::Multiplier multiplier = core::kUnitMultiplier) {
    quantity_ += quantity;
    notional_ += core::notional(price, quantity, multiplier);
    fee_ += fee;
    OrderUpdate update = say(OrderUpdateKind::Fill, seconds);
    update.execution = core::ExecutionId{fmt::format("x{}", ++executions_)};
    update.quantity = quantity;
    update.price = price;
    update.fee = fee;
    return update;
  }
  OrderUpdate fill(std::int64_t count, std::string_view text, int seconds) {
    return fill(test::shares(count), test::price(text), test::money("0.01"), seconds);
  }

  OrderUpdate replaced(const OrderTerms& terms, int seconds) {
    OrderUpdate update = say(OrderUpdateKind::Replaced, seconds);
    update.terms = terms;
    return update;
  }

  core::Quantity quantity() const { return quantity_; }
  core::Money notional() const { return notional_; }
  core::Money fee() const { return fee_; }

 private:
  core::ClientOrderId id_;
  core::Quantity quantity_;
  core::Money notional_;
  core::Money fee_;
  int executions_ = 0;
};

inline constexpr std::string_view kId = "a-st0cka-20190211-1";
inline const core::ClientOrderId kClientId{kId};

struct OrderManagerTest : testing::Test {
  /// Sends a limit order for `count` shares at 100.00.
  const Order& send(std::int64_t count) {
    return orders.create(test::approved(test::IntentBuilder{Side::Buy, count}.limit("100.00")),
                         kStart);
  }
  static OrderTerms terms(std::int64_t count, std::string_view limit = "100.00") {
    return {test::shares(count), test::price(limit), std::nullopt};
  }

  test::ThreeInstruments instruments;
  OrderManager orders{instruments.table};
  Story broker{kId};
};

}  // namespace st0ck::trading
