#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/timestamp.hpp"

#include <chrono>
#include <cstdint>

namespace st0ck::alpaca {

struct FeedWatchSettings {
  /// How long the feed may say nothing of the quotes that were asked for before it is stale.
  core::Duration stale_after = std::chrono::seconds{5};
  /// And before the connection is made anew.
  core::Duration silent_after = std::chrono::seconds{60};
};

/// Notices a feed that has fallen silent while its market is open and somebody should be quoting;
/// never outside the regular hours, nor while all that is quoted is halted.
///
/// `now` is Scheduler::elapsed, `wall` the time of day; only the first measures.
class FeedWatch {
 public:
  enum class State : std::uint8_t { Quiet, Fresh, Stale, Silent };

  struct Reading {
    State state = State::Quiet;   ///< Quiet: nothing is expected now.
    core::Duration look_again{};  ///< How long until the state may be another; always positive.
  };

  FeedWatch(FeedWatchSettings settings, core::ExchangeCalendar calendar)
      : settings_{settings}, calendar_{calendar} {}

  /// The subscriptions stand, from now on something must come.
  void begin(core::Duration now) { heard_at_ = now; }

  void heard(core::Duration now) { heard_at_ = now; }

  /// `is_expected`: whether anything that is quoted is traded now.
  Reading look(core::Duration now, core::Timestamp wall, bool is_expected);

 private:
  FeedWatchSettings settings_;
  core::ExchangeCalendar calendar_;
  core::Duration heard_at_{};
  core::Duration expected_since_{};
  bool was_expected_ = false;
};

}  // namespace st0ck::alpaca
