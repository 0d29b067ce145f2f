#pragma once

#include "st0ck/core/assert.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/timestamp.hpp"

#include <chrono>
#include <string>

namespace st0ck::market {

/// How long a bar is: a length of time, or a whole session (a daily bar).
///
/// Bars are counted from the session's open (09:30 New York) and never cross a session; the last
/// one ends at the close, also when it is shorter for that.
class BarInterval {
 public:
  /// The stretch of time of one bar: [start, end).
  struct Bucket {
    core::Timestamp start;
    core::Timestamp end;
    friend bool operator==(const Bucket&, const Bucket&) = default;
  };

  static constexpr BarInterval session() { return BarInterval{core::Duration::zero()}; }
  static constexpr BarInterval of(core::Duration length) {
    ST0CK_ASSERT(length > core::Duration::zero(), "the length of a bar is positive");
    return BarInterval{length};
  }
  static constexpr BarInterval minutes(int count) { return of(std::chrono::minutes{count}); }

  constexpr bool is_session() const { return length_ == core::Duration::zero(); }

  /// Zero for whole sessions.
  constexpr core::Duration length() const { return length_; }

  /// The bucket that holds `time`, which must be in the session's [open, close).
  Bucket bucket_at(const core::Session& session, core::Timestamp time) const;

  /// How many bars begin in [start, end), where `start` is the beginning of one.
  std::int64_t count_in(core::Timestamp start, core::Timestamp end) const;

  /// `5 min`, `30 s` or `session`.
  std::string to_string() const;

  friend constexpr bool operator==(BarInterval, BarInterval) = default;

 private:
  explicit constexpr BarInterval(core::Duration length) : length_{length} {}

  core::Duration length_;
};

}  // namespace st0ck::market
