#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::core {

/// One trading day of the exchange: regular hours are [open, close).
struct Session {
  Date date;  ///< New York's date, which is UTC's date as well from open to close.
  Timestamp open;
  Timestamp close;

  bool is_early_close() const;

  /// Start of trading before the open, 04:00 New York.
  Timestamp pre_market_open() const;

  /// End of trading after the close: 20:00 New York, after an early close 17:00.
  Timestamp post_market_close() const;

  friend bool operator==(const Session&, const Session&) = default;
};

/// The sessions of the New York Stock Exchange (XNYS), 1990-01-01 to 2100-12-31, by its rules and
/// a list of special closures.
///
/// It tells the schedule: late opens and halts that were not planned a day ahead (the snow of
/// 1996-01-08, the circuit breaker of 1997-10-27) are not in it, nor is the noon opening of
/// 2002-09-11; future years follow today's rules, and a day of mourning may still close one.
///
/// A value that costs a pointer to copy; immutable, any thread. A look-up reads one byte of a
/// table. The first use in a process builds that table in about a millisecond.
class ExchangeCalendar {
 public:
  static ExchangeCalendar xnys();

  static constexpr Date first_date() { return Date{std::chrono::year{1990} / 1 / 1}; }
  static constexpr Date last_date() { return Date{std::chrono::year{2100} / 12 / 31}; }

  /// Whether the calendar knows the date; `OutOfRange`, with the message to show, otherwise. Dates
  /// from outside go through this before `session_on` and its like.
  Status check(Date date) const;

  /// The session of a date; nothing when the exchange is closed or the calendar ends before it.
  std::optional<Session> session_on(Date date) const;
  bool is_session(Date date) const;

  /// The session whose regular hours hold `time`.
  std::optional<Session> session_at(Timestamp time) const;

  /// The first session on a later date than `after`; `OutOfRange` outside the calendar or when
  /// none is left in it.
  Result<Session> next_session(Date after) const;

  /// The last session on an earlier date than `before`; errors as above.
  Result<Session> previous_session(Date before) const;

  /// The sessions of a period, both ends included; `OutOfRange` when it is reversed or not
  /// wholly inside the calendar.
  Result<std::vector<Session>> sessions_between(Date from, Date to) const;

  /// Why there is no session on a date (`Good Friday`); empty when there is one.
  std::string_view closure_reason(Date date) const;

  /// Why a session ends early (`day after Thanksgiving`); empty when it does not.
  std::string_view early_close_reason(Date date) const;

 private:
  struct Table;

  explicit ExchangeCalendar(const Table& table) : table_{&table} {}

  static const Table& xnys_table();
  std::optional<Session> session_at_index(int index) const;

  const Table* table_;
};

/// The sessions of a period as CSV with the header `session,open_utc,close_utc`, one line each,
/// ended by a line feed; errors as in `sessions_between`.
Result<std::string> sessions_csv(const ExchangeCalendar& calendar, Date from, Date to);

}  // namespace st0ck::core
