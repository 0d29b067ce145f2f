#include "st0ck/net/header_field.hpp"

#include <algorithm>

namespace st0ck::net {
namespace {

bool is_token_character(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kMarks.find(c) != std::string_view::npos;
}

bool is_value_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7F);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_valid(const HeaderField& field) {
  return !field.name.empty() && std::ranges::all_of(field.name, is_token_character) &&
         std::ranges::all_of(field.value, is_value_character);
}

bool is_same_name(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::optional<std::string_view> find_header(const HeaderFields& fields, std::string_view name) {
  const auto found = std::ranges::find_if(
      fields, [&](const HeaderField& field) { return is_same_name(field.name, name); });
  if (found == fields.end()) return std::nullopt;
  return found->value;
}

}  // namespace st0ck::net
