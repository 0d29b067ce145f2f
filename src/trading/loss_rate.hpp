#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/account_limits.hpp"

#include <boost/circular_buffer.hpp>

#include <optional>

namespace st0ck::trading {

/// Measures how much an account has lost from its highest worth within a sliding window. Knows no
/// engine, no order and no bot: only what the account was worth when.
///
/// One mark a second is kept, its highest, for the window and up to a second longer, so that a loss
/// is never seen too small. O(1) a mark, amortised; no allocation once the limits are set.
class LossRate {
 public:
  /// A loss that has reached its limit.
  struct Loss {
    core::Money lost;
    core::Money limit;
  };

  void limit(const LossRateLimits& limits);

  /// Whether there is anything to watch: a limit, and no loss that has reached it yet.
  bool is_watching() const { return limits_.is_on() && !has_tripped_; }
  bool has_tripped() const { return has_tripped_; }

  /// Takes in what the account is worth now; times never go back. The loss where it has reached
  /// the limit: from then on nothing is measured until `start_again`.
  std::optional<Loss> mark(core::Timestamp now, core::Money worth);

  /// Whether a price is the one that was seen last, within the same second: nothing new to measure.
  bool has_seen(core::Timestamp now, core::InstrumentId instrument, core::Price price);

  /// Forgets all marks, and that a limit was reached.
  void start_again();

 private:
  struct Mark {
    std::chrono::sys_seconds second;
    core::Money worth;
  };

  struct Seen {
    std::chrono::sys_seconds second{};
    core::InstrumentId instrument{};
    core::Price price{};

    friend bool operator==(const Seen&, const Seen&) = default;
  };

  void keep(std::chrono::sys_seconds second, core::Money worth);
  core::Money limit_from(core::Money highest) const;

  LossRateLimits limits_;
  boost::circular_buffer<Mark> falling_;  ///< By time; each is worth less than the one before.
  Seen seen_{};
  bool has_tripped_ = false;
};

}  // namespace st0ck::trading
