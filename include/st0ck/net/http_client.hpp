#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/net/call_meter.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/http_pool.hpp"
#include "st0ck/net/rate_limiter.hpp"
#include "st0ck/net/retry.hpp"
#include "st0ck/net/scheduler.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace st0ck::net {

/// A request, and what the client must know about it.
struct HttpCall {
  HttpRequest request{};
  HttpPriority priority = HttpPriority::Data;
  /// Of endpoints that are counted together, and may have a rate limit of their own. A name from a
  /// short list: each that was ever called stays in the figures.
  std::string group{};
  /// Sending it twice does no harm, so it may be tried again; never true of a POST.
  bool is_idempotent = false;
  /// How long each attempt may wait for the rate limit. What comes later is not worth sending.
  core::Duration wait_max = std::chrono::seconds{60};
};

/// Sends calls of one purpose: each attempt waits for the rate limiter, which clients of the same
/// account share, then for a connection of the pool; what failed is tried again where that is
/// allowed. An attempt that waits to be repeated holds no connection.
///
/// A call is answered exactly once, never inside `call` or `cancel`. It fails as `NotSent` only if
/// no attempt can have reached the server. One thread; nothing is answered after it was destroyed.
/// What it refers to outlives it.
class HttpClient {
 public:
  struct Stats {
    std::uint64_t calls = 0;
    std::uint64_t attempts = 0;  ///< That the rate limiter let go.
    std::uint64_t retries = 0;
    std::uint64_t failures = 0;                            ///< Calls without an answer.
    std::map<std::string, CallStats, std::less<>> groups;  ///< The same and more, by group.
  };

  /// `seed` is of the back-off's jitter.
  HttpClient(Scheduler& scheduler, const core::Clock& clock, RateLimiter& limiter, HttpPool& pool,
             const RetrySettings& retry, std::uint64_t seed);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  HttpCallId call(HttpCall call, HttpDone done);

  /// Hears of every call that has ended: its group, and the time from the call to its end.
  using EndListener = std::function<void(std::string_view group, core::Duration latency)>;
  void listen(EndListener listener) { listener_ = std::move(listener); }

  /// Ends a call early: it is answered with `NotSent` or `NoAnswer`, as far as it had come, or with
  /// an answer that had come already. Does nothing for one that was answered.
  void cancel(HttpCallId call);

  std::size_t calls_open() const { return calls_.size(); }
  Stats stats() const;

 private:
  /// What an open call waits for: the limiter, an answer by the pool, or its next attempt.
  using Wait = std::variant<RateTicket, HttpCallId, TaskId>;

  struct Open {
    HttpCall call;  ///< Its request has gone to the pool where it may not be repeated.
    HttpDone done;
    Retry retry;
    core::Duration since{};  ///< When it was made.
    CallMeter& meter;        ///< Of its group.
    Wait wait{};
    RateTicket permit{};
    bool may_have_reached = false;  ///< By any attempt.
    bool is_cancelled = false;
  };

  void ask_limiter(HttpCallId id);
  void on_limiter(HttpCallId id, const std::optional<HttpFailure>& refusal);
  void send(HttpCallId id);
  void on_result(HttpCallId id, HttpResult result);
  void end(HttpCallId id, HttpResult result);

  Scheduler& scheduler_;
  const core::Clock& clock_;
  RateLimiter& limiter_;
  HttpPool& pool_;
  RetrySettings retry_;
  std::mt19937_64 random_;
  std::map<HttpCallId, Open> calls_;
  std::map<std::string, CallMeter, std::less<>> meters_;  // By group.
  EndListener listener_;
  std::uint64_t last_id_ = 0;
  CallbackGuard guard_;
};

}  // namespace st0ck::net
