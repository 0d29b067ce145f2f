#include "st0ck/adapters/alpaca/order_finder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::alpaca {

namespace {

using trading::GroupRole;

bool plays(const Order& leg, GroupRole role) {
  return (leg.type == trading::OrderType::Limit) == (role == GroupRole::Target);
}

bool has_leg(const Order& parent, const LegPlace& place) {
  return (parent.order_class == OrderClass::Oco) == place.is_pair &&
         std::any_of(parent.legs.begin(), parent.legs.end(),
                     [&](const Order& leg) { return plays(leg, place.role); });
}

LegPlaces without(const LegPlaces& places, const core::ClientOrderId& parent) {
  LegPlaces left;
  for (const LegPlace& place : places)
    if (place.parent != parent) left.push_back(place);
  return left;
}

}  // namespace

void OrderFinder::find(const Id& id, Done done) {
  const auto [search, is_first] = searches_.try_emplace(id);
  if (!is_first) return search->second.next.push_back(std::move(done));
  search->second.asked.push_back(std::move(done));
  begin(id);
}

void OrderFinder::find_in(const std::vector<Order>& listed, const Id& id, Done done) {
  take_listed(listed, id);
  const TrackedOrder* order = tracker_.find(id);
  const bool is_known = order != nullptr && order->is_known_there();
  const bool is_told =
      is_known && order->chain.current().status != OrderStatus::Replaced &&
      order->chain.members().size() == order->chain.current_index() + 1 &&
      std::ranges::any_of(listed, [&](const Order& told) {
        return told.id == order->chain.current().id ||
               std::ranges::count(told.legs, order->chain.current().id, &Order::id) > 0;
      });
  is_told ? done(Found::Yes) : find(id, std::move(done));
}

void OrderFinder::take_listed(const std::vector<Order>& listed, const Id& id) {
  const LegPlaces places = places_of(id);
  for (const Order& told : listed) {
    const auto ours = tracker_.our_id_of(told);
    if (!ours) continue;
    if (*ours == id) {
      tracker_.adopt(id, told.symbol);
      tracker_.apply(told);
    }
    for (const LegPlace& place : places)
      if (*ours == place.parent && has_leg(told, place)) take_leg(id, place, told);
  }
}

void OrderFinder::begin(const Id& id) {
  const Done done = [this, id](Found found) { end(id, found); };
  const TrackedOrder* order = tracker_.find(id);
  if (order != nullptr && order->is_known_there())
    return by_venue_id(id, order->chain.current().id, chain_max_, done);
  if (with_lost_parent(id, done) || under_known_parent(id, done)) return;
  by_client_id(id, places_of(id), done);
}

/// The entry and both exits of a group that is nowhere take two questions, not five.
bool OrderFinder::with_lost_parent(const Id& id, const Done& done) {
  const TrackedOrder* leg = tracker_.find(id);
  if (leg == nullptr || !leg->has_terms || leg->was_sent_alone || leg->parent.empty()) return false;
  const TrackedOrder* parent = tracker_.find(leg->parent);
  if (parent == nullptr || parent->is_known_there() || !parent->parent.empty()) return false;
  find(parent->id, [this, id, parent_id = parent->id, done](Found found) {
    const TrackedOrder* other = tracker_.find(parent_id);
    // Who has that id is no order of ours: the venue has not made the group.
    if (found == Found::Failed && other != nullptr && other->is_id_taken)
      return done(Found::Absent);
    if (found != Found::Yes) return done(found);
    const TrackedOrder* found_leg = tracker_.find(id);
    if (found_leg != nullptr && found_leg->is_known_there()) return follow(id, chain_max_, done);
    if (!under_known_parent(id, done)) done(Found::Failed);
  });
  return true;
}

/// An exit of a group whose order is known already takes one question instead of up to three.
bool OrderFinder::under_known_parent(const Id& id, const Done& done) {
  const LegPlaces places = places_of(id);
  for (const LegPlace& place : places) {
    const TrackedOrder* parent = tracker_.find(place.parent);
    if (parent == nullptr || !parent->is_known_there()) continue;
    api_.order_by_id(parent->chain.current().id, priority_of(id),
                     reading(id, [this, id, place, places, done](Found found, const Order* told) {
                       if (found == Found::Failed) return done(found);
                       if (found == Found::Yes && has_leg(*told, place)) {
                         take_leg(id, place, *told);
                         return follow(id, chain_max_, done);
                       }
                       LegPlaces left = places;
                       // One that was replaced is asked for once more: what stands for it may have
                       // the leg.
                       if (found == Found::Absent || !told->replaced_by)
                         left = without(left, place.parent);
                       by_client_id(id, left, done);
                     }));
    return true;
  }
  return false;
}

/// What protects comes before what does not. Of an order of an earlier run nobody knows it.
net::HttpPriority OrderFinder::priority_of(const Id& id) {
  const TrackedOrder* order = tracker_.find(id);
  const bool is_exit =
      order != nullptr && order->has_terms && order->purpose == trading::Purpose::Exit;
  return is_exit ? net::HttpPriority::ExitLookUp : net::HttpPriority::LookUp;
}

LegPlaces OrderFinder::places_of(const Id& id) const {
  const TrackedOrder* leg = tracker_.find(id);
  if (leg == nullptr || !leg->has_terms) return leg_places(id);
  if (leg->parent.empty()) return {};
  return {{leg->parent, leg->role, leg->is_in_pair}};
}

