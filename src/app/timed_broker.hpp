#pragma once

#include "src/app/order_latencies.hpp"
#include "st0ck/trading/broker.hpp"

#include <cstdint>
#include <span>

namespace st0ck::app {

/// Stands before a broker and tells the latencies of the orders that pass; it changes nothing. Core
/// thread only.
class TimedBroker final : public trading::Broker {
 public:
  /// Where it stands: behind the kernel, or before what reaches the broker.
  enum class Place : std::uint8_t { Decided, Sent };

  /// Both outlive it.
  TimedBroker(Place place, trading::Broker& broker, OrderLatencies& latencies)
      : place_{place}, broker_{broker}, latencies_{latencies} {}

  void submit(const trading::Approved<trading::OrderIntent>& intent) override;
  void submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) override;
  void cancel(const core::ClientOrderId& order) override { broker_.cancel(order); }
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override {
    broker_.replace(replace);
  }
  void look_up(const core::ClientOrderId& order) override { broker_.look_up(order); }
  trading::BrokerAbilities abilities() const override { return broker_.abilities(); }

 private:
  void begin(const trading::OrderIntent& intent);
  void end();

  Place place_;
  trading::Broker& broker_;
  OrderLatencies& latencies_;
};

}  // namespace st0ck::app
