#include "st0ck/net/http_transport.hpp"

#include "st0ck/core/assert.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view without_secrets(std::string_view url, std::string& buffer) {
  url = url.substr(0, url.find_first_of("?#"));
  const auto host = url.find("://");
  if (host == std::string_view::npos) return url;
  const auto begin = host + 3;
  const auto end = std::min(url.find('/', begin), url.size());
  const auto at = url.substr(begin, end - begin).rfind('@');
  if (at == std::string_view::npos) return url;
  buffer = fmt::format("{}{}", url.substr(0, begin), url.substr(begin + at + 1));
  return buffer;
}

}  // namespace

std::string_view name_of(HttpMethod method) {
  switch (method) {
    case HttpMethod::Get: return "GET";
    case HttpMethod::Head: return "HEAD";
    case HttpMethod::Post: return "POST";
    case HttpMethod::Put: return "PUT";
    case HttpMethod::Patch: return "PATCH";
    case HttpMethod::Delete: return "DELETE";
  }
  ST0CK_ASSERT(false, "a method has a name");
}

std::string_view name_of(HttpFailureKind kind) {
  switch (kind) {
    case HttpFailureKind::NotSent: return "NotSent";
    case HttpFailureKind::NoAnswer: return "NoAnswer";
    case HttpFailureKind::Tls: return "Tls";
    case HttpFailureKind::TooLarge: return "TooLarge";
    case HttpFailureKind::Invalid: return "Invalid";
  }
  ST0CK_ASSERT(false, "a kind of failure has a name");
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers_, [&](const HttpHeader& header) { return same_name(header.name, name); });
  if (found == headers_.end()) return std::nullopt;
  return found->value;
}

std::string place_of(HttpMethod method, std::string_view url) {
  std::string buffer;
  return fmt::format("{} {}", name_of(method), without_secrets(url, buffer));
}

std::string place_of(const HttpRequest& request) { return place_of(request.method, request.url); }

}  // namespace st0ck::net
