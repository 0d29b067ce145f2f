#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/trading/reconciliation.hpp"

#include <cstdint>
#include <vector>

namespace st0ck::kernel {

/// Keeps what differs between the broker's account and our books, and what became of it. A
/// deterministic function of the reconciliations that it is given. Core thread only.
class DifferenceBook {
 public:
  enum class How : std::uint8_t { Appeared, Changed, Ended };
  struct Change {
    How how = How::Appeared;
    DifferenceRow row;
    bool is_news = true;  ///< Worth an alarm; other figures of a foreign order are not.
  };

  /// Takes in what differs now; what changed by it, ends first, then in the order given. What is
  /// the same as before is no change.
  std::vector<Change> update(const trading::Reconciliation& now, const core::AccountId& account,
                             core::Timestamp time);

  /// What differs, in the order in which it came up.
  const std::vector<DifferenceRow>& in_force() const { return in_force_; }

  /// The code of the first that stops entries; empty where none does.
  core::Code stop() const;

 private:
  std::vector<DifferenceRow> in_force_;
  std::uint64_t last_id_ = 0;
};

}  // namespace st0ck::kernel
