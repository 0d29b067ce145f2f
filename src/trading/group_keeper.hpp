#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/trading/desk_port.hpp"
#include "st0ck/trading/group_request.hpp"
#include "st0ck/trading/ledger.hpp"
#include "st0ck/trading/protection_meter.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace st0ck::trading {

/// Keeps every group doing what was asked, whoever holds its exits.
///
/// A broker that holds groups is watched: where its stop is missing for what has filled, the desk
/// takes over. A group that the desk keeps has at most one exit at the broker at a time, so that
/// no interleaving of fills and cancels sells more than is held: its stop rests, its target is
/// armed here; when the market reaches the target, the stop is cancelled and, that confirmed, the
/// target sent, while the stop is armed here. When the stop is hit while it is armed, what is held
/// is sold at the market.
///
/// Decisions depend on how the orders stand, not on which message came: after every event a group
/// takes the next step from where it is to where it should be.
///
/// A bot may trade against its own groups. After every fill the groups on the position's closing
/// side hold no more than the position together, and those on the other side nothing: what other
/// orders have sold is taken from the oldest group first, as the ledger closes the oldest lots
/// first, and never comes back. Exits outside groups are for what no group holds, and cancelled
/// beyond that. An exit that fills more than was held, because it could not be shrunk in time,
/// leaves shares that nobody wanted: they are closed at the market.
///
/// What has filled and is without a stop for as long as it may be is closed at the market, once no
/// exit of the group can be at the broker any more and the instrument trades (ADR 30).
class GroupKeeper {
 public:
  struct Settings {
    /// How long an entry may stay partly filled where the broker's exits wait for all of it.
    core::Duration partial_entry_max = std::chrono::seconds{5};
    /// Until something that was turned down is tried again.
    core::Duration retry_pause = std::chrono::seconds{1};
    /// The longest between two closings at the market that the broker has refused.
    core::Duration close_pause_max = std::chrono::seconds{10};
    /// How long what has filled may be without a stop before it is closed at the market.
    core::Duration unprotected_max = std::chrono::seconds{15};
  };

  explicit GroupKeeper(DeskPort& desk) : GroupKeeper{desk, Settings{}} {}
  GroupKeeper(DeskPort& desk, const Settings& settings) : desk_{desk}, settings_{settings} {}

  void bound_unprotected(core::Duration max) { settings_.unprotected_max = max; }

  /// Takes in a group whose orders were created; `ids` are empty where it has none.
  void open(const core::BotId& bot, const GroupRequest& request, const core::ClientOrderId& name,
            const GroupIds& ids, bool is_held_by_broker, bool waits_for_fills = false);

  /// The same for one of an earlier process that was found at the broker: it stays as it is until
  /// the fate of the orders is known that may have brought what it guards.
  void open_found(const core::BotId& bot, const GroupRequest& request,
                  const core::ClientOrderId& name, const GroupIds& ids, bool is_held_by_broker);

  /// The same for a group that is known, of which an exit was found at the broker.
  void wait_for_fills(const core::ClientOrderId& name);

  /// An order of any kind has changed; a fill is booked already.
  void on_order(const Order& order, OrderUpdateKind kind, const std::optional<Fill>& fill);

  /// The prices at which a sell and a buy would be met now.
  void on_price(core::InstrumentId instrument, core::Price bid, core::Price ask);
  void on_timer(std::uint32_t key);

  /// A process has just begun: legs that one before it may have sent without a record are left out,
  /// and the time that it was away is no time without a stop.
  void begin_process();

  bool knows(const core::ClientOrderId& name) const { return by_name_.contains(name); }

  /// A leg of that id was found at the broker.
  void note_used(const core::ClientOrderId& id);

  /// The bot gives an exit up: it is not sent again.
  void withdraw(const Order& order);

  /// The bot has given an armed exit other terms.
  void on_amended(const Order& order);

  /// A corporate action of an instrument takes effect: what the groups hold, and the prices of
  /// their exits that are not at the broker's, follow it.
  void on_corporate_action(const market::CorporateAction& action, core::Price tick);

  /// Gives all exits of a bot in an instrument up, as its position is being closed.
  void release(const core::BotId& bot, core::InstrumentId instrument);

  /// What the exits of the bot's groups in an instrument and on a side claim, but for `except`.
  /// A stop that was hit is urgent: what others only mean to sell does not keep it back.
  core::Quantity claimed(const core::BotId& bot, core::InstrumentId instrument, Side exit_side,
                         const core::ClientOrderId& except, bool is_urgent) const;

  /// Whether the order's quantity may not be changed: a broker that holds a group does not resize
  /// the others with one of them, and what they then lack would be without a stop.
  bool has_fixed_size(const Order& order) const;

  /// What a position may lose: down to the stops of its groups, and all of it where it has none.
  core::Money risk(const Position& position, core::Price mark, core::Multiplier multiplier) const;

  /// Whether a group watches the price of an instrument.
  bool watches(core::InstrumentId instrument) const;

  /// The orders that went to the broker as one with this one, itself included.
  std::vector<core::ClientOrderId> sent_with(const Order& order) const;

  /// As DeskPort::is_wanted.
  bool is_wanted(const Order& exit) const;

  const ProtectionMeter& protection() const { return meter_; }
  Unprotected unprotected() const;
  std::size_t open_groups() const { return groups_.size(); }

 private:
  enum class Mode : std::uint8_t { Protect, Take, Close };

  /// Which exit belongs at the broker now.
  enum class Wanted : std::uint8_t { Nothing, Stop, Target, Close };

