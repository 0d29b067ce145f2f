#include "src/app/exchange/history.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <variant>

namespace st0ck::app::exchange {

namespace {

using core::Timestamp;

void keep(DayTicks& ticks, const market::TapeEvent& event) {
  if (const auto* quote = std::get_if<market::Quote>(&event.what)) {
    ticks[quote->instrument.value()].quotes.push_back(*quote);
  } else if (const auto* trade = std::get_if<market::Trade>(&event.what)) {
    auto& trades = ticks[trade->instrument.value()].trades;
    trades.push_back({*trade, trades.size() + 1});
  }
}

}  // namespace

/// Plays a made-up tape and leaves a copy before each session.
class History::MarkingTape final : public market::TickSource {
 public:
  MarkingTape(std::unique_ptr<SessionTape> tape, std::shared_ptr<Bookmarks> bookmarks,
              std::size_t bookmarks_max)
      : tape_{std::move(tape)}, bookmarks_{std::move(bookmarks)}, bookmarks_max_{bookmarks_max} {}

  core::Result<std::span<const market::TapeEvent>> next_several() override {
    auto before = tape_->is_between_sessions() ? tape_->copy() : nullptr;
    auto events = tape_->next_several();
    if (before && events && !events->empty()) {
      bookmarks_->push_back({events->front().time, std::move(before)});
      if (bookmarks_->size() > bookmarks_max_) bookmarks_->pop_front();
    }
    return events;
  }

 private:
  std::unique_ptr<SessionTape> tape_;
  std::shared_ptr<Bookmarks> bookmarks_;
  std::size_t bookmarks_max_;
};

History::History(HistorySettings settings, std::unique_ptr<SessionTape> tape)
    : settings_{std::move(settings)}, made_up_{std::move(tape)} {}

History::History(HistorySettings settings, TapeOpener reopen)
    : settings_{std::move(settings)}, reopen_{std::move(reopen)} {}

core::Result<std::unique_ptr<market::TickSource>> History::tape() {
  if (reopen_) return reopen_();
  ST0CK_ASSERT(made_up_ != nullptr, "the tape of a market is taken once");
  // One more than the sessions that are over: the running one's.
  return std::make_unique<MarkingTape>(std::move(made_up_), bookmarks_, settings_.sessions_max + 1);
}

void History::append(DayRecord day) {
  days_.push_back(std::move(day));
  if (days_.size() > settings_.sessions_max) days_.pop_front();
  settings_.on_progress(days_.size());
}

core::Result<std::unique_ptr<market::TickSource>> History::tape_before(
    const core::Session& session) const {
  if (reopen_) return reopen_();
  const auto after =
      std::ranges::upper_bound(*bookmarks_, session.open, {}, &Bookmark::first_event);
  if (after == bookmarks_->begin())
    return core::fail(core::Errc::NotFound, "history: no tape of {} is left",
                      core::format_date(session.date));
  return std::prev(after)->tape->copy();
}

core::Result<std::shared_ptr<const DayTicks>> History::ticks(std::size_t place) {
  ST0CK_ASSERT(place < days_.size(), "a day of the history is one of its days");
  const DayRecord& day = days_[place];
  const core::Date date = day.session.date;
  const auto found = std::ranges::find(cache_, date, &Cached::date);
  if (found != cache_.end()) {
    std::rotate(found, found + 1, cache_.end());
    return cache_.back().ticks;
  }
  const auto tape = tape_before(day.session);
  if (!tape) return tl::unexpected(tape.error());
  const Timestamp begin = core::from_new_york(date, core::Duration::zero());
  const Timestamp end = core::from_new_york(date, std::chrono::hours{24});
  auto ticks = std::make_shared<DayTicks>(day.instruments.size());
  for (bool is_over = false; !is_over;) {
    const auto events = (*tape)->next_several();
    if (!events) return tl::unexpected(events.error());
    for (const market::TapeEvent& event : *events)
      if (event.time >= begin && event.time < end) keep(*ticks, event);
    is_over = events->empty() || events->back().time >= end;
  }
  if (cache_.size() >= std::max<std::size_t>(settings_.days_in_memory, 1))
    cache_.erase(cache_.begin());
  cache_.push_back({date, std::move(ticks)});
  return cache_.back().ticks;
}

}  // namespace st0ck::app::exchange