/// Tells those that asked before it began; for the others it begins once more.
void OrderFinder::end(const Id& id, Found found) {
  Search& search = searches_.at(id);
  const std::vector<Done> asked = std::exchange(search.asked, std::exchange(search.next, {}));
  if (search.asked.empty())
    searches_.erase(id);
  else
    begin(id);
  for (const Done& done : asked) done(found);
}

/// Reads the order of an answer, and says of others what they prove.
TradingApi::Done OrderFinder::reading(const Id& id, Read read) const {
  return [log = log_, id, read = std::move(read)](const ApiAnswer& answer) {
    if (answer.is_not_found()) return read(Found::Absent, nullptr);
    std::string trouble = answer.message;
    if (answer.is_done()) {
      const auto order = read_order(answer.body);
      if (order) return read(Found::Yes, &*order);
      trouble = order.error().message;
    }
    log.warn("ORDER_NOT_LOOKED_UP", trouble, {{"order", id}});
    read(Found::Failed, nullptr);
  };
}

void OrderFinder::by_venue_id(const Id& id, const std::string& venue_id, int hops,
                              const Done& done) {
  api_.order_by_id(venue_id, priority_of(id),
                   reading(id, [this, id, hops, done](Found found, const Order* order) {
                     if (found == Found::Absent && tracker_.forget_id_of_reply(id))
                       return by_client_id(id, places_of(id), done);
                     // The venue has had it: that it has lost it proves nothing.
                     if (found != Found::Yes) return done(Found::Failed);
                     tracker_.apply(*order);
                     follow(id, hops, done);
                   }));
}

/// Goes on to the order that replaced this one, until one stands for itself.
void OrderFinder::follow(const Id& id, int hops, const Done& done) {
  const TrackedOrder* order = tracker_.find(id);
  if (order == nullptr || !order->is_known_there()) return done(Found::Failed);
  const OrderChain::Member& current = order->chain.current();
  if (current.status == OrderStatus::Replaced) {
    if (current.replaced_by.empty() || hops <= 0) return done(Found::Failed);
    return by_venue_id(id, current.replaced_by, hops - 1, done);
  }
  if (order->chain.members().size() > order->chain.current_index() + 1)
    return check_unproven(id, done);
  done(Found::Yes);
}

/// The venue has taken a replacement and not carried it out: it may have dropped it.
void OrderFinder::check_unproven(const Id& id, const Done& done) {
  const std::string& venue_id = tracker_.find(id)->chain.members().back().id;
  api_.order_by_id(venue_id, priority_of(id),
                   reading(id, [this, id, done](Found found, const Order* it) {
                     TrackedOrder* order = tracker_.find(id);
                     if (order == nullptr || found == Found::Failed) return done(Found::Failed);
                     if (found == Found::Yes)
                       tracker_.apply(*it);
                     else
                       tracker_.refuse_replace(*order, core::Code{"NOT_REPLACED"});
                     done(Found::Yes);
                   }));
}

void OrderFinder::by_client_id(const Id& id, const LegPlaces& places, const Done& done) {
  api_.order_by_client_id(id.view(), priority_of(id),
                          reading(id, [this, id, places, done](Found found, const Order* order) {
                            if (found == Found::Failed) return done(found);
                            if (found == Found::Yes) {
                              tracker_.apply(*order);
                              return follow(id, chain_max_, done);
                            }
                            within_group(id, places, 0, done);
                          }));
}

void OrderFinder::within_group(const Id& id, const LegPlaces& places, std::size_t next,
                               const Done& done) {
  if (next == places.size()) return done(Found::Absent);
  const TrackedOrder* parent = tracker_.find(places[next].parent);
  if (parent != nullptr && parent->is_known_there())
    return under_parent(id, places, next, parent->chain.current().id, chain_max_, done);
  // By its client order id the venue shows a parent without its legs.
  api_.order_by_client_id(
      places[next].parent.view(), priority_of(id),
      reading(id, [this, id, places, next, done](Found found, const Order* parent_alone) {
        if (found == Found::Failed) return done(found);
        if (found == Found::Absent) return within_group(id, places, next + 1, done);
        under_parent(id, places, next, parent_alone->id, chain_max_, done);
      }));
}

/// The exits of a parent that was changed hang under the order that stands for it now.
void OrderFinder::under_parent(const Id& id, const LegPlaces& places, std::size_t next,
                               const std::string& venue_id, int hops, const Done& done) {
  api_.order_by_id(
      venue_id, priority_of(id),
      reading(id, [this, id, places, next, hops, done](Found found, const Order* parent) {
        if (found == Found::Failed) return done(found);
        if (found == Found::Yes && has_leg(*parent, places[next])) {
          take_leg(id, places[next], *parent);
          return follow(id, chain_max_, done);
        }
        if (found == Found::Absent || !parent->replaced_by || hops <= 0)
          return within_group(id, places, next + 1, done);
        tracker_.adopt(places[next].parent, parent->symbol);
        tracker_.apply(*parent);
        under_parent(id, places, next, *parent->replaced_by, hops - 1, done);
      }));
}

void OrderFinder::take_leg(const Id& id, const LegPlace& place, const Order& parent) {
  // Taking in the second may make room by forgetting the first: they are found afterwards.
  tracker_.adopt(place.parent, parent.symbol);
  tracker_.adopt(id, parent.symbol);
  TrackedOrder* of_parent = tracker_.find(place.parent);
  TrackedOrder* leg = tracker_.find(id);
  if (of_parent != nullptr && leg != nullptr)
    tracker_.link(*of_parent, *leg, place.role, place.is_pair);
  tracker_.apply(parent);
}

}  // namespace st0ck::alpaca
