#include "st0ck/net/rate_limiter.hpp"

#include "st0ck/core/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::net {
namespace {

constexpr int kTooManyRequests = 429;

}  // namespace

RateLimiter::RateLimiter(Scheduler& scheduler, const core::Clock& clock,
                         const RateLimiterSettings& settings)
    : scheduler_{scheduler},
      clock_{clock},
      settings_{settings},
      account_{settings.account},
      waiting_{settings.waiting_max} {
  for (const auto& [name, limit] : settings.groups) groups_.emplace(name, limit);
  paused_until_.fill(core::Duration::min());
}

std::optional<RateTicket> RateLimiter::acquire_now(HttpPriority priority,
                                                   const std::string& group) {
  const bool must_wait = std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& waiting) {
    return waiting.first.first <= priority;
  });
  if (must_wait || is_paused(priority) || !has_room(priority, group)) return std::nullopt;
  const auto ticket = RateTicket{++last_ticket_};
  begin(ticket, {priority, group});
  return ticket;
}

RateTicket RateLimiter::acquire(RateRequest request, Answer answer) {
  const auto ticket = RateTicket{++last_ticket_};
  Waiting newcomer{.ticket = ticket,
                   .priority = request.priority,
                   .group = std::move(request.group),
                   .deadline = scheduler_.elapsed() + request.wait_max,
                   .answer = std::move(answer)};
  auto out = waiting_.add(request.priority, last_ticket_, std::move(newcomer));
  if (out) {
    refuse(std::move(*out),
           fmt::format("rate limit: {} requests wait, no more may", settings_.waiting_max), false);
  }
  serve_at(scheduler_.elapsed());
  return ticket;
}

void RateLimiter::cancel(RateTicket ticket) {
  auto waiting = waiting_.take(static_cast<std::uint64_t>(ticket));
  if (waiting) refuse(std::move(*waiting), "rate limit: cancelled while waiting", false);
}

void RateLimiter::finish(RateTicket ticket, const HttpResult& result) {
  const auto ended = in_flight_.extract(ticket);
  ST0CK_ASSERT(!ended.empty(), "a request that was permitted ends once");
  const core::Duration now = scheduler_.elapsed();
  account_.end(may_have_reached(result), now);
  const InFlight& request = ended.mapped();
  if (auto* window = window_of(request.group)) window->end(may_have_reached(result), now);
  if (result) learn(*result, request.priority);
  if (waiting_.size() > 0) serve_at(now);
}

RateLimiter::Stats RateLimiter::stats() {
  const core::Duration now = scheduler_.elapsed();
  Stats stats = counted_;
  stats.waiting = waiting_.size();
  stats.in_flight = in_flight_.size();
  stats.used = account_.used(now);
  stats.limit = account_.requests();
  stats.window = account_.length();
  for (auto& [name, window] : groups_)
    stats.groups.emplace(
        name, Use{.used = window.used(now), .limit = window.requests(), .window = window.length()});
  return stats;
}

SlidingWindow* RateLimiter::window_of(const std::string& group) {
  const auto found = groups_.find(group);
  return found == groups_.end() ? nullptr : &found->second;
}

bool RateLimiter::has_room(HttpPriority priority, const std::string& group) {
  const core::Duration now = scheduler_.elapsed();
  auto* window = window_of(group);
  return account_.has_room(priority, now) && (!window || window->has_room(priority, now));
}

core::Duration& RateLimiter::paused_until(HttpPriority priority) {
  return paused_until_.at(static_cast<std::size_t>(priority));
}

bool RateLimiter::is_paused(HttpPriority priority) {
  return scheduler_.elapsed() < paused_until(priority);
}

void RateLimiter::learn(const HttpResponse& response, HttpPriority priority) {
  const core::Duration now = scheduler_.elapsed();
  const ServerLimits told = read_server_limits(response.headers, clock_.now());
  account_.learn(told, now);
  if (response.status != kTooManyRequests) return;
  ++counted_.pauses;
  const auto pause = told.retry_in.value_or(told.reset_in.value_or(settings_.pause_default));
  // A pause of nothing would have the same request refused again at once.
  for (const HttpPriority held : kHttpPriorities) {
    if (held < priority) continue;  // More important.
    const auto most =
        held <= HttpPriority::LookUp ? settings_.pause_max_urgent : settings_.pause_max;
    const auto bounded = std::clamp(pause, std::min(settings_.pause_default, most), most);
    paused_until(held) = std::max(paused_until(held), now + bounded);
  }
}

void RateLimiter::refuse(Waiting waiting, std::string message, bool is_timeout) {
  ++counted_.refused;
  scheduler_.call_after(
      core::Duration{0},
      guard_.wrap([answer = std::move(waiting.answer),
                   failure = HttpFailure{.kind = HttpFailureKind::NotSent,
                                         .message = std::move(message),
                                         .is_timeout = is_timeout}] { answer(failure); }));
}

void RateLimiter::serve() {
  serving_at_.reset();
  const core::Duration now = scheduler_.elapsed();
  const auto is_late = [&](HttpPriority, const Waiting& item) { return item.deadline <= now; };
  const auto may_leave = [&](HttpPriority priority, const Waiting& item) {
    return item.deadline > now && !is_paused(priority) && has_room(priority, item.group);
  };
  const auto alive = guard_.watch();
  // One at a time from the front: whoever leaves may ask, cancel, or destroy this.
  while (auto next = waiting_.take_first(may_leave)) {
    begin(next->ticket, {next->priority, std::move(next->group)});
    next->answer(std::nullopt);
    if (alive.expired()) return;
  }
  while (auto late = waiting_.take_first(is_late)) {
    refuse(std::move(*late), "rate limit: no room within the time that the request may wait", true);
  }
  serve_when_there_is_room();
}

void RateLimiter::begin(RateTicket ticket, InFlight request) {
  account_.begin();
  if (auto* window = window_of(request.group)) window->begin();
  in_flight_.emplace(ticket, std::move(request));
  ++counted_.permitted;
}

void RateLimiter::serve_when_there_is_room() {
  std::optional<core::Duration> next;
  const auto earlier = [&](std::optional<core::Duration> time) {
    if (time) next = std::min(next.value_or(*time), *time);
  };
  bool waits_for_room = false;
  for (const auto& [key, item] : waiting_) {
    earlier(item.deadline);
    if (is_paused(key.first))
      earlier(paused_until(key.first));
    else
      waits_for_room = true;
  }
  if (!next) return;
  if (waits_for_room) {
    earlier(account_.next_change(scheduler_.elapsed()));
    for (auto& [name, window] : groups_) earlier(window.next_change(scheduler_.elapsed()));
  }
  serve_at(*next);
}

void RateLimiter::serve_at(core::Duration time) {
  if (serving_at_) {
    if (*serving_at_ <= time) return;
    scheduler_.cancel(serving_);
  }
  serving_at_ = time;
  serving_ = scheduler_.call_after(time - scheduler_.elapsed(), guard_.wrap([this] { serve(); }));
}

}  // namespace st0ck::net
