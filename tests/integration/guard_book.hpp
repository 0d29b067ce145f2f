#pragma once

#include "st0ck/trading/order.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace st0ck::test {

/// A bot and an instrument: an account of its own.
using Holder = std::pair<core::BotId, core::InstrumentId>;

/// What each group guards by the rule of ADR 9, kept from the exchange's fills alone: what its
/// entry has filled, less what its exits have, less what other orders of its bot have sold, taken
/// from the oldest first.
class GuardBook {
 public:
  /// An order is on its way to the exchange, by whose account its bot holds `position`.
  void on_sent(const trading::OrderIntent& intent, core::Quantity position) {
    const core::ClientOrderId& name = intent.group.group;
    if (name.empty() || by_name_.contains(name)) return;
    by_name_.emplace(name, groups_.size());
    Guard guard;
    guard.holder = {intent.bot, intent.leg().instrument};
    guard.name = name;
    guard.exit_side = intent.purpose == trading::Purpose::Exit
                          ? intent.leg().side
                          : trading::opposite(intent.leg().side);
    // Without an entry it is for what is held.
    if (intent.purpose == trading::Purpose::Exit) guard.open = intent.terms.quantity;
    groups_.push_back(guard);
    trim_all(guard.holder, position);
  }

  /// The exchange has filled an order; `position` is what its bot holds now.
  void on_fill(const trading::OrderIntent& intent, core::Quantity quantity,
               core::Quantity position) {
    if (const auto found = by_name_.find(intent.group.group); found != by_name_.end()) {
      core::Quantity& open = groups_[found->second].open;
      if (intent.purpose == trading::Purpose::Entry)
        open += quantity;
      else
        open -= std::min(open, quantity);
    }
    trim_all({intent.bot, intent.leg().instrument}, position);
  }

  /// The bot's position is being closed: its groups guard nothing any more.
  void release(const core::BotId& bot, core::InstrumentId instrument) {
    for (Guard& guard : groups_)
      if (guard.holder == Holder{bot, instrument}) guard.is_released = true;
  }

  struct Guard {
    Holder holder;
    core::ClientOrderId name;
    trading::Side exit_side = trading::Side::Sell;
    core::Quantity open;
    bool is_released = false;

    bool is_needed() const { return open.is_positive() && !is_released; }
  };

  /// By age.
  const std::vector<Guard>& groups() const { return groups_; }

 private:
  void trim_all(const Holder& holder, core::Quantity position) {
    trim(holder, trading::Side::Sell, std::max(position, core::Quantity{}));
    trim(holder, trading::Side::Buy, std::max(-position, core::Quantity{}));
  }

  void trim(const Holder& holder, trading::Side side, core::Quantity position) {
    core::Quantity over = -position;
    for (const Guard& guard : groups_)
      if (guard.holder == holder && guard.exit_side == side && !guard.is_released)
        over += guard.open;
    for (Guard& guard : groups_) {
      if (guard.holder != holder || guard.exit_side != side || guard.is_released) continue;
      const core::Quantity part = std::max(std::min(guard.open, over), core::Quantity{});
      guard.open -= part;
      over -= part;
    }
  }

  std::vector<Guard> groups_;
  std::map<core::ClientOrderId, std::size_t> by_name_;
};

}  // namespace st0ck::test
