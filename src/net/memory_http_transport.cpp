#include "st0ck/net/memory_http_transport.hpp"

#include "st0ck/core/assert.hpp"

#include <fmt/format.h>

#include <utility>

namespace st0ck::net {
namespace {

using Kind = HttpFault::Kind;

tl::unexpected<HttpFailure> failure(HttpFailureKind kind, const HttpRequest& request,
                                    std::string_view finding, bool is_timeout = false) {
  return tl::unexpected(HttpFailure{.kind = kind,
                                    .message = fmt::format("{}: {}", place_of(request), finding),
                                    .is_timeout = is_timeout});
}

}  // namespace

MemoryHttpTransport::MemoryHttpTransport(Scheduler& scheduler, Server server,
                                         MemoryHttpSettings settings)
    : scheduler_{scheduler}, server_{std::move(server)}, settings_{settings} {}

MemoryHttpTransport::~MemoryHttpTransport() {
  for (const auto& [id, call] : calls_) {
    scheduler_.cancel(call.next);
    scheduler_.cancel(call.timeout);
  }
}

HttpCallId MemoryHttpTransport::send(HttpRequest request, HttpDone done) {
  const auto id = HttpCallId{++last_id_};
  HttpFault fault = next_fault(request);
  const bool is_reused = idle_ > 0;
  if (is_reused) --idle_;
  const core::Duration timeout = request.timeout;
  Call& call = calls_[id];
  call = {.request = std::move(request),
          .done = std::move(done),
          .fault = std::move(fault),
          .is_reused = is_reused};
  call.timeout = scheduler_.call_after(timeout, guard_.wrap([this, id] {
    const Call& late = calls_.at(id);
    end(id, late.is_sent ? failure(HttpFailureKind::NoAnswer, late.request,
                                   "no answer in time; it may have reached the server", true)
                         : failure(HttpFailureKind::NotSent, late.request,
                                   "not sent: no connection in time", true));
  }));
  // It counts as sent once it is on its way, wherever it gets lost.
  call.is_sent = call.fault.kind != Kind::Refused && call.fault.kind != Kind::BadCertificate;
  call.next =
      scheduler_.call_after(settings_.latency_there, guard_.wrap([this, id] { arrive(id); }));
  return id;
}

void MemoryHttpTransport::cancel(HttpCallId id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  Call& call = found->second;
  scheduler_.cancel(call.next);
  answer_after(id, core::Duration{0},
               call.is_sent
                   ? failure(HttpFailureKind::NoAnswer, call.request,
                             "cancelled; it may have reached the server")
                   : failure(HttpFailureKind::NotSent, call.request, "not sent: cancelled"));
}

HttpFault MemoryHttpTransport::next_fault(const HttpRequest& request) {
  if (!faults_.empty()) {
    HttpFault fault = std::move(faults_.front());
    faults_.pop_front();
    return fault;
  }
  return plan_ ? plan_(request) : HttpFault{};
}

void MemoryHttpTransport::arrive(HttpCallId id) {
  const Call& call = calls_.at(id);
  const core::Duration back = settings_.latency_back;
  switch (call.fault.kind) {
    case Kind::None: return answer_after(id, back, served(call));
    case Kind::Refused:
      return answer_after(id, back,
                          failure(HttpFailureKind::NotSent, call.request, "not sent: refused"));
    case Kind::BadCertificate:
      return answer_after(
          id, back, failure(HttpFailureKind::Tls, call.request, "the certificate has expired"));
    case Kind::LostRequest: return;
    case Kind::LostAnswer: static_cast<void>(served(call)); return;
    case Kind::LateAnswer: return answer_after(id, back + call.fault.delay, served(call));
    case Kind::Answer: return answer_after(id, back, call.fault.answer);
    case Kind::FalseAnswer:
      static_cast<void>(served(call));
      return answer_after(id, back, call.fault.answer);
    case Kind::TruncatedBody:
      static_cast<void>(served(call));
      return answer_after(
          id, back,
          failure(HttpFailureKind::NoAnswer, call.request, "the connection broke in the answer"));
  }
}

HttpResponse MemoryHttpTransport::served(const Call& call) {
  ++requests_seen_;
  return server_(call.request);
}

void MemoryHttpTransport::answer_after(HttpCallId id, core::Duration wait, HttpResult result) {
  Call& call = calls_.at(id);
  if (result) {
    result->is_reused = call.is_reused;
    if (result->body.size() > settings_.response_size_max) {
      result =
          failure(HttpFailureKind::TooLarge, call.request,
                  fmt::format("the answer is longer than {} bytes", settings_.response_size_max));
    }
  }
  call.next = scheduler_.call_after(
      wait, guard_.wrap([this, id, result = std::move(result)] { end(id, result); }));
}

void MemoryHttpTransport::end(HttpCallId id, HttpResult result) {
  auto ended = calls_.extract(id);
  ST0CK_ASSERT(!ended.empty(), "a request is answered once");
  scheduler_.cancel(ended.mapped().next);
  scheduler_.cancel(ended.mapped().timeout);
  // Who hears nothing or half an answer closes the connection.
  if (result) ++idle_;
  // Last: it may destroy this.
  const HttpDone done = std::move(ended.mapped().done);
  done(std::move(result));
}

}  // namespace st0ck::net
