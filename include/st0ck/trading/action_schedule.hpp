#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace st0ck::trading {

/// Decides when an announced corporate action is applied: once, before the open of its ex-date.
///
/// One announced ahead, overnight or days before, waits for the Prepare phase of the first session
/// on or after its ex-date. One announced on the ex-date before the open is due at once. After that
/// it is late: fills of the day may be of either kind of share, and no rule can tell. A late one is
/// remembered too, so that it is told of once.
class ActionSchedule {
 public:
  enum class Verdict : std::uint8_t {
    Apply,     ///< Now.
    Wait,      ///< Until `take_due` gives it back.
    Repeated,  ///< It was announced before: nothing to do.
    Late,      ///< The session of its ex-date has opened already.
    TooMany,   ///< No room to keep it.
  };

  struct Counters {
    std::uint64_t applied = 0;
    std::uint64_t waited = 0;  ///< Of those applied or still waiting, announced ahead.
    std::uint64_t repeated = 0;
    std::uint64_t late = 0;
  };

  /// Actions that may wait at a time.
  static constexpr std::size_t kWaitingMax = 4096;

  /// Hears of an action at `now`.
  Verdict announce(const market::CorporateAction& action, core::Timestamp now);

  /// Those that wait for the session of `date` or an earlier one, in the order of their ex-dates
  /// and announcements.
  std::vector<market::CorporateAction> take_due(core::Date date);

  /// The one of that kind and ex-date which was announced before, applied, waiting or late;
  /// nothing after some weeks, or when there was none.
  std::optional<market::CorporateAction> find(core::InstrumentId instrument,
                                              market::CorporateActionKind kind,
                                              core::Date ex_date) const;

  const Counters& counters() const { return counters_; }

 private:
  void forget_before(core::Date date);

  std::vector<market::CorporateAction> waiting_;
  std::vector<market::CorporateAction> settled_;  ///< Applied or late, of the last weeks.
  Counters counters_;
};

}  // namespace st0ck::trading
