#pragma once

#include "st0ck/net/curl_transport.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::net {

/// Counts the sockets that curl holds; told before one is closed.
class SocketObserver {
 public:
  virtual ~SocketObserver() = default;
  virtual void on_open() = 0;
  virtual void on_close(curl_socket_t socket) = 0;
};

/// One request on an easy handle of curl: sets it up, gathers the answer, says what became of it.
class CurlCall {
 public:
  CurlCall(HttpRequest request, HttpDone done, const CurlSettings& settings);
  CurlCall(const CurlCall&) = delete;
  CurlCall& operator=(const CurlCall&) = delete;

  /// Why the request cannot be sent; nothing when the handle is ready. The observer outlives every
  /// connection of the handle, the settings outlive the call.
  std::optional<HttpFailure> set_up(SocketObserver& sockets);

  CURL* easy() const { return easy_.get(); }

  /// The outcome, after curl is done with the handle.
  HttpResult result(CURLcode code);

  /// The outcome of a call that was given up.
  HttpFailure cancelled() const;

  HttpFailure failure(HttpFailureKind kind, std::string_view finding) const;

  /// To be called last: it may destroy everything.
  HttpDone take_done() { return std::move(done_); }

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* call);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* call);
  static int on_request(void* call, char* our_ip, char* their_ip, int our_port, int their_port);

  bool add_headers();
  bool set_method();
  bool add_header_line(std::string_view line);
  HttpFailure failure_of(CURLcode code) const;
  std::string certificate_finding(std::string_view detail) const;

  struct EasyCleanup {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct ListCleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  HttpRequest request_;
  HttpDone done_;
  const CurlSettings& settings_;
  std::unique_ptr<CURL, EasyCleanup> easy_;
  std::unique_ptr<curl_slist, ListCleanup> headers_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  HttpResponse response_;
  std::size_t header_size_ = 0;
  bool is_sent_ = false;    // Or is just being sent.
  bool is_resent_ = false;  // Curl wanted to send it again, and was stopped.
  bool is_too_large_ = false;
  bool has_body_begun_ = false;  // Header fields after the body are trailers.
};

}  // namespace st0ck::net
