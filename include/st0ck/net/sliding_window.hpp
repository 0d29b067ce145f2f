#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/http_priority.hpp"
#include "st0ck/net/rate_headers.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace st0ck::net {

/// How many requests may leave within any span of a length (spec st0ck 12).
struct RateLimit {
  std::size_t requests = 200;
  core::Duration window = std::chrono::seconds{60};
  /// Per cent of the requests that only exits and cancels get, and that only cancels get of it. Of
  /// the exits' own part look-ups of exits get half.
  std::size_t reserve_percent = 20;
  std::size_t cancels_percent = 10;
};

/// Counts the requests of the last window against a limit; one exactly a window old still counts.
///
/// A request counts from its permission until one window after its end. Whenever between the two
/// the server counted it, no window of the server's holds more than the limit either, however long
/// requests wait for a connection or travel.
class SlidingWindow {
 public:
  explicit SlidingWindow(const RateLimit& limit);

  /// Whether a request of that priority may leave now.
  bool has_room(HttpPriority priority, core::Duration now);

  /// A request was permitted.
  void begin();

  /// It ended; `is_counted` says whether the server may have seen it.
  void end(bool is_counted, core::Duration now);

  /// Takes over what an answer told: others may use up the same limit, and a lower limit than ours
  /// is the one that holds. Called after `end` for the request that was answered.
  void learn(const ServerLimits& told, core::Duration now);

  /// When, after `now`, there may be more room, if no request ends before; nothing when never.
  std::optional<core::Duration> next_change(core::Duration now);

  std::size_t used(core::Duration now);

  /// How long the server's count keeps exits, cancels and look-ups of orders back after it was told
  /// last. It lets requests out of its window one by one and tells of none while nobody asks: to be
  /// refused once more costs less than a position that is kept.
  static constexpr core::Duration kToldToUrgentFor = std::chrono::seconds{5};

  /// The limit that holds: ours, or the server's where it is lower.
  std::size_t requests() const;

  core::Duration length() const { return limit_.window; }

 private:
  std::size_t room_of(HttpPriority priority) const;
  void forget_old(core::Duration now);

  RateLimit limit_;
  std::optional<std::size_t> limit_told_;
  std::size_t in_flight_ = 0;
  std::deque<core::Duration> ended_;  // Not more than the limit: the rest had no room to begin.
  /// Used by the server's count, with all that we permitted since; valid until its reset.
  std::size_t used_told_ = 0;
  std::optional<core::Duration> told_until_;
  core::Duration told_at_{};
};

}  // namespace st0ck::net
