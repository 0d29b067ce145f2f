#pragma once

#include "src/app/exchange/day_record.hpp"
#include "st0ck/adapters/sim/generated/tape.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/tick_source.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace st0ck::app::exchange {

struct HistorySettings {
  std::size_t sessions_max = 1'000;  ///< The oldest gives way to one more.
  std::size_t days_in_memory = 3;    ///< Past days whose quotes and prints are kept.
  /// Told with the number of sessions after each one, for a person who waits.
  std::function<void(std::size_t sessions)> on_progress = [](std::size_t) {};
};

/// The sessions that are over: their bars, auctions and corporate actions in memory, their quotes
/// and prints played again when somebody asks for them.
class History {
 public:
  /// Opens the market's tape from its first session.
  using TapeOpener = std::function<core::Result<std::unique_ptr<market::TickSource>>()>;

  /// Of a made-up market: its tape leaves a copy of itself before each session.
  History(HistorySettings settings, std::unique_ptr<adapters::sim::generated::SessionTape> tape);

  /// Of any other market: a past day is played from the tape's beginning, without what came before.
  History(HistorySettings settings, TapeOpener reopen);

  /// The tape to play, from its first session; once.
  core::Result<std::unique_ptr<market::TickSource>> tape();

  /// Takes the session that has ended.
  void append(DayRecord day);

  /// The oldest first.
  const std::deque<DayRecord>& days() const { return days_; }

  /// The quotes and prints of the day at that place of `days`. One that is not in memory is played
  /// on this thread: some ten milliseconds for each million events.
  core::Result<std::shared_ptr<const DayTicks>> ticks(std::size_t place);

 private:
  using SessionTape = adapters::sim::generated::SessionTape;

  /// The tape as it was before a session.
  struct Bookmark {
    core::Timestamp first_event;
    std::unique_ptr<SessionTape> tape;
  };
  using Bookmarks = std::deque<Bookmark>;
  class MarkingTape;

  struct Cached {
    core::Date date;
    std::shared_ptr<const DayTicks> ticks;
  };

  core::Result<std::unique_ptr<market::TickSource>> tape_before(const core::Session& session) const;

  HistorySettings settings_;
  std::unique_ptr<SessionTape> made_up_;
  TapeOpener reopen_;
  std::shared_ptr<Bookmarks> bookmarks_ = std::make_shared<Bookmarks>();
  std::deque<DayRecord> days_;
  std::vector<Cached> cache_;  ///< The one used last at the end.
};

}  // namespace st0ck::app::exchange
