#pragma once

#include "st0ck/core/timestamp.hpp"

namespace st0ck::core {

/// A moment as a clock on a wall in New York shows it.
struct NewYorkTime {
  Date date;
  Duration time_of_day;  ///< What the clock shows, counted from 00:00; under 24 hours.
  Duration utc_offset;   ///< Local minus UTC: -5 h in winter, -4 h under daylight saving time.

  friend bool operator==(const NewYorkTime&, const NewYorkTime&) = default;
};

/// Returns what New York's clocks show at `time`; defined for every Timestamp.
///
/// Daylight saving time follows the law, not a zone database: from the first Sunday in April to
/// the last in October through 2006, from the second Sunday in March to the first in November
/// since 2007, changing at 02:00 local time. The current law is applied to all later years, the
/// one of 1987 to all earlier ones (where it is wrong in April before 1987, and before 1967).
NewYorkTime to_new_york(Timestamp time);

/// Returns the moment at which New York's clocks show `since_midnight` on `date`; a duration
/// outside 0-24 h runs on into the neighbouring days. `date` must exist, in 1678 to 2261.
///
/// The hour that comes twice in autumn (01:00-02:00) is taken the first time, in daylight saving
/// time. The hour that is left out in spring (02:00-03:00) is read as standard time, so 02:30
/// becomes 03:30 daylight saving time. So both keep the offset that was in force before the change.
Timestamp from_new_york(Date date, Duration since_midnight);

/// Whether New York is under daylight saving time at noon of `date`, which must exist.
bool is_daylight_saving(Date date);

}  // namespace st0ck::core
