#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/trading/account_limits.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/desk_port.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace st0ck::trading {

/// One message on its way to the broker.
struct PacedMessage {
  struct Submit {
    std::vector<Approved<OrderIntent>> orders;  ///< More than one are a group.
    /// Members of the group, but its first, that are to be cancelled once it is there.
    std::vector<core::ClientOrderId> cancels;
    /// The broker may have it already, so that only the broker can say that it has ended.
    bool is_repeat;
  };
  struct Cancel {};
  struct LookUp {};

  core::ClientOrderId order;
  core::BotId bot;
  core::Timestamp came;
  std::variant<Submit, Cancel, Approved<ReplaceIntent>, LookUp> what;
};

/// Stands before a broker that takes only so many messages, and lets them out in the order of what
/// they are for: cancels, exits, entries, look-ups; within a class as they came. Entries leave the
/// last messages of a window to exits and cancels, and wait only so long.
///
/// Without a bound everything goes straight through. What the pacer itself ends (an order that was
/// cancelled or refused before it left) it tells by order updates of its own, through `answers`.
/// Cancels and exits are never refused; as an order has one message of each kind at a time, the
/// open orders bound them. Driven by the desk's calls and timers alone.
class OrderPacer final : public Broker {
 public:
  /// All outlive the pacer; `answers` may be null where there is no bound.
  OrderPacer(Broker& broker, DeskPort& desk, OrderUpdateSink* answers)
      : broker_{broker}, desk_{desk}, answers_{answers} {}

  void limit(const PaceLimits& limits);

  void submit(const Approved<OrderIntent>& intent) override;
  void submit_group(std::span<const Approved<OrderIntent>> group) override;
  /// An order that waits here is ended here; its cancel never leaves.
  void cancel(const core::ClientOrderId& order) override;
  void replace(const Approved<ReplaceIntent>& replace) override;
  void look_up(const core::ClientOrderId& order) override;
  BrokerAbilities abilities() const override { return broker_.abilities(); }

  /// How long an entry would wait if it came now and nothing overtook it; `Duration::max()` when
  /// too many wait already.
  core::Duration wait_of_entry() const;
  core::Duration wait_max() const { return limits_.entry_wait_max; }

  /// The entries of a bot, or of all for an empty name, that have not left yet.
  std::vector<core::ClientOrderId> unsent_entries(const core::BotId& bot) const;

  /// Refuses their new terms of entries that have not left yet.
  void refuse_replaces(const core::BotId& bot, const core::Code& reason);

  void on_timer();

  std::size_t waiting() const;

 private:
  enum class Class : std::uint8_t { Cancel, Exit, Entry, LookUp };
  static constexpr std::size_t kClasses = 4;
  static constexpr std::size_t kEntriesMax = 256;

  using Message = PacedMessage;
  using Queue = std::deque<Message>;

  Queue& queue(Class which) { return queues_[static_cast<std::size_t>(which)]; }
  const Queue& queue(Class which) const { return queues_[static_cast<std::size_t>(which)]; }
  static Class class_of(Purpose purpose) {
    return purpose == Purpose::Exit ? Class::Exit : Class::Entry;
  }
  void put(Class which, Message message);
  bool absorb_cancel(const core::ClientOrderId& order);
  void drain();
  std::optional<Message> take_next();
  std::size_t sent_max(Class which) const;
  void send(const Message& message);
  void forget_sent(core::Timestamp now);
  void end_overdue(core::Timestamp now);
  void end(const Message& message, OrderUpdateKind kind, const core::Code& reason);
  void answer(const core::ClientOrderId& order, OrderUpdateKind kind, const core::Code& reason);
  std::optional<core::Timestamp> next_change() const;
  void wake();

  Broker& broker_;
  DeskPort& desk_;
  OrderUpdateSink* answers_;
  PaceLimits limits_;
  std::array<Queue, kClasses> queues_;
  std::deque<core::Timestamp> sent_;  ///< Of the last window; `orders_max` at most.
  std::optional<core::Timestamp> wake_at_;
  core::TimerId timer_{};
};

}  // namespace st0ck::trading
