#include "st0ck/net/request_target.hpp"

#include <algorithm>

namespace st0ck::net {
namespace {

using core::Errc;

constexpr int kNoDigit = -1;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return kNoDigit;
}

// Visible ASCII without what RFC 3986 leaves out. Clients do send | ^ [ ] { } unescaped in
// queries, and browsers do; nothing is unclear about them.
bool is_allowed(char c) { return c > ' ' && c < '\x7F' && c != '"' && c != '<' && c != '>'; }

enum class Plus { Itself, Blank };

core::Result<std::string> decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus == Plus::Blank) c = ' ';
    if (c == '%') {
      const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : kNoDigit;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : kNoDigit;
      if (high == kNoDigit || low == kNoDigit) {
        return core::fail(Errc::BadInput,
                          "request target: '{}' is no escape, allowed is % and two "
                          "hexadecimal digits",
                          text.substr(i, 3));
      }
      c = static_cast<char>(high * 16 + low);
      if (c == '\0') return core::fail(Errc::BadInput, "request target: %00 is not allowed");
      i += 2;
    }
    decoded += c;
  }
  return decoded;
}

// Cuts the text up to the mark off `rest` and returns it; all of it without the mark.
std::string_view take_until(std::string_view& rest, char mark) {
  const auto end = std::min(rest.find(mark), rest.size());
  const std::string_view head = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return head;
}

core::Status read_path(std::string_view text, RequestTarget& target) {
  auto path = decode(text, Plus::Itself);
  if (!path) return tl::unexpected(std::move(path.error()));
  target.path = std::move(*path);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view raw = take_until(rest, '/');
    if (raw.empty()) continue;
    auto segment = decode(raw, Plus::Itself);
    if (!segment) return tl::unexpected(std::move(segment.error()));
    target.segments.push_back(std::move(*segment));
  }
  return {};
}

core::Status read_query(std::string_view rest, RequestTarget& target) {
  while (!rest.empty()) {
    std::string_view raw = take_until(rest, '&');
    if (raw.empty()) continue;
    auto name = decode(take_until(raw, '='), Plus::Blank);
    if (!name) return tl::unexpected(std::move(name.error()));
    auto value = decode(raw, Plus::Blank);
    if (!value) return tl::unexpected(std::move(value.error()));
    target.query.push_back({std::move(*name), std::move(*value)});
  }
  return {};
}

// A proxy's client names the server in the request line too; what follows is what counts.
std::string_view without_origin(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    text.remove_prefix(scheme.size());
    text.remove_prefix(std::min(text.find_first_of("/?"), text.size()));
    return text.empty() ? "/" : text;
  }
  return text;
}

}  // namespace

std::optional<std::string_view> RequestTarget::find(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &QueryParameter::name);
  if (found == query.end()) return std::nullopt;
  return found->value;
}

core::Result<RequestTarget> parse_request_target(std::string_view text) {
  if (!std::ranges::all_of(text, is_allowed)) {
    return core::fail(Errc::BadInput, "request target: a character that must be escaped");
  }
  std::string_view rest = without_origin(text);
  if (!rest.starts_with('/')) {
    return core::fail(Errc::BadInput, "request target '{}': must begin with /", text);
  }
  // A fragment is none of the server's business; no client should send one.
  rest = rest.substr(0, rest.find('#'));
  RequestTarget target;
  const std::string_view path = take_until(rest, '?');
  if (const auto read = read_path(path, target); !read) return tl::unexpected(read.error());
  if (const auto read = read_query(rest, target); !read) return tl::unexpected(read.error());
  return target;
}

}  // namespace st0ck::net
