#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/order_manager.hpp"
#include "st0ck/trading/order_request.hpp"
#include "st0ck/trading/risk_manager.hpp"

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

namespace st0ck::trading {

/// Which of the desk's keepers a timer wakes.
enum class Wake : std::uint8_t { Group, UnknownOrder, Closing, Pacer };

/// What the keepers behind the desk (groups, unknown orders, closings) may ask of it. Everything
/// that leaves this way is reviewed, told to the observer and counted like what a bot asks for.
class DeskPort {
 public:
  virtual ~DeskPort() = default;

  virtual core::Timestamp now() const = 0;
  virtual const Order* find_order(const core::ClientOrderId& id) const = 0;
  virtual core::Quantity position_of(const core::BotId& bot,
                                     core::InstrumentId instrument) const = 0;
  /// Of a quantity that is to be closed, what the broker's account holds and does not keep for
  /// other exits of ours, where it is known to hold less than our fills make; all of it where the
  /// account is said to hold nothing of it. `owner`: the exit's group, or the exit itself.
  virtual core::Quantity closable(core::InstrumentId instrument, Side exit_side,
                                  core::Quantity quantity,
                                  const core::ClientOrderId& owner) const = 0;
  virtual std::vector<const Order*> open_orders_of(const core::BotId& bot,
                                                   core::InstrumentId instrument) const = 0;
  virtual BrokerAbilities broker_abilities() const = 0;
  /// Whether the broker takes these orders as one group.
  virtual bool broker_may_hold(const std::vector<OrderRequest>& group) const = 0;
  /// Whether the instrument trades now: in a session, and not halted.
  virtual bool is_trading(core::InstrumentId instrument) const = 0;
  /// Whether the bot's position is being closed at the market, all of it.
  virtual bool is_closing(const core::BotId& bot, core::InstrumentId instrument) const = 0;

  /// Sends an exit of a bot; with an empty `id` under a new one.
  virtual std::variant<core::ClientOrderId, Refused> send_exit(const core::BotId& bot,
                                                               const OrderRequest& request,
                                                               const GroupLink& group,
                                                               const core::ClientOrderId& id) = 0;

  /// Sends exits that the broker is to hold as one group; false when one was refused.
  virtual bool send_group(const core::BotId& bot, const std::vector<OrderRequest>& requests,
                          const std::vector<GroupLink>& links,
                          const std::vector<core::ClientOrderId>& ids) = 0;

  /// Sends an armed order for `quantity`; false when it was refused.
  virtual bool send_armed(const core::ClientOrderId& id, core::Quantity quantity) = 0;

  /// The orders that went to the broker as one with this one, itself included.
  virtual std::vector<const Order*> sent_with(const Order& order) const = 0;

  /// Whether an exit is still what its group is to have at the broker: not where the group is being
  /// closed at the market instead.
  virtual bool is_wanted(const Order& exit) const = 0;

  /// Sends an order of unknown fate again under its own id, together with those that it was sent
  /// with; false when it was refused, as what it would sell is not held any more, or when the
  /// broker has answered for one of them.
  virtual bool send_again(const Order& order) = 0;
  virtual void look_up(const core::ClientOrderId& id) = 0;
  virtual void give_up(const core::ClientOrderId& id, const core::Code& reason) = 0;

  /// False when the order's state does not allow it.
  virtual bool cancel_order(const core::ClientOrderId& id, const core::Code& reason) = 0;

  /// Asks for another total quantity of a working order; false when it may not be.
  virtual bool resize_order(const core::ClientOrderId& id, core::Quantity quantity,
                            const core::Code& reason) = 0;

  virtual core::TimerId wake_at(core::Timestamp time, Wake wake, std::uint32_t key) = 0;
  virtual void cancel_wake(core::TimerId timer) = 0;
  virtual void alarm(const core::BotId& bot, std::string_view code, std::string_view message) = 0;
};

}  // namespace st0ck::trading
