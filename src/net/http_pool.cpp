#include "st0ck/net/http_pool.hpp"

#include "st0ck/core/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::net {

HttpPool::HttpPool(Scheduler& scheduler, HttpTransport& transport, HttpPoolSettings settings)
    : scheduler_{scheduler},
      transport_{transport},
      settings_{std::move(settings)},
      waiting_{settings_.waiting_max},
      latencies_{settings_.latency_span} {
  ST0CK_ASSERT(settings_.connections > settings_.kept_for_orders, "a pool has a connection");
}

HttpPool::~HttpPool() {
  for (const auto& [id, call] : active_) transport_.cancel(call.transport_id);
  for (const auto& [key, call] : waiting_) scheduler_.cancel(call.timeout);
}

HttpCallId HttpPool::send(HttpRequest request, HttpPriority priority, HttpDone done) {
  const auto id = HttpCallId{++last_id_};
  ++counted_.requests;
  if (has_connection(priority)) {
    start(id, priority, std::move(request), std::move(done));
    return id;
  }
  const TaskId timeout = scheduler_.call_after(settings_.acquire_timeout, guard_.wrap([this, id] {
    auto late = waiting_.take(static_cast<std::uint64_t>(id));
    if (late) turn_away(std::move(*late), "no connection was free in time", true);
  }));
  auto out = waiting_.add(priority, last_id_,
                          {.id = id,
                           .priority = priority,
                           .request = std::move(request),
                           .done = std::move(done),
                           .timeout = timeout});
  if (out) {
    ++counted_.refused;
    turn_away(std::move(*out), "as many requests as may wait for a connection do", false);
  }
  return id;
}

void HttpPool::cancel(HttpCallId call) {
  if (const auto found = active_.find(call); found != active_.end()) {
    transport_.cancel(found->second.transport_id);
    return;
  }
  auto waiting = waiting_.take(static_cast<std::uint64_t>(call));
  if (waiting) turn_away(std::move(*waiting), "cancelled before a connection was free", false);
}

HttpPoolStats HttpPool::stats() const {
  const core::Duration now = scheduler_.elapsed();
  HttpPoolStats stats = counted_;
  stats.open = transport_.connections_open();
  stats.in_use = active_.size();
  stats.idle = stats.open > stats.in_use ? stats.open - stats.in_use : 0;
  stats.waiting = waiting_.size();
  stats.latency_p50 = latencies_.percentile(50, now);
  stats.latency_p99 = latencies_.percentile(99, now);
  return stats;
}

/// Slow reads must not hold every connection while an exit waits.
bool HttpPool::has_connection(HttpPriority priority) const {
  if (active_.size() >= settings_.connections) return false;
  if (!is_read(priority)) return true;
  const auto reads = std::count_if(active_.begin(), active_.end(),
                                   [](const auto& call) { return is_read(call.second.priority); });
  return static_cast<std::size_t>(reads) < settings_.connections - settings_.kept_for_orders;
}

void HttpPool::start(HttpCallId id, HttpPriority priority, HttpRequest request, HttpDone done) {
  Active& call = active_[id];
  call.priority = priority;
  call.done = std::move(done);
  call.since = scheduler_.elapsed();
  call.transport_id = transport_.send(
      std::move(request),
      guard_.wrap([this, id](HttpResult result) { on_done(id, std::move(result)); }));
}

void HttpPool::start_waiting() {
  auto next = waiting_.take_first(
      [this](HttpPriority priority, const Waiting&) { return has_connection(priority); });
  if (!next) return;
  scheduler_.cancel(next->timeout);
  start(next->id, next->priority, std::move(next->request), std::move(next->done));
}

void HttpPool::on_done(HttpCallId id, HttpResult result) {
  auto ended = active_.extract(id);
  ST0CK_ASSERT(!ended.empty(), "a transport answers a request once");
  count(result, ended.mapped().since);
  start_waiting();
  // Last: it may destroy this.
  const HttpDone done = std::move(ended.mapped().done);
  done(std::move(result));
}

void HttpPool::turn_away(Waiting waiting, std::string_view reason, bool is_timeout) {
  scheduler_.cancel(waiting.timeout);
  HttpFailure failure{.kind = HttpFailureKind::NotSent,
                      .message = fmt::format("{}: not sent: pool {} of {} connections: {}",
                                             place_of(waiting.request), settings_.name,
                                             settings_.connections, reason),
                      .is_timeout = is_timeout};
  ++counted_.failures;
  if (is_timeout) {
    ++counted_.timeouts;
    ++counted_.acquire_timeouts;
  }
  scheduler_.call_after(core::Duration{0},
                        guard_.wrap([done = std::move(waiting.done), failure = std::move(failure)] {
                          done(tl::unexpected(failure));
                        }));
}

void HttpPool::count(const HttpResult& result, core::Duration since) {
  if (!result) {
    ++counted_.failures;
    if (result.error().is_timeout) ++counted_.timeouts;
    return;
  }
  if (result->is_reused) ++counted_.reused;
  const core::Duration now = scheduler_.elapsed();
  latencies_.add(now - since, now);
}

}  // namespace st0ck::net
