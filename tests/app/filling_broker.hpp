#pragma once

#include "app/live_stage.hpp"
#include "st0ck/trading/remote_broker.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::app {

/// A world whose broker fills every order at once, at 100, and tells what is held.
struct FillingWorld : LiveSteps {
  std::vector<std::string> sent;  ///< Ids of orders, and ...
  std::vector<trading::Side> sides;
  std::int64_t held = 0;
  std::string account;
  std::vector<core::Timestamp> readings;  ///< When the account was read.

  void fill(const trading::OrderIntent& intent) {
    const bool is_buy = intent.leg().side == trading::Side::Buy;
    sent.push_back(intent.client_order_id.str());
    sides.push_back(intent.leg().side);
    held += is_buy ? 1 : -1;
    trading::OrderUpdate update;
    update.client_order_id = intent.client_order_id;
    update.kind = trading::OrderUpdateKind::Fill;
    update.time = now;
    update.execution = core::ExecutionId{"e-" + intent.client_order_id.str()};
    update.quantity = update.cumulative_quantity = intent.terms.quantity;
    update.price = test::price("100");
    update.cumulative_notional = core::notional(update.price, update.quantity, {});
    updates->on_order_update(update);
  }
};

class FillingBroker final : public trading::RemoteBroker {
 public:
  explicit FillingBroker(FillingWorld& world) : world_{world} {}

  void connect(Connected done) override { read_account(std::move(done)); }
  void connect_blind() override {}
  void note_earlier(const core::ClientOrderId& /*id*/) override {}
  void read_account(Connected done) override {
    world_.post([this, done = std::move(done)] {
      trading::AccountReport report;
      report.account = world_.account;
      report.asked = report.answered = report.broker_time = world_.now;
      if (world_.held != 0)
        report.positions.push_back(
            {core::Symbol{"SPY"}, core::Quantity::whole(world_.held), std::nullopt});
      done(report);
      world_.readings.push_back(world_.now);
    });
  }
  void disconnect() override {}
  void submit(const trading::Approved<trading::OrderIntent>& intent) override {
    world_.fill(*intent);
  }
  void cancel(const core::ClientOrderId&) override {}
  void replace(const trading::Approved<trading::ReplaceIntent>&) override {}

 private:
  FillingWorld& world_;
};

}  // namespace st0ck::app
