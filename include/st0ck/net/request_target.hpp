#pragma once

#include "st0ck/core/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::net {

struct QueryParameter {
  std::string name;
  std::string value;

  friend bool operator==(const QueryParameter&, const QueryParameter&) = default;
};

/// What a request asks for, decoded.
struct RequestTarget {
  std::string path;                   ///< From the first slash, decoded as a whole.
  std::vector<std::string> segments;  ///< Between the slashes, so that `BTC%2FUSD` stays one.
  std::vector<QueryParameter> query;  ///< In their order; a name may come again.

  /// The value of the first parameter of that name.
  std::optional<std::string_view> find(std::string_view name) const;
};

/// Reads the target of a request line: `/path?query`, or the same after `http://host`.
///
/// `%3A` is decoded everywhere, `+` is a blank in the query only. Refused are escapes that are
/// none, NUL, and characters that a target cannot have (RFC 3986).
core::Result<RequestTarget> parse_request_target(std::string_view text);

}  // namespace st0ck::net
