#include "st0ck/core/new_york_time.hpp"

#include "st0ck/core/assert.hpp"
#include "whole_seconds.hpp"

#include <chrono>

namespace st0ck::core {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;
using namespace std::chrono_literals;

constexpr seconds kStandardOffset = -5h;
constexpr seconds kDaylightOffset = -4h;
constexpr seconds kChangeTime = 2h;

/// The two Sundays on which the clocks of one year change.
struct DaylightSaving {
  local_days first;
  local_days last;
};

DaylightSaving daylight_saving(year year) {
  using namespace std::chrono;
  // 15 U.S.C. 260a, as changed by the Energy Policy Act of 2005, section 110.
  if (year >= 2007y)
    return {local_days{year / March / Sunday[2]}, local_days{year / November / Sunday[1]}};
  return {local_days{year / April / Sunday[1]}, local_days{year / October / Sunday[last]}};
}

seconds offset_at(sys_seconds time) {
  // Standard time tells the year well enough: no change is near its end.
  const auto local_date = std::chrono::floor<days>(time + kStandardOffset);
  const auto saving = daylight_saving(std::chrono::year_month_day{local_date}.year());
  const auto start = sys_seconds{(saving.first + kChangeTime).time_since_epoch() - kStandardOffset};
  const auto end = sys_seconds{(saving.last + kChangeTime).time_since_epoch() - kDaylightOffset};
  return time >= start && time < end ? kDaylightOffset : kStandardOffset;
}

seconds offset_at_local(local_seconds time) {
  const auto local_date = std::chrono::floor<days>(time);
  const auto saving = daylight_saving(std::chrono::year_month_day{local_date}.year());
  // The left-out hour counts as standard time, the repeated one as daylight saving time.
  const auto start = saving.first + kChangeTime + 1h;
  const auto end = saving.last + kChangeTime;
  return time >= start && time < end ? kDaylightOffset : kStandardOffset;
}

}  // namespace

NewYorkTime to_new_york(Timestamp time) {
  const auto [whole, fraction] = whole_seconds(time);
  const seconds offset = offset_at(whole);
  const auto local = whole + offset;
  const auto date = std::chrono::floor<days>(local);
  return {.date = Date{date}, .time_of_day = (local - date) + fraction, .utc_offset = offset};
}

Timestamp from_new_york(Date date, Duration since_midnight) {
  ST0CK_ASSERT(date.ok(), "a New York date exists");
  const auto midnight = local_days{date};
  const seconds offset = offset_at_local(midnight + std::chrono::floor<seconds>(since_midnight));
  return Timestamp{midnight.time_since_epoch() + since_midnight - offset};
}

bool is_daylight_saving(Date date) {
  ST0CK_ASSERT(date.ok(), "a New York date exists");
  const auto saving = daylight_saving(date.year());
  return local_days{date} >= saving.first && local_days{date} < saving.last;
}

}  // namespace st0ck::core
