#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/ids.hpp"

#include <chrono>
#include <map>

namespace st0ck::alpaca {

/// Orders whose sending was not answered. Until the venue is found to be without such an order
/// when no request of it can be under way any more, nothing that is said of a later sending says
/// that the venue will not have it.
class UnprovenSendings {
 public:
  /// Longer than a request may be under way, clocks that differ included.
  static constexpr core::Duration kWayMax = std::chrono::minutes{2};

  explicit UnprovenSendings(const core::Clock& clock) : clock_{clock} {}

  /// It was sent, for all we know until now, and nobody has answered.
  void note(const core::ClientOrderId& id) { last_.insert_or_assign(id, clock_.now()); }

  /// The venue was found to have no such order.
  void note_absent(const core::ClientOrderId& id) {
    const auto found = last_.find(id);
    if (found != last_.end() && clock_.now() - found->second > kWayMax) last_.erase(found);
  }

  /// The venue has it.
  void note_known(const core::ClientOrderId& id) { last_.erase(id); }

  bool may_arrive(const core::ClientOrderId& id) const { return last_.contains(id); }

 private:
  const core::Clock& clock_;
  std::map<core::ClientOrderId, core::Timestamp> last_;
};

}  // namespace st0ck::alpaca
