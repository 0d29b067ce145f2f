#pragma once

#include "st0ck/adapters/sim/random.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/trading/broker.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace st0ck::adapters::sim {

/// What lies between us and the simulated exchange.
struct LineSettings {
  core::Duration latency{};  ///< One way, for orders and for what is said of them.
  core::Duration jitter{};   ///< Up to so much more, drawn anew for each message.
  /// Part of the answers to a submit, replace or cancel that never come. Half of those requests
  /// have not come to the exchange either. A group is lost as one. Fills are never lost, as the
  /// next message tells them.
  core::Rate lost{};
  core::Duration answer_timeout = std::chrono::seconds{2};  ///< Then a lost answer is TimedOut.
  std::int64_t seed = 1;

  bool takes_time() const { return latency > core::Duration{} || jitter > core::Duration{}; }
  bool is_instant() const { return !takes_time() && lost.is_zero(); }
  core::Status validate() const;
};

/// The way of orders to a simulated exchange and back: each message takes its time, in order, and
/// some are lost. Where nothing takes time and nothing is lost, calls go straight through.
///
/// Whoever plays the market asks `next_due` and calls `deliver_due` when the clock stands there.
class OrderLine final : public trading::Broker, public trading::OrderUpdateSink {
 public:
  /// `settings` are valid. `receiver` hears what the exchange says. The references outlive the
  /// line.
  OrderLine(const core::Clock& clock, const LineSettings& settings,
            trading::OrderUpdateSink& receiver);

  /// Where orders go; before anything is sent.
  void connect(trading::Broker& exchange) { exchange_ = &exchange; }

  void submit(const trading::Approved<trading::OrderIntent>& intent) override;
  void submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) override;
  void cancel(const core::ClientOrderId& order) override;
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override;
  void look_up(const core::ClientOrderId& order) override;
  trading::BrokerAbilities abilities() const override { return exchange_->abilities(); }

  /// What the exchange says.
  void on_order_update(const trading::OrderUpdate& update) override;

  /// When the next message arrives, at either end; nothing when none is under way.
  std::optional<core::Timestamp> next_due() const;

  /// Lets the messages arrive whose time has come: orders at the exchange, then updates at ours.
  void deliver_due();

  /// Whether calls go straight through.
  bool is_instant() const { return settings_.is_instant(); }

  std::uint64_t messages_lost() const { return messages_lost_; }

 private:
  using Order = trading::Approved<trading::OrderIntent>;
  using Group = std::vector<Order>;
  struct Cancel {
    core::ClientOrderId order;
  };
  struct LookUp {
    core::ClientOrderId order;
  };
  using Request =
      std::variant<Order, Group, Cancel, trading::Approved<trading::ReplaceIntent>, LookUp>;

  struct RequestUnderWay {
    core::Timestamp due;
    Request request;
  };
  struct UpdateUnderWay {
    core::Timestamp due;
    trading::OrderUpdate update;
  };

  using Ids = std::vector<core::ClientOrderId>;

  void send(Request request, const Ids& orders);
  void tell_lost_replace(const core::ClientOrderId& order);
  void hand_over(const Request& request);
  void time_out(const core::ClientOrderId& order);
  bool is_lost();
  core::Timestamp arrival(core::Timestamp no_earlier_than);

  const core::Clock& clock_;
  LineSettings settings_;
  trading::OrderUpdateSink& receiver_;
  trading::Broker* exchange_ = nullptr;
  Random random_;
  std::deque<RequestUnderWay> requests_;
  std::deque<UpdateUnderWay> updates_;
  std::deque<UpdateUnderWay> time_outs_;  ///< All after the same time, so that they stay in order.
  /// Orders whose next answer, other than a fill, gets lost.
  std::vector<core::ClientOrderId> answers_to_lose_;
  /// Orders of which the last request for new terms did not arrive; a look-up tells so.
  std::vector<core::ClientOrderId> replaces_lost_;
  std::uint64_t messages_lost_ = 0;
};

}  // namespace st0ck::adapters::sim
