#pragma once

#include "st0ck/kernel/records.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace st0ck::app::faults {

/// What the journal says of orders, from its records as they are written; after a crash from what
/// was left.
class JournalBooks {
 public:
  struct Intended {
    kernel::OrderRow row;         ///< As it was sent first, ...
    core::Quantity quantity_max;  ///< ... the most it was ever changed to, ...
    trading::OrderState state = trading::OrderState::Submitted;  ///< ... and how it stands.
    bool is_abandoned = false;                                   ///< It was given up at some time.
    core::Sequence sequence{};                                   ///< Of the first row.
    int rows = 0;
    /// Which record said what of its state: a crash may take the last back.
    std::vector<std::pair<core::Sequence, trading::OrderState>> states;
  };

  /// A record that is new; others than those of orders are passed over.
  void take(kernel::RecordKind kind, core::Sequence sequence, std::span<const std::byte> payload);

  /// The records after that one are lost.
  void lose_after(core::Sequence sequence);

  const Intended* find(const core::ClientOrderId& id) const;
  const std::map<core::ClientOrderId, Intended>& orders() const { return orders_; }
  std::uint64_t unknown() const { return unknown_.size(); }
  bool was_unknown(const core::ClientOrderId& id) const { return unknown_.contains(id); }

  /// An order of that symbol whose fate is unknown; null without one.
  const Intended* unknown_of(const core::Symbol& symbol) const;

 private:
  std::map<core::ClientOrderId, Intended> orders_;
  std::set<core::ClientOrderId> unknown_;  ///< At some time.
};

}  // namespace st0ck::app::faults
