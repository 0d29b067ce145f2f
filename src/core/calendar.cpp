#include "st0ck/core/calendar.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"
#include "xnys_rules.hpp"

#include <array>
#include <chrono>
#include <cstdint>

namespace st0ck::core {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr Duration kOpenTime = 9h + 30min;
constexpr Duration kPreMarketOpenTime = 4h;
constexpr Duration kRegularLength = 6h + 30min;
constexpr hours kRegularCloseTime = 16h;

constexpr sys_days kFirstDay{ExchangeCalendar::first_date()};
constexpr sys_days kLastDay{ExchangeCalendar::last_date()};
constexpr std::size_t kDayCount = static_cast<std::size_t>((kLastDay - kFirstDay).count()) + 1;

/// A day in one byte: the hour of the close in New York (0 when closed), and whether daylight
/// saving time is in force.
constexpr std::uint8_t kCloseHourMask = 0x1f;
constexpr std::uint8_t kDaylightSavingBit = 0x80;

std::uint8_t encoded_day(Date date) {
  if (!xnys_closure_reason(date).empty()) return 0;
  const auto early = xnys_early_close(date);
  const hours close = early ? std::chrono::floor<hours>(early->time_of_day) : kRegularCloseTime;
  const auto saving = is_daylight_saving(date) ? kDaylightSavingBit : std::uint8_t{0};
  return static_cast<std::uint8_t>(static_cast<unsigned>(close.count()) | saving);
}

constexpr int index_of(sys_days day) { return static_cast<int>((day - kFirstDay).count()); }

}  // namespace

struct ExchangeCalendar::Table {
  std::array<std::uint8_t, kDayCount> days{};
};

bool Session::is_early_close() const { return close - open < kRegularLength; }

// The clocks change on Sundays only, so that a session's own day has one offset.
Timestamp Session::pre_market_open() const { return open - (kOpenTime - kPreMarketOpenTime); }

Timestamp Session::post_market_close() const {
  return open - kOpenTime + (is_early_close() ? 17h : 20h);
}

const ExchangeCalendar::Table& ExchangeCalendar::xnys_table() {
  static const Table table = [] {
    Table made;
    for (std::size_t i = 0; i < kDayCount; ++i)
      made.days[i] = encoded_day(Date{kFirstDay + days{static_cast<int>(i)}});
    return made;
  }();
  return table;
}

ExchangeCalendar ExchangeCalendar::xnys() { return ExchangeCalendar{xnys_table()}; }

Status ExchangeCalendar::check(Date date) const {
  if (!date.ok())
    return fail(Errc::BadInput, "XNYS calendar: {} is not a date that exists", format_date(date));
  if (date < first_date() || date > last_date())
    return fail(Errc::OutOfRange, "XNYS calendar: {} is outside {} to {}", format_date(date),
                format_date(first_date()), format_date(last_date()));
  return {};
}

std::optional<Session> ExchangeCalendar::session_at_index(int index) const {
  if (index < 0 || index >= static_cast<int>(kDayCount)) return std::nullopt;
  const std::uint8_t day = table_->days[static_cast<std::size_t>(index)];
  if (day == 0) return std::nullopt;
  const sys_days date = kFirstDay + days{index};
  const Timestamp midnight = Timestamp{date} + ((day & kDaylightSavingBit) != 0 ? 4h : 5h);
  return Session{.date = Date{date},
                 .open = midnight + kOpenTime,
                 .close = midnight + hours{day & kCloseHourMask}};
}

std::optional<Session> ExchangeCalendar::session_on(Date date) const {
  if (!check(date)) return std::nullopt;
  return session_at_index(index_of(sys_days{date}));
}

bool ExchangeCalendar::is_session(Date date) const { return session_on(date).has_value(); }

std::optional<Session> ExchangeCalendar::session_at(Timestamp time) const {
  // From open to close (13:30 to 21:00 UTC) the date in UTC is the session's.
  const auto session = session_at_index(index_of(std::chrono::floor<days>(time)));
  if (!session || time < session->open || time >= session->close) return std::nullopt;
  return session;
}

Result<Session> ExchangeCalendar::next_session(Date after) const {
  if (const Status known = check(after); !known) return tl::unexpected<Error>(known.error());
  for (int i = index_of(sys_days{after}) + 1; i < static_cast<int>(kDayCount); ++i)
    if (const auto session = session_at_index(i)) return *session;
  return fail(Errc::OutOfRange, "XNYS calendar: no session is known after {} (it ends on {})",
              format_date(after), format_date(last_date()));
}

Result<Session> ExchangeCalendar::previous_session(Date before) const {
  if (const Status known = check(before); !known) return tl::unexpected<Error>(known.error());
  for (int i = index_of(sys_days{before}) - 1; i >= 0; --i)
    if (const auto session = session_at_index(i)) return *session;
  return fail(Errc::OutOfRange, "XNYS calendar: no session is known before {} (it begins on {})",
              format_date(before), format_date(first_date()));
}

Result<std::vector<Session>> ExchangeCalendar::sessions_between(Date from, Date to) const {
  if (const Status known = check(from); !known) return tl::unexpected<Error>(known.error());
  if (const Status known = check(to); !known) return tl::unexpected<Error>(known.error());
  if (to < from)
    return fail(Errc::OutOfRange, "XNYS calendar: the period {} to {} ends before it begins",
                format_date(from), format_date(to));
  std::vector<Session> sessions;
  for (int i = index_of(sys_days{from}); i <= index_of(sys_days{to}); ++i)
    if (const auto session = session_at_index(i)) sessions.push_back(*session);
  return sessions;
}

std::string_view ExchangeCalendar::closure_reason(Date date) const {
  if (!check(date)) return "outside the calendar";
  return xnys_closure_reason(date);
}

std::string_view ExchangeCalendar::early_close_reason(Date date) const {
  if (!is_session(date)) return {};
  const auto early = xnys_early_close(date);
  return early ? early->reason : std::string_view{};
}

Result<std::string> sessions_csv(const ExchangeCalendar& calendar, Date from, Date to) {
  const auto sessions = calendar.sessions_between(from, to);
  if (!sessions) return tl::unexpected<Error>(sessions.error());
  std::string csv = "session,open_utc,close_utc\n";
  for (const Session& session : *sessions)
    csv += fmt::format("{},{},{}\n", format_date(session.date), format_utc(session.open),
                       format_utc(session.close));
  return csv;
}

}  // namespace st0ck::core
