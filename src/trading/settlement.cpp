#include "st0ck/trading/settlement.hpp"

#include "st0ck/core/calendar.hpp"

#include <algorithm>
#include <chrono>

namespace st0ck::trading {

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

constexpr core::Date kTwoDays{year{2017}, month{9}, day{5}};
constexpr core::Date kOneDay{year{2024}, month{5}, day{28}};

int days_to_settle(core::Date traded, market::AssetClass asset_class) {
  if (asset_class == market::AssetClass::Option || traded >= kOneDay) return 1;
  return traded >= kTwoDays ? 2 : 3;
}

/// Columbus Day, the second Monday of October, and Veterans Day, 11 November, on Monday when that
/// is a Sunday: banks are closed, the exchange is not.
bool is_bank_holiday(core::Date date) {
  const std::chrono::weekday weekday{std::chrono::sys_days{date}};
  const unsigned of_month = static_cast<unsigned>(date.day());
  const bool is_monday = weekday == std::chrono::Monday;
  if (date.month() == std::chrono::October) return is_monday && of_month >= 8 && of_month <= 14;
  if (date.month() != std::chrono::November) return false;
  return of_month == 11 || (of_month == 12 && is_monday);
}

}  // namespace

core::Date settlement_date(core::Date traded, market::AssetClass asset_class) {
  const auto calendar = core::ExchangeCalendar::xnys();
  core::Date date = traded;
  for (int left = days_to_settle(traded, asset_class); left > 0;) {
    const auto next = calendar.next_session(date);
    if (!next) return traded;
    date = next->date;
    if (!is_bank_holiday(date)) --left;
  }
  return date;
}

void Settlements::add(core::Date traded, market::AssetClass asset_class, core::Money amount) {
  const core::Date date = settlement_date(traded, asset_class);
  const auto at = std::lower_bound(due_.begin(), due_.end(), date,
                                   [](const Due& due, core::Date d) { return due.date < d; });
  if (at != due_.end() && at->date == date)
    at->amount += amount;
  else
    due_.insert(at, {date, amount});
}

core::Money Settlements::due_after(core::Date date) const {
  core::Money sum;
  for (const Due& due : due_)
    if (due.date > date) sum += due.amount;
  return sum;
}

void Settlements::forget_until(core::Date date) {
  std::erase_if(due_, [&](const Due& due) { return due.date <= date; });
}

}  // namespace st0ck::trading
