#pragma once

#include "src/app/latency_samples.hpp"
#include "src/app/slow_operations.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/market/ttl_cache.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/order_update.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace st0ck::app {

/// Times orders at the daemon's edge (spec st0ck 15), by a clock that nobody sets.
///
/// It hears of an order when the kernel hands it over (`on_decided`) and when it goes to the broker
/// (`on_sending`), both from a TimedBroker, and passes the broker's answers on to the kernel. It
/// changes nothing of either. Of a group sent as one the first order is timed. Nothing is timed
/// before `begin`: a journal is being executed again.
///
/// An order's first answer is its acknowledgement, a rejection too; what the adapter or a gate
/// turns down by itself was never sent. No memory is taken once it is made. Core thread only.
class OrderLatencies final : public trading::OrderUpdateSink {
 public:
  /// All outlive it.
  struct Parts {
    const net::Scheduler& scheduler;
    trading::OrderUpdateSink& updates;
    SlowOperations& slow;
  };

  /// Of the median and the 95th percentile (spec st0ck 15).
  static constexpr core::Duration kTarget = std::chrono::milliseconds{500};

  explicit OrderLatencies(const Parts& parts) : parts_{parts} {}

  void begin() { has_begun_ = true; }

  void on_decided(const trading::OrderIntent& intent);
  void on_sending(const core::ClientOrderId& order);
  /// The call that sends has returned: what the broker says from now on is not from within it.
  void on_sent() { sending_.reset(); }

  void on_order_update(const trading::OrderUpdate& update) override;

  /// From the decision to the broker: the wait for the disk, mostly.
  const LatencySamples& decision_to_submit() const { return decision_to_submit_; }
  /// From the broker's `submit` to the first answer: waits for limits and connections are in it.
  const LatencySamples& submit_to_ack() const { return submit_to_ack_; }
  /// From the decision to the first fill, of orders at the market in continuous trading.
  const LatencySamples& signal_to_fill() const { return signal_to_fill_; }
  /// The same of orders that wait for a price or an auction: the market's time more than ours.
  const LatencySamples& signal_to_fill_resting() const { return signal_to_fill_resting_; }

  /// Sendings that may have reached the broker and were not answered in time.
  std::uint64_t unanswered() const { return unanswered_; }

 private:
  struct Timing {
    core::Duration decided{};
    std::optional<core::Duration> sent{};  ///< While it waits for its answer.
    bool is_at_market = false;
  };

  void note(const trading::OrderUpdate& update);
  bool is_from_here(const trading::OrderUpdate& update) const;
  void note_unproven(Timing& timing, const core::Code& reason);
  void note_answer(Timing& timing, core::Duration now);
  const Timing* find(const core::ClientOrderId& order);
  void keep(const core::ClientOrderId& order, const Timing& timing);

  Parts parts_;
  bool has_begun_ = false;
  /// Orders under way; of too many the longest untouched are not timed. A fill that comes a day
  /// later is no latency.
  market::TtlCache<core::ClientOrderId, Timing> timings_{
      {.ttl = std::chrono::hours{24}, .entries_max = 1024}};
  std::optional<core::ClientOrderId> sending_;
  LatencySamples decision_to_submit_;
  LatencySamples submit_to_ack_{kTarget};
  LatencySamples signal_to_fill_{kTarget};
  LatencySamples signal_to_fill_resting_;
  std::uint64_t unanswered_ = 0;
};

}  // namespace st0ck::app
