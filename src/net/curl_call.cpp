#include "src/net/curl_call.hpp"

#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <sys/socket.h>
#include <unistd.h>

namespace st0ck::net {
namespace {

/// Sets options until one is refused.
class Options {
 public:
  explicit Options(CURL* easy) : easy_{easy} {}

  template <typename Value>
  void set(CURLoption option, Value value) {
    if (is_accepted_) is_accepted_ = curl_easy_setopt(easy_, option, value) == CURLE_OK;
  }

  bool is_accepted() const { return is_accepted_; }

 private:
  CURL* easy_;
  bool is_accepted_ = true;
};

// Curl takes 0 for no limit, and a wait of less than a millisecond is one that is over.
long milliseconds_of(core::Duration duration) {
  constexpr core::Duration kLongest = std::chrono::hours{24};
  const auto bounded = std::clamp(duration, core::Duration{1}, kLongest);
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(bounded).count());
}

long seconds_of(core::Duration duration) {
  return static_cast<long>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

// RFC 9110, 5.1: the characters of a token.
bool is_field_name(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view value) {
  return std::ranges::none_of(value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

curl_socket_t open_socket(void* observer, curlsocktype, curl_sockaddr* address) {
  const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (socket < 0) return CURL_SOCKET_BAD;
  static_cast<SocketObserver*>(observer)->on_open();
  return socket;
}

int close_socket(void* observer, curl_socket_t socket) {
  static_cast<SocketObserver*>(observer)->on_close(socket);
  return ::close(socket);
}

}  // namespace

CurlCall::CurlCall(HttpRequest request, HttpDone done, const CurlSettings& settings)
    : request_{std::move(request)}, done_{std::move(done)}, settings_{settings} {}

std::optional<HttpFailure> CurlCall::set_up(SocketObserver& sockets) {
  const std::string_view url = request_.url;
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return failure(HttpFailureKind::Invalid, "a URL begins with http:// or https://");
  }
  if (!add_headers()) {
    return failure(HttpFailureKind::Invalid,
                   "a header name is a token, and a value has no line break in it");
  }
  easy_.reset(curl_easy_init());
  if (!easy_ || !set_method()) return failure(HttpFailureKind::NotSent, "not sent: no memory");

  Options options{easy()};
  options.set(CURLOPT_ERRORBUFFER, error_.data());
  options.set(CURLOPT_URL, request_.url.c_str());
  options.set(CURLOPT_HTTPHEADER, headers_.get());
  options.set(CURLOPT_USERAGENT, settings_.user_agent.c_str());
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.set(CURLOPT_PROXY, "");  // Nor one that the environment names.
  // Until 8.0 curl hangs when a server answers by HTTP/2 before it has taken the whole body
  // (https://github.com/curl/curl/issues/10433): a refused order would look like a lost one.
  options.set(CURLOPT_HTTP_VERSION, request_.body.empty()
                                        ? static_cast<long>(CURL_HTTP_VERSION_2TLS)
                                        : static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_ACCEPT_ENCODING, "gzip");
  options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings_.ca_file.empty()) options.set(CURLOPT_CAINFO, settings_.ca_file.c_str());

  options.set(CURLOPT_TIMEOUT_MS, milliseconds_of(request_.timeout));
  options.set(CURLOPT_CONNECTTIMEOUT_MS,
              milliseconds_of(std::min(settings_.connect_timeout, request_.timeout)));
  options.set(CURLOPT_DNS_CACHE_TIMEOUT, seconds_of(settings_.addresses_kept));
  options.set(CURLOPT_MAXAGE_CONN, seconds_of(settings_.idle_time_max));
  options.set(CURLOPT_TCP_KEEPALIVE, 1L);
  options.set(CURLOPT_NOSIGNAL, 1L);
  // Else giving up a look-up would block until the resolver's thread is done.
  options.set(CURLOPT_QUICK_EXIT, 1L);

  options.set(CURLOPT_HEADERFUNCTION, &CurlCall::on_header);
  options.set(CURLOPT_HEADERDATA, this);
  options.set(CURLOPT_WRITEFUNCTION, &CurlCall::on_body);
  options.set(CURLOPT_WRITEDATA, this);
  options.set(CURLOPT_PREREQFUNCTION, &CurlCall::on_request);
  options.set(CURLOPT_PREREQDATA, this);
  options.set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  options.set(CURLOPT_OPENSOCKETDATA, &sockets);
  options.set(CURLOPT_CLOSESOCKETFUNCTION, &close_socket);
  options.set(CURLOPT_CLOSESOCKETDATA, &sockets);
  if (!options.is_accepted()) {
    return failure(HttpFailureKind::NotSent, "not sent: libcurl is too old or out of memory");
  }
  return std::nullopt;
}

bool CurlCall::add_headers() {
  const auto add = [&](const std::string& line) {
    // The list stays where it begins.
    curl_slist* list = curl_slist_append(headers_.get(), line.c_str());
    if (!headers_) headers_.reset(list);
    return list != nullptr;
  };
  for (const auto& [name, value] : request_.headers) {
    if (!is_field_name(name) || !is_field_value(value)) return false;
    // A header without a value is written with a semicolon; with a colon curl would drop it.
    if (!add(trimmed(value).empty() ? name + ";" : fmt::format("{}: {}", name, value)))
      return false;
  }
  // Left to itself curl calls a body a form, and waits a second before it sends a long one.
  if (!request_.headers.find("Content-Type") && !add("Content-Type:")) return false;
  return add("Expect:");
}

bool CurlCall::set_method() {
  Options options{easy()};
  const bool is_body_usual =
      request_.method != HttpMethod::Get && request_.method != HttpMethod::Delete;
  if (request_.method == HttpMethod::Head) {
    options.set(CURLOPT_NOBODY, 1L);
  } else if (is_body_usual || !request_.body.empty()) {
    options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    options.set(CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  if (request_.method != HttpMethod::Head) {
    options.set(CURLOPT_CUSTOMREQUEST, name_of(request_.method).data());
  }
  return options.is_accepted();
}

int CurlCall::on_request(void* call, char*, char*, int, int) {
  auto& self = *static_cast<CurlCall*>(call);
  self.is_resent_ = self.is_sent_;
  self.is_sent_ = true;
  return self.is_resent_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

std::size_t CurlCall::on_header(char* data, std::size_t size, std::size_t count, void* call) {
  auto& self = *static_cast<CurlCall*>(call);
  const std::size_t length = size * count;
  return self.add_header_line({data, length}) ? length : 0;
}

bool CurlCall::add_header_line(std::string_view line) {
  header_size_ += line.size();
  if (header_size_ > settings_.header_size_max) {
    is_too_large_ = true;
    return false;
  }
  // The fields before were of an answer such as 100 Continue.
  if (line.starts_with("HTTP/")) response_.headers.clear();
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || has_body_begun_) return true;
  response_.headers.add(std::string{trimmed(line.substr(0, colon))},
                        std::string{trimmed(line.substr(colon + 1))});
  return true;
}

std::size_t CurlCall::on_body(char* data, std::size_t size, std::size_t count, void* call) {
  auto& self = *static_cast<CurlCall*>(call);
  const std::size_t length = size * count;
  self.has_body_begun_ = true;
  if (length > self.settings_.response_size_max - self.response_.body.size()) {
    self.is_too_large_ = true;
    return 0;
  }
  self.response_.body.append(data, length);
  return length;
}

HttpResult CurlCall::result(CURLcode code) {
  if (code != CURLE_OK) return tl::unexpected(failure_of(code));
  long status = 0;
  long connects = 0;
  curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy(), CURLINFO_NUM_CONNECTS, &connects);
  response_.status = static_cast<int>(status);
  response_.is_reused = connects == 0;
  return std::move(response_);
}

HttpFailure CurlCall::cancelled() const {
  return is_sent_ ? failure(HttpFailureKind::NoAnswer, "cancelled; it may have reached the server")
                  : failure(HttpFailureKind::NotSent, "not sent: cancelled");
}

HttpFailure CurlCall::failure(HttpFailureKind kind, std::string_view finding) const {
  return {.kind = kind, .message = fmt::format("{}: {}", place_of(request_), finding)};
}

HttpFailure CurlCall::failure_of(CURLcode code) const {
  const std::string_view detail = error_.front() != '\0' ? error_.data() : curl_easy_strerror(code);
  if (is_too_large_) {
    return failure(HttpFailureKind::TooLarge,
                   fmt::format("the answer is longer than allowed: {} bytes of header, {} of body",
                               settings_.header_size_max, settings_.response_size_max));
  }
  if (is_sent_) {
    const std::string_view what =
        is_resent_ ? "the server closed the connection without an answer" : detail;
    auto lost = failure(HttpFailureKind::NoAnswer,
                        fmt::format("no answer: {}; it may have reached the server", what));
    lost.is_timeout = code == CURLE_OPERATION_TIMEDOUT;
    return lost;
  }
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return failure(HttpFailureKind::Tls, certificate_finding(detail));
    case CURLE_SSL_CACERT_BADFILE:
      return failure(
          HttpFailureKind::Tls,
          fmt::format(
              "the file of certificates to trust cannot be used: {}; check {}", detail,
              settings_.ca_file.empty() ? "the package ca-certificates" : settings_.ca_file));
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return failure(HttpFailureKind::Invalid, fmt::format("not a URL: {}", detail));
    default: break;
  }
  auto unsent = failure(HttpFailureKind::NotSent, fmt::format("not sent: {}", detail));
  unsent.is_timeout = code == CURLE_OPERATION_TIMEDOUT;
  return unsent;
}

std::string CurlCall::certificate_finding(std::string_view detail) const {
  long verdict = X509_V_OK;
  curl_easy_getinfo(easy(), CURLINFO_SSL_VERIFYRESULT, &verdict);
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the server's certificate has expired; check the clock of this machine, else its "
             "owner must renew it";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the server's certificate is not valid yet; check the clock of this machine";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "the server's certificate is self-signed; check that this is the right host, and name "
             "its certificate as the CA file if you trust it";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "the server's certificate is signed by nobody whom we trust; check the CA file or the "
             "package ca-certificates";
    case X509_V_OK:
    case X509_V_ERR_UNSPECIFIED:  // Where curl begins: it looks at the name before it asks.
      return fmt::format("the server's certificate is for another host; check the URL ({})",
                         detail);
    default: return fmt::format("the server's certificate is not accepted: {}", detail);
  }
}

}  // namespace st0ck::net
