#pragma once

#include "st0ck/core/timestamp.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::net {

enum class HttpMethod : std::uint8_t { Get, Head, Post, Put, Patch, Delete };

/// The method as it is sent, for example `GET`.
std::string_view name_of(HttpMethod method);

struct HttpHeader {
  std::string name;
  std::string value;
};

/// Header fields in the order they were added; names are the same in upper and lower case.
class HttpHeaders {
 public:
  HttpHeaders() = default;
  HttpHeaders(std::initializer_list<HttpHeader> headers) : headers_{headers} {}

  void add(std::string name, std::string value) {
    headers_.push_back({std::move(name), std::move(value)});
  }
  void clear() { headers_.clear(); }
  void reserve(std::size_t count) { headers_.reserve(count); }

  /// The first value of that name; it stays until the next change.
  std::optional<std::string_view> find(std::string_view name) const;

  auto begin() const { return headers_.begin(); }
  auto end() const { return headers_.end(); }
  std::size_t size() const { return headers_.size(); }

 private:
  std::vector<HttpHeader> headers_;
};

struct HttpRequest {
  HttpMethod method = HttpMethod::Get;
  std::string url{};  ///< Whole: `https://host[:port]/path?query`.
  HttpHeaders headers{};
  std::string body{};
  /// From sending to the last byte of the answer, connecting included.
  core::Duration timeout = std::chrono::seconds{10};
};

/// Method and URL for messages, without the query and what stands before an `@`: keys may be there.
std::string place_of(HttpMethod method, std::string_view url);
std::string place_of(const HttpRequest& request);

/// An answer of any status; a redirect too is only an answer.
struct HttpResponse {
  int status = 0;
  HttpHeaders headers{};
  std::string body{};      ///< Decoded, where it came compressed.
  bool is_reused = false;  ///< It came over a connection that an earlier request had opened.
};

/// Why there is no answer. What matters for an order: can the server have seen the request?
enum class HttpFailureKind : std::uint8_t {
  NotSent,   ///< No name, no connection, cancelled or out of time before: it saw nothing.
  NoAnswer,  ///< Sent, or perhaps sent: out of time, reset, a broken answer.
  Tls,       ///< Its certificate is not accepted: it saw nothing, and trying again is no help.
  TooLarge,  ///< It did answer, with more than is allowed.
  Invalid,   ///< A request that cannot be sent, such as a broken URL.
};

/// Returns the enumerator's name.
std::string_view name_of(HttpFailureKind kind);

struct HttpFailure {
  HttpFailureKind kind = HttpFailureKind::NotSent;
  std::string message{};
  bool is_timeout = false;

  /// Whether the server may have acted on the request.
  bool may_have_reached() const {
    return kind == HttpFailureKind::NoAnswer || kind == HttpFailureKind::TooLarge;
  }
};

using HttpResult = tl::expected<HttpResponse, HttpFailure>;
using HttpDone = std::function<void(HttpResult)>;

/// Whether a request with that outcome may have been seen by the server.
inline bool may_have_reached(const HttpResult& result) {
  return result.has_value() || result.error().may_have_reached();
}

/// Names a request that was not answered yet; 0 names none.
enum class HttpCallId : std::uint64_t {};

/// Sends requests, each of them once: curl in a program, memory in tests and campaigns.
///
/// All of it belongs to one thread. Each request is answered exactly once, never inside `send` or
/// `cancel`; once the transport is destroyed, also inside an answer, nothing is answered any more.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;

  virtual HttpCallId send(HttpRequest request, HttpDone done) = 0;

  /// Ends a request early: it is answered with `NotSent` or `NoAnswer`, as far as it had come.
  /// Does nothing for one that was answered.
  virtual void cancel(HttpCallId call) = 0;

  /// Connections that are open now, idle ones included.
  virtual std::size_t connections_open() const = 0;
};

}  // namespace st0ck::net
