#pragma once

#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/http_transport.hpp"
#include "st0ck/net/scheduler.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>

namespace st0ck::net {

/// What goes wrong with one request on its way.
struct HttpFault {
  enum class Kind : std::uint8_t {
    None,
    Refused,         ///< No connection: the server sees nothing, and the caller hears so.
    BadCertificate,  ///< The same by TLS.
    LostRequest,     ///< The server sees nothing, and the caller hears nothing.
    LostAnswer,      ///< The server acts, and the caller hears nothing.
    LateAnswer,      ///< The server acts, its answer takes `delay` longer.
    Answer,          ///< `answer` comes instead of the server, which sees nothing.
    FalseAnswer,     ///< The server acts, but `answer` comes: what a gateway does.
    TruncatedBody,   ///< The server acts, the connection breaks within its answer.
  };

  Kind kind = Kind::None;
  core::Duration delay{};
  HttpResponse answer{};
};

struct MemoryHttpSettings {
  core::Duration latency_there = std::chrono::milliseconds{10};
  core::Duration latency_back = std::chrono::milliseconds{10};
  /// As CurlSettings has it.
  std::size_t response_size_max = std::size_t{16} << 20;
};

/// A transport without sockets: requests and answers travel in the scheduler's time, and the server
/// is a function.
class MemoryHttpTransport : public HttpTransport {
 public:
  using Server = std::function<HttpResponse(const HttpRequest&)>;
  using FaultPlan = std::function<HttpFault(const HttpRequest&)>;

  MemoryHttpTransport(Scheduler& scheduler, Server server, MemoryHttpSettings settings = {});
  ~MemoryHttpTransport() override;

  /// The next request without one gets this fault.
  void add_fault(HttpFault fault) { faults_.push_back(std::move(fault)); }

  /// Asked for each request for which none was added.
  void set_fault_plan(FaultPlan plan) { plan_ = std::move(plan); }

  HttpCallId send(HttpRequest request, HttpDone done) override;
  void cancel(HttpCallId call) override;
  std::size_t connections_open() const override { return calls_.size() + idle_; }

  /// Requests that the server has seen.
  std::uint64_t requests_seen() const { return requests_seen_; }

 private:
  struct Call {
    HttpRequest request;
    HttpDone done;
    HttpFault fault;
    TaskId next{};  ///< Its arrival, or its answer.
    TaskId timeout{};
    bool is_sent = false;
    bool is_reused = false;
  };

  HttpFault next_fault(const HttpRequest& request);
  void arrive(HttpCallId id);
  HttpResponse served(const Call& call);
  void answer_after(HttpCallId id, core::Duration wait, HttpResult result);
  void end(HttpCallId id, HttpResult result);

  Scheduler& scheduler_;
  Server server_;
  MemoryHttpSettings settings_;
  std::deque<HttpFault> faults_;
  FaultPlan plan_;
  std::map<HttpCallId, Call> calls_;
  std::size_t idle_ = 0;
  std::uint64_t requests_seen_ = 0;
  std::uint64_t last_id_ = 0;
  CallbackGuard guard_;
};

}  // namespace st0ck::net
