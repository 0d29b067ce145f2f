#include "st0ck/net/http_client.hpp"

#include "st0ck/core/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::net {

HttpClient::HttpClient(Scheduler& scheduler, const core::Clock& clock, RateLimiter& limiter,
                       HttpPool& pool, const RetrySettings& retry, std::uint64_t seed)
    : scheduler_{scheduler},
      clock_{clock},
      limiter_{limiter},
      pool_{pool},
      retry_{retry},
      random_{seed} {}

HttpClient::~HttpClient() {
  for (const auto& [id, open] : calls_) {
    if (const auto* ticket = std::get_if<RateTicket>(&open.wait)) limiter_.cancel(*ticket);
    if (const auto* task = std::get_if<TaskId>(&open.wait)) scheduler_.cancel(*task);
    if (const auto* sent = std::get_if<HttpCallId>(&open.wait)) {
      pool_.cancel(*sent);
      // How it ends nobody will hear; for the limiter it may have been sent.
      limiter_.finish(open.permit, tl::unexpected(HttpFailure{.kind = HttpFailureKind::NoAnswer,
                                                              .message = {}}));
    }
  }
}

HttpCallId HttpClient::call(HttpCall call, HttpDone done) {
  const auto id = HttpCallId{++last_id_};
  const core::Duration now = scheduler_.elapsed();
  const Retry retry{retry_, may_repeat(call.request.method, call.is_idempotent), now};
  CallMeter& meter = meters_[call.group];
  meter.on_call();
  calls_.emplace(id, Open{.call = std::move(call),
                          .done = std::move(done),
                          .retry = retry,
                          .since = now,
                          .meter = meter});
  ask_limiter(id);
  return id;
}

void HttpClient::cancel(HttpCallId call) {
  const auto found = calls_.find(call);
  if (found == calls_.end() || found->second.is_cancelled) return;
  Open& open = found->second;
  open.is_cancelled = true;
  if (const auto* ticket = std::get_if<RateTicket>(&open.wait)) limiter_.cancel(*ticket);
  if (const auto* sent = std::get_if<HttpCallId>(&open.wait)) pool_.cancel(*sent);
  if (const auto* task = std::get_if<TaskId>(&open.wait)) {
    scheduler_.cancel(*task);
    HttpFailure failure{.kind = HttpFailureKind::NotSent,
                        .message = fmt::format("{}: cancelled before the next attempt",
                                               place_of(open.call.request))};
    open.wait = scheduler_.call_after(core::Duration{0},
                                      guard_.wrap([this, call, failure = std::move(failure)] {
                                        end(call, tl::unexpected(failure));
                                      }));
  }
}

HttpClient::Stats HttpClient::stats() const {
  Stats all;
  for (const auto& [name, meter] : meters_) {
    CallStats group = meter.stats(scheduler_.elapsed());
    all.calls += group.calls;
    all.attempts += group.attempts;
    all.retries += group.retries;
    all.failures += group.failures;
    all.groups.emplace(name, group);
  }
  return all;
}

void HttpClient::ask_limiter(HttpCallId id) {
  Open& open = calls_.at(id);
  core::Duration wait_max = open.call.wait_max;
  if (open.retry.attempts() > 0) {
    wait_max = std::min(wait_max, open.retry.time_left(scheduler_.elapsed()));
  }
  if (const auto permit = limiter_.acquire_now(open.call.priority, open.call.group)) {
    open.permit = *permit;
    send(id);
    return;
  }
  const RateTicket ticket = limiter_.acquire(
      {.priority = open.call.priority, .group = open.call.group, .wait_max = wait_max},
      guard_.wrap(
          [this, id](const std::optional<HttpFailure>& refusal) { on_limiter(id, refusal); }));
  open.wait = ticket;
  open.permit = ticket;
}

void HttpClient::on_limiter(HttpCallId id, const std::optional<HttpFailure>& refusal) {
  Open& open = calls_.at(id);
  if (refusal) {
    if (!open.is_cancelled) open.meter.on_refusal();
    // Its time is over, or the line is full: asking again would only lengthen the line.
    HttpFailure failure = *refusal;
    failure.message =
        fmt::format("{}: not sent: {}", place_of(open.call.request), refusal->message);
    end(id, tl::unexpected(std::move(failure)));
    return;
  }
  send(id);
}

void HttpClient::send(HttpCallId id) {
  Open& open = calls_.at(id);
  open.meter.on_attempt(open.retry.attempts() > 0);
  HttpRequest& request = open.call.request;
  open.wait =
      pool_.send(open.retry.may_repeat() ? request : std::move(request), open.call.priority,
                 guard_.wrap([this, id](HttpResult result) { on_result(id, std::move(result)); }));
}

void HttpClient::on_result(HttpCallId id, HttpResult result) {
  Open& open = calls_.at(id);
  limiter_.finish(open.permit, result);
  open.meter.on_result(result);
  open.may_have_reached = open.may_have_reached || may_have_reached(result);
  const auto wait = open.is_cancelled ? std::nullopt
                                      : open.retry.wait_after(result, scheduler_.elapsed(),
                                                              clock_.now(), random_);
  if (!wait) {
    end(id, std::move(result));
    return;
  }
  open.wait = scheduler_.call_after(*wait, guard_.wrap([this, id] { ask_limiter(id); }));
}

void HttpClient::end(HttpCallId id, HttpResult result) {
  auto ended = calls_.extract(id);
  ST0CK_ASSERT(!ended.empty(), "a call is answered once");
  Open& open = ended.mapped();
  if (!result) {
    HttpFailure& failure = result.error();
    if (open.may_have_reached && !failure.may_have_reached()) {
      failure.kind = HttpFailureKind::NoAnswer;
      failure.message += "; an earlier attempt may have reached the server";
    }
  }
  const core::Duration now = scheduler_.elapsed();
  open.meter.on_end(result, now - open.since, now);
  if (listener_) listener_(open.call.group, now - open.since);
  // Last: it may destroy this.
  const HttpDone done = std::move(open.done);
  done(std::move(result));
}

}  // namespace st0ck::net
