#include "src/app/faults/guard_book.hpp"

#include <algorithm>

namespace st0ck::app::faults {

using core::Quantity;
using trading::Side;

void GuardBook::on_order(const Holder& holder, const core::ClientOrderId& group,
                         trading::Purpose purpose, Side side, Quantity quantity,
                         Quantity position) {
  if (group.empty() || by_name_.contains(group)) return;
  by_name_.emplace(group, groups_.size());
  const bool has_entry = purpose == trading::Purpose::Entry;
  groups_.push_back({holder, group, has_entry ? trading::opposite(side) : side,
                     has_entry ? Quantity{} : quantity});
  trim_all(holder, position);
}

void GuardBook::on_fill(const Holder& holder, const core::ClientOrderId& group,
                        trading::Purpose purpose, Quantity quantity, Quantity position) {
  if (const auto found = by_name_.find(group); found != by_name_.end()) {
    Quantity& open = groups_[found->second].open;
    if (purpose == trading::Purpose::Entry)
      open += quantity;
    else
      open -= std::min(open, quantity);
  }
  trim_all(holder, position);
}

void GuardBook::trim_all(const Holder& holder, Quantity position) {
  trim(holder, Side::Sell, std::max(position, Quantity{}));
  trim(holder, Side::Buy, std::max(-position, Quantity{}));
}

void GuardBook::trim(const Holder& holder, Side side, Quantity position) {
  const auto is_of = [&](const Guard& guard) {
    return guard.holder == holder && guard.exit_side == side;
  };
  Quantity over = -position;
  for (const Guard& guard : groups_)
    if (is_of(guard)) over += guard.open;
  for (Guard& guard : groups_) {
    if (!is_of(guard)) continue;
    const Quantity part = std::max(std::min(guard.open, over), Quantity{});
    guard.open -= part;
    over -= part;
  }
}

}  // namespace st0ck::app::faults
