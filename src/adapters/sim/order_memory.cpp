#include "st0ck/adapters/sim/order_memory.hpp"

#include "st0ck/core/assert.hpp"

namespace st0ck::adapters::sim {

std::optional<OrderMemory::Place> OrderMemory::find(const core::ClientOrderId& id) const {
  const auto found = places_.find(id);
  if (found == places_.end()) return std::nullopt;
  return found->second;
}

void OrderMemory::add_working(const core::ClientOrderId& id, core::InstrumentId instrument) {
  const bool is_new = places_.emplace(id, Place{instrument, true}).second;
  ST0CK_ASSERT(is_new, "a client order id is used once");
  ++working_;
}

void OrderMemory::mark_finished(const core::ClientOrderId& id, const End& end) {
  const auto found = places_.find(id);
  ST0CK_ASSERT(found != places_.end() && found->second.is_working,
               "only a working order finishes, and once");
  found->second.is_working = false;
  found->second.end = end;
  --working_;
  if (finished_.size() < finished_max_) {
    finished_.push_back(id);
    return;
  }
  places_.erase(finished_[finished_next_]);
  finished_[finished_next_] = id;
  finished_next_ = (finished_next_ + 1) % finished_max_;
}

}  // namespace st0ck::adapters::sim
