#include "xnys_rules.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace st0ck::core {

namespace {

using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year;
using namespace std::chrono_literals;

constexpr auto kJanuary = std::chrono::January;
constexpr auto kFebruary = std::chrono::February;
constexpr auto kMarch = std::chrono::March;
constexpr auto kApril = std::chrono::April;
constexpr auto kMay = std::chrono::May;
constexpr auto kJune = std::chrono::June;
constexpr auto kJuly = std::chrono::July;
constexpr auto kSeptember = std::chrono::September;
constexpr auto kOctober = std::chrono::October;
constexpr auto kNovember = std::chrono::November;
constexpr auto kDecember = std::chrono::December;
constexpr auto kMonday = std::chrono::Monday;
constexpr auto kTuesday = std::chrono::Tuesday;
constexpr auto kWednesday = std::chrono::Wednesday;
constexpr auto kThursday = std::chrono::Thursday;
constexpr auto kFriday = std::chrono::Friday;
constexpr auto kSaturday = std::chrono::Saturday;
constexpr auto kSunday = std::chrono::Sunday;

constexpr weekday weekday_of(Date date) { return weekday{sys_days{date}}; }

/// NYSE Rule 7.2: a holiday on a Saturday is kept on the Friday before, one on a Sunday on the
/// Monday after.
constexpr Date nearest_weekday(Date holiday) {
  const weekday day = weekday_of(holiday);
  if (day == kSaturday) return Date{sys_days{holiday} - days{1}};
  if (day == kSunday) return Date{sys_days{holiday} + days{1}};
  return holiday;
}

/// The same rule spares the Friday when the business year or month ends on it, so a New Year's
/// Day on a Saturday is not kept at all.
constexpr Date new_years_day(year year) {
  const Date first = year / kJanuary / 1;
  return weekday_of(first) == kSunday ? Date{year / kJanuary / 2} : first;
}

constexpr Date martin_luther_king_day(year year) {
  return Date{sys_days{year / kJanuary / kMonday[3]}};
}

constexpr Date washingtons_birthday(year year) {
  return Date{sys_days{year / kFebruary / kMonday[3]}};
}

/// Easter Sunday of the Gregorian calendar, by the method that J.-M. Oudin published in 1940: find
/// the Paschal full moon, then the Sunday after it.
constexpr Date easter(year year) {
  const int y = static_cast<int>(year);
  const int century = y / 100;
  const int golden = y % 19;
  const int moon_correction = (century - 17) / 25;
  int epact = (century - century / 4 - (century - moon_correction) / 3 + 19 * golden + 15) % 30;
  epact -= (epact / 28) * (1 - (29 / (epact + 1)) * ((21 - golden) / 11));
  const int full_moon_weekday = (y + y / 4 + epact + 2 - century + century / 4) % 7;
  const int days_from_march_28 = epact - full_moon_weekday;
  return Date{sys_days{year / kMarch / 28} + days{days_from_march_28}};
}

constexpr Date good_friday(year year) { return Date{sys_days{easter(year)} - days{2}}; }

constexpr Date memorial_day(year year) {
  return Date{sys_days{year / kMay / kMonday[std::chrono::last]}};
}

constexpr Date juneteenth(year year) { return nearest_weekday(year / kJune / 19); }

constexpr Date independence_day(year year) { return nearest_weekday(year / kJuly / 4); }

constexpr Date labor_day(year year) { return Date{sys_days{year / kSeptember / kMonday[1]}}; }

constexpr Date thanksgiving(year year) { return Date{sys_days{year / kNovember / kThursday[4]}}; }

constexpr Date christmas(year year) { return nearest_weekday(year / kDecember / 25); }

struct Holiday {
  std::string_view name;
  year first_year;
  month first_month;  ///< Of all the dates it may be kept on; spares computing them elsewhere.
  month last_month;
  Date (*kept_in)(year);

