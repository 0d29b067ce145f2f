#pragma once

#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/http_transport.hpp"
#include "st0ck/net/latency_window.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/net/waiting_line.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace st0ck::net {

struct HttpPoolSettings {
  std::string name{};
  std::size_t connections = 3;
  /// Of them, those that reads leave free for orders, exits and cancels.
  std::size_t kept_for_orders = 0;
  std::size_t waiting_max = 100;
  /// How long a request may wait for a connection.
  core::Duration acquire_timeout = std::chrono::seconds{5};
  /// The time that percentiles of the latency are about.
  core::Duration latency_span = std::chrono::minutes{5};
};

/// The pools and their connections (spec st0ck 3): bulk of one kind must not hold up another.
struct HttpPoolsSettings {
  HttpPoolSettings stock_data{.name = "stock_data", .connections = 3};
  HttpPoolSettings option_data{.name = "option_data", .connections = 3};
  HttpPoolSettings trading{.name = "trading", .connections = 2, .kept_for_orders = 1};
};

/// Counts since the pool was made; the first four are of now.
struct HttpPoolStats {
  std::size_t open = 0;     ///< Connections.
  std::size_t idle = 0;     ///< Of the open ones.
  std::size_t in_use = 0;   ///< Requests on their way; of HTTP/2 several may share a connection.
  std::size_t waiting = 0;  ///< Requests that wait for a connection.
  std::uint64_t requests = 0;
  std::uint64_t failures = 0;  ///< Requests without an answer, timeouts and refusals included.
  std::uint64_t timeouts = 0;  ///< Of waits for a connection and of answers.
  std::uint64_t acquire_timeouts = 0;  ///< Of waits for a connection alone.
  std::uint64_t refused = 0;           ///< Found no place to wait, or gave way to a better one.
  std::uint64_t reused = 0;            ///< Answers over a connection that was open before.
  std::optional<core::Duration> latency_p50;  ///< Of answers, without the wait for a connection.
  std::optional<core::Duration> latency_p99;
};

/// Requests of one purpose, of which so many are on their way at a time; the others wait by
/// priority, then by order, bounded in number and time. Reads leave connections free for orders
/// where they are told to. What got no connection was not sent.
///
/// The connections are the transport's: a pool that is to have its own has its own transport.
/// Answers come as an HttpTransport's do. The transport and the scheduler outlive the pool, which
/// cancels in them what it leaves behind.
class HttpPool {
 public:
  HttpPool(Scheduler& scheduler, HttpTransport& transport, HttpPoolSettings settings);
  ~HttpPool();
  HttpPool(const HttpPool&) = delete;
  HttpPool& operator=(const HttpPool&) = delete;

  HttpCallId send(HttpRequest request, HttpPriority priority, HttpDone done);

  /// As of an HttpTransport.
  void cancel(HttpCallId call);

  const HttpPoolSettings& settings() const { return settings_; }
  HttpPoolStats stats() const;

 private:
  struct Waiting {
    HttpCallId id{};
    HttpPriority priority = HttpPriority::Data;
    HttpRequest request;
    HttpDone done;
    TaskId timeout{};
  };
  struct Active {
    HttpCallId transport_id{};
    HttpPriority priority = HttpPriority::Data;
    HttpDone done;
    core::Duration since{};
  };

  bool has_connection(HttpPriority priority) const;
  void start(HttpCallId id, HttpPriority priority, HttpRequest request, HttpDone done);
  void start_waiting();
  void on_done(HttpCallId id, HttpResult result);
  void turn_away(Waiting waiting, std::string_view reason, bool is_timeout);
  void count(const HttpResult& result, core::Duration since);

  Scheduler& scheduler_;
  HttpTransport& transport_;
  HttpPoolSettings settings_;
  std::map<HttpCallId, Active> active_;
  WaitingLine<Waiting> waiting_;
  LatencyWindow latencies_;
  HttpPoolStats counted_;
  std::uint64_t last_id_ = 0;
  CallbackGuard guard_;
};

}  // namespace st0ck::net
