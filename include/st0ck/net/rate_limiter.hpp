#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/net/sliding_window.hpp"
#include "st0ck/net/waiting_line.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace st0ck::net {

/// The limits of one account at one server.
struct RateLimiterSettings {
  RateLimit account{};  ///< For all requests together.
  /// Groups of endpoints that have a limit of their own besides; other names have none.
  std::map<std::string, RateLimit, std::less<>> groups{};
  std::size_t waiting_max = 1000;
  /// How long nothing leaves after a 429 that names no time, and at most.
  core::Duration pause_default = std::chrono::seconds{1};
  core::Duration pause_max = std::chrono::seconds{60};
  /// The same for exits, cancels and look-ups of orders: to be refused once more costs less than a
  /// position kept.
  core::Duration pause_max_urgent = std::chrono::seconds{5};
};

struct RateRequest {
  HttpPriority priority = HttpPriority::Data;
  std::string group{};
  core::Duration wait_max = std::chrono::seconds{60};
};

/// Names a request from asking to its end; 0 names none.
enum class RateTicket : std::uint64_t {};

/// Lets requests leave as fast as a server's limits allow, the important ones first.
///
/// Whoever may leave calls `finish` at its end, however it ended. Waiting requests leave by
/// priority, then by order; a group without room holds up nobody of another group. After a 429
/// nothing leaves for a while that is no more important than what it refused; of what is more
/// important the server's own answer decides.
///
/// What waits is answered exactly once, never inside `acquire` or `cancel`, and within its own
/// `wait_max`. One thread; nothing is answered after it was destroyed.
class RateLimiter {
 public:
  /// Nothing: the request may leave. Else why it may not; then there is nothing to finish.
  using Answer = std::function<void(std::optional<HttpFailure>)>;

  struct Use {
    std::size_t used = 0;
    std::size_t limit = 0;
    core::Duration window{};
  };

  struct Stats {
    std::size_t waiting = 0;
    std::size_t in_flight = 0;
    std::size_t used = 0;   ///< Of the account's window.
    std::size_t limit = 0;  ///< Of the account, the server's where it is lower.
    core::Duration window{};
    std::uint64_t permitted = 0;
    std::uint64_t refused = 0;  ///< Waited too long, found no place, or gave way to a better one.
    std::uint64_t pauses = 0;   ///< By a 429.
    std::map<std::string, Use, std::less<>> groups;  ///< Windows of those that have a limit.
  };

  RateLimiter(Scheduler& scheduler, const core::Clock& clock, const RateLimiterSettings& settings);

  /// Lets a request leave at once, where nobody waits who is as important or more and there is
  /// room; else returns nothing.
  std::optional<RateTicket> acquire_now(HttpPriority priority, const std::string& group);

  RateTicket acquire(RateRequest request, Answer answer);

  /// Ends a wait: answered as not sent. Does nothing for a ticket that was answered.
  void cancel(RateTicket ticket);

  /// A request that was permitted ended so.
  void finish(RateTicket ticket, const HttpResult& result);

  Stats stats();

 private:
  struct Waiting {
    RateTicket ticket{};
    HttpPriority priority = HttpPriority::Data;
    std::string group;
    core::Duration deadline{};
    Answer answer;
  };

  bool has_room(HttpPriority priority, const std::string& group);
  SlidingWindow* window_of(const std::string& group);
  struct InFlight {
    HttpPriority priority = HttpPriority::Data;
    std::string group;
  };

  void begin(RateTicket ticket, InFlight request);
  void learn(const HttpResponse& response, HttpPriority priority);
  void refuse(Waiting waiting, std::string message, bool is_timeout);
  void serve();
  void serve_at(core::Duration time);
  void serve_when_there_is_room();
  core::Duration& paused_until(HttpPriority priority);
  bool is_paused(HttpPriority priority);

  Scheduler& scheduler_;
  const core::Clock& clock_;
  RateLimiterSettings settings_;
  SlidingWindow account_;
  std::map<std::string, SlidingWindow, std::less<>> groups_;
  WaitingLine<Waiting> waiting_;
  std::map<RateTicket, InFlight> in_flight_;
  std::array<core::Duration, kHttpPriorities.size()> paused_until_;  // By priority.
  TaskId serving_{};
  std::optional<core::Duration> serving_at_;
  std::uint64_t last_ticket_ = 0;
  Stats counted_;
  CallbackGuard guard_;
};

}  // namespace st0ck::net
