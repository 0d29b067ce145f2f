#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/http_transport.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::net {

/// What an answer tells about the server's limits; a header that makes no sense counts as absent.
struct ServerLimits {
  std::optional<std::uint32_t> limit;      ///< `X-RateLimit-Limit`: requests per window.
  std::optional<std::uint32_t> remaining;  ///< `X-RateLimit-Remaining`.
  std::optional<core::Duration> reset_in;  ///< `X-RateLimit-Reset`, from now; not negative.
  std::optional<core::Duration> retry_in;  ///< `Retry-After`, from now; not negative.

  friend bool operator==(const ServerLimits&, const ServerLimits&) = default;
};

/// `now` is the time on the wall, which these headers are told in. No time told is above a day.
ServerLimits read_server_limits(const HttpHeaders& headers, core::Timestamp now);

/// Reads `Retry-After`: whole seconds, or a date (RFC 9110, 10.2.3).
std::optional<core::Duration> parse_retry_after(std::string_view text, core::Timestamp now);

/// Reads `X-RateLimit-Reset`: seconds since 1970 as Alpaca sends them, or seconds from now where
/// the number is too small for that.
std::optional<core::Duration> parse_rate_reset(std::string_view text, core::Timestamp now);

/// Reads the one form of dates that servers may send: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110,
/// 5.6.7), years 1970 to 2200. The two obsolete forms are refused, and so is a wrong weekday.
std::optional<core::Timestamp> parse_http_date(std::string_view text);

}  // namespace st0ck::net
