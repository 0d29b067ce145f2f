#include "src/app/corporate_action_watch.hpp"

#include "src/app/session_times.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/market/session_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::app {

namespace {

using namespace std::chrono_literals;
using market::CorporateAction;

const core::Code kProvider{"corporate_actions"};
const core::Code kUnknown{"CORPORATE_ACTIONS_UNKNOWN"};
const core::Code kUnhandled{"CORPORATE_ACTION_UNHANDLED"};

/// Midnight in New York, 04:00, and the Prepare phase.
constexpr core::Duration kTimesAhead[] = {9h + 30min, 5h + 30min, market::kPrepareAhead};

constexpr std::size_t kLoggedMax = 10'000;

bool is_same(const CorporateAction& a, const CorporateAction& b) {
  return a.amount == b.amount && a.numerator == b.numerator && a.denominator == b.denominator;
}

std::string text_of(const CorporateAction& action) {
  if (action.kind == market::CorporateActionKind::CashDividend)
    return fmt::format("{} a share", action.amount.to_string());
  return fmt::format("{} for {}", action.numerator, action.denominator);
}

core::Date later(core::Date date, std::chrono::days days) {
  return core::Date{std::chrono::sys_days{date} + days};
}

}  // namespace

CorporateActionWatch::~CorporateActionWatch() {
  parts_.scheduler.cancel(next_);
  parts_.scheduler.cancel(start_deadline_);
}

void CorporateActionWatch::begin(core::Timestamp run_begun, std::function<void()> begin_trading) {
  run_begun_ = run_begun;
  begin_trading_ = std::move(begin_trading);
  next_time_ = next_before_open(parts_.clock.now(), kTimesAhead);
  start_deadline_ = parts_.scheduler.call_after(settings_.start_wait, [this] {
    parts_.log.warn("CORPORATE_ACTIONS_NOT_READ", "no answer in time");
    this->begin_trading();
  });
  read();
}

core::Status CorporateActionWatch::step(market::EventSink&) {
  next_time_ = next_before_open(parts_.clock.now(), kTimesAhead);
  pause_ = {};
  read();
  return {};
}

void CorporateActionWatch::read() {
  if (is_reading_) return;
  parts_.scheduler.cancel(std::exchange(next_, net::TaskId{}));
  is_reading_ = true;
  const core::Timestamp now = parts_.clock.now();
  const core::Date today = core::to_new_york(now).date;
  parts_.source.read(later(today, -settings_.days_back), later(today, settings_.days_ahead),
                     guard_.wrap([this, now](core::Result<market::AnnouncedActions> announced) {
                       on_read(now, std::move(announced));
                     }));
}

/// Where it fails, what was known before comes due all the same.
void CorporateActionWatch::on_read(core::Timestamp asked,
                                   core::Result<market::AnnouncedActions> announced) {
  is_reading_ = false;
  if (announced) {
    announced_ = std::move(*announced);
    pause_ = {};
    parts_.log.info(
        "CORPORATE_ACTIONS_READ", "as the provider announces them",
        {{"actions", announced_.actions.size()}, {"unhandled", announced_.unhandled.size()}});
    if (const auto session = session_under_way_or_next(asked)) read_for_ = session->date;
  } else {
    parts_.log.warn("CORPORATE_ACTIONS_NOT_READ", announced.error().message);
    pause_ = std::clamp(2 * pause_, settings_.retry_pause_first, settings_.retry_pause_max);
    next_ = parts_.scheduler.call_after(pause_, [this] { read(); });
  }
  log_unhandled();
  stop_entries();
  if (begin_trading_) return begin_trading();
  judge();
  tell_due();
}

/// The phases that were missed, a close among them, come before actions that took effect after it:
/// the loop steps them before its next handler.
void CorporateActionWatch::begin_trading() {
  parts_.scheduler.cancel(start_deadline_);
  std::exchange(begin_trading_, nullptr)();
  judge();
  parts_.scheduler.call_after({}, guard_.wrap([this] { tell_due(); }));
}

/// Whether it did so while this run was there to see it.
bool CorporateActionWatch::has_taken_effect(core::Date effective) const {
  const auto session = session_on_or_after(effective);
  return session && session->date <= core::to_new_york(parts_.clock.now()).date &&
         session->open > run_begun_;
}

void CorporateActionWatch::tell_due() {
  for (CorporateAction action : announced_.actions) {
    if (!has_taken_effect(action.ex_date)) continue;
    action.ex_date = session_on_or_after(action.ex_date)->date;
    tell(action);
  }
}

void CorporateActionWatch::tell(const CorporateAction& action) {
  const auto known = parts_.told.find(action.instrument, action.kind, action.ex_date);
  if (!known) return parts_.sink.on_corporate_action(action);
  if (is_same(*known, action)) return;
  std::string line = fmt::format(
      "{}: {} of {} was told as {} and is announced as {} now: it is not told again, compare what "
      "the broker has booked",
      parts_.instruments[action.instrument].symbol, name_of(action.kind),
      core::format_date(action.ex_date), text_of(*known), text_of(action));
  if (is_new_to_log(line)) parts_.log.error("CORPORATE_ACTION_CHANGED", line);
}

void CorporateActionWatch::stop_entries() {
  for (const market::Instrument& instrument : parts_.instruments) {
    const bool is_stopped =
        std::ranges::any_of(announced_.unhandled, [&](const market::UnhandledAction& action) {
          return action.instrument == instrument.id && has_taken_effect(action.effective);
        });
    parts_.gate.set_stopped(instrument.id, kUnhandled, is_stopped);
  }
}

void CorporateActionWatch::log_unhandled() {
  for (const market::UnhandledAction& action : announced_.unhandled) {
    const auto session = session_on_or_after(action.effective);
    if (session && session->open <= run_begun_) continue;
    std::string line = fmt::format(
        "{}: {} with ex-date {} is not told to the bots: {}; no entries in it from that day on, "
        "and what is held is for a person to look after",
        parts_.instruments[action.instrument].symbol, action.type,
        core::format_date(action.effective), action.reason);
    if (is_new_to_log(line)) parts_.log.error(kUnhandled.view(), line);
  }
}

/// The first verdict is always told: an earlier process may have left another.
void CorporateActionWatch::judge() {
  const auto session = session_under_way_or_next(parts_.clock.now());
  const bool is_known = session && read_for_ && *read_for_ >= session->date;
  if (is_known_told_ == is_known) return;
  is_known_told_ = is_known;
  if (!is_known && session)
    parts_.log.error(kUnknown.view(),
                     fmt::format("nothing is known of corporate actions for the session of {}: no "
                                 "entries until they are read; exits go on",
                                 core::format_date(session->date)));
  parts_.sink.on_provider_status(
      {kProvider, is_known ? market::ProviderState::Connected : market::ProviderState::Degraded,
       is_known ? core::Code{} : kUnknown});
}

bool CorporateActionWatch::is_new_to_log(std::string line) {
  if (logged_.size() >= kLoggedMax) logged_.clear();
  return logged_.insert(std::move(line)).second;
}

}  // namespace st0ck::app
