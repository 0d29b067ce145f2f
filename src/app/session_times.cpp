#include "src/app/session_times.hpp"

#include "st0ck/core/new_york_time.hpp"

#include <algorithm>

namespace st0ck::app {

std::optional<core::Session> session_on_or_after(core::Date date) {
  const auto calendar = core::ExchangeCalendar::xnys();
  if (const auto session = calendar.session_on(date)) return session;
  const auto next = calendar.next_session(date);
  return next ? std::optional{*next} : std::nullopt;
}

std::optional<core::Session> session_under_way_or_next(core::Timestamp now) {
  const core::Date today = core::to_new_york(now).date;
  const auto session = session_on_or_after(today);
  if (!session || now < session->close) return session;
  const auto next = core::ExchangeCalendar::xnys().next_session(today);
  return next ? std::optional{*next} : std::nullopt;
}

std::optional<core::Timestamp> next_before_open(core::Timestamp now,
                                                std::span<const core::Duration> times_ahead) {
  std::optional<core::Timestamp> first;
  auto session = session_on_or_after(core::to_new_york(now).date);
  // The moments of a session lie on its own date or shortly before: two sessions have the next.
  for (int i = 0; session && i < 2; ++i) {
    for (const core::Duration ahead : times_ahead)
      if (const core::Timestamp time = session->open - ahead; time > now)
        first = std::min(first.value_or(time), time);
    const auto next = core::ExchangeCalendar::xnys().next_session(session->date);
    session = next ? std::optional{*next} : std::nullopt;
  }
  return first;
}

}  // namespace st0ck::app
