#include "src/app/exchange/world.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

namespace st0ck::app::exchange {

namespace {

constexpr core::Duration kMinute = std::chrono::minutes{1};
// Between two looks at the market: short enough for a stream of quotes, long enough to sleep.
constexpr core::Duration kTurnMin = std::chrono::milliseconds{1};
constexpr core::Duration kTurnMax = std::chrono::milliseconds{500};

core::Timestamp end_of_minute(core::Timestamp time) {
  return core::Timestamp{std::chrono::floor<std::chrono::minutes>(time) + kMinute};
}

/// Gives each kind of event to its function.
void tell(market::EventSink& sink, const market::TapeEvent& event) {
  if (const auto* quote = std::get_if<market::Quote>(&event.what)) return sink.on_quote(*quote);
  if (const auto* trade = std::get_if<market::Trade>(&event.what)) return sink.on_trade(*trade);
  if (const auto* status = std::get_if<market::TradingStatus>(&event.what))
    return sink.on_trading_status(*status);
  if (const auto* action = std::get_if<market::CorporateAction>(&event.what))
    return sink.on_corporate_action(*action);
  sink.on_session_phase(std::get<market::SessionPhase>(event.what));
}

}  // namespace

core::Result<std::unique_ptr<World>> World::open(std::unique_ptr<market::TickSource> ticks,
                                                 const core::ExchangeCalendar& calendar,
                                                 const WorldSettings& settings,
                                                 const Parts& parts) {
  std::unique_ptr<World> world{new World{std::move(ticks), calendar, settings, parts}};
  if (auto status = world->play_history(); !status) return tl::unexpected(status.error());
  return world;
}

World::World(std::unique_ptr<market::TickSource> ticks, const core::ExchangeCalendar& calendar,
             const WorldSettings& settings, const Parts& parts)
    : ticks_{std::move(ticks)},
      calendar_{calendar},
      settings_{settings},
      parts_{parts},
      base_{settings.start} {
  ST0CK_ASSERT(settings.speed > 0 && settings.events_per_turn > 0, "a world goes on");
  bars_.reserve(parts.instruments.size());
  for (const market::Instrument& instrument : parts.instruments)
    bars_.emplace_back(instrument.id, market::BarInterval::of(kMinute), calendar);
}

World::~World() {
  if (task_) parts_.scheduler.cancel(*task_);
}

core::Status World::play_history() {
  if (auto status = read_ahead(); !status) return status;
  for (auto next = next_time(); next && *next < settings_.start; next = next_time()) {
    parts_.clock.advance_to(*next);
    if (auto status = step(); !status) return status;
  }
  if (is_over())
    return core::fail(core::Errc::BadInput, "market: it ends before {}, allowed is a later end",
                      core::format_new_york(settings_.start));
  parts_.clock.advance_to(settings_.start);
  // Who asks for an hour before the open wants to see it pass.
  if (closed_ && core::to_new_york(settings_.start).date != closed_->date) closed_.reset();
  return {};
}

core::Status World::read_ahead() {
  auto events = ticks_->next_several();
  if (!events) return tl::unexpected(events.error());
  ahead_ = *events;
  return {};
}

std::optional<core::Timestamp> World::next_time() const {
  std::optional<core::Timestamp> next = bars_due_;
  if (!ahead_.empty() && (!next || ahead_.front().time < *next)) next = ahead_.front().time;
  return next;
}

/// Bars that end come before the events of the same moment.
core::Status World::step() {
  if (bars_due_ && *bars_due_ <= parts_.clock.now()) {
    publish_bars();
    return {};
  }
  publish(ahead_.front());
  ++events_played_;
  ahead_ = ahead_.subspan(1);
  return ahead_.empty() ? read_ahead() : core::Status{};
}

void World::publish(const market::TapeEvent& event) {
  tell(parts_.orders, event);
  tell(parts_.record, event);
  if (const auto* trade = std::get_if<market::Trade>(&event.what)) {
    bars_[trade->instrument.value()].add(*trade);
    if (!bars_due_) bars_due_ = end_of_minute(trade->time);
  } else if (const auto* phase = std::get_if<market::SessionPhase>(&event.what)) {
    if (phase->phase == market::Phase::Close)
      closed_ = phase->session;
    else
      closed_.reset();
  }
}

void World::publish_bars() {
  const core::Timestamp now = *std::exchange(bars_due_, std::nullopt);
  for (market::BarAggregator& bars : bars_) {
    const auto completed = bars.advance_to(now);
    if (!completed) continue;
    parts_.orders.on_bar(completed->bar);
    parts_.record.on_bar(completed->bar);
  }
}

void World::run() {
  base_ = now();
  base_elapsed_ = parts_.scheduler.elapsed();
  is_running_ = true;
  schedule();
}

core::Timestamp World::target() const {
  const core::Duration passed = parts_.scheduler.elapsed() - base_elapsed_;
  // A century of simulated time is beyond any tape and within the type.
  constexpr double kMost = 3.0e18;
  const double simulated = static_cast<double>(passed.count()) * settings_.speed;
  return base_ + core::Duration{std::llround(std::min(simulated, kMost))};
}

void World::catch_up() {
  if (!is_running_) return;
  is_behind_ = false;
  for (std::size_t events = 0;; ++events) {
    const core::Timestamp until = target();
    const auto next = next_time();
    const core::Timestamp leave =
        night_until_ ? *night_until_ : (closed_ ? closed_->close : until) + settings_.after_close;
    if (closed_ && until >= leave && (!next || *next > leave)) {
      skip_closed_hours();
      continue;
    }
    if (!next || *next > until) {
      parts_.clock.advance_to(until);
      return;
    }
    if (events == settings_.events_per_turn) break;
    parts_.clock.advance_to(*next);
    if (auto status = step(); !status) {
      fault_ = status.error();
      ahead_ = {};
    }
  }
  is_behind_ = true;
}

/// Sets the clock forward to shortly before the next session; what the tape has until then is
/// played without a wait.
void World::skip_closed_hours() {
  if (settings_.around_midnight > core::Duration{} && !night_until_) {
    const core::Timestamp midnight = core::from_new_york(closed_->date, std::chrono::hours{24});
    night_until_ = midnight + settings_.around_midnight;
    return go_on_from(midnight - settings_.around_midnight);
  }
  const auto next = calendar_.next_session(closed_->date);
  closed_.reset();
  night_until_.reset();
  if (next && !is_over()) go_on_from(next->open - settings_.before_open);
}

void World::go_on_from(core::Timestamp time) {
  base_ = std::max(time, target());
  base_elapsed_ = parts_.scheduler.elapsed();
}

void World::schedule() {
  core::Duration wait{};
  if (!is_behind_) {
    wait = kTurnMax;
    if (const auto next = next_time()) {
      const double until = static_cast<double>((*next - now()).count()) / settings_.speed;
      if (until < static_cast<double>(wait.count())) wait = core::Duration{std::llround(until)};
    }
    wait = std::max(wait, kTurnMin);
  }
  task_ = parts_.scheduler.call_after(wait, [this] {
    task_.reset();
    catch_up();
    schedule();
  });
}

}  // namespace st0ck::app::exchange
