#include "st0ck/trading/action_schedule.hpp"

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/new_york_time.hpp"

#include <algorithm>
#include <chrono>

namespace st0ck::trading {

namespace {

using market::CorporateAction;

constexpr std::chrono::days kRemembered{40};
constexpr std::size_t kSettledMax = 4 * ActionSchedule::kWaitingMax;

bool is_same(const CorporateAction& a, const CorporateAction& b) {
  return a.instrument == b.instrument && a.kind == b.kind && a.ex_date == b.ex_date &&
         a.amount == b.amount && a.numerator == b.numerator && a.denominator == b.denominator;
}

bool holds(const std::vector<CorporateAction>& list, const CorporateAction& action) {
  return std::any_of(list.begin(), list.end(),
                     [&](const CorporateAction& known) { return is_same(known, action); });
}

/// Whether the session of the date has opened; a day without one never does.
bool has_opened(core::Date date, core::Timestamp now) {
  const auto session = core::ExchangeCalendar::xnys().session_on(date);
  return session && now >= session->open;
}

}  // namespace

ActionSchedule::Verdict ActionSchedule::announce(const CorporateAction& action,
                                                 core::Timestamp now) {
  if (holds(waiting_, action) || holds(settled_, action)) {
    ++counters_.repeated;
    return Verdict::Repeated;
  }
  const core::Date today = core::to_new_york(now).date;
  if (action.ex_date < today || (action.ex_date == today && has_opened(today, now))) {
    ++counters_.late;
    if (settled_.size() < kSettledMax) settled_.push_back(action);
    return Verdict::Late;
  }
  if (action.ex_date == today && core::ExchangeCalendar::xnys().session_on(today)) {
    ++counters_.applied;
    settled_.push_back(action);
    return Verdict::Apply;
  }
  if (waiting_.size() >= kWaitingMax) return Verdict::TooMany;
  ++counters_.waited;
  waiting_.push_back(action);
  return Verdict::Wait;
}

std::vector<CorporateAction> ActionSchedule::take_due(core::Date date) {
  forget_before(core::Date{std::chrono::sys_days{date} - kRemembered});
  std::vector<CorporateAction> due;
  std::erase_if(waiting_, [&](const CorporateAction& action) {
    if (action.ex_date > date) return false;
    due.push_back(action);
    return true;
  });
  std::stable_sort(due.begin(), due.end(), [](const CorporateAction& a, const CorporateAction& b) {
    return a.ex_date < b.ex_date;
  });
  settled_.insert(settled_.end(), due.begin(), due.end());
  counters_.applied += due.size();
  return due;
}

std::optional<CorporateAction> ActionSchedule::find(core::InstrumentId instrument,
                                                    market::CorporateActionKind kind,
                                                    core::Date ex_date) const {
  for (const auto* list : {&waiting_, &settled_})
    for (const CorporateAction& known : *list)
      if (known.instrument == instrument && known.kind == kind && known.ex_date == ex_date)
        return known;
  return std::nullopt;
}

void ActionSchedule::forget_before(core::Date date) {
  std::erase_if(settled_, [&](const CorporateAction& action) { return action.ex_date < date; });
}

}  // namespace st0ck::trading
