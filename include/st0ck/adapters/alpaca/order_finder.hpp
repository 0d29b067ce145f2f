#pragma once

#include "st0ck/adapters/alpaca/order_tracker.hpp"
#include "st0ck/adapters/alpaca/trading_api.hpp"
#include "st0ck/core/logging.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace st0ck::alpaca {

enum class Found : std::uint8_t {
  Yes,     ///< How the order stands is in the tracker now.
  Absent,  ///< The venue does not have it.
  Failed,  ///< Nobody knows.
};

/// Asks the venue how one of our orders stands, wherever that is written: under its id there, along
/// its replacements, under its client order id, or, an exit of a group, within the group's order.
///
/// An exit that was only ever sent within a group is not there without the group's order: where the
/// venue has not told of that, it is that which is looked for.
///
/// Of each order one search is under way at a time, however often it is asked for. An answer may
/// be older than a question that came during it, so that one more follows, for all of those.
class OrderFinder {
 public:
  using Done = std::function<void(Found)>;

  /// `chain_max`: how many replacements are followed. `api` and `tracker` outlive this; when `api`
  /// drops its calls, nothing is answered.
  OrderFinder(TradingApi& api, OrderTracker& tracker, core::Logger log, int chain_max)
      : api_{api}, tracker_{tracker}, log_{log}, chain_max_{chain_max} {}

  /// What was found is told by the tracker, as far as it is new; then `done` is called.
  void find(const core::ClientOrderId& id, Done done);

  /// The same where a list of orders, asked for since, may tell: only what it does not is asked
  /// for.
  void find_in(const std::vector<Order>& listed, const core::ClientOrderId& id, Done done);

  bool is_searching(const core::ClientOrderId& id) const { return searches_.contains(id); }

  /// The calls were dropped: nobody who has asked is answered.
  void forget_searches() { searches_.clear(); }

 private:
  using Id = core::ClientOrderId;
  /// Takes an order that was read; nothing where there was none.
  using Read = std::function<void(Found, const Order*)>;

  struct Search {
    std::vector<Done> asked;
    std::vector<Done> next;  ///< Asked since it began.
  };

  void take_listed(const std::vector<Order>& listed, const Id& id);
  void begin(const Id& id);
  void end(const Id& id, Found found);
  void by_venue_id(const Id& id, const std::string& venue_id, int hops, const Done& done);
  void follow(const Id& id, int hops, const Done& done);
  void check_unproven(const Id& id, const Done& done);
  bool with_lost_parent(const Id& id, const Done& done);
  bool under_known_parent(const Id& id, const Done& done);
  LegPlaces places_of(const Id& id) const;
  net::HttpPriority priority_of(const Id& id);
  void by_client_id(const Id& id, const LegPlaces& places, const Done& done);
  void within_group(const Id& id, const LegPlaces& places, std::size_t next, const Done& done);
  void under_parent(const Id& id, const LegPlaces& places, std::size_t next,
                    const std::string& venue_id, int hops, const Done& done);
  void take_leg(const Id& id, const LegPlace& place, const Order& parent);
  TradingApi::Done reading(const Id& id, Read read) const;

  TradingApi& api_;
  OrderTracker& tracker_;
  core::Logger log_;
  int chain_max_;
  std::map<Id, Search> searches_;
};

}  // namespace st0ck::alpaca
