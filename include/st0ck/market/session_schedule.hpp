#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/events.hpp"

#include <chrono>
#include <optional>

namespace st0ck::market {

/// How long before the open a session is prepared.
inline constexpr core::Duration kPrepareAhead = std::chrono::minutes{10};

/// Tells the phases of the exchange's sessions one after the other, by the calendar, where the
/// market itself does not. Goes on to the calendar's end.
class SessionSchedule final : public DataSource {
 public:
  /// Begins at `now`: within a session, its phases so far come at once, late. `last` is what was
  /// told before, by an earlier process: the phases after it come, a missed close late; sessions
  /// that were missed wholly are not told.
  SessionSchedule(core::ExchangeCalendar calendar, core::Timestamp now,
                  std::optional<SessionPhase> last);

  std::optional<core::Timestamp> next_time() const override;
  core::Status step(EventSink& sink) override;

 private:
  void begin_session_after(core::Date date);

  core::ExchangeCalendar calendar_;
  core::Timestamp begin_;
  std::optional<SessionPhase> next_;
};

}  // namespace st0ck::market