  bool is_kept_on(Date date) const {
    return date.year() >= first_year && date.month() >= first_month && date.month() <= last_month &&
           kept_in(date.year()) == date;
  }
};

constexpr std::array kHolidays{
    Holiday{"New Year's Day", 1990y, kJanuary, kJanuary, new_years_day},
    Holiday{"Martin Luther King Jr. Day", 1998y, kJanuary, kJanuary, martin_luther_king_day},
    Holiday{"Washington's Birthday", 1990y, kFebruary, kFebruary, washingtons_birthday},
    Holiday{"Good Friday", 1990y, kMarch, kApril, good_friday},
    Holiday{"Memorial Day", 1990y, kMay, kMay, memorial_day},
    Holiday{"Juneteenth", 2022y, kJune, kJune, juneteenth},
    Holiday{"Independence Day", 1990y, kJuly, kJuly, independence_day},
    Holiday{"Labor Day", 1990y, kSeptember, kSeptember, labor_day},
    Holiday{"Thanksgiving Day", 1990y, kNovember, kNovember, thanksgiving},
    Holiday{"Christmas Day", 1990y, kDecember, kDecember, christmas},
};

struct SpecialClosure {
  Date date;
  std::string_view reason;
};

/// Full days that no rule foretells; https://www.nyse.com/markets/hours-calendars announces them.
constexpr std::array kSpecialClosures{
    SpecialClosure{1994y / kApril / 27, "funeral of President Nixon"},
    SpecialClosure{2001y / kSeptember / 11, "attacks of September 11"},
    SpecialClosure{2001y / kSeptember / 12, "attacks of September 11"},
    SpecialClosure{2001y / kSeptember / 13, "attacks of September 11"},
    SpecialClosure{2001y / kSeptember / 14, "attacks of September 11"},
    SpecialClosure{2004y / kJune / 11, "day of mourning for President Reagan"},
    SpecialClosure{2007y / kJanuary / 2, "day of mourning for President Ford"},
    SpecialClosure{2012y / kOctober / 29, "Hurricane Sandy"},
    SpecialClosure{2012y / kOctober / 30, "Hurricane Sandy"},
    SpecialClosure{2018y / kDecember / 5, "day of mourning for President George H. W. Bush"},
    SpecialClosure{2025y / kJanuary / 9, "day of mourning for President Carter"},
};

struct SpecialEarlyClose {
  Date date;
  EarlyClose close;
};

constexpr std::array kSpecialEarlyCloses{
    SpecialEarlyClose{1997y / kDecember / 26, {13h, "Friday after Christmas"}},
    SpecialEarlyClose{1999y / kDecember / 31, {13h, "eve of the year 2000"}},
    SpecialEarlyClose{2003y / kDecember / 26, {13h, "Friday after Christmas"}},
};

bool is_day_after_thanksgiving(Date date) {
  return date.month() == kNovember && date.year() >= 1992y &&
         sys_days{date} == sys_days{thanksgiving(date.year())} + days{1};
}

/// A Christmas Eve on a Friday needs no rule: it is a holiday then.
bool is_christmas_eve(Date date) { return date.month() == kDecember && date.day() == 24d; }

/// Before 1995 no session around July 4 was short. A July 4 on a Thursday made the Friday after it
/// short up to 2012; since 2013 it is the Wednesday before.
bool is_beside_independence_day(Date date) {
  if (date.month() != kJuly || date.year() < 1995y) return false;
  const weekday day = weekday_of(date);
  if (date.day() == 5d) return day == kFriday && date.year() < 2013y;
  if (date.day() != 3d) return false;
  return day == kMonday || day == kTuesday || day == kThursday ||
         (day == kWednesday && date.year() >= 2013y);
}

}  // namespace

std::string_view xnys_closure_reason(Date date) {
  const weekday day = weekday_of(date);
  if (day == kSaturday || day == kSunday) return "weekend";
  for (const Holiday& holiday : kHolidays)
    if (holiday.is_kept_on(date)) return holiday.name;
  const auto special = std::ranges::find(kSpecialClosures, date, &SpecialClosure::date);
  return special == kSpecialClosures.end() ? std::string_view{} : special->reason;
}

std::optional<EarlyClose> xnys_early_close(Date date) {
  // Short days ended at 14:00 up to 1992.
  const Duration time = date.year() >= 1993y ? 13h : 14h;
  if (is_day_after_thanksgiving(date)) return EarlyClose{time, "day after Thanksgiving"};
  if (is_christmas_eve(date)) return EarlyClose{time, "Christmas Eve"};
  if (is_beside_independence_day(date)) return EarlyClose{time, "beside Independence Day"};
  const auto special = std::ranges::find(kSpecialEarlyCloses, date, &SpecialEarlyClose::date);
  if (special == kSpecialEarlyCloses.end()) return std::nullopt;
  return special->close;
}

}  // namespace st0ck::core
