#pragma once

#include "st0ck/adapters/alpaca/client_ids.hpp"
#include "st0ck/adapters/alpaca/tracked_order.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/broker.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

struct TrackerSettings {
  std::size_t finished_max = 4096;    ///< Ended orders that are remembered; the oldest go first.
  std::size_t executions_max = 1000;  ///< Of one order; beyond, the venue's own sums count.
  ReplaceCounting replace_counting = ReplaceCounting::StartsAnew;
};

/// Keeps our orders as the venue has them, and tells what is new of them.
///
/// What the venue says comes in by any way (stream, lists, look-ups, answers), late, doubled and in
/// any order; what goes out counts each execution once and says each step once. It sends nothing.
/// Core thread only; references to orders last until the next `take_in` or `adopt`.
class OrderTracker {
 public:
  struct Parts {
    const market::InstrumentTable& instruments;
    const core::Clock& clock;
    trading::OrderUpdateSink& updates;
    core::Logger log;
    std::vector<core::BotId> bots;  ///< Of this account; orders of nobody else are looked at.
  };

  OrderTracker(Parts parts, const TrackerSettings& settings);

  /// The venue was reached, at that time by its own clock. Only the first call counts: what it had
  /// before is ours only where a run before this one has sent it.
  void begin_at(core::Timestamp venue_time);

  /// A run before this one may have sent it.
  void note_earlier(const core::ClientOrderId& id) { earlier_.insert(id); }

  /// An order that is about to be sent, or sent again.
  TrackedOrder& take_in(const trading::OrderIntent& intent);

  /// One that was sent by an earlier run, found at the venue with that symbol; nothing where the
  /// symbol is not ours or the id of none of our bots.
  TrackedOrder* adopt(const core::ClientOrderId& id, std::string_view symbol);

  TrackedOrder* find(const core::ClientOrderId& id);
  std::vector<core::ClientOrderId> open_orders() const;
  std::size_t size() const { return orders_.size(); }

  /// Our id of what the venue calls an order, its replacements and legs included; by name alone for
  /// one that is not known here. Nothing for one of somebody else.
  std::optional<core::ClientOrderId> our_id_of(const Order& told) const;

  /// Whether the order is one that is followed here.
  bool knows(const Order& told) const;

  /// How an order and its legs stand. Foreign ones are passed over.
  void apply(const Order& order);

  /// What has happened to one.
  void apply(const TradeUpdate& update);

  /// The answer to a new order. It is believed about ids and a refusal only: it may be older than
  /// what the stream has told.
  void apply_reply(TrackedOrder& order, Order reply);

  /// The venue has no order of the id that the answer to a new order has told: whether there was
  /// nothing else to go by, so that its client order id decides from now on.
  bool forget_id_of_reply(const core::ClientOrderId& id);

  /// The answer to a replacement.
  void apply_replacement(TrackedOrder& order, Order reply);

  /// Links a group's order to its exits, which the venue knows by ids of its own. `is_pair`: the
  /// parent is the other exit.
  void link(TrackedOrder& parent, TrackedOrder& leg, trading::GroupRole role, bool is_pair);

  /// What a broker tells of an order that was looked up: how it stands, told before or not.
  /// `is_new_here`: it was not known before, so that nobody knows what was asked of it.
  void answer(TrackedOrder& order, bool is_new_here);

  /// The order has the terms that were asked for already.
  void confirm_terms(TrackedOrder& order, const trading::OrderTerms& terms);

  /// Answers a cancel of an order that has ended: with its end where it may have left something
  /// open by who asks, else by a refusal: `ALREADY_FINAL`, or `NOT_FOUND` where it was lost.
  void tell_end_again(TrackedOrder& order);

  /// The venue never had it; it may still turn up.
  void lose(TrackedOrder& order);

  /// No request is under way any more.
  void forget_requests();

  // Say something of an order together with its figures. The second ends the change of terms that
  // is not settled, where there is one, the third the order.
  void refuse(TrackedOrder& order, trading::OrderUpdateKind kind, const core::Code& reason);
  void refuse_replace(TrackedOrder& order, const core::Code& reason);
  void reject(TrackedOrder& order, const core::Code& reason);

 private:
  struct Execution {
    std::string id;
    core::Price price;
    core::Quantity quantity;
  };

  TrackedOrder* owner_of(const Order& order);
  TrackedOrder* owner_by_venue_id(const Order& told);
  void forget_id_of_reply(TrackedOrder& order);
  TrackedOrder* successor_owner(const Order& order);
  bool is_too_old(const core::ClientOrderId& id, core::Timestamp created,
                  core::Timestamp sent) const;
  void describe(TrackedOrder& order, const Order& told);
  bool may_become(const TrackedOrder& found, const trading::OrderIntent& intent,
                  core::Timestamp now) const;
  bool may_be(const TrackedOrder& order, const Order& told) const;
  static std::optional<trading::OrderTerms> terms_of(const TrackedOrder& order, const Order& told);
  TrackedOrder* let_go(TrackedOrder& found);
  TrackedOrder* note_taken(TrackedOrder& order, const Order& told);
  void log_taken(const core::ClientOrderId& id, std::optional<trading::Side> side,
                 std::optional<core::Quantity> quantity, core::Timestamp created) const;
  bool is_ours(std::string_view client_order_id) const;
  TrackedOrder& add(const core::ClientOrderId& id, core::Multiplier multiplier);
  void attach(TrackedOrder& order, const std::string& venue_id,
              const std::optional<trading::OrderTerms>& terms);
  void apply(const Order& order, TrackedOrder& owner, core::Timestamp time,
             const Execution* execution);
  void apply_leg(TrackedOrder& parent, const Order& leg, bool is_reply);
  void forget_oldest();

  void tell(TrackedOrder& order, core::Timestamp time, const Execution* execution);
  void tell_replacements(TrackedOrder& order, core::Timestamp time);
  void tell_fills(TrackedOrder& order, core::Timestamp time, const Execution* execution);
  void tell_end(TrackedOrder& order, core::Timestamp time);
  bool may_be_cut_short(const TrackedOrder& order) const;
  void end(TrackedOrder& order);
  trading::OrderUpdate update_of(const TrackedOrder& order, trading::OrderUpdateKind kind,
                                 core::Timestamp time) const;
  void send(const trading::OrderUpdate& update);

  Parts parts_;
  TrackerSettings settings_;
  std::map<core::ClientOrderId, TrackedOrder> orders_;
  std::map<std::string, core::ClientOrderId, std::less<>> by_venue_id_;
  std::set<core::ClientOrderId> open_;
  std::deque<core::ClientOrderId> finished_;
  std::set<core::ClientOrderId> earlier_;
  std::optional<core::Timestamp> begun_;  ///< By the venue's clock.
};

}  // namespace st0ck::alpaca
