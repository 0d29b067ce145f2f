#include "st0ck/adapters/alpaca/calendar_check.hpp"

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>

namespace st0ck::alpaca {

namespace {

std::string hours(core::Timestamp open, core::Timestamp close) {
  return fmt::format("{} to {}", core::format_utc(open), core::format_utc(close));
}

}  // namespace

core::Result<std::vector<std::string>> calendar_differences(const std::vector<CalendarDay>& days,
                                                            core::Date from, core::Date to) {
  const auto sessions = core::ExchangeCalendar::xnys().sessions_between(from, to);
  if (!sessions) return tl::unexpected<core::Error>(sessions.error());
  std::map<core::Date, const CalendarDay*> theirs;
  for (const CalendarDay& day : days)
    if (day.date >= from && day.date <= to) theirs.emplace(day.date, &day);

  std::vector<std::string> differences;
  for (const core::Session& session : *sessions) {
    const auto found = theirs.find(session.date);
    if (found == theirs.end()) {
      differences.push_back(
          fmt::format("{}: we trade, the venue does not", core::format_date(session.date)));
      continue;
    }
    const core::Timestamp open = core::from_new_york(session.date, found->second->open);
    const core::Timestamp close = core::from_new_york(session.date, found->second->close);
    if (open != session.open || close != session.close)
      differences.push_back(fmt::format("{}: we trade {}, the venue {}",
                                        core::format_date(session.date),
                                        hours(session.open, session.close), hours(open, close)));
    theirs.erase(found);
  }
  for (const auto& [date, day] : theirs)
    differences.push_back(fmt::format("{}: the venue trades, we do not", core::format_date(date)));
  return differences;
}

}  // namespace st0ck::alpaca
