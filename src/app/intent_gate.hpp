#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/trading/broker.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <variant>
#include <vector>

namespace st0ck::app {

/// What a gate asks of the journal that intents are written to.
class DurableRecords {
 public:
  virtual ~DurableRecords() = default;

  /// The newest record that was appended.
  virtual core::Sequence last_sequence() const = 0;

  /// Up to here no loss of power takes a record away.
  virtual core::Sequence durable_up_to() const = 0;

  /// Has the records so far made durable; whoever owns the gate calls `on_progress` then.
  virtual void request_sync() = 0;

  virtual bool has_failed() const = 0;
};

/// Stands before a real broker and lets an order pass once its intent is durable, so that none is
/// ever at the broker that our disk does not know (design section 5).
///
/// A journal that has failed, or takes longer than the wait allows, stops entries: they are
/// rejected as `JOURNAL_LATE`. Exits and changes of orders that are at the broker go all the same,
/// with an alarm; they are found again by their client order id. A cancel does not wait, unless
/// the order that it is for does.
///
/// Core thread only. While it is shut it hears and does nothing: a journal is being executed again.
class IntentGate final : public trading::Broker {
 public:
  struct Parts {
    const core::Clock& clock;
    trading::Broker& broker;
    trading::OrderUpdateSink& answers;
    DurableRecords& records;
    net::Scheduler& scheduler;
    core::Logger log;
  };

  IntentGate(const Parts& parts, core::Duration wait_max);
  ~IntentGate() override;
  IntentGate(const IntentGate&) = delete;
  IntentGate& operator=(const IntentGate&) = delete;

  /// From now on messages reach the broker.
  void open() { is_open_ = true; }

  void submit(const trading::Approved<trading::OrderIntent>& intent) override;
  void submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) override;
  void cancel(const core::ClientOrderId& order) override;
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override;
  void look_up(const core::ClientOrderId& order) override;
  trading::BrokerAbilities abilities() const override { return parts_.broker.abilities(); }

  /// The journal has come further, or has failed.
  void on_progress();

  std::size_t waiting() const { return waiting_.size(); }
  std::uint64_t entries_stopped() const { return entries_stopped_; }
  std::uint64_t exits_not_durable() const { return exits_not_durable_; }

 private:
  using Intent = trading::Approved<trading::OrderIntent>;
  struct Group {
    std::vector<Intent> orders;
  };
  using Replace = trading::Approved<trading::ReplaceIntent>;
  struct Cancel {
    core::ClientOrderId order;
  };
  struct Message {
    std::variant<Intent, Group, Replace, Cancel> what;
    core::Sequence sequence{};     ///< Must be durable before it goes.
    core::Duration given_up_at{};  ///< By the scheduler.
  };

  void hold(Message message);
  static bool opens_position(const Message& message);
  static core::ClientOrderId name_of_first(const Message& message);
  bool is_waiting(const core::ClientOrderId& order) const;
  void let_pass();
  void give_up(const Message& message);
  void send(const Message& message);
  void reject(const Message& entry);
  void wake_for_first();

  Parts parts_;
  core::Duration wait_max_;
  bool is_open_ = false;
  std::deque<Message> waiting_;  ///< In the order of their records.
  net::TaskId wake_{};
  std::uint64_t entries_stopped_ = 0;
  std::uint64_t exits_not_durable_ = 0;
};

}  // namespace st0ck::app