  struct Group {
    std::uint32_t key = 0;
    GroupKind kind = GroupKind::None;
    core::ClientOrderId name;
    core::BotId bot;
    core::InstrumentId instrument;
    Side exit_side = Side::Sell;
    bool is_held_by_broker = false;
    Mode mode = Mode::Protect;
    core::ClientOrderId entry;
    core::Quantity held;        ///< Of a group without an entry: what it protects.
    core::Quantity exited;      ///< By its own exits.
    core::Quantity netted;      ///< By other orders of the bot.
    core::Quantity stray;       ///< What its exits sold that was not held, until it is closed.
    core::Quantity split_gain;  ///< What splits have added to what is open, or taken from it.
    std::optional<OrderRequest> target;  ///< Gone once it is given up.
    std::optional<OrderRequest> stop;
    core::ClientOrderId target_order;  ///< The latest one of each.
    core::ClientOrderId stop_order;
    core::ClientOrderId close_order;
    core::ClientOrderId stop_cancelled;           ///< By the desk, to send another.
    core::Code close_reason;                      ///< Unless its stop says it.
    std::vector<core::ClientOrderId> sent_whole;  ///< What the broker was last given as one.
    std::uint32_t last_leg = 2;
    core::Timestamp retry_at{};
    core::Duration close_pause{};  ///< Before the next closing; grows with each refused one.
    bool is_released = false;      ///< Its position was closed: what its entry still brings is too.
    bool has_exited = false;       ///< What it held was sold, at least in part: it buys no more.
    bool is_partial_watched = false;
    bool is_end_watched = false;
    bool is_oversized = false;        ///< The broker's exits are for more than is held.
    bool was_lost = false;            ///< The broker has ended an exit that it held.
    bool was_refused_whole = false;   ///< The broker did not take the exits as one group.
    std::optional<core::Price> best;  ///< Since a trailing stop is armed here.
    std::optional<core::Timestamp> unprotected_since;
    bool is_alarmed = false;       ///< That it is so for too long.
    bool waits_for_fills = false;  ///< It was found at the broker: not all that it guards is heard.
    bool is_done = false;
  };

  void follow(const Order& changed, OrderUpdateKind kind, const std::optional<Fill>& fill);
  void close_now(core::InstrumentId instrument);
  Group* find(const core::ClientOrderId& name);
  const Order* order(const core::ClientOrderId& id) const;
  bool is_entry_open(const Group& group) const;
  bool is_entry_partial(const Group& group) const;
  core::Quantity open_quantity(const Group& group) const;
  /// That, and no more than the position.
  core::Quantity guarded_quantity(const Group& group) const;
  /// What the bot holds that exits on a side close.
  core::Quantity closable(const core::BotId& bot, core::InstrumentId instrument,
                          Side exit_side) const;
  core::Quantity claim_of(const Group& group, bool is_urgent) const;
  std::vector<const Order*> live_exits(const Group& group) const;
  bool has_armed_exits(const Group& group) const;
  bool is_stop_resting(const Group& group) const;
  bool is_stop_armed(const Group& group) const;
  bool is_protected(const Group& group) const;
  bool is_bare(const Group& group) const;
  bool is_touched(const Group& group, core::Price price) const;
  core::Price stop_price(const Group& group) const;
  Wanted wanted(const Group& group) const;
  Wanted kind_of(const Group& group, const Order& order) const;
  OrderRequest close_request(const Group& group) const;

  void note_exit_fill(Group* group, const Order& exit, core::Quantity quantity);
  static void note_entry_fill(Group& group, core::Quantity quantity);
  core::Quantity unheard(const core::BotId& bot, core::InstrumentId instrument,
                         Side exit_side) const;
  void end_waiting(const Order& changed);
  void net(const core::BotId& bot, core::InstrumentId instrument);
  void net(const core::BotId& bot, core::InstrumentId instrument, Side exit_side);
  void cancel_excess(const core::BotId& bot, core::InstrumentId instrument, Side exit_side,
                     core::Quantity free);
  void settle_stray(Group& group);
  void open_stray(const core::ClientOrderId& name, const core::BotId& bot, const OrderLeg& exit,
                  core::Quantity quantity);
  void step_all(const core::BotId& bot, core::InstrumentId instrument);
  void take_in(std::unique_ptr<Group> group);
  void step(Group& group);
  void watch_broker(Group& group);
  void keep(Group& group);
  void resize(Group& group, const Order& exit, core::Quantity total);
  void wind_up(Group& group);
  void send(Group& group, Wanted what, core::Quantity quantity);
  void make_room(const Group& group);
  bool place_with_broker(Group& group, core::Quantity quantity);
  void note_exit(Group& group, const Order& order, OrderUpdateKind kind);
  void note_end(Group& group, const Order& order);
  void note_terms(Group& group, const Order& order);
  void take_over(Group& group);
  void give_up(Group& group);
  void close_late(Group& group);
  void watch_protection(Group& group);
  void enforce_bound(Group& group);
  void watch_price(Group& group, core::Price price);
  void pause(Group& group);
  void pause(Group& group, core::Duration pause);
  core::ClientOrderId next_leg(Group& group) const;
  void split_groups(const market::CorporateAction& split);
  void mark_done(Group& group);

  DeskPort& desk_;
  Settings settings_;
  std::vector<std::unique_ptr<Group>>
      groups_;                                ///< Open ones by age; ended ones follow for a while.
  std::deque<std::unique_ptr<Group>> ended_;  ///< A late fill of their entry opens them again.
  std::unordered_map<core::ClientOrderId, Group*> by_name_;
  std::uint32_t last_key_ = 0;
  ProtectionMeter meter_;
};

}  // namespace st0ck::trading
