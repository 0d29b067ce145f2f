#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/web_socket_transport.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

namespace st0ck::net {

/// How eagerly a lost connection is made again.
struct ReconnectSettings {
  core::Duration delay_first = std::chrono::milliseconds{250};
  core::Duration delay_max = std::chrono::seconds{30};  ///< Each delay doubles up to this one.

  /// What part of a delay is left to chance: 50 gives half of it to all of it. Clients that lost
  /// the same server must not come back together.
  int jitter_percent = 50;

  /// A connection that held for so long was a good one: the delays begin anew after it.
  core::Duration held_for = std::chrono::seconds{30};

  std::size_t attempts_per_minute_max = 20;
};

/// Whether trying again cannot help: the request itself is wrong, or the server says that it is
/// (a 4xx status other than 408, 425 and 429). A refused certificate is no such end: it may be
/// mended over there, and the delays keep us quiet until then.
bool is_final(const WebSocketClosed& closed);

/// Decides when to connect again; knows no socket and no clock. Times are those of
/// Scheduler::elapsed.
///
///     wait_before_attempt -> attempt_begins -> [opened ->] ended -> wait_before_attempt ...
class Reconnect {
 public:
  /// Even numbers of 64 bits; seeded by whoever passes it.
  using RandomSource = std::function<std::uint64_t()>;

  /// `settings`: delays above zero, a first one not above the longest, at least one attempt a
  /// minute, jitter from 0 to 100.
  Reconnect(const ReconnectSettings& settings, RandomSource random);

  /// How long the next attempt must wait from now on, zero when it may begin; nothing while one
  /// runs or a connection lives, and after a final end.
  std::optional<core::Duration> wait_before_attempt(core::Duration now) const;

  /// Only when there is nothing to wait for.
  void attempt_begins(core::Duration now);

  void opened(core::Duration now);

  /// The attempt failed, or the open connection ended.
  void ended(core::Duration now, bool is_final_end);

  bool has_given_up() const { return phase_ == Phase::GivenUp; }

  /// Ends in a row that no good connection came between.
  std::uint32_t failures() const { return failures_; }

 private:
  enum class Phase : std::uint8_t { Waiting, Connecting, Open, GivenUp };

  core::Duration next_delay();

  ReconnectSettings settings_;
  RandomSource random_;
  Phase phase_ = Phase::Waiting;
  std::uint32_t failures_ = 0;
  core::Duration not_before_ = core::Duration::min();
  core::Duration opened_at_{};
  std::deque<core::Duration> attempts_;  // Of the last minute, at most as many as it may have.
};

}  // namespace st0ck::net
