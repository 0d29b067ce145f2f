#include "st0ck/market/session_schedule.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/core/new_york_time.hpp"

namespace st0ck::market {

SessionSchedule::SessionSchedule(core::ExchangeCalendar calendar, core::Timestamp now,
                                 std::optional<SessionPhase> last)
    : calendar_{calendar}, begin_{now} {
  if (last && last->phase != Phase::Close) {
    next_ = SessionPhase{last->phase == Phase::Prepare ? Phase::Open : Phase::Close, last->session};
    // An open that nobody saw is none; a close ends the day of whoever saw its session begin.
    if (next_->phase == Phase::Open && last->session.close <= now) next_->phase = Phase::Close;
    return;
  }
  const core::Date today = core::to_new_york(now).date;
  const auto session = calendar_.session_on(today);
  const bool is_told = last && last->session.date == today;
  if (session && now < session->close && !is_told)
    next_ = SessionPhase{Phase::Prepare, *session};
  else
    begin_session_after(today);
}

std::optional<core::Timestamp> SessionSchedule::next_time() const {
  if (!next_) return std::nullopt;
  switch (next_->phase) {
    case Phase::Prepare: return next_->session.open - kPrepareAhead;
    case Phase::Open: return next_->session.open;
    case Phase::Close: break;
  }
  return next_->session.close;
}

core::Status SessionSchedule::step(EventSink& sink) {
  ST0CK_ASSERT(next_.has_value(), "a schedule that has ended takes no step");
  const SessionPhase phase = *next_;
  switch (phase.phase) {
    case Phase::Prepare: next_->phase = Phase::Open; break;
    case Phase::Open: next_->phase = Phase::Close; break;
    case Phase::Close: begin_session_after(phase.session.date); break;
  }
  sink.on_session_phase(phase);
  return {};
}

void SessionSchedule::begin_session_after(core::Date date) {
  next_.reset();
  auto session = calendar_.next_session(date);
  while (session && session->close <= begin_) session = calendar_.next_session(session->date);
  if (session) next_ = SessionPhase{Phase::Prepare, *session};
}

}  // namespace st0ck::market
