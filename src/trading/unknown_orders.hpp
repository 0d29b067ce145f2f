#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/trading/desk_port.hpp"

#include <cstdint>
#include <vector>

namespace st0ck::trading {

/// Proves what became of orders whose submit, cancel or replace was not answered (design section
/// 5). Each is looked up by its client order id, at once and every second, or where there are
/// several in turn, one each 1.5 s; after ten seconds less and less often: a broker that cannot
/// tell must not be asked for all that it lets us ask. An exit that the broker never had is sent
/// again at once, and where that is in vain less and less often; one without proof after ten
/// seconds. It keeps its id, which the broker takes once at most. An entry without proof is
/// abandoned, and its id watched for the rest of the day, at first every few seconds, as it may be
/// late only. What the broker was given as one group is sent again as one, or not at all where an
/// entry is part of it. An order that works although it was to be cancelled is cancelled again.
class UnknownOrders {
 public:
  struct Settings {
    core::Duration look_up_every = std::chrono::seconds{1};
    core::Duration look_up_share = std::chrono::milliseconds{1500};  ///< Of each of several.
    core::Duration look_up_every_max = std::chrono::seconds{10};
    core::Duration proof_max = std::chrono::seconds{10};
    core::Duration watch_every = std::chrono::minutes{1};
    core::Duration resend_pause_first = std::chrono::seconds{1};
  };

  explicit UnknownOrders(DeskPort& desk) : UnknownOrders{desk, Settings{}} {}
  UnknownOrders(DeskPort& desk, const Settings& settings) : desk_{desk}, settings_{settings} {}

  /// Begins or ends the proof, as the order now stands.
  void on_order(const Order& order);
  void on_timer(std::uint32_t key);

  /// This process has just begun: no look-up of the one before will be answered, so that it is made
  /// again, and the time for a proof counts from now.
  void begin_anew(const core::ClientOrderId& id);

  /// The account holds something in an instrument that our fills do not explain.
  void look_up_abandoned(core::InstrumentId instrument);

  /// The broker has had the order: it is looked up until it says how it stands, and not sent again.
  void on_duplicate(const core::ClientOrderId& id);

  /// A look-up did not find the order; true when its fate is unknown still: an exit was sent again,
  /// an entry has its ten seconds.
  bool on_absent(const Order& order);

  /// The day is over: abandoned entries are watched no more.
  void forget_abandoned();

  std::uint64_t begun() const { return begun_; }
  std::uint64_t sent_again() const { return sent_again_; }
  std::uint64_t abandoned() const { return abandoned_; }

 private:
  struct Watch {
    std::uint32_t key = 0;
    core::ClientOrderId id{};
    core::Timestamp deadline{};
    core::Timestamp asked_since{};   ///< Or sent again, whatever was last.
    core::Duration look_up_pause{};  ///< After its first ten seconds, and once it is abandoned.
    bool is_abandoned = false;
    bool is_known_to_broker = false;
    core::Timestamp sent_again{};   ///< Last.
    core::Duration resend_pause{};  ///< Before it is sent again after that.
  };

  void settle(Watch& watch, const Order& order);
  void abandon(Watch& watch, const Order& order);
  void begin_proof(Watch& watch);
  core::Duration next_pause(Watch& watch) const;
  std::int64_t questions() const;
  void note_sent_again(const Order& order);
  const Order* entry_sent_with(const Order& exit) const;
  Watch* find(const core::ClientOrderId& id);

  DeskPort& desk_;
  Settings settings_;
  std::vector<Watch> watches_;
  std::uint32_t last_key_ = 0;
  std::uint64_t begun_ = 0;
  std::uint64_t sent_again_ = 0;
  std::uint64_t abandoned_ = 0;
};

}  // namespace st0ck::trading
