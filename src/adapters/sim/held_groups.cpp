#include "st0ck/adapters/sim/held_groups.hpp"

#include "st0ck/trading/corporate_terms.hpp"

#include <algorithm>

namespace st0ck::adapters::sim {

std::uint32_t HeldGroups::add(bool has_entry, core::Quantity held) {
  groups_.push_back({has_entry, has_entry ? core::Quantity{} : held, {}});
  return static_cast<std::uint32_t>(groups_.size());
}

void HeldGroups::on_entry_fill(std::uint32_t group, core::Quantity quantity) {
  state(group).entered += quantity;
}

void HeldGroups::on_entry_end(std::uint32_t group) { state(group).is_entry_open = false; }

void HeldGroups::on_split(InstrumentOrders& book, const market::CorporateAction& split) {
  std::vector<std::uint32_t> done;
  for (const WorkingOrder& order : book) {
    const std::uint32_t group = order.group;
    if (group == 0 || std::find(done.begin(), done.end(), group) != done.end()) continue;
    done.push_back(group);
    const core::Quantity held = open(group);
    state(group).entered += trading::order_after_split(held, split) - held;
  }
}

void HeldGroups::on_exit_fill(std::uint32_t group, core::Quantity quantity) {
  state(group).exited += quantity;
}

core::Quantity HeldGroups::exits_left(std::uint32_t group, bool after_entry) const {
  if (after_entry && state(group).is_entry_open) return {};
  return open(group);
}

core::Quantity HeldGroups::open(std::uint32_t group) const {
  return state(group).entered - state(group).exited;
}

bool HeldGroups::is_done(std::uint32_t group) const {
  return !state(group).is_entry_open && open(group).is_zero();
}

}  // namespace st0ck::adapters::sim
