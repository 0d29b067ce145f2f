#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::net {

/// One line of a request's or an answer's head.
struct HeaderField {
  std::string name;
  std::string value;

  friend bool operator==(const HeaderField&, const HeaderField&) = default;
};

using HeaderFields = std::vector<HeaderField>;

/// Whether the field can stand on a line of its own: the name a token of RFC 9110 (5.6.2), the
/// value without control characters. Anything else could smuggle in a second line.
bool is_valid(const HeaderField& field);

/// Compares as names of fields do: upper and lower case are the same.
bool is_same_name(std::string_view left, std::string_view right);

/// The value of the first field of that name.
std::optional<std::string_view> find_header(const HeaderFields& fields, std::string_view name);

}  // namespace st0ck::net
