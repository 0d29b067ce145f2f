#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order_update.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace st0ck::adapters::sim {

/// Which client order ids were used, and where their orders are. Remembers every working order
/// and the last `finished_max` finished ones.
class OrderMemory {
 public:
  /// How an order ended.
  struct End {
    trading::OrderUpdateKind kind = trading::OrderUpdateKind::Fill;
    core::Quantity filled;
    core::Money notional;
    core::Money fee;
  };

  struct Place {
    core::InstrumentId instrument;
    bool is_working = true;
    End end{};  ///< Of one that does not work any more.
  };

  explicit OrderMemory(std::size_t finished_max) : finished_max_{finished_max} {}

  /// Nothing for an id that was never used or is forgotten.
  std::optional<Place> find(const core::ClientOrderId& id) const;

  void add_working(const core::ClientOrderId& id, core::InstrumentId instrument);
  void mark_finished(const core::ClientOrderId& id, const End& end);
  std::size_t working() const { return working_; }

 private:
  // Only looked up, never walked: the order of a hash table decides nothing.
  boost::unordered_flat_map<core::ClientOrderId, Place, std::hash<core::ClientOrderId>> places_;
  std::vector<core::ClientOrderId> finished_;  ///< A ring once it is full.
  std::size_t finished_next_ = 0;
  std::size_t finished_max_;
  std::size_t working_ = 0;
};

}  // namespace st0ck::adapters::sim
