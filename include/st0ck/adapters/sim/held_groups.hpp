#pragma once

#include "st0ck/adapters/sim/fill_rules.hpp"
#include "st0ck/adapters/sim/instrument_orders.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"

#include <cstdint>
#include <vector>

namespace st0ck::adapters::sim {

/// What the exchange knows of the groups that it holds: how much their entries have brought and
/// their exits have taken. Which orders belong to a group, the orders say.
class HeldGroups {
 public:
  /// Makes a group; its number, from 1 on. One without an entry begins with what it guards.
  std::uint32_t add(bool has_entry, core::Quantity held);

  void on_entry_fill(std::uint32_t group, core::Quantity quantity);
  void on_entry_end(std::uint32_t group);
  /// The groups with orders in `book` hold new shares from now on, in whole ones if they held such.
  void on_split(InstrumentOrders& book, const market::CorporateAction& split);
  void on_exit_fill(std::uint32_t group, core::Quantity quantity);

  /// What the exits may still fill. Nothing before the entry has; with `after_entry`, nothing
  /// before the entry has come to its end.
  core::Quantity exits_left(std::uint32_t group, bool after_entry) const;

  /// What the entry has brought that no exit has taken.
  core::Quantity open(std::uint32_t group) const;
  bool is_entry_open(std::uint32_t group) const { return state(group).is_entry_open; }

  /// Whether nothing is left to guard, now and later.
  bool is_done(std::uint32_t group) const;

 private:
  struct State {
    bool is_entry_open = false;
    core::Quantity entered;
    core::Quantity exited;
  };

  const State& state(std::uint32_t group) const { return groups_[group - 1]; }
  State& state(std::uint32_t group) { return groups_[group - 1]; }

  std::vector<State> groups_;
};

}  // namespace st0ck::adapters::sim
